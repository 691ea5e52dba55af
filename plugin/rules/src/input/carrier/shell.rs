//! The words of shell scripts, as far as they are literal (POSIX.1-2017, Shell Command Language, 2.2 and 2.7).
//!
//! Nothing is run, and no variable is followed: what the shell, or a template, fills in stands as `$()` in a word, and a variable
//! as `$(NAME)`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::input::source::{Source, is_templated};

/// How many words of a script are read: no script that people write has more.
const MAX_WORDS: usize = 50_000;

/// How many words `echo` writes at most.
const MAX_ECHOED: usize = 100;

/// Stands for what is filled in: a text of YAML, of JSON, and of every command.
const FILLED_IN: &[u8] = b"$()";

/// The same in what systemd reads, which knows variables itself.
const FILLED_IN_UNIT: &[u8] = b"{{}}";

/// A word, without its quotes.
pub type Word = Source<'static>;

/// A simple command.
#[derive(Debug, Default)]
pub struct Command {
    /// Its words.
    pub words: Vec<Word>,
    /// The files that its output goes to, and whether it is appended there.
    pub outputs: Vec<(Word, bool)>,
    /// The text that it is given.
    pub input: Option<Source<'static>>,
    /// Whether it is given the output of the command before it.
    pub is_piped: bool,
}

/// The commands of a script.
#[derive(Debug, Default)]
pub struct Script {
    /// In order.
    pub commands: Vec<Command>,
    /// From where on it cannot be read.
    pub broken: Option<usize>,
}

/// What a word comes to; none where it is no text.
pub fn text(word: &Word) -> &str {
    core::str::from_utf8(&word.bytes).unwrap_or("$()")
}

/// Whether nothing in a word is filled in.
pub fn is_literal(word: &Word) -> bool {
    !is_templated(text(word))
}

/// Where a word stands in the file.
pub fn span(word: &Word) -> Range<usize> {
    word.places.of(&(0..word.bytes.len()))
}

/// The commands of a script.
pub fn read(source: &Source) -> Script {
    let mut reader = Reader {
        source,
        at: 0,
        script: Script::default(),
        command: Command::default(),
        heredocs: vec![],
        words: 0,
        brace: 0,
    };
    if reader.commands().is_none() {
        reader.script.broken = Some(reader.at.min(source.bytes.len()));
    }
    reader.finish(false);
    reader.script
}

/// The words of a text, parted by blanks and with quotes honoured, as systemd and others split what is in a variable.
pub fn split(word: &Word) -> Vec<Word> {
    let (mut words, mut piece, mut quote) = (vec![], None, 0);
    let mut bytes = word.bytes.iter().copied().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let is_blank = byte.is_ascii_whitespace() && quote == 0;
        if is_blank {
            words.extend(piece.take().map(|piece: Pieces| piece.of(word)));
            continue;
        }
        let piece = piece.get_or_insert_with(|| Pieces::new(at));
        match byte {
            b'\\' if quote != b'\'' => {
                if let Some((at, byte)) = bytes.next() {
                    piece.push(byte, at);
                }
            }
            _ if byte == quote => quote = 0,
            b'"' | b'\'' if quote == 0 => quote = byte,
            _ => piece.push(byte, at),
        }
    }
    words.extend(piece.map(|piece| piece.of(word)));
    words
}

/// A text that is put together, with the places of its bytes in the script.
struct Pieces {
    bytes: Vec<u8>,
    runs: Vec<(usize, usize)>,
    filled_in: &'static [u8],
}

impl Pieces {
    fn new(start: usize) -> Pieces {
        Pieces { bytes: vec![], runs: vec![(0, start)], filled_in: FILLED_IN }
    }

    fn push(&mut self, byte: u8, at: usize) {
        self.run(at);
        self.bytes.push(byte);
    }

    /// What follows stands there.
    fn run(&mut self, at: usize) {
        let here = self.bytes.len();
        match self.runs.last_mut() {
            Some((start, outer)) if *start == here => *outer = at,
            Some((start, outer)) if *outer + (here - *start) == at => {}
            _ => self.runs.push((here, at)),
        }
    }

    /// Something is filled in for what stands there, such as a variable.
    fn fill_in(&mut self, range: Range<usize>, variable: &[u8]) {
        let filled_in = match self.filled_in {
            [start @ .., end @ b')'] => [start, variable, &[*end]].concat(),
            other => other.to_vec(),
        };
        let last = range.end.saturating_sub(1);
        for (at, byte) in filled_in.iter().enumerate() {
            let is_last = at + 1 == filled_in.len();
            self.push(*byte, if is_last { last } else { last.min(range.start + at) });
        }
    }

    fn of(self, source: &Source) -> Source<'static> {
        source.mapped(self.bytes, &self.runs)
    }
}

/// A text that follows its command, on the next lines.
struct Heredoc {
    /// The number of the command.
    command: usize,
    /// The line that ends it.
    end: Vec<u8>,
    is_quoted: bool,
    is_indented: bool,
}

struct Reader<'a> {
    source: &'a Source<'a>,
    at: usize,
    script: Script,
    command: Command,
    heredocs: Vec<Heredoc>,
    words: usize,
    /// Where the next brace closes, or the line ends, as far as that was looked for.
    brace: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.source.bytes.get(self.at + ahead).copied()
    }

    fn starts(&self, with: &[u8]) -> bool {
        self.source.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(with))
    }

    /// None where the script breaks.
    fn commands(&mut self) -> Option<()> {
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
                b'#' => self.at += self.line().len(),
                b'\n' => {
                    self.at += 1;
                    self.finish(false);
                    self.bodies()?;
                }
                b'&' if self.peek(1) == Some(b'>') => {
                    self.at += 1;
                    self.redirect(1)?;
                }
                b'<' | b'>' => self.redirect(1)?,
                b'|' => {
                    let is_pipe = self.peek(1) != Some(b'|');
                    self.at += if is_pipe && self.peek(1) != Some(b'&') { 1 } else { 2 };
                    self.finish(is_pipe);
                }
                b';' | b'&' | b'(' | b')' => {
                    self.at += 1;
                    self.finish(false);
                }
                _ => self.argument()?,
            }
        }
        Some(())
    }

    /// The rest of the line.
    fn line(&self) -> &[u8] {
        let rest = self.source.bytes.get(self.at..).unwrap_or_default();
        rest.split(|byte| *byte == b'\n').next().unwrap_or_default()
    }

    /// The command ends here.
    fn finish(&mut self, is_piped: bool) {
        let command = core::mem::replace(&mut self.command, Command { is_piped, ..Command::default() });
        let awaited = self.heredocs.iter().any(|heredoc| heredoc.command == self.script.commands.len());
        if awaited || !command.words.is_empty() || !command.outputs.is_empty() || command.input.is_some() {
            self.script.commands.push(command);
        }
    }

    fn argument(&mut self) -> Option<()> {
        let (word, _) = self.word()?;
        let is_number = word.bytes.len() == 1 && word.bytes.iter().all(u8::is_ascii_digit);
        match self.peek(0) {
            Some(b'<' | b'>') if is_number => self.redirect(word.bytes.first().map_or(1, |digit| digit - b'0')),
            _ => {
                self.command.words.push(word);
                Some(())
            }
        }
    }

    /// What a descriptor is bound to.
    fn redirect(&mut self, descriptor: u8) -> Option<()> {
        let operators: [&[u8]; 9] = [b"<<<", b"<<-", b"<<", b"<(", b">(", b">>", b">&", b"<&", b">|"];
        let operator = operators.iter().find(|operator| self.starts(operator)).copied();
        let operator = operator.unwrap_or(if self.starts(b">") { b">" } else { b"<" });
        self.at += operator.len();
        if operator.ends_with(b"(") {
            let start = self.at - 2;
            self.at = self.skip(b')')?;
            let mut word = Pieces::new(start);
            word.fill_in(start..self.at, b"");
            self.command.words.push(word.of(self.source));
            return Some(());
        }
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let (word, is_quoted) = self.word()?;
        match operator {
            b"<<-" | b"<<" => {
                let command = self.script.commands.len();
                let end = word.bytes.into_owned();
                self.heredocs.push(Heredoc { command, end, is_quoted, is_indented: operator == b"<<-" });
            }
            b"<<<" => self.command.input = Some(word),
            b">" | b">>" | b">|" if descriptor == 1 => self.command.outputs.push((word, operator == b">>")),
            _ => {}
        }
        Some(())
    }

    /// The next word, and whether a part of it is quoted.
    fn word(&mut self) -> Option<(Word, bool)> {
        self.words += 1;
        if self.words > MAX_WORDS {
            return None;
        }
        let mut word = Pieces::new(self.at);
        let (mut quote, mut is_quoted) = (0, false);
        loop {
            let Some(byte) = self.peek(0) else {
                if quote != 0 {
                    return None;
                }
                break;
            };
            let at = self.at;
            match byte {
                _ if byte == quote && quote != 0 => {
                    quote = 0;
                    self.at += 1;
                }
                b'"' | b'\'' if quote == 0 => {
                    (quote, is_quoted) = (byte, true);
                    self.at += 1;
                }
                b'{' | b'%' | b'$' if self.template() > 0 => {
                    self.at += self.template();
                    word.fill_in(at..self.at, self.variable(at));
                }
                _ if quote == b'\'' => {
                    word.push(byte, at);
                    self.at += 1;
                }
                b'\\' => {
                    self.escaped(&mut word, quote == b'"');
                    is_quoted = true;
                }
                b'$' | b'`' => self.expansion(&mut word)?,
                _ if quote == b'"' => {
                    word.push(byte, at);
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => break,
                b'*' | b'?' => {
                    word.fill_in(at..at + 1, b"");
                    self.at += 1;
                }
                _ => {
                    word.push(byte, at);
                    self.at += 1;
                }
            }
        }
        // Something that is no word is no script, either.
        if self.at == word.runs.first().map_or(0, |(_, start)| *start) && !is_quoted {
            self.at += 1;
            return None;
        }
        Some((word.of(self.source), is_quoted))
    }

    /// A backslash: within quotes it stands for itself before most.
    fn escaped(&mut self, word: &mut Pieces, in_quotes: bool) {
        let next = self.peek(1);
        match next {
            Some(b'\n') => {}
            Some(next) if !in_quotes || matches!(next, b'"' | b'\\' | b'$' | b'`') => word.push(next, self.at + 1),
            Some(next) => {
                word.push(b'\\', self.at);
                word.push(next, self.at + 1);
            }
            None => word.push(b'\\', self.at),
        }
        self.at += if next.is_some() { 2 } else { 1 };
    }

    /// What the shell fills in.
    fn expansion(&mut self, word: &mut Pieces) -> Option<()> {
        let start = self.at;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        self.at += 1;
        match (self.source.bytes.get(start)?, self.peek(0)) {
            (b'`', _) => self.at = self.skip(b'`')?,
            (_, Some(b'(')) => {
                self.at += 1;
                self.at = self.skip(b')')?;
            }
            (_, Some(b'{')) => {
                self.at += 1;
                self.at = self.skip(b'}')?;
            }
            (_, Some(next)) if is_name(next) && !next.is_ascii_digit() => {
                while self.peek(0).is_some_and(is_name) {
                    self.at += 1;
                }
            }
            (_, Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'$' | b'!' | b'-')) => self.at += 1,
            _ => {
                word.push(b'$', start);
                return Some(());
            }
        }
        word.fill_in(start..self.at, self.variable(start));
        Some(())
    }

    /// The name of the variable that begins there, and ends here; empty where it is something else.
    fn variable(&self, start: usize) -> &[u8] {
        let text = self.source.bytes.get(start..self.at).unwrap_or_default();
        let name = text.strip_prefix(b"$").unwrap_or_default();
        let name = name.strip_prefix(b"{").and_then(|name| name.strip_suffix(b"}")).unwrap_or(name);
        if name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') { name } else { b"" }
    }

    /// The length of a template's expression, which may stand within any quotes; 0 where none stands here.
    fn template(&mut self) -> usize {
        let width = match (self.peek(0), self.peek(1)) {
            (Some(b'{'), Some(b'{')) => 2,
            (Some(b'%' | b'$'), Some(b'{')) => 1,
            _ => return 0,
        };
        let from = self.at + 2;
        if self.brace < from {
            let rest = self.source.bytes.get(from..).unwrap_or_default();
            let length = rest.iter().position(|byte| matches!(byte, b'}' | b'\n')).unwrap_or(rest.len());
            self.brace = from + length;
        }
        let end = self.brace + width;
        let close = self.source.bytes.get(self.brace..end).unwrap_or_default();
        if !close.is_empty() && close.iter().all(|byte| *byte == b'}') { end - self.at } else { 0 }
    }

    /// Where what stands in here ends: after the byte that closes it.
    fn skip(&self, close: u8) -> Option<usize> {
        let bytes = &self.source.bytes;
        let mut open = vec![close];
        let mut at = self.at;
        while let Some(top) = open.last().copied() {
            let byte = *bytes.get(at)?;
            at += 1;
            match (top, byte) {
                (b'\'', b'\'') => drop(open.pop()),
                (b'\'', _) => {}
                (_, b'\\') => at += 1,
                (_, byte) if byte == top => drop(open.pop()),
                (_, b'$') if bytes.get(at) == Some(&b'(') => {
                    open.push(b')');
                    at += 1;
                }
                (_, b'$') if bytes.get(at) == Some(&b'{') => {
                    open.push(b'}');
                    at += 1;
                }
                (_, b'`') => open.push(b'`'),
                (b'"', _) => {}
                (_, b'"' | b'\'') => open.push(byte),
                (b')', b'(') => open.push(b')'),
                _ => {}
            }
        }
        Some(at)
    }

    /// The texts that follow the line.
    fn bodies(&mut self) -> Option<()> {
        for heredoc in core::mem::take(&mut self.heredocs) {
            let mut body = Pieces::new(self.at);
            if is_of_systemd(self.source.bytes.get(self.at..).unwrap_or_default()) {
                body.filled_in = FILLED_IN_UNIT;
            }
            while self.at < self.source.bytes.len() {
                if heredoc.is_indented {
                    while self.peek(0) == Some(b'\t') {
                        self.at += 1;
                    }
                }
                let line = self.line();
                let length = line.len();
                if line.strip_suffix(b"\r").unwrap_or(line) == heredoc.end {
                    self.at += length + 1;
                    break;
                }
                self.body_line(&mut body, heredoc.is_quoted, length)?;
            }
            self.at = self.at.min(self.source.bytes.len());
            let body = body.of(self.source);
            if let Some(command) = self.script.commands.get_mut(heredoc.command) {
                command.input = Some(body);
            }
        }
        Some(())
    }

    /// A line of such a text, with its end; what is filled in may be longer than a line.
    fn body_line(&mut self, body: &mut Pieces, is_quoted: bool, length: usize) -> Option<()> {
        let end = self.at + length;
        while self.at < end {
            match self.peek(0)? {
                b'$' | b'`' if !is_quoted => self.expansion(body)?,
                b'\\' if !is_quoted => match self.peek(1) {
                    Some(next @ (b'\\' | b'$' | b'`')) => {
                        body.push(next, self.at + 1);
                        self.at += 2;
                    }
                    Some(b'\n') => self.at += 2,
                    _ => {
                        body.push(b'\\', self.at);
                        self.at += 1;
                    }
                },
                byte => {
                    body.push(byte, self.at);
                    self.at += 1;
                }
            }
        }
        if self.at == end && self.peek(0) == Some(b'\n') {
            body.push(b'\n', self.at);
            self.at += 1;
        }
        Some(())
    }
}

/// Whether a text begins as units and files of variables do.
fn is_of_systemd(bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).take(100);
    let first = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
    let is_section = first.starts_with(b"[") && first.ends_with(b"]") && !first.contains(&b'"');
    is_section || first.iter().find(|byte| matches!(byte, b'=' | b':' | b' ' | b'{' | b'"')) == Some(&b'=')
}

/// What `echo` writes of its words; none where it would change them.
pub fn echoed(words: &[Word]) -> Option<Source<'static>> {
    let is_option = |word: &&Word| matches!(text(word), "-n" | "-e" | "-ne" | "-en");
    let options: Vec<String> = words.iter().take_while(is_option).map(|word| text(word).to_owned()).collect();
    let words = words.get(options.len()..).filter(|words| words.len() <= MAX_ECHOED)?;
    let has_escapes = words.iter().any(|word| word.bytes.contains(&b'\\'));
    if has_escapes && options.iter().any(|option| option.contains('e')) {
        return None;
    }
    let end = span(words.last()?).end.saturating_sub(1);
    let whole = Source::of_parts(words, b" ");
    Some(Source::of_parts(&[whole, Source::filled_in(b"\n", end)], b""))
}
