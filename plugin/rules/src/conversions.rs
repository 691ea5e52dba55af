/// Converts between [`model`](crate::model) and the types that bindings generate from `wit/scanner.wit`, in both directions.
///
/// `wit_conversions!(path::to::interface);` stands in a module of its own and defines there a trait `Convert`, whose
/// `convert` works on every type of the interface, and on lists, options and pairs of them. A field or a case that is
/// missing here does not compile.
#[macro_export]
macro_rules! wit_conversions {
    ($($wit:tt)+) => {
        use $crate::model;
        use $($wit)+ as wit;

        /// A value of one side of the interface as its twin on the other side.
        pub(super) trait Convert<T>: Sized {
            fn convert(self) -> T;

            /// Lists of what both sides have alike, such as bytes, are moved as a whole.
            fn convert_list(list: Vec<Self>) -> Vec<T> {
                list.into_iter().map(Self::convert).collect()
            }
        }

        impl<A: Convert<B>, B> Convert<Vec<B>> for Vec<A> {
            fn convert(self) -> Vec<B> {
                A::convert_list(self)
            }
        }

        impl<A: Convert<B>, B> Convert<Option<B>> for Option<A> {
            fn convert(self) -> Option<B> {
                self.map(A::convert)
            }
        }

        impl<A: Convert<C>, B: Convert<D>, C, D> Convert<(C, D)> for (A, B) {
            fn convert(self) -> (C, D) {
                (self.0.convert(), self.1.convert())
            }
        }

        $crate::wit_conversion!(alike bool u8 u32 u64 String);
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
        $crate::wit_conversion!(record Branch { versions, effective });
        $crate::wit_conversion!(variant Effective { Known(value), Unknown(value) });
        $crate::wit_conversion!(record Setting { name, in_file, branches });
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
        $crate::wit_conversion!(record Report { versions, refusals, settings, findings, problems, unmet, withheld });
        $crate::wit_conversion!(record Options { language, checks, list_settings, values });
        $crate::wit_conversion!(record Check { id, title, explanation, severity, sections });
        $crate::wit_conversion!(record Description { id, version, languages, checks, options });
        $crate::wit_conversion!(variant Error { BadOption(value), BadDocument(value), Internal(value) });
    };
}

/// The conversions of one type, in both directions: an arm of [`wit_conversions!`](crate::wit_conversions).
#[doc(hidden)]
#[macro_export]
macro_rules! wit_conversion {
    (alike $($type:ty)+) => { $(
        impl Convert<$type> for $type {
            fn convert(self) -> $type {
                self
            }

            fn convert_list(list: Vec<$type>) -> Vec<$type> {
                list
            }
        }
    )+ };
    ($shape:ident $name:ident $body:tt) => {
        $crate::wit_conversion!(@$shape wit::$name => model::$name $body);
        $crate::wit_conversion!(@$shape model::$name => wit::$name $body);
    };
    (@record $here:ty => $there:ty { $($field:ident),+ }) => {
        impl Convert<$there> for $here {
            fn convert(self) -> $there {
                type Twin = $there;
                let Self { $($field),+ } = self;
                Twin { $($field: $field.convert()),+ }
            }
        }
    };
    (@variant $here:ty => $there:ty { $($case:ident $(($value:ident))?),+ }) => {
        impl Convert<$there> for $here {
            fn convert(self) -> $there {
                match self {
                    $( Self::$case $(($value))? => <$there>::$case $(($value.convert()))?, )+
                }
            }
        }
    };
}
