//! Strings and heredocs.

use super::encoded::{Evaluated, Packs, function};
use super::{Read, Reader};

/// What stands for an expression that is filled in, where what it is would not fit into a text of YAML.
pub(super) const SOMETHING: [&[u8]; 2] = [b"$(", b"_)"];

impl Reader<'_> {
    /// A string or a heredoc; false where it is neither. Where what is encoded in it is wanted, too, how deep that stands.
    pub(super) fn string(&mut self, out: &mut Option<&mut Evaluated>, encoded: Option<usize>) -> Read<bool> {
        if self.starts(b"'''") && self.is_bicep {
            return self.verbatim(out).map(|()| true);
        }
        if self.peek() == Some(self.quote()) {
            return self.quoted(out, encoded).map(|()| true);
        }
        match self.rest() {
            _ if self.is_bicep => Ok(false),
            [b'<', b'<', b'-', next, ..] | [b'<', b'<', next, ..] if next.is_ascii_alphabetic() || *next == b'_' => {
                self.heredoc(out, encoded).map(|()| true)
            }
            _ => Ok(false),
        }
    }

    /// A string of lines as they are.
    pub(super) fn verbatim(&mut self, out: &mut Option<&mut Evaluated>) -> Read<()> {
        self.at += 3;
        let Some(length) = self.rest().windows(3).position(|mark| mark == b"'''") else {
            return self.error(words!("a string does not end", "文字列が閉じられていません"));
        };
        if let Some(out) = out {
            out.push(&self.rest()[..length], self.at);
        }
        self.at += length + 3;
        Ok(())
    }

    pub(super) fn quoted(&mut self, out: &mut Option<&mut Evaluated>, encoded: Option<usize>) -> Read<()> {
        self.at += 1;
        loop {
            let start = self.at;
            match self.rest() {
                [quote, ..] if *quote == self.quote() => {
                    self.at += 1;
                    return Ok(());
                }
                [] | [b'\n', ..] => {
                    return self
                        .error(words!("a string does not end on its line", "文字列がその行で閉じられていません"));
                }
                [b'\\', escape, ..] => {
                    let (character, length) = self.escape(*escape);
                    self.at += length;
                    if let Some(out) = out {
                        let mut buffer = [0; 4];
                        out.push(character.encode_utf8(&mut buffer).as_bytes(), start);
                    }
                }
                _ => self.character(out, encoded)?,
            }
        }
    }

    /// The character that an escape is, and how long that is.
    pub(super) fn escape(&self, escape: u8) -> (char, usize) {
        let digits = |count: usize| {
            let digits = self.rest().get(2..2 + count).and_then(|digits| core::str::from_utf8(digits).ok());
            let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
            code.map_or(('u', 2), |code| (code, 2 + count))
        };
        match escape {
            b'n' => ('\n', 2),
            b'r' => ('\r', 2),
            b't' => ('\t', 2),
            b'u' => digits(4),
            b'U' => digits(8),
            b'"' | b'\'' | b'\\' => (char::from(escape), 2),
            _ => ('\\', 1),
        }
    }

    /// A byte of a text, or what is filled in there.
    pub(super) fn character(&mut self, out: &mut Option<&mut Evaluated>, encoded: Option<usize>) -> Read<()> {
        let start = self.at;
        match self.rest() {
            [mark @ (b'$' | b'%'), next, b'{', ..] if mark == next => {
                self.at += 3;
                if let Some(out) = out {
                    out.push(&[*mark, b'{'], start + 1);
                }
            }
            [b'$' | b'%', b'{', ..] => self.filled_in(out, encoded)?,
            [byte, ..] => {
                self.at += 1;
                if let Some(out) = out {
                    out.push(&[*byte], start);
                }
            }
            [] => {}
        }
        Ok(())
    }

    /// An interpolation or a directive: something that is filled in, but for what is encoded there.
    pub(super) fn filled_in(&mut self, out: &mut Option<&mut Evaluated>, encoded: Option<usize>) -> Read<()> {
        let start = self.at;
        self.at += 2;
        self.enter()?;
        let of_what = Reader::from(self.bytes, self.at).filled_with(encoded);
        self.skip_to(b'}')?;
        self.leave();
        let Some(out) = out else { return Ok(()) };
        let written = &self.bytes[start..self.at];
        let is_simple = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        match of_what {
            Some(text) => {
                let mut runs = text.runs.iter().peekable();
                while let Some((from, outer)) = runs.next() {
                    let to = runs.peek().map_or(text.bytes.len(), |(to, _)| *to);
                    out.push(&text.bytes[*from..to], *outer);
                }
            }
            None if written[0] == b'$' && written[2..written.len() - 1].iter().all(is_simple) => {
                out.push(written, start);
            }
            None => {
                out.push(SOMETHING[0], start);
                out.push(SOMETHING[1], self.at - 2);
            }
        }
        Ok(())
    }

    /// What is filled in, where it is encoded there, and nothing else.
    pub(super) fn filled_with(mut self, encoded: Option<usize>) -> Option<Evaluated> {
        let depth = encoded?;
        self.skip_blank().ok()?;
        let is_value = function(self.rest()) == Some(Packs::Value);
        if !is_value {
            return None;
        }
        let text = self.evaluated(depth)?;
        self.skip_blank().ok()?;
        (self.peek() == Some(b'}')).then_some(text)
    }

    pub(super) fn heredoc(&mut self, out: &mut Option<&mut Evaluated>, encoded: Option<usize>) -> Read<()> {
        let start = self.at;
        self.at += 2;
        let is_flush = self.eat(b'-');
        let marker = self.name();
        self.skip_spaces();
        if !self.eat(b'\n') {
            return self.error(words!(
                "a line must end after the mark of a heredoc",
                "ヒアドキュメントの区切りの後は改行が必要です"
            ));
        }
        let body = self.at;
        if !is_flush || out.is_none() {
            self.lines(marker, 0, start, out, encoded)?;
            return Ok(());
        }
        let indent = self.lines(marker, 0, start, &mut None, None)?;
        self.at = body;
        self.lines(marker, indent, start, out, encoded)?;
        Ok(())
    }

    /// The lines of a heredoc up to its mark, without so much indentation; gives the least indentation of them.
    pub(super) fn lines(
        &mut self,
        marker: &[u8],
        indent: usize,
        start: usize,
        out: &mut Option<&mut Evaluated>,
        encoded: Option<usize>,
    ) -> Read<usize> {
        let mut least = usize::MAX;
        loop {
            let blanks = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let text = &self.rest()[blanks..];
            if let Some(after) = text.strip_prefix(marker)
                && let [] | [b'\n', ..] | [b'\r', ..] | [b' ' | b'\t', ..] = after
                && after.split(|byte| *byte == b'\n').next().is_some_and(|rest| rest.trim_ascii().is_empty())
            {
                self.at += blanks + marker.len();
                return Ok(least);
            }
            match text {
                [] => {
                    self.at = start;
                    return self.error(words!("a heredoc does not end", "ヒアドキュメントが閉じられていません"));
                }
                [b'\n', ..] | [b'\r', b'\n', ..] => {}
                _ => {
                    least = least.min(blanks);
                    self.at += blanks.min(indent);
                }
            }
            while !matches!(self.peek(), None | Some(b'\n')) {
                self.character(out, encoded)?;
            }
            if self.peek().is_some() {
                self.character(out, None)?;
            }
        }
    }
}
