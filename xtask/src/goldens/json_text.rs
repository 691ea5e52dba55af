//! Writes values as JSON, in many ways.

use fastrand::Rng;

use super::values::{Node, chance, pick};

/// The value as a text, mostly a valid one.
pub fn write(rng: &mut Rng, node: &Node) -> Vec<u8> {
    let mut writer = Writer { pretty: chance(rng, 0.7), escapes: chance(rng, 0.1), rng, text: String::new() };
    writer.node(node, 0);
    let text = writer.text;
    spoil(rng, text)
}

struct Writer<'a> {
    rng: &'a mut Rng,
    text: String,
    pretty: bool,
    /// Whether strings are escaped where they need not be.
    escapes: bool,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node, depth: usize) {
        match node {
            Node::Null => self.text += "null",
            Node::Bool(value) => self.text += if *value { "true" } else { "false" },
            Node::Number(number) => self.number(number),
            Node::Text(text) => self.string(text),
            Node::List(items) => {
                self.text.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.text += if at > 0 { "," } else { "" };
                    self.line(depth + 1);
                    self.node(item, depth + 1);
                }
                self.close(']', depth, items.is_empty());
            }
            Node::Map(members) => {
                self.text.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    self.text += if at > 0 { "," } else { "" };
                    self.line(depth + 1);
                    self.string(key);
                    self.text += if self.pretty { ": " } else { ":" };
                    self.node(value, depth + 1);
                }
                self.close('}', depth, members.is_empty());
            }
        }
    }

    fn line(&mut self, depth: usize) {
        if self.pretty {
            self.text.push('\n');
            self.text += &"  ".repeat(depth);
        } else if chance(self.rng, 0.02) {
            self.text += pick(self.rng, &[" ", "\t", "\r\n", "\n\n"]);
        }
    }

    fn close(&mut self, bracket: char, depth: usize, empty: bool) {
        if !empty {
            self.line(depth);
        }
        self.text.push(bracket);
    }

    /// JSON knows no hexadecimal numbers and the like, but other spellings of the same number.
    fn number(&mut self, number: &str) {
        self.text += number;
        if chance(self.rng, 0.03) && number.bytes().all(|byte| byte.is_ascii_digit()) {
            self.text += pick(self.rng, &[".0", "e0", "E+0", ".", "e", "0", "e1", ".5", "L"]);
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' => self.text += "\\\"",
                '\\' => self.text += "\\\\",
                '\n' => self.text += "\\n",
                '/' if self.escapes => self.text += "\\/",
                _ if (self.escapes && chance(self.rng, 0.2)) || character < ' ' => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        self.text += &format!("\\u{unit:04x}");
                    }
                }
                _ => self.text.push(character),
            }
        }
        if self.escapes && chance(self.rng, 0.05) {
            self.text +=
                pick(self.rng, &["\\ud800", "\\udc00", "\\ud83d\\ude00", "\\ud800\\u0041", "\\u0000", "\\x", "\\u12"]);
        }
        self.text.push('"');
    }
}

/// What may stand around a value, or in it where it should not.
fn spoil(rng: &mut Rng, text: String) -> Vec<u8> {
    if chance(rng, 0.85) {
        return text.into_bytes();
    }
    let choice = rng.u8(..10);
    match choice {
        0 => (text + pick(rng, &["}", " # end", "\n{}", "\n---\n{", "\0", "x"])).into_bytes(),
        1 => (pick(rng, &["\u{feff}", "# c\n", "---\n", "// c\n", "\u{a0}"]).to_owned() + &text).into_bytes(),
        2 => (pick(rng, &[" \n\t", "\r\n", "\u{b}", "\u{c}"]).to_owned() + &text).into_bytes(),
        3 => text.replacen("\n}", ",\n}", 1).into_bytes(),
        4 => deep(rng, &text),
        5 => {
            // A byte that is no UTF-8, inside a string if it hits one.
            let mut bytes = text.into_bytes();
            let at = rng.usize(..=bytes.len());
            bytes.insert(at, *rng.choice(&[0xff, 0xc3, 0xa0, 0xed, 0x80, 0x07]).unwrap_or(&0xff));
            bytes
        }
        6 => text.replacen("true", pick(rng, &["True", "tru", "1", "\"true\""]), 1).into_bytes(),
        7 => text.replace('"', "'").into_bytes(),
        8 => text.replacen(':', pick(rng, &["=", "", "::"]), 1).into_bytes(),
        _ => (text + pick(rng, &["\n", " ", "\r\n", "\t\n\n"])).into_bytes(),
    }
}

/// The same with an unknown key whose value is nested.
fn deep(rng: &mut Rng, text: &str) -> Vec<u8> {
    let depth = *rng.choice(&[5, 100, 1000, 9_990, 10_010]).unwrap_or(&5);
    let (open, close) = if rng.bool() { ("[", "]") } else { ("{\"a\":", "}") };
    let (before, inner) = if open == "[" { ("", "") } else { ("", "1") };
    let nested = format!("{before}{}{inner}{}", open.repeat(depth), close.repeat(depth));
    text.replacen('{', &format!("{{\"x\":{nested},"), 1).into_bytes()
}
