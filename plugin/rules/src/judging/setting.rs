//! Checks of one setting: what it comes to, whether that is what is asked for, and which line decided it.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::edit::Change;
use super::{Case, Verdict, by_default, drift, evidence, remedy};
use crate::HAS_LIVE;
use crate::json::Json;
use crate::kubelet::effective;
use crate::message::{Parameter, Text, Words, message};
use crate::model::{Decided, Origin, Source, Status};

/// What a check looks at: a setting of the file, its flag, or both.
pub struct Setting {
    /// The path of the field, such as `authorization.mode`; empty for a flag that has no place in a file.
    pub path: &'static str,
    /// The flag without dashes; empty where there is none.
    pub flag: &'static str,
    /// What is wrong where it is not as asked, as a sentence.
    pub failing: Words,
}

/// What a setting is asked to be.
pub struct Wanted {
    /// In English after "must", such as `be false`; in Japanese the end of a sentence.
    pub must: Words,
    /// A value that is fine, as JSON: what a remedy sets.
    pub value: &'static str,
    /// Which values are fine.
    pub fine: fn(&Json) -> bool,
}

impl Wanted {
    /// To be on.
    pub const TRUE: Wanted = Wanted {
        must: words!("be `true`", "`true` でなければなりません"),
        value: "true",
        fine: |value| *value == Json::Bool(true),
    };
    /// To be off.
    pub const FALSE: Wanted = Wanted {
        must: words!("be `false`", "`false` でなければなりません"),
        value: "false",
        fine: |value| *value == Json::Bool(false),
    };

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
        // Neither option is content with a weaker default.
        let accepted = case.asked.unset_accepted && !case.options.strict && !case.options.require_explicit;
        if HAS_LIVE
            && decided.by.origin == Origin::Live
            && let Some(verdict) = drift::source_matters(case, self.path, decided, fine, accepted)
        {
            return verdict;
        }
        let accepted = accepted && !explicit;
        match (fine, explicit) {
            (true, false) if case.options.require_explicit => {
                let text = text!(
                    "no source sets {setting}: only the default makes it {value}",
                    "{setting} はどこにも設定されておらず、デフォルト値によって {value} になっているだけです",
                    setting = self.name(),
                    value = shown(&decided.value)
                );
                self.failed(case, wanted, decided, text)
            }
            (true, _) => self.passed(decided, words!("this decides", "この値が有効です")),
            (false, _) if accepted => self.passed(decided, words!("the default decides", "デフォルト値が有効です")).note(
                "weaker-default",
                words!(
                    "the benchmark accepts that nothing sets it, although this default is weaker than what it asks for; `--strict` does not",
                    "デフォルト値は要求より弱いものの、ベンチマークは未設定を許容しています（`--strict` では不合格になります）"
                ),
            ),
            (false, _) => self.failed(case, wanted, decided, self.failing.into()),
        }
    }

    fn passed(&self, decided: &Decided, label: Words) -> Verdict {
        let value = shown(&decided.value);
        let text = match (by_default(decided), decided.overridden.first()) {
            (false, _) => text!("{value}", "{value}", value),
            (true, None) => text!(
                "{value} by default: no source sets it",
                "デフォルトで {value} です（どこにも設定されていません）",
                value
            ),
            (true, Some(source)) => text!(
                "{value} by default: {overridden} counts as not set",
                "デフォルトで {value} です（{overridden} は未設定とみなされます）",
                value,
                overridden = shown(&source.value)
            ),
        };
        Verdict::new(Status::Pass, "as-asked", text, evidence(decided.by.place, label))
    }

    fn failed(&self, case: &Case, wanted: &Wanted, decided: &Decided, text: Text) -> Verdict {
        let would_pass = |source: &Source| source.value == wanted.value;
        let overridden = decided.overridden.iter().map(|source| {
            let text = match (by_default(decided), would_pass(source)) {
                (true, _) => text!(
                    "overridden: {value} was reset, and the default applies",
                    "上書き: {value} はリセットされ、デフォルト値が適用されます",
                    value = shown(&source.value)
                ),
                (false, true) => {
                    words!("overridden: would have passed", "上書きされています（この値なら合格でした）").into()
                }
                (false, false) => {
                    text!("overridden: {value}", "上書きされています: {value}", value = shown(&source.value))
                }
            };
            evidence(source.place, text)
        });
        let default_fits = overridden.len() == 0 && self.default_fits(case, wanted);
        let change = Change { path: self.path, flag: self.flag, value: wanted.value };
        let remedy = remedy::of_setting(case, self, wanted, decided, default_fits);
        let verdict = Verdict {
            status: Status::Fail,
            message: message("not-as-asked", text).with("value", &*decided.value),
            primary: evidence(decided.by.place, self.label(wanted, decided)),
            related: overridden.collect(),
            notes: vec![],
            remedies: vec![],
        };
        verdict.change(case, &change, decided, remedy)
    }

    /// Whether a kubelet that is told nothing has what is wanted.
    fn default_fits(&self, case: &Case, wanted: &Wanted) -> bool {
        !self.path.is_empty()
            && !case.options.require_explicit
            && effective::default_value(case.kubelet, self.path).is_some_and(|value| (wanted.fine)(&value))
    }

    fn label(&self, wanted: &Wanted, decided: &Decided) -> Text {
        let must = wanted.must;
        match decided.by.origin {
            Origin::Default => text!(
                "nothing sets `{setting}`; the default is {value}",
                "`{setting}` は設定されておらず、デフォルト値は {value} です",
                setting = self.name(),
                value = shown(&decided.value)
            ),
            Origin::Flag => text!("this flag wins; must {must}", "このフラグが優先されます: {must}", must),
            Origin::DropIn => {
                text!("this drop-in wins; must {must}", "このドロップインが優先されます: {must}", must)
            }
            Origin::ConfigFile => {
                text!("must {must}; nothing later overrides it", "{must}（これを上書きするものはありません）", must)
            }
            Origin::Live => text!("this is what runs; must {must}", "稼働中の値です: {must}", must),
        }
    }

    /// The setting's name for people.
    fn name(&self) -> String {
        if self.path.is_empty() { ["--", self.flag].concat() } else { self.path.to_owned() }
    }
}

/// A value for people: a text without quotes, no longer than a line.
pub fn shown(json: &str) -> Parameter {
    let plain = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json);
    match plain {
        "" => words!("empty", "空").into(),
        plain => crate::kubelet::clipped(plain).into(),
    }
}
