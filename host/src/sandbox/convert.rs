//! Converts between what the sandbox's bindings generate from `wit/scanner.wit` and the same types of the rules, in both
//! directions. A field or a case that is missing here does not compile.

use kubevet_rules::model;

use super::bindings::exports::kubevet::scanner::scan as wit;

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

/// The conversions of one type, in both directions.
macro_rules! conversion {
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
        conversion!(@$shape wit::$name => model::$name $body);
        conversion!(@$shape model::$name => wit::$name $body);
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

conversion!(alike bool u8 u32 u64 String);
conversion!(variant Want { Processes(value), File(value), Directory(value), Metadata(value), EnvironmentHas(value), LiveConfiguration });
conversion!(variant FileKind { Regular, Directory, Symlink, Other });
conversion!(record Process { arguments, cwd, facts });
conversion!(record Metadata { mode, uid, gid, kind });
conversion!(record Entry { name, kind });
conversion!(variant Content { Process(value), File(value), Directory(value), Metadata(value), Present(value) });
conversion!(variant Outcome { Found(value), Absent, Denied, Refused(value), TooLarge(value), Failed(value), Unavailable });
conversion!(record Document { id, answers, outcome });
conversion!(record Span { document, part, start, end });
conversion!(variant Place { At(value), Whole(value), Target });
conversion!(record Message { id, params, text });
conversion!(variant Origin { Flag, DropIn, ConfigFile, Live, Default });
conversion!(record Source { origin, value, place, detail });
conversion!(record Decided { value, omitted, by, keys, overridden });
conversion!(record Branch { versions, effective });
conversion!(variant Effective { Known(value), Unknown(value) });
conversion!(record Setting { name, in_file, branches });
conversion!(variant Status { Pass, Fail, Manual, NotApplicable, Undetermined });
conversion!(variant Severity { Low, Medium, High, Critical });
conversion!(record Evidence { place, label });
conversion!(record Edit { span, text });
conversion!(record Remedy { text, edits, blocked });
conversion!(record Section { benchmark, number, level, automated });
conversion!(record Finding { check, status, severity, message, primary, related, notes, remedies, sections });
conversion!(record Problem { severity, message, place, edits });
conversion!(variant Stage { Input, Flags, Load, Dropin, Precedence, Validate, Exit, Run });
conversion!(record Refusal { versions, stage, message, place });
conversion!(record Report { versions, context, refusals, settings, findings, problems, unmet, withheld });
conversion!(record Options { language, checks, list_settings, values });
conversion!(variant CheckKind { Setting, File, Target });
conversion!(record Check { id, kind, title, explanation, severity, sections, remedies });
conversion!(record Description { id, version, languages, checks, options });
conversion!(record Input { id, form, name, platform, version, partial, span });
conversion!(variant Error { BadOption(value), BadDocument(value), Internal(value) });
