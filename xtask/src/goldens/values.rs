//! Values for flags and fields: mostly such as start a kubelet, sometimes at the bounds or wrong.

use std::sync::LazyLock;

use fastrand::Rng;
use serde_json::Value;

/// A value as a text will show it. A map may have a key twice.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Null,
    Bool(bool),
    /// As it is spelt.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Node {
        match value {
            Value::Null => Node::Null,
            Value::Bool(value) => Node::Bool(value),
            Value::Number(number) => Node::Number(number.to_string()),
            Value::String(text) => match text.strip_prefix('#') {
                Some(number) => Node::Number(number.to_owned()),
                None => Node::Text(text),
            },
            Value::Array(items) => Node::List(items.into_iter().map(Node::from).collect()),
            Value::Object(members) => {
                Node::Map(members.into_iter().map(|(key, value)| (key, Node::from(value))).collect())
            }
        }
    }
}

/// Values by field, and by Go's name of a type: `[those that are fine, those that are odd]`. `"#1e400"` is a number
/// that is too large for the reader of this table.
static TABLE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("values.json")).unwrap_or_default());

/// A value for a field; `strange` is the probability that it is out of the ordinary.
pub fn value(rng: &mut Rng, path: &str, kind: &str, strange: f64) -> Node {
    // `KubeletAuthorizationMode(string)` is a string.
    let basic = kind.rsplit_once('(').map_or(kind, |(_, basic)| basic.trim_end_matches(')'));
    let of_field = &TABLE["fields"][path];
    let of_kind = match &TABLE["types"][basic] {
        Value::Null => &TABLE["types"]["string"],
        known => known,
    };
    let odd = chance(rng, strange);
    // What is odd for the type is so for the field.
    let table = if of_field.is_null() || odd && rng.u8(..4) == 0 { of_kind } else { of_field };
    let choices = table[usize::from(odd)].as_array().map_or(&[][..], Vec::as_slice);
    rng.choice(choices).map_or(Node::Null, |value| Node::from(value.clone()))
}

/// True with this probability.
pub fn chance(rng: &mut Rng, probability: f64) -> bool {
    rng.f64() < probability
}

/// One of several.
pub fn pick<'a, T: ?Sized>(rng: &mut Rng, choices: &[&'a T]) -> &'a T {
    choices[rng.usize(..choices.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_values_that_are_fine_and_values_that_are_odd() {
        let rows = ["fields", "types"].map(|part| TABLE[part].as_object().unwrap());
        for (name, row) in rows.into_iter().flatten() {
            let lists: Vec<_> = row.as_array().unwrap().iter().map(|list| list.as_array().unwrap().len()).collect();
            assert!(lists.len() == 2 && !lists.contains(&0), "{name}");
        }
        assert!(rows.iter().all(|rows| rows.len() > 10));
    }
}
