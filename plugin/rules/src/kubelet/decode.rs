//! A document's values as the kubelet's types: what Go's `encoding/json` accepts for a field, and what it makes of it.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::quantity::{self, Quantity};
use super::surface::{Field, Kind};
use super::values;
use crate::collections::{self, Map};
use crate::digits;
use crate::float;
use crate::json::Json;
use crate::message::{Text as Telling, Words};
use crate::text::{Format, Member, Node, Value};

/// A value that does not fit its field. Go reports it and the kubelet ends.
#[derive(Debug)]
pub struct Mismatch {
    /// What stands there instead, such as `must be true or false, not a string`.
    pub message: Telling,
    /// Where.
    pub span: Range<usize>,
}

impl Mismatch {
    fn new(expected: Words, node: &Node) -> Box<Mismatch> {
        let text = text!(
            "must be {expected}, not {found}",
            "{expected}でなければならず、{found}は使えません",
            expected,
            found = describe(&node.value)
        );
        Mismatch::at(node, text)
    }

    /// This is wrong with a value.
    pub fn at(node: &Node, message: impl Into<Telling>) -> Box<Mismatch> {
        Box::new(Mismatch { message: message.into(), span: node.span.clone() })
    }
}

/// How a document is read.
#[derive(Clone, Copy)]
pub struct Reading {
    /// What it is written in.
    pub format: Format,
    /// What its keys are.
    pub keys: Keys,
}

/// How the field of a key is found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Its key in this very case, as the decoders of apimachinery find it.
    Exact,
    /// Its key in any case, as `encoding/json` finds it.
    Folded,
    /// Its name in Go, which is its key in the kubelet's internal type.
    Go,
}

impl Keys {
    fn finds(self, field: &Field, key: &str) -> bool {
        match self {
            Keys::Exact => field.is(key),
            Keys::Folded => folds_to(key, field.name()),
            Keys::Go => go_name(field) == key,
        }
    }

    /// The field of a key.
    pub fn field<'a>(self, fields: &'a [Field], key: &str, has: impl Fn(&Field) -> bool) -> Option<&'a Field> {
        fields.iter().find(|field| self.finds(field, key) && has(field))
    }
}

/// The name of a field in the internal type (pkg/kubelet/apis/config/types.go): a capital first, or all of an abbreviation.
pub fn go_name(field: &Field) -> String {
    const ABBREVIATIONS: [(&str, &str); 7] = [
        ("iptables", "IPTables"),
        ("http", "HTTP"),
        ("tls", "TLS"),
        ("oom", "OOM"),
        ("cpu", "CPU"),
        ("qos", "QOS"),
        ("ids", "IDs"),
    ];
    let name = field.name();
    if is_shared(field.path()) || matches!(name, "kind" | "apiVersion") {
        return name.to_owned();
    }
    if name == "resolvConf" {
        return "ResolverConfig".to_owned();
    }
    let abbreviated =
        ABBREVIATIONS.iter().find_map(|(start, go)| name.strip_prefix(start).map(|rest| [go, rest].concat()));
    abbreviated.unwrap_or_else(|| name[..1].to_ascii_uppercase() + &name[1..])
}

/// Whether a field belongs to a type that is the same inside and outside, with its own JSON (component-base logs and tracing,
/// the API's taints).
pub fn is_shared(path: &str) -> bool {
    ["logging.", "tracing.", "registerWithTaints["].iter().any(|start| path.starts_with(start))
}

/// Where an object belongs.
pub const MUST_BE_OBJECT: Words = words!("must be an object", "オブジェクトでなければなりません");

/// What there is to say of a setting.
pub fn about(path: &str, what: Telling) -> Telling {
    text!("`{setting}` {what}", "`{setting}` は、{what}", setting = path, what)
}

fn describe(value: &Value) -> Words {
    match value {
        Value::Null => words!("null", "null 値"),
        Value::Bool(_) => words!("a boolean", "真偽値"),
        Value::Number(text) if text.contains(['.', 'e', 'E']) => words!("a fraction", "小数"),
        Value::Number(_) => words!("this number", "この数値"),
        Value::String(_) => words!("this string", "この文字列"),
        Value::Array(_) => words!("a list", "リスト"),
        Value::Object(_) => words!("an object", "オブジェクト"),
    }
}

/// As [`field_value`], decoded over what is there: `encoding/json` reuses the items of a list, so that what the new ones leave
/// out stays, and what is null.
pub fn field_value_over(
    before: Option<&Json>,
    field: &Field,
    node: &Node,
    reading: Reading,
) -> Result<Option<Json>, Box<Mismatch>> {
    match (&field.kind, &node.value, before) {
        (Kind::List(kind), Value::Array(items), Some(Json::List(before))) => {
            let mut list = vec![];
            for (at, node) in items.iter().enumerate() {
                list.push(item_value_over(before.get(at), kind, node, reading)?);
            }
            Ok(Some(Json::List(list)))
        }
        _ => field_value(field, node, reading),
    }
}

/// What a field becomes by a value: `Ok(None)` where the value changes nothing.
///
/// `null` makes pointers, lists and maps nil, and leaves other types as they are, unless they read it themselves. In `Json` the
/// value is read as it is written; what comes from YAML or from a merge, Go has written again.
pub fn field_value(field: &Field, node: &Node, reading: Reading) -> Result<Option<Json>, Box<Mismatch>> {
    match (&field.kind, &node.value) {
        (Kind::List(_) | Kind::Map(_), Value::Null) => Ok(Some(Json::Null)),
        (_, Value::Null) if field.pointer => Ok(Some(Json::Null)),
        (Kind::Quantity, Value::String(_) | Value::Number(_)) => {
            let (quantity, text) = quantity_text(node, reading.format)?;
            Ok(Some(Json::Text(quantity.kept(text))))
        }
        (kind, _) => value(kind, node, reading),
    }
}

/// A value of a type; `Ok(None)` for a `null` that changes nothing.
pub fn value(kind: &Kind, node: &Node, reading: Reading) -> Result<Option<Json>, Box<Mismatch>> {
    let json = match (kind, &node.value) {
        // metav1.Duration reads null as the text "", which is no duration.
        (Kind::Duration, Value::Null) => None,
        (Kind::Quantity, Value::Null) => Some(Json::Text("0".into())),
        (Kind::Struct(_) | Kind::List(_) | Kind::Map(_) | Kind::Time, Value::Null) => Some(Json::Null),
        (_, Value::Null) => return Ok(None),
        (Kind::Int32, _) => return integer(node, i64::from(i32::MIN), i64::from(i32::MAX)),
        (Kind::Uint32, _) => return integer(node, 0, i64::from(u32::MAX)),
        (Kind::Int64, _) | (Kind::DurationOrNanoseconds, Value::Number(_)) => return integer(node, i64::MIN, i64::MAX),
        (Kind::Bool, Value::Bool(value)) => Some(Json::Bool(*value)),
        (Kind::Float, Value::Number(text)) => float::read(text).filter(|value| value.is_finite()).map(Json::Float),
        (Kind::Text, Value::String(text)) => Some(Json::Text(text.clone())),
        (Kind::Duration | Kind::DurationOrNanoseconds, Value::String(text)) => {
            values::duration(text).map(|nanoseconds| Json::Text(values::format_duration(nanoseconds)))
        }
        (Kind::Quantity, _) => return Ok(Some(Json::Text(quantity_text(node, reading.format)?.0.text))),
        (Kind::Time, Value::String(text)) => values::is_time(text).then(|| Json::Text(text.clone())),
        (Kind::List(item), Value::Array(items)) => {
            let mut list = vec![];
            for node in items {
                list.push(item_value(item, node, reading)?);
            }
            Some(Json::List(list))
        }
        (Kind::Map(item), Value::Object(members)) => {
            let mut map = Map::new();
            for member in members.iter().filter(|member| !member.shadowed) {
                map.insert(member.key.clone(), item_value(item, &member.value, reading)?);
            }
            Some(Json::Map(map))
        }
        (Kind::Struct(fields), Value::Object(_)) => Some(structure(fields, node, None, reading)?),
        _ => None,
    };
    json.map(Some).ok_or_else(|| Mismatch::new(expected(kind), node))
}

fn expected(kind: &Kind) -> Words {
    match kind {
        Kind::Bool => words!("true or false", "真偽値（true または false）"),
        Kind::Int32 | Kind::Int64 | Kind::Uint32 => words!("a whole number", "整数"),
        Kind::Float => words!("a number", "数値"),
        Kind::Text => words!("a string", "文字列"),
        Kind::Duration | Kind::DurationOrNanoseconds => words!("a duration such as \"4h\"", "\"4h\" のような期間"),
        Kind::Quantity => words!("a quantity such as \"10Mi\"", "\"10Mi\" のような数量"),
        Kind::Time => words!("a time such as \"2026-01-02T03:04:05Z\"", "\"2026-01-02T03:04:05Z\" のような日時"),
        Kind::List(_) => words!("a list", "リスト"),
        Kind::Map(_) | Kind::Struct(_) => words!("an object", "オブジェクト"),
    }
}

/// An item of a list or a map: `null` is the zero value.
pub fn item_value(kind: &Kind, node: &Node, reading: Reading) -> Result<Json, Box<Mismatch>> {
    item_value_over(None, kind, node, reading)
}

fn item_value_over(before: Option<&Json>, kind: &Kind, node: &Node, reading: Reading) -> Result<Json, Box<Mismatch>> {
    if let Kind::Struct(fields) = kind {
        return structure(fields, node, before, reading);
    }
    let value = value(kind, node, reading)?.or_else(|| before.cloned());
    Ok(value.unwrap_or_else(|| super::config::zero(kind)))
}

/// A struct inside of a list: its fields by name, unknown ones left out, as Go writes it again. What it leaves out is as it was
/// before, or zero.
fn structure(fields: &[Field], node: &Node, before: Option<&Json>, reading: Reading) -> Result<Json, Box<Mismatch>> {
    let members = match &node.value {
        Value::Object(members) => members.as_slice(),
        Value::Null => &[],
        _ => return Err(Mismatch::new(words!("an object", "オブジェクト"), node)),
    };
    let mut map = Map::new();
    for field in fields.iter().filter(|field| !field.omit_empty) {
        let nil = matches!(field.kind, Kind::List(_) | Kind::Map(_));
        map.insert(field.name().to_owned(), if nil { Json::Null } else { super::config::zero(&field.kind) });
    }
    if let Some(Json::Map(before)) = before {
        map.extend(before.clone().into_pairs());
    }
    for member in in_turn(members, reading.keys == Keys::Folded) {
        let Some(field) = reading.keys.field(fields, &member.key, |_| true) else { continue };
        match (map.get_mut(field.name()), field_value(field, &member.value, reading)?) {
            (Some(Json::Map(before)), Some(Json::Map(value))) => before.extend(value.into_pairs()),
            (_, Some(value)) => _ = map.insert(field.name().to_owned(), value),
            (_, None) => {}
        }
    }
    map.retain(|name, value| {
        let omit = fields.iter().any(|field| field.is(name) && field.omit_empty);
        !omit || !matches!(value, Json::Null) && !matches!(value, Json::Text(text) if text.is_empty())
    });
    Ok(Json::Map(map))
}

/// The members in the order in which Go decodes them: where they have become a map, which is written with its keys sorted, that
/// of several spellings of a key comes last which sorts last.
pub fn in_turn(members: &[Member], is_sorted: bool) -> Vec<&Member> {
    let members: Vec<_> = members.iter().filter(|member| !member.shadowed).collect();
    if !is_sorted {
        return members;
    }
    let order = collections::order(members.len(), &|a, b| members[a].key.cmp(&members[b].key));
    order.into_iter().map(|at| members[at]).collect()
}

/// A quantity, and the text that it is read from.
fn quantity_text(node: &Node, format: Format) -> Result<(Quantity, &str), Box<Mismatch>> {
    let text = match &node.value {
        Value::String(text) | Value::Number(text) if !is_escaped(node, format) => text,
        _ => "",
    };
    // The kubelet trims the JSON as it is written, where a line feed is `\n` (apimachinery pkg/api/resource, `UnmarshalJSON`).
    let text = text.trim_matches(|c: char| c.is_whitespace() && !c.is_ascii_control());
    let quantity = quantity::read(text)
        .ok_or_else(|| Mismatch::new(words!("a quantity such as \"10Mi\"", "\"10Mi\" のような数量"), node))?;
    Ok((quantity, text))
}

/// Whether a string of JSON is written with escapes, or Go writes it with one again (the two separators of Unicode).
fn is_escaped(node: &Node, format: Format) -> bool {
    match (&node.value, format) {
        (Value::String(text), Format::Json) => node.span.len() != text.len() + 2,
        (Value::String(text), Format::Yaml) => text.contains(['\u{2028}', '\u{2029}']),
        _ => false,
    }
}

/// A number as `strconv.ParseInt` takes it: no fraction, no exponent.
fn integer(node: &Node, least: i64, most: i64) -> Result<Option<Json>, Box<Mismatch>> {
    let Value::Number(text) = &node.value else { return Err(Mismatch::new(words!("a whole number", "整数"), node)) };
    let unsigned_minus = least == 0 && text.starts_with('-');
    match text.parse::<i64>() {
        Ok(value) if (least..=most).contains(&value) && !unsigned_minus => Ok(Some(Json::Int(value))),
        _ if text.contains(['.', 'e', 'E']) => Err(Mismatch::new(words!("a whole number", "整数"), node)),
        _ => Err(Mismatch::at(
            node,
            text!(
                "must be between {least} and {most}",
                "{least} から {most} の範囲でなければなりません",
                least = digits::number(least),
                most = digits::number(most)
            ),
        )),
    }
}

/// The field that `encoding/json` finds for a key that need not have the right case.
pub fn folded<'a>(fields: &'a [Field], key: &str, has: impl Fn(&Field) -> bool) -> Option<&'a Field> {
    Keys::Exact.field(fields, key, &has).or_else(|| Keys::Folded.field(fields, key, has))
}

/// A key without its case, as Go folds it: the long s and the Kelvin sign are letters of the alphabet, too.
pub fn fold(key: &str) -> String {
    folded_letters(key).collect()
}

/// Whether a key is this one but for its case, without which both are compared.
pub fn folds_to(key: &str, name: &str) -> bool {
    folded_letters(key).eq(name.chars().map(|c| c.to_ascii_lowercase()))
}

fn folded_letters(key: &str) -> impl Iterator<Item = char> {
    key.chars().map(|c| match c {
        'ſ' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    })
}
