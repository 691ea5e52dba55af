//! Command lines: words, prefixes, specifiers and variables (systemd src/basic/extract-word.c, env-util.c, and
//! `config_parse_exec`). There is no shell in between.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::environment::{Variable, is_name};
use super::letters::{self, Letter};
use crate::kubelet::values;
use crate::message::{Text, Words};

/// A word as it is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Without quotes.
    pub letters: Vec<Letter>,
    /// Where it stands, with quotes.
    pub span: Range<usize>,
    /// Whether there are no quotes, and no escapes.
    pub is_bare: bool,
}

/// How words are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    /// In a unit: a backslash escapes as in C, and quotes must be closed.
    Unit,
    /// In the value of a variable: a backslash stands before what is meant as it is.
    Value,
}

/// The words of a text.
///
/// # Errors
/// The word whose quote is not closed.
pub fn words(text: &[Letter], style: Style) -> Result<Vec<Written>, Range<usize>> {
    let mut words = vec![];
    let mut at = 0;
    while let Some(letter) = text.get(at) {
        if letter.is_blank() {
            at += 1;
            continue;
        }
        let start = at;
        let mut word = vec![];
        let mut quote = None;
        while let Some(letter) = text.get(at) {
            if let Some(length) = letters::tag(&text[at..]) {
                word.extend(&text[at..at + length]);
                at += length;
                continue;
            }
            match (letter.byte, quote) {
                (b'\\', _) => at += escape(&text[at..], style, &mut word),
                (byte, Some(open)) if byte == open => (at, quote) = (at + 1, None),
                (b'\'' | b'"', None) => (at, quote) = (at + 1, Some(letter.byte)),
                (_, None) if letter.is_blank() => break,
                _ => {
                    word.push(*letter);
                    at += 1;
                }
            }
        }
        let span = letters::span(&text[start..at]);
        if quote.is_some() && style == Style::Unit {
            return Err(span);
        }
        let is_bare = word.len() == at - start;
        words.push(Written { letters: word, span, is_bare });
    }
    Ok(words)
}

/// What begins with a backslash; how long it is. What is no escape stays as it is.
fn escape(text: &[Letter], style: Style, word: &mut Vec<Letter>) -> usize {
    let (Some(first), Some(next)) = (text.first(), text.get(1)) else {
        word.extend(text.first().filter(|_| style == Style::Unit));
        return 1;
    };
    let plain = match (style, next.byte) {
        (Style::Value, byte) => Some(byte),
        (_, byte @ (b'\\' | b'"' | b'\'')) => Some(byte),
        (_, b's') => Some(b' '),
        (_, b'n') => Some(b'\n'),
        (_, b't') => Some(b'\t'),
        (_, b'r') => Some(b'\r'),
        (_, b'a') => Some(7),
        (_, b'b') => Some(8),
        (_, b'v') => Some(11),
        (_, b'f') => Some(12),
        _ => None,
    };
    if let Some(byte) = plain {
        word.push(next.with(byte));
        return 2;
    }
    let (radix, skip, count) = match next.byte {
        b'x' => (16, 2, 2),
        b'u' => (16, 2, 4),
        b'U' => (16, 2, 8),
        _ => (8, 1, 3),
    };
    let digits = text.get(skip..skip + count).map(letters::string).unwrap_or_default();
    let is_number = digits.len() == count && !digits.starts_with('+');
    let number = u32::from_str_radix(&digits, radix).ok().filter(|number| is_number && *number > 0);
    let mut encoded = [0; 4];
    let made: Option<&[u8]> = match (number, count) {
        (Some(number), 2 | 3) => u8::try_from(number).ok().map(|byte| {
            encoded[0] = byte;
            &encoded[..1]
        }),
        (Some(number), _) => char::from_u32(number).map(|c| c.encode_utf8(&mut encoded).as_bytes()),
        _ => None,
    };
    match made {
        Some(bytes) => {
            word.extend(bytes.iter().map(|byte| next.with(*byte)));
            skip + count
        }
        None => {
            word.extend([first, next]);
            2
        }
    }
}

/// Stands for what is not known: whatever is read as a template.
const UNKNOWN: &[u8] = b"{{ }}";

/// The letters of specifiers; of others, the percent sign stands for itself.
const SPECIFIERS: &[u8] = b"aAbBCdDEfgGhHiIjJlLmMnNopPqsStTuUvVwWyY";

/// With specifiers such as `%H` filled in, which depends on the host.
pub fn specified(word: &[Letter]) -> Vec<Letter> {
    let mut out = vec![];
    let mut at = 0;
    while let Some(letter) = word.get(at) {
        if let Some(length) = letters::tag(&word[at..]) {
            out.extend(&word[at..at + length]);
            at += length;
            continue;
        }
        match (letter.byte, word.get(at + 1).map(|next| next.byte)) {
            (b'%', Some(b'%')) => {
                out.push(*letter);
                at += 2;
            }
            (b'%', Some(next)) if SPECIFIERS.contains(&next) => {
                out.extend(UNKNOWN.iter().map(|byte| letter.with(*byte)));
                at += 2;
            }
            _ => {
                out.push(*letter);
                at += 1;
            }
        }
    }
    out
}

/// A command that a unit starts.
#[derive(Debug)]
pub struct Command {
    /// The program.
    pub program: Written,
    /// Whether variables are filled in.
    pub expands: bool,
    /// What follows, with specifiers filled in.
    pub words: Vec<Written>,
}

/// The commands of an `ExecStart=`: more than one where a `;` stands alone.
///
/// # Errors
/// The word whose quote is not closed.
pub fn commands(value: &[Letter]) -> Result<Vec<Command>, Range<usize>> {
    let mut commands = vec![];
    let all = words(value, Style::Unit)?;
    for words in all.split(|word| word.is_bare && letters::bytes(&word.letters) == b";") {
        let mut words = words.iter().cloned().map(|word| match letters::bytes(&word.letters).as_slice() {
            br"\;" => Written { letters: word.letters[1..].to_vec(), ..word },
            _ => Written { letters: specified(&word.letters), ..word },
        });
        let Some(mut program) = words.next() else { continue };
        let is_prefix = |letter: &&Letter| matches!(letter.byte, b'@' | b'-' | b':' | b'+' | b'!' | b'|');
        let length = program.letters.iter().take_while(is_prefix).count();
        let has = |byte| program.letters[..length].iter().any(|letter| letter.byte == byte);
        let (names_itself, expands) = (has(b'@'), !has(b':'));
        program.letters.drain(..length);
        if program.is_bare && !program.letters.is_empty() {
            program.span = letters::span(&program.letters);
        }
        // The next word is what the program is called.
        let words = words.skip(usize::from(names_itself)).collect();
        commands.push(Command { program, expands, words });
    }
    Ok(commands)
}

/// What a variable holds.
#[derive(Debug)]
pub enum Lookup<'a> {
    /// This.
    Here(&'a Variable),
    /// Something that is not here, and why that is not known.
    Elsewhere(Text),
}

/// An argument of the kubelet, as far as it is known.
#[derive(Debug)]
pub enum Arg {
    /// A word.
    Word(Vec<u8>, Range<usize>),
    /// A flag with a value that is not known.
    Value(String, Range<usize>),
    /// Any number of words that are not known, and why.
    Gap(Text, Range<usize>),
}

/// What is not as its author meant it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mistake {
    /// Several flags in `${NAME}`, which is one word.
    OneWord,
    /// `$NAME` inside of a word, which stays as it is.
    NotExpanded,
    /// A word that begins with `$`, and goes on with no name.
    BadName,
    /// What only a shell understands.
    Shell,
}

/// How long variables may make a command line.
const MAX_EXPANDED: usize = 1 << 20;

/// More variables than any command line has.
const MAX_NAMES: usize = 500;

const TOO_LONG: Words = words!("the command line grows beyond every limit", "コマンドラインが長くなりすぎます");

/// The name in braces with which a text begins.
fn braced(text: &[Letter]) -> Option<&[Letter]> {
    // Long enough for every name.
    let length = text.iter().take(256).position(|letter| letter.byte == b'}')?;
    text.get(1..length)
}

/// Fills in variables.
pub struct Expansion<'a> {
    /// What they hold.
    pub lookup: &'a dyn Fn(&str) -> Lookup<'a>,
    /// How many bytes variables may still fill in.
    room: usize,
    /// The names of variables.
    pub mentioned: Vec<String>,
    /// What comes of it.
    pub args: Vec<Arg>,
    /// Mistakes, where they are.
    pub mistakes: Vec<(Mistake, Range<usize>)>,
}

impl<'a> Expansion<'a> {
    /// Nothing yet.
    pub fn new(lookup: &'a dyn Fn(&str) -> Lookup<'a>) -> Expansion<'a> {
        Expansion { lookup, room: MAX_EXPANDED, mentioned: vec![], args: vec![], mistakes: vec![] }
    }

    /// What a variable holds, which counts as mentioned.
    pub fn look_up(&mut self, name: &str) -> Lookup<'a> {
        if !self.mentioned.iter().any(|known| known == name) && self.mentioned.len() < MAX_NAMES {
            self.mentioned.push(name.into());
        }
        match (self.lookup)(name) {
            Lookup::Here(variable) if variable.value.len() > self.room => Lookup::Elsewhere(TOO_LONG.into()),
            Lookup::Here(variable) => {
                self.room -= variable.value.len();
                Lookup::Here(variable)
            }
            elsewhere => elsewhere,
        }
    }

    /// A word of a command in which variables are filled in (`replace_env_argv`).
    pub fn word(&mut self, word: &Written) {
        match word.letters.as_slice() {
            [Letter { byte: b'$', .. }, name @ ..] if !matches!(name, [Letter { byte: b'{' | b'$', .. }, ..]) => {
                self.splits(&letters::string(name), &word.span);
            }
            letters => self.replaced(letters, &word.span),
        }
    }

    /// `$NAME`, a word of its own: any number of words.
    fn splits(&mut self, name: &str, span: &Range<usize>) {
        if !is_name(name) {
            let mistake = if name.starts_with('(') { Mistake::Shell } else { Mistake::BadName };
            self.mistakes.push((mistake, span.clone()));
            return;
        }
        match self.look_up(name) {
            Lookup::Here(variable) => self.value(&variable.value),
            Lookup::Elsewhere(why) => self.args.push(Arg::Gap(why, span.clone())),
        }
    }

    /// The words of a variable's value.
    pub fn value(&mut self, value: &[Letter]) {
        for word in words(value, Style::Value).unwrap_or_default() {
            self.literal(&word.letters, &word.span);
        }
    }

    /// `${NAME}` anywhere in a word, and `$$`.
    fn replaced(&mut self, word: &[Letter], span: &Range<usize>) {
        let mut out: Vec<Letter> = vec![];
        let mut at = 0;
        while let Some(letter) = word.get(at) {
            let rest = &word[at + 1..];
            at += 1;
            match (letter.byte, rest.first().map(|next| next.byte)) {
                (b'$', Some(b'$')) => {
                    out.push(*letter);
                    at += 1;
                }
                (b'$', Some(b'{')) if let Some(name) = braced(rest) => {
                    let is_alone = word.len() == name.len() + 3;
                    if self.one_word(&letters::string(name), is_alone, *letter, &mut out, span) {
                        return;
                    }
                    at += name.len() + 2;
                }
                (b'$', Some(next)) if next.is_ascii_alphabetic() => {
                    self.mistakes.push((Mistake::NotExpanded, span.clone()));
                    out.push(*letter);
                }
                _ => out.push(*letter),
            }
        }
        self.literal(&out, span);
    }

    /// `${NAME}`; whether it is all of its word, which is then done.
    fn one_word(
        &mut self,
        name: &str,
        is_alone: bool,
        dollar: Letter,
        out: &mut Vec<Letter>,
        span: &Range<usize>,
    ) -> bool {
        match (self.look_up(name), is_alone) {
            (Lookup::Here(variable), true) => {
                let value = &variable.value;
                let flags = words(value, Style::Value).unwrap_or_default();
                if flags.len() > 1 && flags.iter().all(|word| letters::begins(&word.letters, b"-")) {
                    self.mistakes.push((Mistake::OneWord, span.clone()));
                }
                // An empty value stands nowhere.
                let place = if value.is_empty() { span.clone() } else { letters::span(value) };
                self.literal(value, &place);
                return true;
            }
            (Lookup::Elsewhere(why), true) => {
                self.args.push(Arg::Gap(why, span.clone()));
                return true;
            }
            (Lookup::Here(variable), false) => out.extend(&variable.value),
            (Lookup::Elsewhere(_), false) => out.extend(UNKNOWN.iter().map(|byte| dollar.with(*byte))),
        }
        false
    }

    /// A word as it is, but for what a template, or the host, fills in.
    pub fn literal(&mut self, word: &[Letter], span: &Range<usize>) {
        let text = letters::string(word);
        let has = |text: &str, parts: &[&str]| parts.iter().any(|part| values::cut(text, part).is_some());
        if has(&text, &["$(", "`"]) || matches!(&*text, "&&" | "||" | "|" | ">" | ">>" | "<" | "2>&1" | "&") {
            self.mistakes.push((Mistake::Shell, span.clone()));
        }
        let is_filled_in = |text: &str| has(text, &["{{", "{%", "%{", "${", "$("]);
        let arg = match text.split_once('=') {
            _ if !is_filled_in(&text) => Arg::Word(letters::bytes(word), span.clone()),
            Some((name, value)) if name.starts_with("--") && !is_filled_in(name) && !has(value, &["{%", "%{"]) => {
                Arg::Value(name[2..].into(), span.clone())
            }
            _ => Arg::Gap(FILLED_IN.into(), span.clone()),
        };
        self.args.push(arg);
    }
}

/// Why a word is not known.
pub const FILLED_IN: Words = words!(
    "a template, the host or another file fills this in, and with what is not known",
    "テンプレート、ホスト、または別のファイルで埋め込まれる値のため不明です"
);

#[cfg(test)]
mod tests {
    use super::super::letters::testing::letters;
    use super::*;

    fn split(text: &str, style: Style) -> Vec<String> {
        words(&letters(text), style).unwrap().iter().map(|word| letters::string(&word.letters)).collect()
    }

    #[test]
    fn quotes_and_escapes_of_units() {
        assert_eq!(split("a  'b c'\t\"d e\" f'g h'i ''", Style::Unit), ["a", "b c", "d e", "fg hi", ""]);
        assert_eq!(
            split(r#"a\sb "c\"d" e\\f g\x41h \101 \u00e4 \U0001f600"#, Style::Unit),
            ["a b", "c\"d", "e\\f", "gAh", "A", "ä", "\u{1f600}"]
        );
        // What is no escape stays.
        assert_eq!(split(r"a\qb \x0 \u00 c\", Style::Unit), ["a\\qb", "\\x0", "\\u00", "c\\"]);
        assert_eq!(words(&letters("a 'b c"), Style::Unit).err(), Some(2..6));
    }

    #[test]
    fn quotes_and_escapes_of_values() {
        assert_eq!(
            split(r#"--a="b c" '--d=e f' g\"h i\nj k\"#, Style::Value),
            ["--a=b c", "--d=e f", "g\"h", "inj", "k"]
        );
        assert_eq!(split("'a b", Style::Value), ["a b"]);
    }

    #[test]
    fn tags_of_templates_are_not_split() {
        assert_eq!(
            split("--a={{ b | c(\"d\") }}e {{ f }} '{{ g' }}'", Style::Unit),
            ["--a={{ b | c(\"d\") }}e", "{{ f }}", "{{ g' }}"]
        );
    }

    fn programs(text: &str) -> Vec<(String, bool, usize)> {
        let all = commands(&letters(text)).unwrap();
        let shown =
            |command: &Command| (letters::string(&command.program.letters), command.expands, command.words.len());
        all.iter().map(shown).collect()
    }

    #[test]
    fn prefixes_stand_before_the_program() {
        assert_eq!(programs("/kubelet a"), [("/kubelet".into(), true, 1)]);
        assert_eq!(programs("-+!!/kubelet a"), [("/kubelet".into(), true, 1)]);
        assert_eq!(programs(":/kubelet $A"), [("/kubelet".into(), false, 1)]);
        assert_eq!(programs("-@/bin/x name a b"), [("/bin/x".into(), true, 2)]);
    }

    #[test]
    fn a_semicolon_alone_parts_commands() {
        let two = [("/a".into(), true, 1), ("/c".into(), true, 0)];
        assert_eq!(programs("/a b ; /c"), two);
        assert_eq!(programs("/a b; c ';' \\; d;"), [("/a".into(), true, 5)]);
        let escaped = commands(&letters("/a \\;")).unwrap();
        assert_eq!(letters::string(&escaped[0].words[0].letters), ";");
    }

    fn variable(name: &str, value: &str) -> Variable {
        Variable { name: name.into(), place: 0..0, value: letters(value) }
    }

    /// The words that come of a command line: `?` stands for any number, `--a=?` for a value.
    fn expanded(text: &str) -> (Vec<String>, Vec<Mistake>) {
        let known = [
            variable("FLAGS", "--a=1 '--b=2 3'  --c"),
            variable("WORD", "x"),
            variable("EMPTY", ""),
            variable("DOLLAR", "$WORD"),
            variable("HOST", "{{ }}"),
        ];
        let lookup = |name: &str| match known.iter().find(|variable| variable.name == name) {
            Some(variable) => Lookup::Here(variable),
            None => Lookup::Elsewhere(FILLED_IN.into()),
        };
        let command = commands(&letters(&["/kubelet ", text].concat())).unwrap();
        let mut expansion = Expansion::new(&lookup);
        command[0].words.iter().for_each(|word| expansion.word(word));
        let shown = |arg: &Arg| match arg {
            Arg::Word(bytes, _) => String::from_utf8(bytes.clone()).unwrap(),
            Arg::Value(name, _) => format!("--{name}=?"),
            Arg::Gap(..) => "?".into(),
        };
        let args = expansion.args.iter().map(shown).collect();
        (args, expansion.mistakes.into_iter().map(|(mistake, _)| mistake).collect())
    }

    fn is(text: &str, args: &[&str], mistakes: &[Mistake]) {
        let (found, found_mistakes) = expanded(text);
        assert_eq!(
            (found, found_mistakes),
            (args.iter().map(|arg| (*arg).into()).collect(), mistakes.to_vec()),
            "{text}"
        );
    }

    #[test]
    fn a_variable_that_is_a_word_is_split_whether_quoted_or_not() {
        for text in ["$FLAGS", "\"$FLAGS\"", "'$FLAGS'"] {
            is(text, &["--a=1", "--b=2 3", "--c"], &[]);
        }
        is("a $EMPTY b", &["a", "b"], &[]);
        // Nothing is filled in twice.
        is("$DOLLAR", &["$WORD"], &[]);
    }

    #[test]
    fn a_variable_in_braces_is_one_word_or_a_part_of_one() {
        is("${WORD} --a=${WORD}${WORD}b", &["x", "--a=xxb"], &[]);
        is("${EMPTY}", &[""], &[]);
        is("${FLAGS}", &["--a=1 '--b=2 3'  --c"], &[Mistake::OneWord]);
    }

    #[test]
    fn a_variable_within_a_word_is_left_alone() {
        is("--a=$WORD", &["--a=$WORD"], &[Mistake::NotExpanded]);
    }

    #[test]
    fn a_word_with_a_bad_name_disappears() {
        is("$WORD$WORD b", &["b"], &[Mistake::BadName]);
        is("$WORD-b", &[], &[Mistake::BadName]);
        is("$(WORD)", &[], &[Mistake::Shell]);
    }

    #[test]
    fn what_is_not_set_here_is_not_known() {
        is("--a $NONE", &["--a", "?"], &[]);
        is("${NONE} --a=${NONE}", &["?", "--a=?"], &[]);
    }

    #[test]
    fn dollars_and_percent_signs_may_be_doubled() {
        is("$$WORD --a=$$ --b=100%%", &["$WORD", "--a=$", "--b=100%"], &[]);
        is("--a=%H --b=memory<5%,disk<1% %n", &["--a=?", "--b=memory<5%,disk<1%", "?"], &[]);
        is("--a=${HOST}", &["--a=?"], &[]);
    }

    #[test]
    fn there_is_no_shell() {
        is("--a=$(b) `c` && d", &["--a=?", "`c`", "&&", "d"], &[Mistake::Shell, Mistake::Shell, Mistake::Shell]);
    }

    #[test]
    fn words_stand_where_they_are_written() {
        let known = variable("A", "--x=1 --y=2");
        let lookup = |_: &str| Lookup::Here(&known);
        let command = commands(&letters("/kubelet $A ${A} --b=${A}")).unwrap();
        let mut expansion = Expansion::new(&lookup);
        command[0].words.iter().for_each(|word| expansion.word(word));
        let spans = expansion.args.iter().map(|arg| if let Arg::Word(_, span) = arg { span.clone() } else { 0..0 });
        assert_eq!(spans.collect::<Vec<_>>(), [0..5, 6..11, 0..11, 17..25]);
    }

    #[test]
    fn a_command_line_does_not_grow_beyond_every_limit() {
        let known = variable("A", &"x".repeat(MAX_EXPANDED / 4));
        let lookup = |_: &str| Lookup::Here(&known);
        let command = commands(&letters(&["/kubelet", &" --a=${A}".repeat(9)].concat())).unwrap();
        let mut expansion = Expansion::new(&lookup);
        command[0].words.iter().for_each(|word| expansion.word(word));
        let known = expansion.args.iter().filter(|arg| matches!(arg, Arg::Word(..))).count();
        assert_eq!((known, expansion.args.len()), (4, 9));
    }
}
