//! Forms that have keys of their own, and no others: what each of them is to the kubelet.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

use super::{Input, tree};
use crate::kubelet::surface::FIELDS;
use crate::kubelet::values;
use crate::message::{Text as Telling, Words};
use crate::model::Severity;
use crate::spelling;
use crate::text::{Member, Node, Value};

/// The keys of a form.
pub struct Table {
    /// Who takes them, for people.
    pub who: &'static str,
    /// The keys.
    pub keys: &'static [Key],
}

/// A table of keys: those that the form calls otherwise than the kubelet, and the names of those that it calls alike.
macro_rules! table {
    ($who:literal: [$($key:expr),* $(,)?], $($alike:literal)*) => {
        $crate::input::closed::Table {
            who: $who,
            keys: &[
                $($key,)*
                $($crate::input::closed::Key($alike, $alike, $crate::input::closed::Of::Same)),*
            ],
        }
    };
}
pub(crate) use table;

/// A key: its name, and the setting that it is, its keys parted by slashes.
pub struct Key(pub &'static str, pub &'static str, pub Of);

/// What a key's value is to the kubelet.
pub enum Of {
    /// The same.
    Same,
    /// The same: a whole number, at least and at most.
    Within(i64, i64),
    /// Something else; and the way back, for an edit.
    Other(Conversion),
    /// An object with keys of its own.
    Below(&'static [Key]),
    /// Nothing of the configuration.
    Nothing,
}

/// How a value is converted.
pub struct Conversion {
    /// The kubelet's value; none, where the form's is not as it must be.
    pub read: fn(&Node) -> Option<Value>,
    /// The form's value.
    pub write: fn(&Value) -> Option<Value>,
    /// What the form's must be.
    pub must: Words,
}

/// The kubelet wants a gate for what these forms just set.
const PERIOD: (&str, &str) = ("cpuCFSQuotaPeriod", "CustomCPUCFSQuotaPeriod");

impl Table {
    /// The settings of an object in the kubelet's own fields.
    pub fn render(&self, input: &mut Input, object: &Node) -> Node {
        let mut root = tree::empty(object.span.clone());
        self.add(input, object, self.keys, &mut root);
        if let Some(member) = tree::member(&root, PERIOD.0) {
            let span = tree::span(member);
            tree::put(&mut root, &["featureGates", PERIOD.1], &span, tree::node(Value::Bool(true), span.clone()));
        }
        root
    }

    /// In the order of the table: where two keys are one setting, the later one counts.
    fn add(&self, input: &mut Input, object: &Node, keys: &'static [Key], root: &mut Node) {
        for Key(name, setting, of) in keys {
            if let Some(member) = tree::member(object, name).filter(|member| member.value.value != Value::Null) {
                let path: Vec<&str> = setting.split('/').collect();
                self.put(input, member, &path, of, root);
            }
        }
        let is_unknown = |member: &&Member| !member.shadowed && !keys.iter().any(|Key(name, ..)| *name == member.key);
        for member in tree::members(object).iter().filter(is_unknown) {
            self.note_unknown(input, keys, &member.key, &member.key_span);
        }
    }

    fn put(&self, input: &mut Input, member: &Member, path: &[&str], of: &'static Of, root: &mut Node) {
        let mut put = |value: Node| tree::put(root, path, &member.key_span, value);
        match of {
            Of::Nothing => {}
            Of::Below(keys) => self.add(input, &member.value, keys, root),
            Of::Other(conversion) if !super::source::is_template(&member.value) => {
                match (conversion.read)(&member.value) {
                    Some(value) => put(tree::node(value, member.value.span.clone())),
                    None => refuse(input, member, conversion.must),
                }
            }
            Of::Within(least, most) if !super::source::is_template(&member.value) => {
                if is_within(&member.value.value, *least, *most) {
                    put(member.value.clone());
                } else {
                    let must = text!(
                        "a whole number from {least} to {most}",
                        "{least} から {most} までの整数",
                        least = least.to_string(),
                        most = most.to_string()
                    );
                    refuse(input, member, must);
                }
            }
            Of::Same | Of::Within(..) | Of::Other(_) => put(member.value.clone()),
        }
    }

    fn note_unknown(&self, input: &mut Input, keys: &'static [Key], key: &str, span: &Range<usize>) {
        let hint = match near(keys, key) {
            Some(name) => text!("; did you mean `{name}`?", "。`{name}` の間違いではありませんか?", name),
            None if FIELDS.iter().any(|field| field.is(key)) => words!(
                "; this setting of the kubelet cannot be set here",
                "。kubelet のこの設定はここでは設定できません"
            )
            .into(),
            None => Telling::NONE,
        };
        let text = text!(
            "{who} has no key `{key}`, and rejects or drops it{hint}",
            "{who} にキー `{key}` はなく、拒否または破棄されます{hint}",
            who = self.who,
            key = crate::kubelet::clipped(key),
            hint
        );
        input.note(Severity::High, "no-such-key", text, span);
    }

    /// The form's own key and value for a setting and its value.
    pub fn renamed(&self, path: &str, value: &Value) -> Option<(String, Value)> {
        renamed(self.keys, "", path, value)
    }
}

fn refuse(input: &mut Input, member: &Member, must: impl Into<Telling>) {
    let text =
        text!("`{key}` must be {must}", "`{key}` には{must}を指定します", key = &*member.key, must = must.into());
    input.refuse("wrong-value", text, &member.value.span);
}

fn is_within(value: &Value, least: i64, most: i64) -> bool {
    let Value::Number(number) = value else { return false };
    number.parse().is_ok_and(|number: i64| (least..=most).contains(&number))
}

/// The key that was probably meant: by the kubelet's name of it, or by its spelling.
fn near(keys: &'static [Key], key: &str) -> Option<&'static str> {
    let by_setting = keys.iter().find(|Key(_, setting, _)| *setting == key);
    let folded = key.to_ascii_lowercase();
    let most = if key.len() < 8 { 1 } else { 2 };
    let by_spelling = || spelling::nearest(&folded, most, keys.iter(), |Key(name, ..)| name.to_ascii_lowercase());
    by_setting.or_else(by_spelling).map(|Key(name, ..)| *name)
}

fn renamed(keys: &'static [Key], before: &str, path: &str, value: &Value) -> Option<(String, Value)> {
    keys.iter().find_map(|Key(name, setting, of)| {
        let name = [before, name].concat();
        let fits = values::replaced(setting, "/", ".") == path;
        match of {
            Of::Same | Of::Within(..) if fits => Some((name, value.clone())),
            Of::Other(conversion) if fits => Some((name, (conversion.write)(value)?)),
            Of::Below(keys) => renamed(keys, &[&*name, "."].concat(), path, value),
            _ => None,
        }
    })
}

/// A number with a unit behind it, as text.
fn with_unit(node: &Node, unit: &str) -> Option<Value> {
    match &node.value {
        Value::Number(number) => Some(Value::String([number, unit].concat())),
        _ => None,
    }
}

fn without_unit(value: &Value, unit: &str) -> Option<Value> {
    let Value::String(text) = value else { return None };
    Some(Value::Number(text.strip_suffix(unit)?.to_owned()))
}

const WHOLE: Words = words!("a whole number", "整数");

/// Megabytes, decimal.
pub const MEGA: Of =
    Of::Other(Conversion { read: |node| with_unit(node, "M"), write: |value| without_unit(value, "M"), must: WHOLE });
/// Mebibytes.
pub const MEBI: Of =
    Of::Other(Conversion { read: |node| with_unit(node, "Mi"), write: |value| without_unit(value, "Mi"), must: WHOLE });
/// Thousandths of a processor.
pub const MILLI: Of =
    Of::Other(Conversion { read: |node| with_unit(node, "m"), write: |value| without_unit(value, "m"), must: WHOLE });
/// Seconds.
pub const SECONDS: Of =
    Of::Other(Conversion { read: |node| with_unit(node, "s"), write: |value| without_unit(value, "s"), must: WHOLE });

/// A number, which may be a text, too.
fn number(node: &Node) -> Option<Value> {
    match &node.value {
        Value::Number(number) => Some(Value::Number(number.clone())),
        Value::String(text) => text.parse::<i64>().ok().map(|_| Value::Number(text.clone())),
        _ => None,
    }
}

fn same(value: &Value) -> Option<Value> {
    Some(value.clone())
}

/// A number, in languages that make one of a text.
pub const NUMBER: Of = Of::Other(Conversion { read: number, write: same, must: WHOLE });
/// Megabytes, in languages that make a number of a text.
pub const MEGA_OR_TEXT: Of = Of::Other(Conversion {
    read: |node| with_unit(&tree::node(number(node)?, node.span.clone()), "M"),
    write: |value| without_unit(value, "M"),
    must: WHOLE,
});

fn truth(node: &Node) -> Option<bool> {
    match &node.value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text == "true" => Some(true),
        Value::String(text) if text == "false" => Some(false),
        _ => None,
    }
}

/// True or false, in languages that make one of a text.
pub const BOOL: Of =
    Of::Other(Conversion { read: |node| truth(node).map(Value::Bool), write: same, must: TRUE_OR_FALSE });
/// The policy `static`, or `none`.
pub const STATIC: Of = Of::Other(Conversion {
    read: |node| truth(node).map(|is_static| Value::String(if is_static { "static" } else { "none" }.into())),
    write: |value| Some(Value::Bool(*value == Value::String("static".into()))),
    must: TRUE_OR_FALSE,
});

const TRUE_OR_FALSE: Words = words!("true or false", " true または false ");

/// Whether the read-only port is open: a text in capitals, and nothing else.
pub const CAPITALS: Of = Of::Other(Conversion {
    read: |node| {
        let port = match tree::string(node)? {
            "TRUE" => "10255",
            "FALSE" => "0",
            _ => return None,
        };
        Some(Value::Number(port.into()))
    },
    write: |value| {
        let Value::Number(port) = value else { return None };
        Some(Value::String(if port == "0" { "FALSE" } else { "TRUE" }.into()))
    },
    must: words!("the text `\"TRUE\"` or `\"FALSE\"`", "文字列 `\"TRUE\"` または `\"FALSE\"`"),
});

/// `RuntimeDefault` or `Unconfined`.
pub const SECCOMP: Of = Of::Other(Conversion {
    read: |node| match tree::string(node)? {
        "RuntimeDefault" => Some(Value::Bool(true)),
        "Unconfined" => Some(Value::Bool(false)),
        _ => None,
    },
    write: |value| {
        Some(Value::String(if *value == Value::Bool(true) { "RuntimeDefault" } else { "Unconfined" }.into()))
    },
    must: words!("the text `RuntimeDefault` or `Unconfined`", "文字列 `RuntimeDefault` または `Unconfined`"),
});

/// Whether the read-only port is open; texts in capitals are true and false, too.
pub const PORT: Of = Of::Other(Conversion {
    read: |node| {
        let open = match &node.value {
            Value::Bool(open) => *open,
            Value::String(text) if text == "TRUE" => true,
            Value::String(text) if text == "FALSE" => false,
            _ => return None,
        };
        Some(Value::Number(if open { "10255" } else { "0" }.into()))
    },
    write: |value| match value {
        Value::Number(port) => Some(Value::Bool(port != "0")),
        _ => None,
    },
    must: TRUE_OR_FALSE,
});

/// The kubelet begins it with a capital.
pub const CAPITAL: Of = Of::Other(Conversion {
    read: |node| {
        let text = tree::string(node)?;
        let (first, rest) = text.split_at_checked(1)?;
        Some(Value::String(first.to_ascii_uppercase() + rest))
    },
    write: |value| match value {
        Value::String(text) => Some(Value::String(text.to_ascii_lowercase())),
        _ => None,
    },
    must: words!("a text", "文字列"),
});

/// One text of several, parted by commas; the kubelet's list.
pub const COMMAS: Of = Of::Other(Conversion {
    read: |node| {
        let items = tree::string(node)?.split(',').filter(|item| !item.is_empty());
        let item = |item: &str| tree::node(Value::String(item.trim().to_owned()), node.span.clone());
        Some(Value::Array(items.map(item).collect()))
    },
    write: |value| {
        let Value::Array(items) = value else { return None };
        Some(Value::String(items.iter().filter_map(tree::string).collect::<Vec<_>>().join(",")))
    },
    must: words!("one text", "1 つの文字列"),
});

/// `memory.available<100Mi,…`; the kubelet's map.
pub const LESS: Of = Of::Other(Conversion { read: |node| pairs(node, '<'), write: |_| None, must: PAIRS });
/// `memory.available=1m,…`; the kubelet's map.
pub const EQUALS: Of = Of::Other(Conversion { read: |node| pairs(node, '='), write: |_| None, must: PAIRS });

const PAIRS: Words =
    words!("one text such as `memory.available<100Mi`", "`memory.available<100Mi` のような 1 つの文字列");

fn pairs(node: &Node, separator: char) -> Option<Value> {
    let items = tree::string(node)?.split(',').filter(|item| !item.is_empty());
    let members = items.map(|item| {
        let (key, value) = item.split_once(separator)?;
        let value = tree::node(Value::String(value.trim().to_owned()), node.span.clone());
        Some(Member { key: key.trim().to_owned(), key_span: node.span.clone(), value, shadowed: false })
    });
    members.collect::<Option<Vec<_>>>().map(Value::Object)
}

/// Gates whose values are texts.
pub const GATES: Of = Of::Other(Conversion {
    read: |node| {
        let members = tree::members(node).iter().filter(|member| !member.shadowed).map(|member| {
            let value = Value::Bool(values::bool(tree::string(&member.value)?)?);
            Some(Member { value: tree::node(value, member.value.span.clone()), ..member.clone() })
        });
        tree::is_object(node).then(|| members.collect::<Option<Vec<_>>>().map(Value::Object))?
    },
    write: |value| {
        let Value::Object(members) = value else { return None };
        let text = |member: &Member| Member {
            value: tree::node(Value::String(member.value.to_json().to_string()), member.value.span.clone()),
            ..member.clone()
        };
        Some(Value::Object(members.iter().map(text).collect()))
    },
    must: words!(
        "an object of texts, `\"true\"` or `\"false\"`",
        "`\"true\"` または `\"false\"` の文字列のオブジェクト"
    ),
});
