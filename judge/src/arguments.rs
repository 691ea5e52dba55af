//! The arguments of a kubelet as a person gives them: on one line, or in a file.

use std::fmt;
use std::ops::Range;

/// A program that is several at once, and takes as its first argument which one; older OpenShift runs `hyperkube kubelet`.
pub const MULTI_CALL: &[u8] = b"hyperkube";

/// What stands before the arguments when a whole command line was copied.
const PROGRAM: &[u8] = b"kubelet";

/// A line that ends inside a quotation, or with a backslash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbalanced {
    /// What is open: `'`, `"` or `\`.
    pub mark: char,
    /// Where it stands, in bytes from 0.
    pub offset: usize,
}

impl fmt::Display for Unbalanced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mark, offset } = self;
        match mark {
            '\\' => write!(formatter, "nothing follows the backslash at byte {offset}"),
            _ => write!(formatter, "the quotation that {mark} opens at byte {offset} is never closed"),
        }
    }
}

impl std::error::Error for Unbalanced {}

/// An argument, and where it stands in the text that it was read from, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What the kubelet gets.
    pub bytes: Vec<u8>,
    /// Where it stands, quotes and all.
    pub range: Range<usize>,
}

/// The arguments on a line, quoted as for a POSIX shell, without the program's name if it stands first. Nothing is
/// expanded: neither variables nor patterns, and `#` is an ordinary character.
///
/// A reader of our own, since the crate `shlex` makes an empty argument of a line that is continued with a backslash
/// (the usual form in documentation), takes `#` for a comment, and does not tell where a quotation is open.
///
/// # Errors
///
/// Where a quotation is not closed.
pub fn split_line(line: &str) -> Result<Vec<Vec<u8>>, Unbalanced> {
    Ok(bytes(words_of_line(line)?))
}

/// The arguments in a file, without the program's name if it stands first: parted by NUL, as in `/proc/PID/cmdline`, or
/// one on each line. Empty lines do not count. Lines are taken as they are, since no shell stands between.
#[must_use]
pub fn split_file(text: &[u8]) -> Vec<Vec<u8>> {
    bytes(words_of_file(text))
}

fn bytes(words: Vec<Word>) -> Vec<Vec<u8>> {
    words.into_iter().map(|word| word.bytes).collect()
}

/// As [`split_line`], with places.
///
/// # Errors
///
/// Where a quotation is not closed.
pub fn words_of_line(line: &str) -> Result<Vec<Word>, Unbalanced> {
    let mut words = Vec::new();
    // Nothing between two words; an empty word only by an empty quotation.
    let mut word: Option<(usize, Vec<u8>)> = None;
    let end = |word: Option<(usize, Vec<u8>)>, end| word.map(|(start, bytes)| Word { bytes, range: start..end });
    let mut bytes = line.bytes().enumerate();
    while let Some((offset, byte)) = bytes.next() {
        let open = |mark: char| Unbalanced { mark, offset };
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => words.extend(end(word.take(), offset)),
            b'\'' => {
                let (_, word) = word.get_or_insert((offset, vec![]));
                loop {
                    match bytes.next().ok_or(open('\''))? {
                        (_, b'\'') => break,
                        (_, byte) => word.push(byte),
                    }
                }
            }
            b'"' => {
                let (_, word) = word.get_or_insert((offset, vec![]));
                loop {
                    match bytes.next().ok_or(open('"'))? {
                        (_, b'"') => break,
                        (_, b'\\') => match bytes.next().ok_or(open('"'))?.1 {
                            b'\n' => {}
                            escaped @ (b'$' | b'`' | b'"' | b'\\') => word.push(escaped),
                            other => word.extend([b'\\', other]),
                        },
                        (_, byte) => word.push(byte),
                    }
                }
            }
            b'\\' => match bytes.next().ok_or(open('\\'))?.1 {
                // The line goes on below.
                b'\n' => {}
                escaped => word.get_or_insert((offset, vec![])).1.push(escaped),
            },
            byte => word.get_or_insert((offset, vec![])).1.push(byte),
        }
    }
    words.extend(end(word, line.len()));
    Ok(without_program(words))
}

/// As [`split_file`], with places.
#[must_use]
pub fn words_of_file(text: &[u8]) -> Vec<Word> {
    let has_nul = text.contains(&0);
    let separator = if has_nul { 0 } else { b'\n' };
    let text = if has_nul { text.strip_suffix(b"\0").unwrap_or(text) } else { text };
    let mut start = 0;
    let mut words = vec![];
    for part in text.split(|&byte| byte == separator) {
        let word = if has_nul { part } else { part.strip_suffix(b"\r").unwrap_or(part) };
        if has_nul || !word.trim_ascii().is_empty() {
            words.push(Word { bytes: word.to_vec(), range: start..start + word.len() });
        }
        start += part.len() + 1;
    }
    without_program(words)
}

fn without_program(mut words: Vec<Word>) -> Vec<Word> {
    let names = match words.as_slice() {
        [first, ..] if program_name(&first.bytes) == PROGRAM => 1,
        [first, second, ..] if program_name(&first.bytes) == MULTI_CALL && second.bytes == PROGRAM => 2,
        _ => 0,
    };
    words.drain(..names);
    words
}

/// The arguments in a text that somebody pasted, with places: a command line, as [`words_of_line`] reads it; what
/// `/proc/PID/cmdline` holds; or assignments of systemd, such as `KUBELET_EXTRA_ARGS=--v=2` or `Environment="ARGS=--v=2"`.
///
/// # Errors
///
/// Where a quotation is not closed.
pub fn words_of_text(text: &str) -> Result<Vec<Word>, Unbalanced> {
    if text.contains('\0') {
        return Ok(words_of_file(text.as_bytes()));
    }
    if !text.lines().any(|line| assigned(line).is_some()) {
        return words_of_line(text);
    }
    let mut words = vec![];
    let mut start = 0;
    for line in text.split('\n') {
        if let Some(value) = assigned(line) {
            let offset = start + line.len() - line.trim_ascii_start().len() + value.start;
            let moved = |range: Range<usize>| range.start + offset..range.end + offset;
            let value = &line.trim_ascii_start()[value];
            let value = words_of_line(value).map_err(|open| Unbalanced { offset: open.offset + offset, ..open })?;
            words.extend(value.into_iter().map(|word| Word { range: moved(word.range), ..word }));
        }
        start += line.len() + 1;
    }
    Ok(words)
}

/// Where the arguments stand in an assignment, without the quotes around them; nowhere, in a line that is none.
fn assigned(line: &str) -> Option<Range<usize>> {
    let line = line.trim_ascii();
    let mut start = 0;
    for word in ["export ", "ExecStart=", "Environment="] {
        if line[start..].starts_with(word) {
            start += word.len();
        }
    }
    let mut end = line.len();
    let unquote = |start: usize, end: usize| {
        let text = &line[start..end];
        let is_quoted =
            text.len() > 1 && text.starts_with(['"', '\'']) && text.as_bytes().last() == text.as_bytes().first();
        if is_quoted { (start + 1, end - 1) } else { (start, end) }
    };
    (start, end) = unquote(start, end);
    let name =
        line[start..end].bytes().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    let name = name.count();
    if name > 0 && line[start + name..end].starts_with('=') {
        (start, end) = unquote(start + name + 1, end);
        return Some(start..end);
    }
    line.starts_with("ExecStart=").then_some(start..end)
}

/// The name of the program that a word stands for: what is behind its last `/`. A flag, such as `--config=/etc/kubelet`,
/// stands for none.
#[must_use]
pub fn program_name(word: &[u8]) -> &[u8] {
    match word {
        [b'-', ..] => b"",
        path => path.rsplit(|&byte| byte == b'/').next().unwrap_or(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Vec<String> {
        split_line(text).unwrap().into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
    }

    fn file(text: &[u8]) -> Vec<Vec<u8>> {
        split_file(text)
    }

    #[test]
    fn a_line_is_split_like_a_shell_would() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            (" \t\n", &[]),
            ("--a=1 --b", &["--a=1", "--b"]),
            ("--a 'x y' --b=\"p q\"", &["--a", "x y", "--b=p q"]),
            ("--a='' '' \"\"", &["--a=", "", ""]),
            (r#"--a="\"\$\`\\" --b="\n""#, &[r#"--a="$`\"#, r"--b=\n"]),
            (r"--a=x\ y --b='\'", &["--a=x y", r"--b=\"]),
            ("--a=1 \\\n  --b=2", &["--a=1", "--b=2"]),
            ("--a=\\\n1", &["--a=1"]),
            ("--a=\"1\\\n2\"", &["--a=12"]),
            ("--a=1\r\n--b=2", &["--a=1", "--b=2"]),
            // No shell: nothing is expanded, and nothing is a comment.
            (
                "--a=$HOME --b=* --eviction-hard=memory.available<5% #c",
                &["--a=$HOME", "--b=*", "--eviction-hard=memory.available<5%", "#c"],
            ),
            ("--labels=ü=ä", &["--labels=ü=ä"]),
        ];
        for (text, expected) in cases {
            assert_eq!(line(text), *expected, "{text}");
        }
    }

    #[test]
    fn an_open_quotation_is_told_with_its_place() {
        let cases = [
            ("--a='x", '\'', 4, "byte 4"),
            ("--a=\"x y", '"', 4, "never closed"),
            ("--a=\"it's\" 'b", '\'', 11, "byte 11"),
            ("--a=\"x\\\"", '"', 4, "never closed"),
            ("--a=\"x\\", '"', 4, "never closed"),
            ("--a \\", '\\', 4, "nothing follows"),
        ];
        for (text, mark, offset, said) in cases {
            let error = split_line(text).unwrap_err();
            assert_eq!(error, Unbalanced { mark, offset }, "{text}");
            assert!(error.to_string().contains(said), "{error}");
        }
    }

    #[test]
    fn the_name_of_the_program_is_dropped_once() {
        assert_eq!(line("kubelet --a"), ["--a"]);
        assert_eq!(line("/usr/bin/kubelet kubelet"), ["kubelet"]);
        assert_eq!(line("/usr/bin/hyperkube kubelet --a"), ["--a"]);
        assert_eq!(line("hyperkube proxy"), ["hyperkube", "proxy"]);
        assert_eq!(line("kubelet.sh --a"), ["kubelet.sh", "--a"]);
        assert_eq!(line("--config=/x/kubelet"), ["--config=/x/kubelet"], "a flag is no program");
    }

    #[test]
    fn a_file_holds_one_argument_a_line() {
        assert_eq!(file(b"--a=x y\r\n\n  \n--b='q'\n"), [&b"--a=x y"[..], b"--b='q'"]);
        assert_eq!(file(b"/usr/bin/kubelet\n--a"), [b"--a"]);
        assert_eq!(file(b""), Vec::<Vec<u8>>::new());
        assert_eq!(file(b"--a=\xff\r\r\n"), [b"--a=\xff\r"]);
    }

    #[test]
    fn a_file_with_nul_is_a_command_line_of_proc() {
        assert_eq!(file(b"/usr/bin/kubelet\0--a=\n\0\0--b\0"), [&b"--a=\n"[..], b"", b"--b"]);
        assert_eq!(file(b"--a\0--b"), [b"--a", b"--b"]);
    }

    #[test]
    fn words_know_where_they_stand() {
        for (text, expected) in [
            ("kubelet --a=1  '--b=x y' \\\n --c\n", &["--a=1", "'--b=x y'", "--c"][..]),
            ("/usr/bin/kubelet\0--a=x y\0--b\0", &["--a=x y", "--b"]),
            ("KUBELET_EXTRA_ARGS=--v=2 --node-ip=::1", &["--v=2", "--node-ip=::1"]),
            (
                "# why\n\n  Environment=\"A_1=--v=2 --b='c d'\"\nexport B=\"--c\"\nC='--d'",
                &["--v=2", "--b='c d'", "--c", "--d"],
            ),
            ("[Service]\nExecStart=/usr/bin/kubelet --v=2", &["--v=2"]),
            ("--a=\"ü\" --ö", &["--a=\"ü\"", "--ö"]),
        ] {
            let words = words_of_text(text).unwrap();
            let places: Vec<&str> = words.iter().map(|word| &text[word.range.clone()]).collect();
            assert_eq!(places, expected, "{text}");
        }
        assert_eq!(words_of_text("A=--v=2\nB='--x").unwrap_err(), Unbalanced { mark: '\'', offset: 10 });
    }
}
