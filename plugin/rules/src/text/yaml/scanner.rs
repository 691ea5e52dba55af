//! From characters to tokens, as go-yaml's `scannerc.go` does it, quirks included.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::source::Source;
use crate::message::Words;
use crate::text::{MAX_DEPTH, SyntaxError};
use alloc::collections::VecDeque;
use core::ops::Range;

type Result<T, E = Box<SyntaxError>> = core::result::Result<T, E>;

/// A token and where it stands.
pub(super) type Placed = (Token, Range<usize>);

#[derive(Debug, PartialEq)]
pub(super) enum Token {
    StreamEnd,
    /// `%YAML` and its version.
    Version(u8, u8),
    /// `%TAG`
    TagDirective {
        handle: String,
        prefix: String,
    },
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    /// `-`
    BlockEntry,
    /// `,`
    FlowEntry,
    /// `?`, or the place before a key that has none.
    Key,
    /// `:`
    Value,
    Alias(String),
    Anchor(String),
    Tag {
        handle: String,
        suffix: String,
    },
    Scalar {
        text: String,
        plain: bool,
    },
}

/// A place, counted in several ways. Lines and columns are in characters, as is `index`.
#[derive(Clone, Copy, Default)]
struct Mark {
    byte: usize,
    index: usize,
    line: usize,
    column: usize,
}

/// Something that turns out to be a key if a `:` follows.
#[derive(Clone, Copy, Default)]
struct PossibleKey {
    possible: bool,
    /// Nothing else can stand at this column.
    required: bool,
    /// The number of its first token, counted from the begin of the text.
    token: usize,
    mark: Mark,
}

/// How far behind the begin of a key its `:` may stand.
const MAX_KEY: usize = 1024;

pub(super) struct Scanner<'a> {
    text: &'a str,
    /// What is wrong with the characters behind `text`.
    broken: Option<Box<SyntaxError>>,
    at: Mark,
    queue: VecDeque<Placed>,
    /// How many tokens have left the queue.
    taken: usize,
    /// Whether the first token of the queue is settled: no key can be put before it any more.
    ready: bool,
    /// The column of the innermost block, and of those around it.
    indent: isize,
    indents: Vec<isize>,
    /// One for the block context, and one for each flow collection around the current place.
    keys: Vec<PossibleKey>,
    /// Which keys the first token has to wait for: token numbers and their index in `keys`. Kept apart from `keys`, because
    /// go-yaml loses entries on empty flow collections, so that `{}: x` is not read as a mapping.
    awaited: VecDeque<(usize, usize)>,
    key_allowed: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a Source<'_>) -> Self {
        Self {
            text: source.text(),
            broken: source.broken(),
            at: Mark::default(),
            queue: VecDeque::new(),
            taken: 0,
            ready: false,
            indent: -1,
            indents: Vec::new(),
            keys: vec![PossibleKey::default()],
            awaited: VecDeque::new(),
            key_allowed: true,
        }
    }

    /// The next token, which stays the next one.
    pub(super) fn peek(&mut self) -> Result<&mut Placed> {
        while !self.ready {
            if self.queue.is_empty() || self.first_may_follow_key()? {
                let fetched = self.fetch();
                self.check_source(1)?;
                fetched?;
            } else {
                self.ready = true;
            }
        }
        let end = self.at.byte..self.at.byte;
        self.queue
            .front_mut()
            .ok_or_else(|| SyntaxError::new(words!("the text ends too early", "テキストが途中で終わっています"), end))
    }

    /// Takes the next token away; [`Self::peek`] has shown it.
    pub(super) fn skip(&mut self) {
        self.ready = false;
        self.taken += 1;
        self.queue.pop_front();
    }

    fn first_may_follow_key(&mut self) -> Result<bool> {
        while self.awaited.pop_front_if(|(token, _)| *token < self.taken).is_some() {}
        match self.awaited.front() {
            Some(&(token, level)) if token == self.taken => self.is_possible(level),
            _ => Ok(false),
        }
    }

    /// An error if so many bytes reach behind the end of the text, and that is not a good one.
    fn check_source(&mut self, look_ahead: usize) -> Result<()> {
        if self.at.byte + look_ahead <= self.text.len() {
            return Ok(());
        }
        self.broken.take().map_or(Ok(()), Err)
    }

    // Characters.

    /// The byte this much later; 0 behind the end.
    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at.byte + ahead).copied().unwrap_or(0)
    }

    /// How many bytes the line break at this place has; 0 if there is none.
    fn line_break(&self, ahead: usize) -> usize {
        match (self.byte(ahead), self.byte(ahead + 1), self.byte(ahead + 2)) {
            (b'\r', b'\n', _) | (0xc2, 0x85, _) => 2,
            (b'\r' | b'\n', _, _) => 1,
            (0xe2, 0x80, 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    /// Whether a line ends here.
    fn is_end(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.line_break(ahead) > 0
    }

    fn is_space(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_end(ahead)
    }

    fn is_word(&self) -> bool {
        matches!(self.byte(0), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-')
    }

    fn in_flow(&self) -> bool {
        self.keys.len() > 1
    }

    /// `---` or `...` on a line of its own.
    fn is_document_mark(&self, mark: u8) -> bool {
        self.at.column == 0 && (0..3).all(|ahead| self.byte(ahead) == mark) && self.is_space(3)
    }

    /// Takes one character; it is no line break.
    fn take(&mut self) -> Option<char> {
        let character = self.text.get(self.at.byte..)?.chars().next()?;
        self.at.byte += character.len_utf8();
        self.at.index += 1;
        self.at.column += 1;
        Some(character)
    }

    fn take_into(&mut self, out: &mut String) {
        out.extend(self.take());
    }

    /// Takes a line break, if there is one. YAML 1.1 turns all of them into a line feed but for the two of Unicode.
    fn take_break(&mut self) -> Option<char> {
        let bytes = self.line_break(0);
        let character = match (bytes, self.byte(2)) {
            (0, _) => return None,
            (3, 0xa8) => '\u{2028}',
            (3, _) => '\u{2029}',
            _ => '\n',
        };
        let characters = if self.byte(1) == b'\n' && bytes == 2 { 2 } else { 1 };
        self.at =
            Mark { byte: self.at.byte + bytes, index: self.at.index + characters, line: self.at.line + 1, column: 0 };
        Some(character)
    }

    fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.take();
        }
    }

    fn skip_comment(&mut self) {
        if self.byte(0) == b'#' {
            while !self.is_end(0) {
                self.take();
            }
        }
    }

    fn take_word(&mut self) -> String {
        let mut word = String::new();
        while self.is_word() {
            self.take_into(&mut word);
        }
        word
    }

    // Errors.

    /// An error at the current character.
    fn error<T>(&self, message: Words) -> Result<T> {
        let rest = &self.text[self.at.byte.min(self.text.len())..];
        let width = rest.chars().next().map_or(0, char::len_utf8);
        Err(SyntaxError::new(message, self.at.byte..self.at.byte + width))
    }

    /// An error about what began there.
    fn error_from<T>(&self, start: Mark, message: Words) -> Result<T> {
        Err(SyntaxError::new(message, start.byte..self.at.byte.max(start.byte)))
    }

    // The queue.

    fn put(&mut self, token: Token, start: Mark) -> Result<()> {
        self.queue.push_back((token, start.byte..self.at.byte));
        Ok(())
    }

    /// Takes the characters of an indicator and queues its token.
    fn put_indicator(&mut self, token: Token, length: usize) -> Result<()> {
        let start = self.at;
        for _ in 0..length {
            self.take();
        }
        self.put(token, start)
    }

    /// Queues a token before the one of this number. If that one has been taken already, go-yaml puts it last.
    fn insert(&mut self, token: Token, number: usize, mark: Mark) {
        let place = number.checked_sub(self.taken).unwrap_or(self.queue.len());
        self.queue.push_back((token, mark.byte..mark.byte));
        for behind in (place + 1..self.queue.len()).rev() {
            self.queue.swap(behind - 1, behind);
        }
    }

    // Possible keys.

    fn is_possible(&mut self, level: usize) -> Result<bool> {
        let at = self.at;
        let Some(key) = self.keys.get_mut(level) else { return Ok(false) };
        if key.possible && (key.mark.line < at.line || key.mark.index + MAX_KEY < at.index) {
            if key.required {
                let mark = key.mark;
                return self.missing_colon(mark);
            }
            key.possible = false;
        }
        Ok(self.keys[level].possible)
    }

    fn missing_colon<T>(&self, key: Mark) -> Result<T> {
        let rest = &self.text[key.byte..];
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        Err(SyntaxError::new(
            words!("expected `:` after this key", "このキーの後には `:` が必要です"),
            key.byte..key.byte + rest[..line].trim_end().len(),
        ))
    }

    fn level(&self) -> usize {
        self.keys.len() - 1
    }

    /// Notes that a key may begin here.
    fn save_key(&mut self) -> Result<()> {
        if self.key_allowed {
            let required = !self.in_flow() && self.indent == self.at.column as isize;
            let key = PossibleKey { possible: true, required, token: self.taken + self.queue.len(), mark: self.at };
            self.remove_key()?;
            let level = self.level();
            self.keys[level] = key;
            self.awaited.push_back((key.token, level));
        }
        Ok(())
    }

    /// What might have been a key is none.
    fn remove_key(&mut self) -> Result<()> {
        let level = self.level();
        let key = self.keys[level];
        if key.possible {
            if key.required {
                return self.missing_colon(key.mark);
            }
            self.keys[level].possible = false;
            self.forget_awaited(key.token);
        }
        Ok(())
    }

    fn forget_awaited(&mut self, token: usize) {
        self.awaited.pop_back_if(|(awaited, _)| *awaited == token);
    }

    // Blocks.

    fn roll_indent(&mut self, mark: Mark, before: Option<usize>, token: Token) -> Result<()> {
        let column = mark.column as isize;
        if self.in_flow() || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return self.error(words!(
                "exceeded max depth: more than 10000 levels",
                "最大の深さを超えています: 入れ子が 10000 段を超えています"
            ));
        }
        self.insert(token, before.unwrap_or(self.taken + self.queue.len()), mark);
        Ok(())
    }

    fn unroll_indent(&mut self, column: isize) {
        while !self.in_flow() && self.indent > column {
            let Some(outer) = self.indents.pop() else { return };
            self.indent = outer;
            self.queue.push_back((Token::BlockEnd, self.at.byte..self.at.byte));
        }
    }

    // Tokens.

    fn fetch(&mut self) -> Result<()> {
        self.skip_to_token();
        self.check_source("--- ".len())?;
        self.unroll_indent(self.at.column as isize);
        let flow = self.in_flow();
        match self.byte(0) {
            0 => self.fetch_stream_end(),
            b'%' if self.at.column == 0 => self.fetch_directive(),
            b'-' if self.is_document_mark(b'-') => self.fetch_document_mark(Token::DocumentStart),
            b'.' if self.is_document_mark(b'.') => self.fetch_document_mark(Token::DocumentEnd),
            b'[' => self.fetch_flow_start(Token::FlowSequenceStart),
            b'{' => self.fetch_flow_start(Token::FlowMappingStart),
            b']' => self.fetch_flow_end(Token::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(Token::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.is_space(1) => self.fetch_block_entry(),
            b'?' if flow || self.is_space(1) => self.fetch_key(),
            b':' if flow || self.is_space(1) => self.fetch_value(),
            b'*' | b'&' => self.fetch_anchor(),
            b'!' => self.fetch_tag(),
            b'|' | b'>' if !flow => self.fetch_block_scalar(),
            b'\'' | b'"' => self.fetch_quoted(),
            b'\t' => self.error(words!("a tab character cannot indent", "インデントにタブ文字は使えません")),
            b'@' | b'`' => self.error(words!(
                "a plain value cannot begin with `@` or a backtick",
                "引用符のない値の先頭に `@` やバッククォートは置けません"
            )),
            b'%' => {
                self.error(words!("a plain value cannot begin with `%`", "引用符のない値の先頭に `%` は置けません"))
            }
            b'|' | b'>' => self
                .error(words!("a block scalar cannot stand inside brackets", "括弧の中にブロックスカラーは置けません")),
            _ => self.fetch_plain(),
        }
    }

    fn skip_to_token(&mut self) {
        // A second byte order mark. To go-yaml, one at the begin of its buffer swallows the first character of each line; that
        // is left out here.
        if self.at.byte == 0 && self.text.starts_with('\u{feff}') {
            self.take();
        }
        loop {
            while self.byte(0) == b' ' || self.byte(0) == b'\t' && (self.in_flow() || !self.key_allowed) {
                self.take();
            }
            self.skip_comment();
            if self.take_break().is_none() {
                return;
            }
            self.key_allowed |= !self.in_flow();
        }
    }

    fn fetch_stream_end(&mut self) -> Result<()> {
        if self.at.column != 0 {
            self.at.column = 0;
            self.at.line += 1;
        }
        self.end_blocks()?;
        self.put(Token::StreamEnd, self.at)
    }

    fn end_blocks(&mut self) -> Result<()> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn fetch_document_mark(&mut self, token: Token) -> Result<()> {
        self.end_blocks()?;
        self.put_indicator(token, 3)
    }

    fn fetch_flow_start(&mut self, token: Token) -> Result<()> {
        self.save_key()?;
        let number = self.taken + self.queue.len();
        self.keys.push(PossibleKey { token: number, mark: self.at, ..PossibleKey::default() });
        if self.level() > MAX_DEPTH {
            return self.error(words!(
                "exceeded max depth: more than 10000 levels",
                "最大の深さを超えています: 入れ子が 10000 段を超えています"
            ));
        }
        self.key_allowed = true;
        self.put_indicator(token, 1)
    }

    fn fetch_flow_end(&mut self, token: Token) -> Result<()> {
        self.remove_key()?;
        if self.in_flow() {
            self.forget_awaited(self.keys[self.level()].token);
            self.keys.pop();
        }
        self.key_allowed = false;
        self.put_indicator(token, 1)
    }

    fn fetch_flow_entry(&mut self) -> Result<()> {
        self.remove_key()?;
        self.key_allowed = true;
        self.put_indicator(Token::FlowEntry, 1)
    }

    fn fetch_block_entry(&mut self) -> Result<()> {
        if !self.in_flow() {
            if !self.key_allowed {
                return self
                    .error(words!("a list item cannot begin here", "ここでリストの項目を始めることはできません"));
            }
            self.roll_indent(self.at, None, Token::BlockSequenceStart)?;
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.put_indicator(Token::BlockEntry, 1)
    }

    fn fetch_key(&mut self) -> Result<()> {
        if !self.in_flow() {
            if !self.key_allowed {
                return self.error(words!("a key cannot begin here", "ここでキーを始めることはできません"));
            }
            self.roll_indent(self.at, None, Token::BlockMappingStart)?;
        }
        self.remove_key()?;
        self.key_allowed = !self.in_flow();
        self.put_indicator(Token::Key, 1)
    }

    fn fetch_value(&mut self) -> Result<()> {
        let level = self.level();
        if self.is_possible(level)? {
            let key = self.keys[level];
            self.insert(Token::Key, key.token, key.mark);
            self.roll_indent(key.mark, Some(key.token), Token::BlockMappingStart)?;
            self.keys[level].possible = false;
            self.forget_awaited(key.token);
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.key_allowed {
                    return self.error(words!("a `:` cannot stand here", "ここに `:` は置けません"));
                }
                self.roll_indent(self.at, None, Token::BlockMappingStart)?;
            }
            self.key_allowed = !self.in_flow();
        }
        self.put_indicator(Token::Value, 1)
    }

    fn begin_content(&mut self) -> Result<Mark> {
        self.save_key()?;
        self.key_allowed = false;
        Ok(self.at)
    }

    fn fetch_directive(&mut self) -> Result<()> {
        self.end_blocks()?;
        let start = self.at;
        self.take();
        let name = self.take_word();
        if !self.is_space(0) {
            return self
                .error(words!("unexpected character in a directive", "ディレクティブに予期しない文字があります"));
        }
        self.skip_blanks();
        let token = match name.as_str() {
            "YAML" => self.version(start)?,
            "TAG" => self.tag_directive(start)?,
            _ => return self.error_from(start, words!("unknown directive", "不明なディレクティブです")),
        };
        self.skip_blanks();
        self.skip_comment();
        if !self.is_end(0) {
            return self.error(words!(
                "unexpected text after a directive",
                "ディレクティブの後に予期しないテキストがあります"
            ));
        }
        self.put(token, start)?;
        self.take_break();
        Ok(())
    }

    fn version(&mut self, start: Mark) -> Result<Token> {
        let major = self.version_number(start)?;
        if self.byte(0) != b'.' {
            return self.error(words!("a version has the form 1.1", "バージョンは 1.1 の形式で書きます"));
        }
        self.take();
        Ok(Token::Version(major, self.version_number(start)?))
    }

    fn version_number(&mut self, start: Mark) -> Result<u8> {
        let mut digits = String::new();
        while self.byte(0).is_ascii_digit() {
            self.take_into(&mut digits);
        }
        match digits.parse::<i64>() {
            Ok(number) if digits.len() <= 2 => Ok(number as u8),
            _ => self.error_from(start, words!("a version has the form 1.1", "バージョンは 1.1 の形式で書きます")),
        }
    }

    fn tag_directive(&mut self, start: Mark) -> Result<Token> {
        let handle = self.tag_handle()?;
        if handle != "!" && !(handle.len() > 1 && handle.ends_with('!')) {
            return self.error_from(
                start,
                words!("a tag handle has the form `!name!`", "タグハンドルは `!name!` の形式で書きます"),
            );
        }
        if !self.is_blank(0) {
            return self.error(words!("a space is missing after a tag handle", "タグハンドルの後に空白がありません"));
        }
        self.skip_blanks();
        let prefix = self.tag_uri("")?;
        if !self.is_space(0) {
            return self.error(words!(
                "unexpected character in a tag prefix",
                "タグのプレフィックスに予期しない文字があります"
            ));
        }
        Ok(Token::TagDirective { handle, prefix })
    }

    fn fetch_anchor(&mut self) -> Result<()> {
        let start = self.begin_content()?;
        let is_alias = self.byte(0) == b'*';
        self.take();
        let name = self.take_word();
        let ended = self.is_space(0) || matches!(self.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ended {
            return self.error_from(
                start,
                words!(
                    "an anchor or alias needs a name of letters and digits",
                    "アンカーとエイリアスには英数字の名前が必要です"
                ),
            );
        }
        self.put(if is_alias { Token::Alias(name) } else { Token::Anchor(name) }, start)
    }

    fn fetch_tag(&mut self) -> Result<()> {
        let start = self.begin_content()?;
        let (mut handle, mut suffix) = (String::new(), String::new());
        if self.byte(1) == b'<' {
            self.take();
            self.take();
            suffix = self.tag_uri("")?;
            if self.byte(0) != b'>' {
                return self.error(words!("expected `>` at the end of a tag", "タグの終わりには `>` が必要です"));
            }
            self.take();
        } else {
            let first = self.tag_handle()?;
            if first.len() > 1 && first.ends_with('!') {
                (handle, suffix) = (first, self.tag_uri("")?);
            } else {
                let rest = self.tag_uri(&first)?;
                // The tag `!` alone has no handle.
                if rest.is_empty() { suffix.push('!') } else { (handle, suffix) = ("!".into(), rest) }
            }
        }
        if !self.is_space(0) {
            return self.error(words!("a space is missing after a tag", "タグの後に空白がありません"));
        }
        self.put(Token::Tag { handle, suffix }, start)
    }

    /// `!`, `!name` or `!name!`.
    fn tag_handle(&mut self) -> Result<String> {
        if self.byte(0) != b'!' {
            return self.error(words!("a tag begins with `!`", "タグは `!` で始まります"));
        }
        self.take();
        let mut handle = ["!", &self.take_word()].concat();
        if self.byte(0) == b'!' {
            self.take_into(&mut handle);
        }
        Ok(handle)
    }

    /// The rest of a tag, behind what was first taken for its handle.
    fn tag_uri(&mut self, head: &str) -> Result<String> {
        let mut octets = head.get(1..).unwrap_or("").as_bytes().to_vec();
        let start = self.at.byte;
        while self.is_word() || (self.byte(0) != 0 && b";/?:@&=+$,.!~*'()[]%".contains(&self.byte(0))) {
            if self.byte(0) == b'%' {
                self.uri_escape(&mut octets)?;
            } else {
                octets.push(self.byte(0));
                self.take();
            }
        }
        if head.is_empty() && self.at.byte == start {
            return self.error(words!("a tag needs a name", "タグには名前が必要です"));
        }
        Ok(String::from_utf8_lossy(&octets).into_owned())
    }

    /// One character, written as `%XX` for each of its bytes.
    fn uri_escape(&mut self, octets: &mut Vec<u8>) -> Result<()> {
        let mut more = None;
        while more != Some(0) {
            let octet = self.text.get(self.at.byte + 1..self.at.byte + 3).and_then(hexadecimal);
            let (b'%', Some(octet)) = (self.byte(0), octet) else {
                return self.error(words!(
                    "`%` in a tag needs two hexadecimal digits",
                    "タグ中の `%` には 2 桁の 16 進数が必要です"
                ));
            };
            let octet = octet as u8;
            more = match (more, octet) {
                (None, 0..0x80) => Some(0),
                (None, 0xc0..0xe0) => Some(1),
                (None, 0xe0..0xf0) => Some(2),
                (None, 0xf0..0xf8) => Some(3),
                (Some(left), 0x80..0xc0) => Some(left - 1),
                _ => return self.error(words!("a tag is not UTF-8", "タグが UTF-8 ではありません")),
            };
            octets.push(octet);
            for _ in 0..3 {
                self.take();
            }
        }
        Ok(())
    }

    fn fetch_block_scalar(&mut self) -> Result<()> {
        self.remove_key()?;
        self.key_allowed = true;
        let start = self.at;
        let literal = self.byte(0) == b'|';
        self.take();
        let (chomping, increment) = self.block_header()?;
        self.skip_blanks();
        self.skip_comment();
        if !self.is_end(0) {
            return self.error(words!(
                "unexpected text after `|` or `>`",
                "`|` または `>` の後に予期しないテキストがあります"
            ));
        }
        let mut end = self.at.byte;
        self.take_break();
        let mut indent = if increment > 0 { self.indent.max(0) as usize + increment } else { 0 };
        let (mut text, mut fold) = (String::new(), Fold::default());
        self.block_breaks(&mut indent, &mut fold.more)?;
        let mut was_blank = false;
        while self.at.column == indent && self.byte(0) != 0 {
            let is_blank = self.is_blank(0);
            if !literal && !was_blank && !is_blank {
                fold.flush(&mut text);
            } else {
                fold.keep(&mut text);
            }
            was_blank = is_blank;
            while !self.is_end(0) {
                self.take_into(&mut text);
            }
            end = self.at.byte;
            fold.first = self.take_break();
            self.block_breaks(&mut indent, &mut fold.more)?;
        }
        match chomping {
            b'-' => {}
            b'+' => fold.keep(&mut text),
            _ => text.extend(fold.first),
        }
        self.queue.push_back((Token::Scalar { text, plain: false }, start.byte..end));
        Ok(())
    }

    /// What follows `|` or `>`: the sign of chomping, and the indentation if it is given.
    fn block_header(&mut self) -> Result<(u8, usize)> {
        let (mut chomping, mut increment) = (0, 0);
        for _ in 0..2 {
            match self.byte(0) {
                sign @ (b'+' | b'-') if chomping == 0 => chomping = sign,
                b'0' if increment == 0 => {
                    return self.error(words!("an indentation cannot be 0", "インデントに 0 は指定できません"));
                }
                digit @ b'1'..=b'9' if increment == 0 => increment = usize::from(digit - b'0'),
                _ => break,
            }
            self.take();
        }
        Ok((chomping, increment))
    }

    /// Takes empty lines and the indentation of the next line; finds out the indentation if it is not known.
    fn block_breaks(&mut self, indent: &mut usize, breaks: &mut String) -> Result<()> {
        let mut widest = 0;
        loop {
            let before = |column| *indent == 0 || column < *indent;
            while before(self.at.column) && self.byte(0) == b' ' {
                self.take();
            }
            widest = widest.max(self.at.column);
            if before(self.at.column) && self.byte(0) == b'\t' {
                return self.error(words!("a tab character cannot indent", "インデントにタブ文字は使えません"));
            }
            match self.take_break() {
                Some(character) => breaks.push(character),
                None => break,
            }
        }
        if *indent == 0 {
            *indent = widest.max((self.indent + 1).max(1) as usize);
        }
        Ok(())
    }

    fn fetch_quoted(&mut self) -> Result<()> {
        let start = self.begin_content()?;
        let quote = self.byte(0);
        self.take();
        let (mut text, mut fold) = (String::new(), Fold::default());
        loop {
            if self.is_document_mark(b'-') || self.is_document_mark(b'.') || self.byte(0) == 0 {
                return Err(SyntaxError::new(
                    words!("a string is not closed", "文字列が閉じられていません"),
                    start.byte..start.byte + 1,
                ));
            }
            while !self.is_space(0) && !self.at_quote(quote) && !fold.broken {
                self.quoted_character(quote, &mut text, &mut fold)?;
            }
            if self.byte(0) == quote {
                break;
            }
            self.blanks_and_breaks(&mut fold);
            fold.flush(&mut text);
        }
        self.take();
        self.put(Token::Scalar { text, plain: false }, start)
    }

    /// At the closing quote; two single quotes stand for one.
    fn at_quote(&self, quote: u8) -> bool {
        self.byte(0) == quote && !(quote == b'\'' && self.byte(1) == quote)
    }

    fn quoted_character(&mut self, quote: u8, text: &mut String, fold: &mut Fold) -> Result<()> {
        if quote == b'"' && self.byte(0) == b'\\' {
            if self.line_break(1) > 0 {
                self.take();
                self.take_break();
                fold.broken = true;
                return Ok(());
            }
            text.push(self.escape()?);
            return Ok(());
        }
        if self.byte(0) == quote {
            self.take();
        }
        self.take_into(text);
        Ok(())
    }

    fn escape(&mut self) -> Result<char> {
        let digits = match self.byte(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let character = match self.byte(1) {
            b'0' => '\0',
            b'a' => '\x07',
            b'b' => '\x08',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\x0b',
            b'f' => '\x0c',
            b'r' => '\r',
            b'e' => '\x1b',
            // `\/` is YAML 1.2 and unknown to go-yaml v2.
            same @ (b' ' | b'"' | b'\'' | b'\\') => char::from(same),
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            _ if digits > 0 => {
                let code = self.text.get(self.at.byte + 2..self.at.byte + 2 + digits).and_then(hexadecimal);
                let Some(character) = code.and_then(char::from_u32) else {
                    return self.error(words!(
                        "an escape needs the hexadecimal digits of a character",
                        "エスケープには文字コードの 16 進数が必要です"
                    ));
                };
                character
            }
            _ => return self.error(words!("an unknown escape in a string", "文字列に不明なエスケープがあります")),
        };
        for _ in 0..2 + digits {
            self.take();
        }
        Ok(character)
    }

    fn blanks_and_breaks(&mut self, fold: &mut Fold) {
        loop {
            if self.is_blank(0) {
                let blank = self.take();
                fold.blanks.extend(blank.filter(|_| !fold.broken));
            } else if let Some(character) = self.take_break() {
                fold.push_break(character);
            } else {
                return;
            }
        }
    }

    fn fetch_plain(&mut self) -> Result<()> {
        let start = self.begin_content()?;
        let indent = self.indent + 1;
        let (mut text, mut fold) = (String::new(), Fold::default());
        let mut end = self.at.byte;
        while self.plain_may_go_on()? {
            while !self.is_space(0) && !self.ends_plain() {
                fold.flush(&mut text);
                self.take_into(&mut text);
                end = self.at.byte;
            }
            // Whether a `:` ends it depends on what follows.
            self.check_source(2)?;
            if !self.is_blank(0) && self.line_break(0) == 0 {
                break;
            }
            self.plain_blanks(&mut fold, indent)?;
            if !self.in_flow() && (self.at.column as isize) < indent {
                break;
            }
        }
        self.key_allowed |= fold.broken;
        self.queue.push_back((Token::Scalar { text, plain: true }, start.byte..end));
        Ok(())
    }

    /// Whether neither the document ends here nor a comment begins. go-yaml looks for the former behind every blank.
    fn plain_may_go_on(&mut self) -> Result<bool> {
        self.check_source("--- ".len())?;
        Ok(!self.is_document_mark(b'-') && !self.is_document_mark(b'.') && self.byte(0) != b'#')
    }

    /// As [`Self::blanks_and_breaks`], but a tab cannot indent a further line.
    fn plain_blanks(&mut self, fold: &mut Fold, indent: isize) -> Result<()> {
        while self.is_blank(0) || self.line_break(0) > 0 {
            if fold.broken && (self.at.column as isize) < indent && self.byte(0) == b'\t' {
                return self.error(words!("a tab character cannot indent", "インデントにタブ文字は使えません"));
            }
            if self.is_blank(0) {
                let blank = self.take();
                fold.blanks.extend(blank.filter(|_| !fold.broken));
            } else if let Some(character) = self.take_break() {
                fold.push_break(character);
            }
        }
        Ok(())
    }

    fn ends_plain(&self) -> bool {
        match self.byte(0) {
            b':' => self.is_space(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.in_flow(),
            _ => false,
        }
    }
}

fn hexadecimal(digits: &str) -> Option<u32> {
    digits.chars().try_fold(0, |code: u32, digit| Some(code << 4 | digit.to_digit(16)?))
}

/// White space inside a scalar, until it is known what becomes of it.
#[derive(Default)]
struct Fold {
    /// Blanks on the first line.
    blanks: String,
    /// Whether the line has ended, be it by an escaped line break, which is not in `first`.
    broken: bool,
    first: Option<char>,
    more: String,
}

impl Fold {
    fn push_break(&mut self, character: char) {
        if self.broken {
            self.more.push(character);
        } else {
            self.blanks.clear();
            self.first = Some(character);
            self.broken = true;
        }
    }

    /// Adds to the text what YAML makes of it: one line break becomes a space, more of them lose the first.
    fn flush(&mut self, text: &mut String) {
        text.push_str(&self.blanks);
        self.blanks.clear();
        if self.first == Some('\n') {
            self.first = None;
            if self.more.is_empty() {
                text.push(' ');
            }
        }
        self.keep(text);
    }

    /// Adds the line breaks as they are.
    fn keep(&mut self, text: &mut String) {
        text.extend(self.first.take());
        text.push_str(&self.more);
        self.more.clear();
        self.broken = false;
    }
}
