//! Checks of one setting: what it comes to, whether that is what is asked for, and which line decided it.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};

use super::{Case, Verdict, by_default, evidence, remedy};
use crate::json::Json;
use crate::kubelet::effective;
use crate::message::message;
use crate::model::{Decided, Origin, Source, Status};

/// What a check looks at: a setting of the file, its flag, or both.
pub struct Setting {
    /// The path of the field, such as `authorization.mode`; empty for a flag that has no place in a file.
    pub path: &'static str,
    /// The flag without dashes; empty where there is none.
    pub flag: &'static str,
    /// What is wrong where it is not as asked, as a sentence.
    pub failing: &'static str,
}

/// What a setting is asked to be.
pub struct Wanted {
    /// After "must", such as `be false`.
    pub must: &'static str,
    /// A value that is fine, as JSON: what a remedy sets.
    pub value: &'static str,
    /// Which values are fine.
    pub fine: fn(&Json) -> bool,
}

impl Wanted {
    /// To be on.
    pub const TRUE: Wanted = Wanted { must: "be `true`", value: "true", fine: |value| *value == Json::Bool(true) };
    /// To be off.
    pub const FALSE: Wanted = Wanted { must: "be `false`", value: "false", fine: |value| *value == Json::Bool(false) };

    /// The value as a flag has it.
    pub fn flag_value(&self) -> &'static str {
        self.value.trim_matches('"')
    }
}

impl Setting {
    /// Judges it.
    pub fn judge(&self, case: &Case, wanted: &Wanted) -> Verdict {
        let (decided, value) = match self.find(case) {
            Ok(found) => found,
            Err(verdict) => return *verdict,
        };
        self.verdict(case, wanted, &decided, (wanted.fine)(&value))
    }

    /// The value, and what decided it.
    pub fn find(&self, case: &Case) -> Result<(Decided, Json), alloc::boxed::Box<Verdict>> {
        let decided = if self.path.is_empty() { case.flag(self.flag)? } else { case.setting(self.path)? };
        let kubelet = case.kubelet;
        let value = match self.path {
            "" => kubelet.flags.as_ref().and_then(|flags| flags.value(self.flag, kubelet.version)),
            path => kubelet.config.as_ref().and_then(|config| config.value(path)),
        };
        Ok((decided, value.unwrap_or(Json::Null)))
    }

    /// The verdict on what decided, given whether its value is fine.
    pub fn verdict(&self, case: &Case, wanted: &Wanted, decided: &Decided, fine: bool) -> Verdict {
        let explicit = !by_default(decided);
        let accepted = case.asked.unset_accepted && !explicit && !case.options.strict;
        match (fine, explicit) {
            (true, false) if case.options.require_explicit => {
                let text = format!("no source sets {}: only the default makes it {}", self.name(), shown(&decided.value));
                self.failed(case, wanted, decided, text)
            }
            (true, _) => self.passed(decided, "this decides"),
            (false, _) if accepted => self.passed(decided, "the default decides").note(
                "weaker-default",
                "the benchmark accepts that nothing sets it, although this default is weaker than what it asks for; `--strict` does not",
            ),
            (false, _) => self.failed(case, wanted, decided, self.failing.to_owned()),
        }
    }

    fn passed(&self, decided: &Decided, label: &str) -> Verdict {
        let value = shown(&decided.value);
        let text = match (by_default(decided), decided.overridden.first()) {
            (false, _) => value,
            (true, None) => format!("{value} by default: no source sets it"),
            (true, Some(source)) => format!("{value} by default: {} counts as not set", shown(&source.value)),
        };
        let primary = evidence(decided.by.place, label);
        let mut verdict = Verdict::new(Status::Pass, "as-asked", text, primary);
        verdict.message.params.push(("value".to_owned(), decided.value.clone()));
        verdict
    }

    fn failed(&self, case: &Case, wanted: &Wanted, decided: &Decided, text: String) -> Verdict {
        let would_pass = |source: &Source| source.value == wanted.value;
        let overridden = decided.overridden.iter().map(|source| {
            let text = match (by_default(decided), would_pass(source)) {
                (true, _) => format!("overridden: {} was reset, and the default applies", shown(&source.value)),
                (false, true) => "overridden: would have passed".to_owned(),
                (false, false) => format!("overridden: {}", shown(&source.value)),
            };
            evidence(source.place, text)
        });
        let default_fits = overridden.len() == 0 && self.default_fits(case, wanted);
        Verdict {
            status: Status::Fail,
            message: message("not-as-asked", &[("value", &decided.value)], text),
            primary: evidence(decided.by.place, self.label(wanted, decided)),
            related: overridden.collect(),
            notes: vec![],
            remedies: vec![remedy::of_setting(case, self, wanted, decided, default_fits)],
        }
    }

    /// Whether a kubelet that is told nothing has what is wanted.
    fn default_fits(&self, case: &Case, wanted: &Wanted) -> bool {
        !self.path.is_empty()
            && !case.options.require_explicit
            && effective::default_value(case.kubelet, self.path).is_some_and(|value| (wanted.fine)(&value))
    }

    fn label(&self, wanted: &Wanted, decided: &Decided) -> String {
        let must = wanted.must;
        match decided.by.origin {
            Origin::Default => format!("nothing sets `{}`; the default is {}", self.name(), shown(&decided.value)),
            Origin::Flag => format!("this flag wins; must {must}"),
            Origin::DropIn => format!("this drop-in wins; must {must}"),
            Origin::ConfigFile | Origin::Live => format!("must {must}; nothing later overrides it"),
        }
    }

    /// The setting's name for people.
    fn name(&self) -> String {
        if self.path.is_empty() { format!("--{}", self.flag) } else { self.path.to_string() }
    }
}

/// A value for people: a text without quotes, no longer than a line.
pub fn shown(json: &str) -> String {
    let plain = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json);
    match plain {
        "" => "empty".to_owned(),
        plain => crate::kubelet::clipped(plain),
    }
}
