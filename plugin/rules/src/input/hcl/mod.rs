//! HCL, as Terraform, OpenTofu and Packer write it: enough of it to find what is written out.
//!
//! A block is an object at its name, its labels objects around it: `resource "a" "b" {}` is `{resource: {a: {b: {}}}}`. What is
//! computed is a template, see [`is_template`](super::source::is_template), except for functions that only pack what is
//! written out: of `jsonencode` and `yamlencode` it is what they encode, of `base64encode`, `base64gzip` and those that only
//! trim it the text.

pub mod bicep;
mod encoded;
mod text;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use encoded::{Evaluated, Packs, function};

use super::source::{FILLED_IN, Source};
use super::tree;
use crate::message::Words;
use crate::text::{Format, Member, Node, SyntaxError, Text, Value};

/// How deep blocks and expressions may be nested.
const MAX_DEPTH: usize = 100;

/// How long a text in a file may be: what is longer is no user data, and no file that a kubelet reads.
const MAX_TEXT: usize = 1 << 20;

/// Blocks with which files begin.
const BLOCKS: [&str; 21] = [
    "build",
    "check",
    "data",
    "dependency",
    "ephemeral",
    "generate",
    "import",
    "include",
    "locals",
    "module",
    "moved",
    "output",
    "packer",
    "provider",
    "remote_state",
    "removed",
    "required_plugins",
    "resource",
    "source",
    "terraform",
    "variable",
];

/// What is read, or why it cannot be.
pub type Read<T> = Result<T, SyntaxError>;

/// Whether a text is HCL: by its first line that is no comment, which opens a block.
pub fn is_one(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    if reader.skip_blank().is_err() {
        return false;
    }
    let line = bytes.get(reader.at..).unwrap_or_default();
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = reader.name();
    reader.skip_spaces();
    let is_label = reader.peek() == Some(b'"') || reader.peek() == Some(b'{');
    let opened = line.iter().position(|byte| *byte == b'{').map(|at| line[at + 1..].trim_ascii());
    let opens = matches!(opened, Some([] | [b'#' | b'/', ..] | [.., b'}']));
    is_label && opens && BLOCKS.iter().any(|block| block.as_bytes() == name)
}

/// Reads a file.
///
/// # Errors
/// Where it is not HCL any more.
pub fn read(bytes: &[u8]) -> Read<Text> {
    let members = Reader::new(bytes).body(false)?;
    let root = tree::node(Value::Object(members), 0..bytes.len());
    Ok(Text { root, format: Format::Yaml, set_twice: vec![] })
}

/// The text that a value of a file is: a string, or what is encoded in one. None where it is computed.
pub fn text_of(bytes: &[u8], node: &Node) -> Option<Source<'static>> {
    if node.span.len() > MAX_TEXT {
        return None;
    }
    Reader::from(bytes, node.span.start).evaluated(0).map(Evaluated::source)
}

/// An object or a list of a file as a document of JSON.
pub fn document_of(bytes: &[u8], node: &Node) -> Option<Source<'static>> {
    if node.span.len() > MAX_TEXT {
        return None;
    }
    let mut out = Evaluated::default();
    Reader::new(bytes).encode(node, &mut out, 0);
    Some(out.source())
}

/// Where the bytes of a heredoc's value stand in what is written.
pub fn runs(written: &[u8], value: &[u8]) -> Option<Vec<(usize, usize)>> {
    let text = Reader::new(written).evaluated(0)?;
    (text.bytes == value).then_some(text.runs)
}

/// Whether the value of a call is that of a function that packs a text in base64.
pub fn is_packed(bytes: &[u8], node: &Node) -> bool {
    function(bytes.get(node.span.clone()).unwrap_or_default()).is_some_and(|packs| packs == Packs::Text)
}

/// Reads HCL, or Bicep, whose expressions are much alike.
pub struct Reader<'a> {
    bytes: &'a [u8],
    /// Where it is.
    pub at: usize,
    depth: usize,
    is_bicep: bool,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader::from(bytes, 0)
    }

    fn from(bytes: &'a [u8], at: usize) -> Reader<'a> {
        Reader { bytes, at, depth: 0, is_bicep: false }
    }

    /// Reads Bicep from some place on.
    pub fn bicep(bytes: &'a [u8], at: usize) -> Reader<'a> {
        Reader { bytes, at, depth: 0, is_bicep: true }
    }

    /// What begins and ends a string.
    fn quote(&self) -> u8 {
        if self.is_bicep { b'\'' } else { b'"' }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn starts(&self, with: &[u8]) -> bool {
        self.rest().starts_with(with)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eats = self.peek() == Some(byte);
        self.at += usize::from(eats);
        eats
    }

    fn error<T>(&self, words: Words) -> Read<T> {
        let start = self.at.min(self.bytes.len());
        Err(SyntaxError { words, span: start..(start + 1).min(self.bytes.len()) })
    }

    fn enter(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.error(words!("this is nested too deeply", "入れ子が深すぎます"));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Blanks of a line, and a comment within it.
    fn skip_spaces(&mut self) {
        while let Some(b' ' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn skip_line(&mut self) {
        self.at += self.rest().iter().position(|byte| *byte == b'\n').unwrap_or(self.rest().len());
    }

    /// A comment; whether there was one.
    fn skip_comment(&mut self) -> Read<bool> {
        if self.starts(b"/*") {
            let Some(length) = self.rest().windows(2).skip(2).position(|pair| pair == b"*/") else {
                return self.error(words!("this comment does not end", "コメントが閉じられていません"));
            };
            self.at += length + 4;
            return Ok(true);
        }
        let is_one = self.starts(b"#") || self.starts(b"//");
        if is_one {
            self.skip_line();
        }
        Ok(is_one)
    }

    /// Blanks, ends of lines and comments.
    pub fn skip_blank(&mut self) -> Read<()> {
        loop {
            self.skip_spaces();
            if !self.eat(b'\n') && !self.skip_comment()? {
                return Ok(());
            }
        }
    }

    fn name(&mut self) -> &'a [u8] {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | 0x80..);
        let length = self.rest().iter().take_while(|byte| is_part(byte)).count();
        let name = &self.rest()[..length];
        self.at += length;
        name
    }

    /// Attributes and blocks.
    fn body(&mut self, is_block: bool) -> Read<Vec<Member>> {
        let mut members = vec![];
        loop {
            self.skip_blank()?;
            match self.peek() {
                None if is_block => return self.error(words!("a block does not end", "ブロックが閉じられていません")),
                None => return Ok(members),
                Some(b'}') if is_block => {
                    self.at += 1;
                    return Ok(members);
                }
                _ => members.push(self.item()?),
            }
        }
    }

    /// An attribute or a block.
    fn item(&mut self) -> Read<Member> {
        let start = self.at;
        let key = shown(self.name());
        let key_span = start..self.at;
        if key.is_empty() {
            return self.error(words!("there must be a name here", "ここには名前が必要です"));
        }
        self.skip_spaces();
        if self.peek() == Some(b'=') && !self.starts(b"==") {
            self.at += 1;
            let value = self.expression(true)?;
            if matches!(self.peek(), Some(b',' | b')' | b']')) {
                return self.error(words!("this ends nothing that was begun", "対応する開始がありません"));
            }
            return Ok(Member { key, key_span, value, shadowed: false });
        }
        let mut labels = vec![];
        loop {
            self.skip_spaces();
            let start = self.at;
            match self.peek() {
                Some(b'{') => break,
                Some(b'"') => {
                    let mut label = Evaluated::default();
                    self.quoted(&mut Some(&mut label), None)?;
                    labels.push((shown(&label.bytes), start..self.at));
                }
                _ => match self.name() {
                    [] => {
                        return self.error(words!(
                            "there must be `=` or a block after a name",
                            "名前の後には `=` またはブロックが必要です"
                        ));
                    }
                    label => labels.push((shown(label), start..self.at)),
                },
            }
        }
        let start = self.at;
        self.at += 1;
        self.enter()?;
        let body = self.body(true)?;
        self.leave();
        let mut value = tree::node(Value::Object(body), start..self.at);
        // More labels than any block has would be nested too deeply.
        for (key, key_span) in labels.into_iter().take(MAX_DEPTH).rev() {
            value = tree::node(Value::Object(vec![Member { key, key_span, value, shadowed: false }]), start..self.at);
        }
        Ok(Member { key, key_span, value, shadowed: false })
    }

    /// An expression; the end of a line ends it, unless it stands in parentheses or brackets.
    fn expression(&mut self, of_line: bool) -> Read<Node> {
        self.skip(of_line)?;
        let start = self.at;
        self.enter()?;
        let value = self.literal()?;
        self.leave();
        let end = self.at;
        if let Some(value) = value {
            self.skip(of_line)?;
            if matches!(self.peek(), None | Some(b'\n' | b',' | b'}' | b']' | b')' | b'#')) || self.starts(b"//") {
                return Ok(tree::node(value, start..end));
            }
        }
        self.skip_expression(of_line)?;
        let written = self.bytes.get(start..self.at).unwrap_or_default();
        if written.trim_ascii().is_empty() {
            return self.error(words!("there must be a value here", "ここには値が必要です"));
        }
        let end = start + written.trim_ascii_end().len();
        Ok(tree::node(Value::String(FILLED_IN.to_owned()), start..end))
    }

    fn skip(&mut self, of_line: bool) -> Read<()> {
        if of_line {
            self.skip_spaces();
            while self.starts(b"/*") {
                self.skip_comment()?;
                self.skip_spaces();
            }
            return Ok(());
        }
        self.skip_blank()
    }

    /// A value that is written out; none where it is computed.
    fn literal(&mut self) -> Read<Option<Value>> {
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"' | b'\'' | b'<') => {
                let mut text = Evaluated::default();
                let is_text = self.string(&mut Some(&mut text), None)?;
                Ok(is_text.then(|| Value::String(shown(&text.bytes))))
            }
            Some(b'-' | b'0'..=b'9') => Ok(self.number()),
            _ => {
                let called = function(self.rest());
                let value = match self.name() {
                    b"true" => Value::Bool(true),
                    b"false" => Value::Bool(false),
                    b"null" => Value::Null,
                    _ if called.is_some() => {
                        let value = self.call()?;
                        return Ok(value.filter(|_| called != Some(Packs::Document)));
                    }
                    _ => return Ok(None),
                };
                Ok(Some(value))
            }
        }
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        self.eat(b'-');
        let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E');
        let length = self.rest().iter().take_while(|byte| is_part(byte)).count();
        self.at += length;
        let is_number = self.bytes[self.at - length..self.at].first().is_some_and(u8::is_ascii_digit);
        is_number.then(|| Value::Number(shown(&self.bytes[start..self.at])))
    }

    /// The one argument of a function, if it is written out.
    fn call(&mut self) -> Read<Option<Value>> {
        self.at += 1;
        let mut argument = self.expression(false)?;
        self.skip_blank()?;
        let is_all = self.eat(b')');
        if !is_all {
            self.skip_to(b')')?;
        }
        let is_known = is_all && !super::source::is_filled_in(&argument);
        Ok(is_known.then(|| core::mem::replace(&mut argument.value, Value::Null)))
    }

    fn object(&mut self) -> Read<Option<Value>> {
        self.at += 1;
        let (mut members, mut resources) = (vec![], vec![]);
        loop {
            self.skip_blank()?;
            if self.eat(b'}') {
                if !resources.is_empty() {
                    let value = tree::node(Value::Object(resources), self.at - 1..self.at);
                    members.push(Member {
                        key: "resources".to_owned(),
                        key_span: value.span.clone(),
                        value,
                        shadowed: false,
                    });
                }
                return Ok(Some(Value::Object(members)));
            }
            let start = self.at;
            let mut key = Evaluated::default();
            match self.peek() {
                Some(quote) if quote == self.quote() => self.quoted(&mut Some(&mut key), None)?,
                Some(b'(') => {
                    self.at += 1;
                    self.skip_to(b')')?;
                    key.push(FILLED_IN.as_bytes(), start);
                }
                _ => key.push(self.name(), start),
            }
            if self.bytes[start..self.at] == *b"for" && members.is_empty() && matches!(self.peek(), Some(b' ')) {
                self.skip_to(b'}')?;
                return Ok(None);
            }
            let key_span = start..self.at;
            self.skip_blank()?;
            if self.is_bicep && key.bytes == b"resource" && self.peek() != Some(b':') {
                resources.extend(self.resource()?);
                continue;
            }
            let is_key = !key_span.is_empty() && (self.eat(b'=') || self.eat(b':'));
            if !is_key {
                return self.error(words!(
                    "there must be a key and `=` in an object",
                    "オブジェクトにはキーと `=` が必要です"
                ));
            }
            let value = self.expression(true)?;
            members.push(Member { key: shown(&key.bytes), key_span, value, shadowed: false });
            self.skip(true)?;
            if matches!(self.peek(), Some(b']' | b')')) {
                return self.error(words!("this ends nothing that was begun", "対応する開始がありません"));
            }
            self.eat(b',');
        }
    }

    fn list(&mut self) -> Read<Option<Value>> {
        self.at += 1;
        let mut items = vec![];
        loop {
            self.skip_blank()?;
            if self.eat(b']') {
                return Ok(Some(Value::Array(items)));
            }
            if items.is_empty() && self.starts(b"for ") {
                self.skip_to(b']')?;
                return Ok(None);
            }
            items.push(self.expression(self.is_bicep)?);
            self.skip_blank()?;
            if !self.eat(b',') && self.peek() != Some(b']') && !self.is_bicep {
                return self.error(words!("a list does not end", "リストが閉じられていません"));
            }
        }
    }

    /// Everything up to a bracket that closes what is open, and the bracket.
    fn skip_to(&mut self, bracket: u8) -> Read<()> {
        loop {
            self.skip_expression(false)?;
            if self.eat(bracket) {
                return Ok(());
            }
            if !self.eat(b',') {
                return self.error(words!("a bracket does not end", "括弧が閉じられていません"));
            }
        }
    }

    /// An expression, whatever it is, without what ends it.
    fn skip_expression(&mut self, of_line: bool) -> Read<()> {
        let mut open = vec![];
        while let Some(byte) = self.peek() {
            match byte {
                b'"' | b'\'' | b'<' if self.string(&mut None, None)? => continue,
                b'#' | b'/' if self.skip_comment()? => continue,
                b'(' => open.push(b')'),
                b'[' => open.push(b']'),
                b'{' => open.push(b'}'),
                b')' | b']' | b'}' => match open.pop() {
                    None => return Ok(()),
                    Some(closing) if closing == byte => {}
                    Some(_) => {
                        return self.error(words!("this ends nothing that was begun", "対応する開始がありません"));
                    }
                },
                b',' if open.is_empty() => return Ok(()),
                b'\n' if open.is_empty() && of_line => match self.goes_on() {
                    0 => return Ok(()),
                    blanks => {
                        self.at += blanks;
                        continue;
                    }
                },
                _ => {}
            }
            self.at += 1;
        }
        match open.is_empty() {
            true => Ok(()),
            false => self.error(words!("a bracket does not end", "括弧が閉じられていません")),
        }
    }

    /// The blanks after which a line goes on with an expression of Bicep; none where it does not.
    fn goes_on(&self) -> usize {
        let blanks = self.rest().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let next = self.rest().get(blanks..).unwrap_or_default();
        let goes_on = matches!(next, [b'?' | b':' | b'.' | b'&' | b'|', ..]) && !next.starts_with(b"...");
        if self.is_bicep && goes_on { blanks } else { 0 }
    }
}

fn shown(bytes: &[u8]) -> String {
    super::source::shown(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r##"# a comment
/* another */ locals {
  a = "x\n\"y\" $${z} ${var.b} ${f("}", {a = 1})}" // ends
  b = [1, -2.5, true, null, "t",] # list
  c = { k = 1, "m.n" : 2
    (var.k) = 3
  }
  d = var.x ? "a" : "b"
  e = jsonencode({ a = "b" })
  f = [for x in y : "${x}"]
  g = base64encode(<<-EOT
      one
        two ${
      f() }

      three
  EOT
  )
  h = merge({ a = 1 }, var.y)
}
resource "r" "n" {
  part { a = 1 }
  part {
    b = <<EOF
  kept
EOF
  }
}
"##;

    fn json(text: &str) -> String {
        read(text.as_bytes()).unwrap().root.to_json()
    }

    #[test]
    fn what_is_written_out_is_known() {
        let locals = [
            r#""a":"x\n\"y\" ${z} ${var.b} $(_)","b":[1,-2.5,true,null,"t"],"c":{"k":1,"m.n":2,"{{ }}":3},"#,
            r#""d":"{{ }}","e":{"a":"b"},"f":"{{ }}","g":"one\n  two $(_)\n\nthree\n","h":"{{ }}""#,
        ]
        .concat();
        let rest = r#""resource":{"r":{"n":{"part":{"b":"  kept\n"}}}}"#;
        assert_eq!(json(SAMPLE), format!("{{\"locals\":{{{locals}}},{rest}}}"));
    }

    #[test]
    fn places_are_those_of_the_file() {
        let root = read(SAMPLE.as_bytes()).unwrap().root.clone();
        for (key, part) in [("a", "y"), ("a", "${var.b}"), ("a", "${z}"), ("g", "three")] {
            let text = text_of(SAMPLE.as_bytes(), tree::at(&root, &["locals", key]).unwrap()).unwrap();
            let at = shown(&text.bytes).find(part).unwrap();
            assert_eq!(&SAMPLE[text.places.of(&(at..at + part.len()))], part, "{key}");
        }
    }

    #[test]
    fn what_is_encoded_is_a_document_of_its_own() {
        let text =
            "locals {\n a = \"${jsonencode({ b = jsonencode([\"c\\n\", var.d]), e = base64encode(\"four\") })}\"\n}\n";
        let root = read(text.as_bytes()).unwrap().root.clone();
        let source = text_of(text.as_bytes(), tree::at(&root, &["locals", "a"]).unwrap()).unwrap();
        assert_eq!(shown(&source.bytes), r#"{"b":"[\"c\\n\",\"$(_)\"]","e":"Zm91cg=="}"#);
        let at = shown(&source.bytes).find("\"b\"").unwrap();
        assert_eq!(&text[source.places.of(&(at..at + 3))], "b");
    }

    #[test]
    fn what_is_cut_off_or_changed_never_hangs() {
        for end in 0..SAMPLE.len() {
            let _ = read(&SAMPLE.as_bytes()[..end]);
            for byte in *b"\\\"{}[]()<$%,=\n#/" {
                let mut changed = SAMPLE.as_bytes().to_vec();
                changed[end] = byte;
                if let Ok(text) = read(&changed) {
                    let _ = document_of(&changed, &text.root);
                }
            }
        }
    }

    #[test]
    fn errors_have_places() {
        for (text, place) in [
            ("locals {\n  a = \"b\n}", 17..18),
            ("locals {\n  a = [1, 2\n}", 21..22),
            ("locals {\n  a = <<EOF\n", 15..16),
            ("locals {", 8..8),
            ("locals {\n a = \n}", 14..15),
            ("locals {}\n}", 10..11),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err().span, place, "{text}");
        }
        for part in ["[", "\"${", "{a=", "(", "base64encode("] {
            let deep = ["locals {\n a = ", &part.repeat(100_000)].concat();
            assert!(read(deep.as_bytes()).is_err(), "{part}");
        }
    }

    #[test]
    fn it_is_told_by_its_first_block() {
        for (text, is) in [
            ("# x\n\nresource \"a\" \"b\" {\n", true),
            ("locals {}", true),
            ("variable \"a\" { type = string }\r\n", true),
            ("build { # x", true),
            ("build { x", false),
            ("resource \"a\"", false),
            ("server {\n", false),
            ("data: {\n", false),
            ("/*", false),
            ("", false),
        ] {
            assert_eq!(is_one(text.as_bytes()), is, "{text}");
        }
    }
}
