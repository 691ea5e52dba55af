/// Converts between [`model`](crate::model) and the types that bindings generate from `wit/scanner.wit`, in both directions.
///
/// `wit_conversions!(path::to::bindings)` defines a trait `Convert`, whose `convert` works on every type of the interface, and
/// on lists, options and pairs of them. A field or variant that is missing here does not compile.
#[macro_export]
macro_rules! wit_conversions {
    ($($wit:tt)+) => {
        use $($wit)+ as wit;
        use $crate::model;

        /// A value of one side of the interface as its twin on the other side.
        pub(crate) trait Convert<T> {
            fn convert(self) -> T;
        }
        impl<A: Convert<B>, B> Convert<Vec<B>> for Vec<A> {
            fn convert(self) -> Vec<B> {
                self.into_iter().map(Convert::convert).collect()
            }
        }
        impl<A: Convert<B>, B> Convert<Option<B>> for Option<A> {
            fn convert(self) -> Option<B> {
                self.map(Convert::convert)
            }
        }
        impl<A: Convert<C>, B: Convert<D>, C, D> Convert<(C, D)> for (A, B) {
            fn convert(self) -> (C, D) {
                (self.0.convert(), self.1.convert())
            }
        }
        $crate::wit_conversion!(plain String bool u8 u32 u64);
        $crate::wit_conversion!(variant Want { Processes(value), File(value), Directory(value), Metadata(value), EnvironmentHas(value), LiveConfiguration });
        $crate::wit_conversion!(variant FileKind { Regular, Directory, Symlink, Other });
        $crate::wit_conversion!(record Process { arguments, cwd, facts });
        $crate::wit_conversion!(record Metadata { mode, uid, gid, kind });
        $crate::wit_conversion!(record Entry { name, kind });
        $crate::wit_conversion!(variant Content { Process(value), File(value), Directory(value), Metadata(value), Present(value) });
        $crate::wit_conversion!(variant Outcome { Found(value), Absent, Denied, Refused(value), TooLarge(value), Failed(value), Unavailable });
        $crate::wit_conversion!(record Document { id, answers, outcome });
        $crate::wit_conversion!(record Span { document, part, start, end });
        $crate::wit_conversion!(variant Place { At(value), Whole(value), Target });
        $crate::wit_conversion!(record Message { id, params, text });
        $crate::wit_conversion!(variant Origin { Flag, DropIn, ConfigFile, Live, Default });
        $crate::wit_conversion!(record Source { origin, value, place, detail });
        $crate::wit_conversion!(record Decided { value, omitted, by, keys, overridden });
        $crate::wit_conversion!(record Branch { versions, outcome });
        $crate::wit_conversion!(variant Effective { Known(value), ByVersion(value), Unknown(value) });
        $crate::wit_conversion!(record Setting { name, effective });
        $crate::wit_conversion!(variant Status { Pass, Fail, Manual, NotApplicable, Undetermined });
        $crate::wit_conversion!(variant Severity { Low, Medium, High, Critical });
        $crate::wit_conversion!(record Evidence { place, label });
        $crate::wit_conversion!(record Edit { span, text });
        $crate::wit_conversion!(record Remedy { text, edits, blocked });
        $crate::wit_conversion!(record Section { benchmark, number, level, automated });
        $crate::wit_conversion!(record Finding { check, status, severity, message, primary, related, notes, remedies, sections });
        $crate::wit_conversion!(record Problem { severity, message, place, edits });
        $crate::wit_conversion!(variant Stage { Flags, Load, Dropin, Precedence, Validate, Exit, Run });
        $crate::wit_conversion!(record Refusal { versions, stage, message, place });
        $crate::wit_conversion!(record Report { versions, refusals, settings, flags, findings, problems, unmet, withheld });
        $crate::wit_conversion!(record Options { language, checks, list_settings, values });
        $crate::wit_conversion!(record Check { id, title, explanation, severity, sections });
        $crate::wit_conversion!(record Description { id, version, languages, checks, options });
        $crate::wit_conversion!(variant Error { BadOption(value), BadDocument(value), Internal(value) });
    };
}

/// The arms of [`wit_conversions!`](crate::wit_conversions) for one type.
#[doc(hidden)]
#[macro_export]
macro_rules! wit_conversion {
    (plain $($plain:ty)+) => { $(
        impl Convert<$plain> for $plain {
            fn convert(self) -> $plain {
                self
            }
        }
    )+ };
    (record $name:ident { $($field:ident),+ }) => {
        $crate::wit_conversion!(@record wit::$name => model::$name { $($field),+ });
        $crate::wit_conversion!(@record model::$name => wit::$name { $($field),+ });
    };
    (@record $from:ty => $($to:ident)::+ { $($field:ident),+ }) => {
        impl Convert<$($to)::+> for $from {
            fn convert(self) -> $($to)::+ {
                $($to)::+ { $($field: self.$field.convert()),+ }
            }
        }
    };
    (variant $name:ident { $($case:ident $(($value:ident))?),+ }) => {
        $crate::wit_conversion!(@variant wit::$name => model::$name { $($case $(($value))?),+ });
        $crate::wit_conversion!(@variant model::$name => wit::$name { $($case $(($value))?),+ });
    };
    (@variant $($from:ident)::+ => $($to:ident)::+ { $($case:ident $(($value:ident))?),+ }) => {
        $crate::wit_conversion!(@cases ($($from)::+) ($($to)::+) $($case $(($value))?),+);
    };
    (@cases $from:tt $to:tt $($case:ident $(($value:ident))?),+) => {
        impl Convert<$crate::wit_conversion!(@type $to)> for $crate::wit_conversion!(@type $from) {
            fn convert(self) -> $crate::wit_conversion!(@type $to) {
                type From = $crate::wit_conversion!(@type $from);
                type To = $crate::wit_conversion!(@type $to);
                match self {
                    $( From::$case $(($value))? => To::$case $(($value.convert()))?, )+
                }
            }
        }
    };
    (@type ($($path:tt)+)) => { $($path)+ };
}
