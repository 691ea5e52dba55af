//! Random texts that need not be a kubelet's configuration.

use fastrand::Rng;

use super::values::Node;
use super::{json_text, yaml_text};

/// Words that readers of YAML and JSON may take for something else than a string, or stumble over.
const WORDS: [&str; 48] = [
    "a",
    "b",
    "kind",
    "x y",
    "",
    " ",
    "yes",
    "No",
    "on",
    "~",
    "null",
    "true",
    "1",
    "-1",
    "0x1F",
    "010",
    "1_000",
    "1.5",
    "1e3",
    ".5",
    "-.inf",
    ".NaN",
    "1:30",
    "2001-01-01",
    "2001-01-01T00:00:00Z",
    "=",
    "<<",
    "-",
    "?",
    ":",
    "a: b",
    "a #b",
    "#",
    "&a",
    "*a",
    "!t",
    "%",
    "@",
    "`",
    "é",
    "𝄞",
    "\n",
    "a\nb\n",
    "\t",
    "\"",
    "'",
    "\\",
    "0o17",
];

/// A text of a random value.
pub fn random(rng: &mut Rng) -> Vec<u8> {
    let node = node(rng, 3);
    if rng.u8(..3) == 0 { json_text::write(rng, &node) } else { yaml_text::write(rng, &node) }
}

fn node(rng: &mut Rng, depth: usize) -> Node {
    match rng.u8(if depth == 0 { 4 } else { 0 }..14) {
        0..2 => Node::List((0..rng.usize(..4)).map(|_| node(rng, depth - 1)).collect()),
        2..4 => members(rng, depth),
        4 => Node::Null,
        5 => Node::Bool(rng.bool()),
        6..8 => Node::Number(number(rng)),
        _ if depth == 3 => members(rng, depth),
        _ => Node::Text(word(rng)),
    }
}

fn members(rng: &mut Rng, depth: usize) -> Node {
    Node::Map((0..rng.usize(..5)).map(|_| (word(rng), node(rng, depth - 1))).collect())
}

fn word(rng: &mut Rng) -> String {
    rng.choice(WORDS).unwrap_or_default().to_owned()
}

fn number(rng: &mut Rng) -> String {
    match rng.u8(..6) {
        0 => rng.i64(..).to_string(),
        1 => rng.u64(..).to_string(),
        2 => format!("{}e{}", rng.i8(..), rng.i16(-400..400)),
        3 => f64::from_bits(rng.u64(..)).to_string(),
        4 => format!("{}.{}", rng.i16(..), rng.u16(..)),
        _ => rng.u8(..).to_string(),
    }
}
