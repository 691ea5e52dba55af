//! The command line as the kubelet parses it: which words are flags, and which words are their values.
//!
//! Follows spf13/pflag (flag.go, `parseArgs`), and the kubelet's two parses of the same words (cmd/kubelet/app/server.go). What
//! a value means is decided in [`precedence`](super::precedence).

use alloc::string::String;
use alloc::vec::Vec;

use super::surface::{FLAGS, Flag, FlagGroup, FlagKind, Version};
use super::{values, vendor};
use crate::message::Text;
use crate::spelling;

/// The words of a command line, after the program's name.
pub type Words = [Vec<u8>];

/// A flag as it was given.
#[derive(Clone, Debug)]
pub struct Occurrence<'a> {
    /// The flag.
    pub flag: &'static Flag,
    /// The value's bytes; `true` for a switch without a value.
    pub value: &'a [u8],
    /// The number of the word that names the flag.
    pub word: usize,
    /// The word that holds the value: the same, or the next one.
    pub value_word: usize,
    /// Where the value begins in its word; the word's length for a switch without a value.
    pub value_start: usize,
}

impl Occurrence<'_> {
    /// The value as Go's strings show it.
    pub fn text(&self) -> String {
        values::text(self.value)
    }

    /// The flag and its value as they were typed; the value of a flag that may hold a secret is withheld.
    pub fn typed(&self, words: &Words) -> String {
        let shown = |word: usize| values::text(&words[word]);
        match (self.flag.is_secret(), self.value_word == self.word) {
            (true, _) => ["--", self.flag.name(), "=…"].concat(),
            (false, true) => shown(self.word),
            (false, false) => [&*shown(self.word), " ", &shown(self.value_word)].concat(),
        }
    }
}

impl Flag {
    /// Whether the value may hold a secret: the URL of a static pod, and the headers that fetch it, often do.
    pub fn is_secret(&self) -> bool {
        self.kind == FlagKind::Multimap || self.name() == "manifest-url"
    }
}

/// Which of the kubelet's two parses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// All flags, `--help` included.
    First,
    /// Again, over what the files say. The libraries' flags are stand-ins that take any value, and have forgotten that they
    /// may stand without one (`newFakeFlagSet`); `--help` is not registered (`kubeletConfigFlagPrecedence`).
    Second,
}

/// What a parse finds wrong, at a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagError {
    /// What.
    pub kind: FlagErrorKind,
    /// The number of the offending word.
    pub word: usize,
}

/// What a parse finds wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagErrorKind {
    /// The kubelet prints its usage and ends.
    Help,
    /// No flag of this version has this name.
    Unknown(String, Version),
    /// A single dash before a long name.
    UnknownShorthand(String),
    /// Such as `--=x`.
    Syntax(String),
    /// The flag ends the command line and needs a value.
    NoValue(&'static str),
}

impl FlagErrorKind {
    /// What is wrong, for people.
    pub fn text(&self) -> Text {
        match self {
            FlagErrorKind::Help => {
                words!("the kubelet prints its help text and ends", "kubelet はヘルプを表示して終了します").into()
            }
            FlagErrorKind::Unknown(flag, version) => match near(flag, *version) {
                None => text!(
                    "the kubelet has no flag `--{flag}`",
                    "kubelet にフラグ `--{flag}` はありません",
                    flag = &**flag
                ),
                Some(near) => text!(
                    "the kubelet has no flag `--{flag}`; did you mean `--{near}`?",
                    "kubelet にフラグ `--{flag}` はありません。`--{near}` の間違いではありませんか?",
                    flag = &**flag,
                    near
                ),
            },
            FlagErrorKind::UnknownShorthand(word) => text!(
                "`{word}` is read as one-letter flags, which the kubelet does not have; long flags take two dashes",
                "`{word}` は kubelet にない 1 文字のフラグとして解釈されます。長いフラグにはダッシュが 2 つ必要です",
                word = &**word
            ),
            FlagErrorKind::Syntax(word) => text!(
                "`{word}` is no flag: after the dashes comes a name",
                "`{word}` はフラグではありません。ダッシュの後には名前が必要です",
                word = &**word
            ),
            FlagErrorKind::NoValue(flag) => text!(
                "`--{flag}` ends the command line, but needs a value",
                "`--{flag}` には値が必要ですが、コマンドラインがここで終わっています",
                flag = *flag
            ),
        }
    }
}

/// What a parse found.
#[derive(Debug, Default)]
pub struct Parsed<'a> {
    /// The flags, in their order.
    pub flags: Vec<Occurrence<'a>>,
    /// The numbers of the words that are neither flags nor values. The kubelet takes none.
    pub positional: Vec<usize>,
    /// The numbers of the words that are flags of a vendor's own build.
    pub vendors: Vec<usize>,
    /// Single-dash words that start with `-test.`, which pflag skips in silence.
    pub skipped: Vec<usize>,
    /// What ended the parse; the flags before it were still set.
    pub error: Option<FlagError>,
    /// `--help`, with the value it was given.
    pub help: Option<(usize, String)>,
}

/// Parses a command line.
pub fn parse(words: &Words, version: Version, pass: Pass) -> Parsed<'_> {
    let mut parser = Parser { words, version, pass, next: 0, parsed: Parsed::default() };
    if let Err(error) = parser.run() {
        parser.parsed.error = Some(error);
    }
    parser.parsed
}

struct Parser<'a> {
    words: &'a Words,
    version: Version,
    pass: Pass,
    next: usize,
    parsed: Parsed<'a>,
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<(), FlagError> {
        while let Some(word) = self.words.get(self.next) {
            let number = self.next;
            self.next += 1;
            match word.as_slice() {
                b"--" => {
                    self.parsed.positional.extend(self.next..self.words.len());
                    return Ok(());
                }
                [b'-', b'-', ..] => self.long(word, number)?,
                [b'-', _, ..] => self.short(word, number)?,
                _ => self.parsed.positional.push(number),
            }
        }
        Ok(())
    }

    fn long(&mut self, word: &'a [u8], number: usize) -> Result<(), FlagError> {
        let body = &word[2..];
        let error = |kind| Err(FlagError { kind, word: number });
        if matches!(body[0], b'-' | b'=') {
            return error(FlagErrorKind::Syntax(values::text(word)));
        }
        let equals = body.iter().position(|byte| *byte == b'=');
        let name = values::text(&body[..equals.unwrap_or(body.len())]);
        let attached = equals.map(|at| (2 + at + 1, &body[at + 1..]));
        let Some(flag) = find(&name, self.version) else {
            return match (normalised(&name).as_str(), self.pass) {
                ("help", Pass::First) => self.help(number, attached.map(|(_, value)| value)),
                // pflag knows the word without it being registered, but only as it is: usage, and the end.
                ("help", Pass::Second) => error(FlagErrorKind::Help),
                (name, _) if vendor::has_flag(self.words, name) => {
                    self.parsed.vendors.push(number);
                    self.next += usize::from(attached.is_none());
                    Ok(())
                }
                _ => error(FlagErrorKind::Unknown(name, self.version)),
            };
        };
        match attached {
            Some((start, value)) => self.push(flag, value, number, number, start),
            None if self.takes_no_value(flag) => self.push(flag, b"true", number, number, word.len()),
            None => return self.push_next(flag, number),
        }
        Ok(())
    }

    fn short(&mut self, word: &'a [u8], number: usize) -> Result<(), FlagError> {
        // Flags of Go's test runner (pflag golangflag.go).
        if word.starts_with(b"-test.") {
            self.parsed.skipped.push(number);
            return Ok(());
        }
        let rest = &word[1..];
        match (rest[0], self.pass) {
            // A switch, so it cannot take the letters behind it; they are flags of their own.
            (b'h', Pass::First) => match &rest[1..] {
                [b'=', value @ ..] if !value.is_empty() => self.help(number, Some(value)),
                [] => self.help(number, None),
                _ => {
                    self.help(number, None)?;
                    Err(FlagError { kind: FlagErrorKind::UnknownShorthand(values::text(word)), word: number })
                }
            },
            (b'h', Pass::Second) => Err(FlagError { kind: FlagErrorKind::Help, word: number }),
            (letter, _) => {
                let Some(flag) =
                    FLAGS.iter().find(|flag| flag.shorthand == letter && self.version.is_in(flag.versions))
                else {
                    return Err(FlagError { kind: FlagErrorKind::UnknownShorthand(values::text(word)), word: number });
                };
                match &rest[1..] {
                    [] => return self.push_next(flag, number),
                    [b'=', value @ ..] if !value.is_empty() => self.push(flag, value, number, number, 3),
                    value => self.push(flag, value, number, number, 2),
                }
                Ok(())
            }
        }
    }

    fn help(&mut self, number: usize, value: Option<&[u8]>) -> Result<(), FlagError> {
        self.parsed.help = Some((number, value.map_or("true".into(), values::text)));
        Ok(())
    }

    fn takes_no_value(&self, flag: &Flag) -> bool {
        flag.is_switch() && !(self.pass == Pass::Second && flag.group == FlagGroup::Global)
    }

    /// The value is the next word, whatever it looks like.
    fn push_next(&mut self, flag: &'static Flag, number: usize) -> Result<(), FlagError> {
        let Some(value) = self.words.get(self.next) else {
            return Err(FlagError { kind: FlagErrorKind::NoValue(flag.name()), word: number });
        };
        self.push(flag, value, number, self.next, 0);
        self.next += 1;
        Ok(())
    }

    fn push(&mut self, flag: &'static Flag, value: &'a [u8], word: usize, value_word: usize, value_start: usize) {
        self.parsed.flags.push(Occurrence { flag, value, word, value_word, value_start });
    }
}

/// Flag names know no underscores (component-base cli/flag, `WordSepNormalizeFunc`).
fn normalised(name: &str) -> String {
    name.replace('_', "-")
}

fn find(name: &str, version: Version) -> Option<&'static Flag> {
    let exactly = |name: &str| FLAGS.iter().find(|flag| flag.is(name) && version.is_in(flag.versions));
    if name.contains('_') { exactly(&normalised(name)) } else { exactly(name) }
}

/// The flag that a misspelt name, or the name of a configuration field, probably stands for.
fn near(name: &str, version: Version) -> Option<&'static str> {
    if name.len() > 64 {
        return None;
    }
    let wanted: String = squeezed(name).collect();
    let is_wanted = |name: &str| squeezed(name).eq(wanted.chars());
    let known = || FLAGS.iter().filter(|flag| version.is_in(flag.versions));
    known()
        .find(|flag| is_wanted(flag.name()) || is_wanted(flag.field()))
        .or_else(|| spelling::nearest(&wanted, 2, known(), |flag| squeezed(flag.name()).collect()))
        .map(|flag| flag.name())
}

fn squeezed(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<Vec<u8>> {
        line.split(' ').map(|word| word.as_bytes().to_vec()).collect()
    }

    fn shown(line: &str, pass: Pass) -> String {
        let words = words(line);
        let parsed = parse(&words, Version::newest(), pass);
        let flags: Vec<_> = parsed.flags.iter().map(|flag| format!("{}={}", flag.flag.name(), flag.text())).collect();
        format!("{} | {} | {:?}", flags.join(" "), parsed.positional.len(), parsed.error.map(|error| error.kind))
    }

    #[test]
    fn words_become_flags_as_pflag_reads_them() {
        let cases = [
            ("--read-only-port 0 --fail-swap-on false", "read-only-port=0 fail-swap-on=true | 1 | None"),
            ("--make_iptables_util_chains=false", "make-iptables-util-chains=false | 0 | None"),
            ("--node-ip --make-iptables-util-chains=false", "node-ip=--make-iptables-util-chains=false | 0 | None"),
            ("--node-labels=a=b,c=--anonymous-auth", "node-labels=a=b,c=--anonymous-auth | 0 | None"),
            ("-v3 -v=2 -v 1", "v=3 v=2 v=1 | 0 | None"),
            ("-test.run=x --", " | 0 | None"),
            ("-- --v=2", " | 1 | None"),
            ("- x", " | 2 | None"),
        ];
        for (line, expected) in cases {
            assert_eq!(shown(line, Pass::First), expected, "{line}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (line, expected) in [
            ("--no-such", "the kubelet has no flag `--no-such`"),
            (
                "--makeIPTablesUtilChains=false",
                "the kubelet has no flag `--makeIPTablesUtilChains`; did you mean `--make-iptables-util-chains`?",
            ),
            ("--readonly-port=0", "the kubelet has no flag `--readonly-port`; did you mean `--read-only-port`?"),
            ("---x", "`---x` is no flag: after the dashes comes a name"),
            ("--config", "`--config` ends the command line, but needs a value"),
        ] {
            let words = words(line);
            let error = parse(&words, Version::newest(), Pass::First).error.unwrap();
            assert_eq!(error.kind.text().in_language(crate::message::Language::English), expected);
        }
    }

    #[test]
    fn help_ends_the_second_parse_even_when_it_is_false() {
        assert_eq!(shown("--help=false", Pass::First), " | 0 | None");
        assert_eq!(shown("--help=false", Pass::Second), " | 0 | Some(Help)");
    }
}
