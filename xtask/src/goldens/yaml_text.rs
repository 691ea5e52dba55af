//! Writes values as YAML, in many ways.

use std::fmt::Write as _;
use std::mem::discriminant;

use base64::{Engine, prelude::BASE64_STANDARD};
use fastrand::Rng;

use super::values::{Node, chance, pick};

/// The value as a text, mostly a valid one.
pub fn write(rng: &mut Rng, node: &Node) -> Vec<u8> {
    let fancy = if chance(rng, 0.5) { 0.0 } else { 0.15 };
    let step = *rng.choice(&[2, 2, 2, 4, 1, 3]).unwrap_or(&2);
    let mut writer = Writer { rng, text: String::new(), fancy, step, anchors: vec![] };
    match node {
        Node::Map(members) if !chance(writer.rng, 0.06) => writer.block_map(members, 0),
        _ => {
            writer.text += if writer.rng.bool() { "--- " } else { "# c\n" };
            writer.flow(node);
            writer.text.push('\n');
        }
    }
    let text = writer.text;
    around(rng, text).into_bytes()
}

/// Words that YAML 1.1 reads as booleans, and some that it does not.
const TRUE: [&str; 8] = ["true", "True", "TRUE", "yes", "Yes", "on", "On", "y"];
const FALSE: [&str; 8] = ["false", "False", "FALSE", "no", "NO", "off", "Off", "n"];
const NEITHER: [&str; 8] = ["tRue", "faLse", "t", "f", "enabled", "'true'", "\"false\"", "true#x"];

struct Writer<'a> {
    rng: &'a mut Rng,
    text: String,
    /// How often a rare style is used.
    fancy: f64,
    /// The depth of an indentation.
    step: usize,
    anchors: Vec<(String, Node)>,
}

impl Writer<'_> {
    fn is_fancy(&mut self, share: f64) -> bool {
        let probability = self.fancy * share;
        chance(self.rng, probability)
    }

    fn indent(&mut self, depth: usize) {
        self.text += &" ".repeat(depth);
    }

    fn block_map(&mut self, members: &[(String, Node)], depth: usize) {
        for (key, value) in members {
            if self.is_fancy(0.2) {
                self.indent(depth);
                self.text += "# a comment: {\n";
            }
            if self.is_fancy(0.15) {
                self.merge(depth);
            }
            self.indent(depth);
            let explicit = self.is_fancy(0.1);
            if explicit {
                self.text += "? ";
            }
            self.key(key);
            if explicit {
                self.text.push('\n');
                self.indent(depth);
            } else if self.is_fancy(0.1) {
                self.text.push(' ');
            }
            self.text.push(':');
            self.value(value, depth);
        }
    }

    /// A merge key, with a flow mapping or an alias.
    fn merge(&mut self, depth: usize) {
        let maps: Vec<String> = self
            .anchors
            .iter()
            .filter(|(_, node)| matches!(node, Node::Map(_)))
            .map(|(name, _)| name.clone())
            .collect();
        self.indent(depth);
        match self.rng.choice(maps) {
            Some(name) if self.rng.bool() => writeln!(self.text, "<<: *{name}").unwrap_or_default(),
            Some(name) => writeln!(self.text, "<<: [*{name}, {{x: 1}}]").unwrap_or_default(),
            None => {
                let texts =
                    ["{maxPods: 7, failSwapOn: no}", "{enabled: true}", "[{maxPods: 8}, {maxPods: 9}]", "{}", "1"];
                let text = pick(self.rng, &texts);
                writeln!(self.text, "<<: {text}").unwrap_or_default();
            }
        }
    }

    fn key(&mut self, key: &str) {
        let choice = if self.is_fancy(0.3) { self.rng.u8(..5) } else { 0 };
        match choice {
            1 => self.double(key),
            2 => self.single(key),
            3 => {
                self.text += "!!str ";
                self.text += key;
            }
            _ if is_plain(key) => self.text += key,
            _ => self.double(key),
        }
    }

    /// A value behind a key's colon or an entry's dash, to the end of its line.
    fn value(&mut self, value: &Node, depth: usize) {
        if self.is_fancy(0.1) {
            self.text.push(' ');
        }
        if self.is_fancy(0.15) {
            let same = self.anchors.iter().filter(|(_, node)| discriminant(node) == discriminant(value));
            let names: Vec<String> = same.map(|(name, _)| name.clone()).collect();
            if let Some(name) = self.rng.choice(names) {
                self.text += &format!(" *{name}\n");
                return;
            }
        }
        if self.is_fancy(0.2) {
            let name = format!("a{}", self.anchors.len());
            self.text += &format!(" &{name}");
            self.anchors.push((name, value.clone()));
        }
        match value {
            Node::Map(members) if !members.is_empty() && !self.is_fancy(0.4) => {
                self.tag("!!map", 0.05);
                self.end_of_line();
                let step = self.step;
                self.block_map(members, depth + step);
            }
            Node::List(items) if !items.is_empty() && !self.is_fancy(0.4) => {
                self.tag("!!seq", 0.05);
                self.end_of_line();
                let deeper = if self.rng.bool() { self.step } else { 0 };
                for item in items {
                    self.indent(depth + deeper);
                    self.text.push('-');
                    self.value(item, depth + deeper + 1);
                }
            }
            Node::Text(text) if self.is_fancy(0.15) && !text.is_empty() => self.block_scalar(text, depth),
            Node::Null if self.rng.bool() => self.end_of_line(),
            _ => {
                self.text.push(' ');
                if self.is_fancy(0.02) {
                    self.text.push('\t');
                }
                self.flow(value);
                self.end_of_line();
            }
        }
    }

    fn end_of_line(&mut self) {
        if self.is_fancy(0.3) {
            self.text += pick(self.rng, &[" # why", "  #", " ", "\t", " \t# x"]);
        }
        self.text.push('\n');
        if self.is_fancy(0.1) {
            self.text += pick(self.rng, &["\n", "   \n", "# c\n", "  # c\n"]);
        }
    }

    fn tag(&mut self, tag: &str, share: f64) {
        if self.is_fancy(share) {
            self.text.push(' ');
            self.text += tag;
        }
    }

    fn block_scalar(&mut self, text: &str, depth: usize) {
        self.text += pick(self.rng, &[" |", " |-", " >-", " >", " |+", " |2-", " >+"]);
        self.text.push('\n');
        for line in text.split('\n') {
            self.indent(depth + 2);
            self.text += line;
            self.text.push('\n');
        }
    }

    /// A value that needs no lines of its own.
    fn flow(&mut self, value: &Node) {
        match value {
            Node::Null => self.text += pick(self.rng, &["null", "~", "Null", "NULL", "null", "!!null ''"]),
            Node::Bool(value) => self.bool(*value),
            Node::Number(number) => self.number(number),
            Node::Text(text) => self.scalar(text),
            Node::List(items) => {
                self.text.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.text += if at > 0 { ", " } else { "" };
                    self.flow(item);
                }
                self.trailing(!items.is_empty());
                self.text.push(']');
            }
            Node::Map(members) => {
                self.text.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    self.text += if at > 0 { ", " } else { "" };
                    self.key(key);
                    self.text += ": ";
                    self.flow(value);
                }
                self.trailing(!members.is_empty());
                self.text.push('}');
            }
        }
    }

    fn trailing(&mut self, some: bool) {
        if some && self.is_fancy(0.2) {
            self.text += pick(self.rng, &[",", ", ", "\n  ", " "]);
        }
    }

    fn bool(&mut self, value: bool) {
        let words = if value { &TRUE } else { &FALSE };
        let plain = if chance(self.rng, 0.7) { words[0] } else { pick(self.rng, words) };
        let word = if self.is_fancy(0.15) { pick(self.rng, &NEITHER) } else { plain };
        if self.is_fancy(0.1) {
            self.text += pick(self.rng, &["!!bool ", "!!str ", "! ", "!x ", "!!int ", "!<tag:yaml.org,2002:bool> "]);
        }
        self.text += word;
    }

    /// YAML has more spellings of a number than JSON.
    fn number(&mut self, number: &str) {
        let small = number.parse::<u32>().ok();
        match (small, if self.is_fancy(0.3) { self.rng.u8(..14) } else { 99 }) {
            (Some(number), 0) => self.text += &format!("0x{number:x}"),
            (Some(number), 1) => self.text += &format!("0o{number:o}"),
            (Some(number), 2) => self.text += &format!("0{number:o}"),
            (Some(number), 3) => self.text += &format!("0b{number:b}"),
            (Some(number), 4) => self.text += &format!("+{number}"),
            (Some(number), 5) => self.text += &format!("{number}.0"),
            (Some(number), 6) => self.text += &format!("!!int \"{number}\""),
            (Some(number), 7) => self.text += &format!("{number}_"),
            (Some(number), 8) => self.text += &format!("{number}e0"),
            (Some(number), 9) => self.text += &format!("!!float {number}"),
            (Some(number), 10) => self.text += &format!("{}:{:02}", number / 60, number % 60),
            (Some(number), 11) => self.text += &format!("'{number}'"),
            (Some(number), 12) => self.text += &format!("{number}."),
            (_, 13) => {
                self.text += pick(self.rng, &[".inf", "-.Inf", ".nan", "1e3", "2001-01-01", "_1", "0x", "1__0", "08"])
            }
            _ => self.text += number,
        }
    }

    fn scalar(&mut self, text: &str) {
        if self.is_fancy(0.1) {
            self.text += pick(self.rng, &["!!str ", "! ", "!x ", "!!str ", "!!int ", "!!float "]);
        }
        let choice = if chance(self.rng, 0.5) { 0 } else { self.rng.u8(..5) };
        match choice {
            1 => self.single(text),
            2 if self.is_fancy(0.3) => {
                self.text += "!!binary ";
                self.text += &BASE64_STANDARD.encode(text);
            }
            0 | 2 if is_plain(text) => self.text += text,
            _ => self.double(text),
        }
    }

    fn single(&mut self, text: &str) {
        self.text.push('\'');
        self.text += &text.replace('\'', "''");
        self.text.push('\'');
    }

    fn double(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' => self.text += "\\\"",
                '\\' => self.text += "\\\\",
                '\n' => self.text += "\\n",
                '/' if self.is_fancy(0.2) => self.text += "\\/",
                _ if self.is_fancy(0.1) && u32::from(character) < 256 => {
                    self.text += &format!("\\x{:02x}", u32::from(character));
                }
                _ if self.is_fancy(0.05) => self.text += &format!("\\U{:08x}", u32::from(character)),
                ' ' if self.is_fancy(0.3) => self.text += " \\\n    \\ ".trim_start(),
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }
}

/// Whether a text may stand without quotes. Some of those are no strings then: `1:30`, `null`, `1`.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    let inside = |c: char| c.is_alphanumeric() || "/._-%+*".contains(c);
    first.is_some_and(|first| first.is_alphanumeric() || first == '/')
        && text.chars().all(inside)
        && !matches!(text, "true" | "false" | "null")
        && text.parse::<f64>().is_err()
}

/// What stands around a document.
fn around(rng: &mut Rng, text: String) -> String {
    if chance(rng, 0.75) {
        return text;
    }
    let choice = rng.u8(..16);
    match choice {
        0 => format!("---\n{text}"),
        1 => format!("%YAML 1.1\n---\n{text}"),
        2 => {
            pick(rng, &["%YAML 1.2\n", "%TAG ! tag:x,2000:\n", "%FOO bar\n", "%YAML 2.0\n"]).to_owned()
                + "---\n"
                + &text
        }
        3 => text + pick(rng, &["---\nmaxPods: 1\n", "---\n", "...\n", "...\nx: [\n", "--- [\n"]),
        4 => text.replace('\n', "\r\n"),
        5 => text.replace('\n', "\r"),
        6 => format!("\u{feff}{text}"),
        7 => {
            text + pick(
                rng,
                &["\tx: 1\n", "  x: 1\n", "x\n", "x: y: z\n", "- a\n", "x: [1\n", "x: \"a\n", "\u{1}\n", "*x\n"],
            )
        }
        8 => text.trim_end().to_owned(),
        9 => format!("\n\n# c\n\n{text}"),
        10 => format!("base: &b\n  makeIPTablesUtilChains: false\n  maxPods: 5\n<<: *b\n{text}"),
        11 => {
            format!("{text}base: &b {{failSwapOn: false, authentication: {{anonymous: {{enabled: yes}}}}}}\n<<: *b\n")
        }
        12 => format!("{text}x: &a [1]\ny: [*a, *a]\nz: *a\n"),
        13 => text.lines().map(|line| format!("  {line}\n")).collect(),
        14 => pick(rng, &["---\n---\n", "--- # c\n", "---\t\n", "# c\n---\n", "...\n"]).to_owned() + &text,
        _ => mutated(rng, text),
    }
}

/// One character more or less.
fn mutated(rng: &mut Rng, text: String) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = rng.usize(..=characters.len());
    if at < characters.len() && rng.bool() {
        characters.remove(at);
    } else {
        let choices = [
            ' ', '\n', '\t', ':', '-', '#', '"', '\'', '[', '}', '&', '*', '!', '|', '>', '%', '@', '`', '?', ',', '0',
            '\u{85}', '\u{2028}',
        ];
        characters.insert(at, *rng.choice(&choices).unwrap_or(&' '));
    }
    characters.into_iter().collect()
}
