//! JSON as Go's `encoding/json` reads it: strict, but with duplicates, and with U+FFFD for what is not Unicode.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Format, MAX_DEPTH, Member, Node, SyntaxError, Text, Value, lossy, push_lossy};
use crate::message::Words;
use core::ops::Range;

/// Reads one JSON value; nothing but white space may follow it.
pub fn read_json(bytes: &[u8]) -> Result<Text, SyntaxError> {
    let root = Reader { bytes, at: 0, open: Vec::new() }.document().map_err(|error| *error)?;
    Ok(Text { root, format: Format::Json, set_twice: Vec::new() })
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The containers around the current place, outermost first: on the heap, since the stack is small and nesting is not.
    open: Vec<Open>,
}

/// A container that is not closed yet.
enum Open {
    Array { start: usize, items: Vec<Node> },
    Object { start: usize, members: Vec<Member>, key: (String, Range<usize>) },
}

type Result<T, E = Box<SyntaxError>> = core::result::Result<T, E>;

impl Reader<'_> {
    fn document(&mut self) -> Result<Node> {
        loop {
            let Some(mut node) = self.begin_value()? else { continue };
            loop {
                self.skip_space();
                let Some(container) = self.open.pop() else { return self.finish(node) };
                match self.attach(container, node)? {
                    Some(closed) => node = closed,
                    None => break,
                }
            }
        }
    }

    fn finish(&self, node: Node) -> Result<Node> {
        match (self.peek(), &node.value) {
            (None, _) => Ok(node),
            (Some(_), Value::Object(_)) => {
                Err(self.unexpected(words!("data after the closing brace", "閉じ波括弧の後に余分なデータがあります")))
            }
            (Some(_), _) => Err(self.unexpected(words!("data after the value", "値の後に余分なデータがあります"))),
        }
    }

    /// Reads a scalar or an empty container; or opens a container and stops where its first value begins.
    fn begin_value(&mut self) -> Result<Option<Node>> {
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => {
                self.enter()?;
                if self.closed_by(b'}').is_none() {
                    let key = self.key()?;
                    self.open.push(Open::Object { start, members: Vec::new(), key });
                    return Ok(None);
                }
                Value::Object(Vec::new())
            }
            Some(b'[') => {
                self.enter()?;
                if self.closed_by(b']').is_none() {
                    self.open.push(Open::Array { start, items: Vec::new() });
                    return Ok(None);
                }
                Value::Array(Vec::new())
            }
            _ => self.scalar()?,
        };
        Ok(Some(Node { value, span: start..self.at }))
    }

    /// Takes an opening bracket.
    fn enter(&mut self) -> Result<()> {
        if self.open.len() == MAX_DEPTH {
            return Err(SyntaxError::new(
                words!(
                    "exceeded max depth: more than 10000 levels",
                    "最大の深さを超えています: 入れ子が 10000 段を超えています"
                ),
                self.at..self.at + 1,
            ));
        }
        self.at += 1;
        Ok(())
    }

    fn closed_by(&mut self, bracket: u8) -> Option<usize> {
        self.skip_space();
        (self.peek() == Some(bracket)).then(|| {
            self.at += 1;
            self.at
        })
    }

    /// Puts a value into its container, and gives the container back if it ends here.
    fn attach(&mut self, container: Open, node: Node) -> Result<Option<Node>> {
        match container {
            Open::Array { start, mut items } => {
                items.push(node);
                if let Some(end) = self.closed_by(b']') {
                    return Ok(Some(Node { value: Value::Array(items), span: start..end }));
                }
                self.comma(
                    b']',
                    words!("expected `,` or `]` after a value", "値の後には `,` または `]` が必要です"),
                    words!("trailing comma before `]`", "`]` の前に余分なコンマがあります"),
                )?;
                self.open.push(Open::Array { start, items });
            }
            Open::Object { start, mut members, key: (key, key_span) } => {
                members.push(Member { key, key_span, value: node, shadowed: false });
                if let Some(end) = self.closed_by(b'}') {
                    return Ok(Some(Node { value: Value::Object(members), span: start..end }));
                }
                self.comma(
                    b'}',
                    words!("expected `,` or `}` after a member", "メンバーの後には `,` または `}` が必要です"),
                    words!("trailing comma before `}`", "`}` の前に余分なコンマがあります"),
                )?;
                let key = self.key()?;
                self.open.push(Open::Object { start, members, key });
            }
        }
        Ok(None)
    }

    fn comma(&mut self, bracket: u8, missing: Words, trailing: Words) -> Result<()> {
        let comma = self.at;
        if self.peek() != Some(b',') {
            return Err(self.unexpected(missing));
        }
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(bracket) { Err(SyntaxError::new(trailing, comma..comma + 1)) } else { Ok(()) }
    }

    /// A key and its colon.
    fn key(&mut self) -> Result<(String, Range<usize>)> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(match self.peek() {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'0'..=b'9' | b'-') => {
                    words!("a key needs double quotes", "キーは二重引用符で囲む必要があります")
                }
                _ => words!("expected a key in double quotes", "二重引用符で囲まれたキーが必要です"),
            }));
        }
        let key = self.string()?;
        let span = start..self.at;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected(words!("expected `:` after a key", "キーの後には `:` が必要です")));
        }
        self.at += 1;
        Ok((key, span))
    }

    fn scalar(&mut self) -> Result<Value> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            _ => {
                let word = self.word();
                let value = match word {
                    b"null" => Value::Null,
                    b"true" => Value::Bool(true),
                    b"false" => Value::Bool(false),
                    _ => return Err(self.no_value(word)),
                };
                self.at += word.len();
                Ok(value)
            }
        }
    }

    /// What stands here instead of a value.
    fn no_value(&self, word: &[u8]) -> Box<SyntaxError> {
        let message = match word {
            b"True" | b"False" | b"TRUE" | b"FALSE" => {
                words!("`true` and `false` are written in lower case", "`true` と `false` は小文字で書きます")
            }
            b"None" | b"Null" | b"NULL" | b"nil" | b"undefined" => {
                words!("the empty value is written `null`", "空の値は `null` と書きます")
            }
            b"NaN" | b"Infinity" | b"inf" | b"nan" => {
                words!("JSON has no NaN and no infinity", "JSON に NaN と無限大はありません")
            }
            _ if !word.is_empty() => words!("a string needs double quotes", "文字列は二重引用符で囲む必要があります"),
            _ => match self.peek() {
                Some(b'+') => words!("a number cannot begin with a plus sign", "数値の先頭にプラス記号は置けません"),
                Some(b'.') => words!("a number cannot begin with a point", "数値の先頭に小数点は置けません"),
                Some(b',') => words!("a value is missing before the comma", "コンマの前に値がありません"),
                Some(b'}' | b']') => {
                    words!("expected a value before the closing bracket", "閉じ括弧の前に値が必要です")
                }
                _ => words!("expected a value", "値が必要です"),
            },
        };
        let mut error = self.unexpected(message);
        error.span.end = error.span.end.max(self.at + word.len());
        error
    }

    fn word(&self) -> &'_ [u8] {
        let rest = &self.bytes[self.at..];
        &rest[..rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()]
    }

    fn number(&mut self) -> Result<String> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
            match self.peek() {
                Some(b'0'..=b'9') => {
                    return Err(SyntaxError::new(
                        words!("a number cannot begin with a zero", "数値の先頭に 0 は置けません"),
                        start..self.at,
                    ));
                }
                Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B') => {
                    return Err(SyntaxError::new(
                        words!("a number must be decimal", "数値は 10 進数で書く必要があります"),
                        start..self.at + 1,
                    ));
                }
                _ => {}
            }
        } else {
            if matches!(self.word(), b"Inf" | b"Infinity") {
                return Err(
                    self.unexpected(words!("JSON has no NaN and no infinity", "JSON では NaN と無限大を表せません"))
                );
            }
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(lossy(&self.bytes[start..self.at]))
    }

    fn digits(&mut self) -> Result<()> {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 {
            Err(self.unexpected(words!("a digit is missing in a number", "数値に数字が足りません")))
        } else {
            Ok(())
        }
    }

    /// A string; the place is at its opening quote.
    fn string(&mut self) -> Result<String> {
        let opening = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            let plain = rest.iter().take_while(|&&byte| byte >= b' ' && byte != b'"' && byte != b'\\').count();
            push_lossy(&mut text, &rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(b'\n' | b'\r') | None => {
                    return Err(SyntaxError::new(
                        words!("a string is not closed", "文字列が閉じられていません"),
                        opening..opening + 1,
                    ));
                }
                Some(_) => {
                    return Err(self.unexpected(words!(
                        "a control character in a string must be escaped",
                        "文字列中の制御文字はエスケープする必要があります"
                    )));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let character = match self.bytes.get(self.at + 1) {
            Some(&quoted @ (b'"' | b'\\' | b'/')) => char::from(quoted),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                let end = self.end_of_character(self.at + 1);
                return Err(SyntaxError::new(
                    words!("an unknown escape in a string", "文字列に不明なエスケープがあります"),
                    self.at..end,
                ));
            }
        };
        self.at += 2;
        Ok(character)
    }

    /// `\uXXXX`, or two of them that are a surrogate pair; a surrogate on its own becomes U+FFFD.
    fn unicode_escape(&mut self) -> Result<char> {
        let Some(unit) = self.code_unit(self.at) else {
            return Err(SyntaxError::new(
                words!("`\\u` needs four hexadecimal digits", "`\\u` には 4 桁の 16 進数が必要です"),
                self.at..self.at + 2,
            ));
        };
        let pair = self.code_unit(self.at + 6).and_then(|low| char::decode_utf16([unit, low]).next()?.ok());
        self.at += 6;
        match pair {
            Some(character) if character > '\u{ffff}' => {
                self.at += 6;
                Ok(character)
            }
            _ => Ok(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }

    fn code_unit(&self, at: usize) -> Option<u16> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)? as u16))
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// An error here: something that people often write in place of JSON, or else the message.
    fn unexpected(&self, message: Words) -> Box<SyntaxError> {
        let Some(first) = self.peek() else {
            let end = self.bytes.len();
            return SyntaxError::new(words!("the text ends too early", "テキストが途中で終わっています"), end..end);
        };
        let message = match first {
            b'#' => words!("a comment is not JSON", "JSON にコメントは書けません"),
            b'/' if matches!(self.bytes.get(self.at + 1), Some(b'/' | b'*')) => {
                words!("a comment is not JSON", "JSON にコメントは書けません")
            }
            b'\'' => words!("a string needs double quotes", "文字列は二重引用符で囲む必要があります"),
            0xef if self.bytes[self.at..].starts_with(b"\xef\xbb\xbf") => {
                words!("a byte order mark is not JSON", "JSON にバイト順マークは置けません")
            }
            _ => message,
        };
        SyntaxError::new(message, self.at..self.end_of_character(self.at))
    }

    /// Where the character ends that begins at this byte; one that is not UTF-8 is a byte.
    fn end_of_character(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let first = rest[..rest.len().min(4)].utf8_chunks().next();
        let width = first.map_or(0, |chunk| chunk.valid().chars().next().map_or(1, char::len_utf8));
        self.bytes.len().min(start + width)
    }
}
