//! The arguments of a kubelet as a person gives them: on one line, or in a file.

use std::fmt;

/// A program that is several at once, and takes as its first argument which one; older OpenShift runs `hyperkube kubelet`.
pub(super) const MULTI_CALL: &[u8] = b"hyperkube";

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
    let mut words = Vec::new();
    // Nothing between two words; an empty word only by an empty quotation.
    let mut word: Option<Vec<u8>> = None;
    let mut bytes = line.bytes().enumerate();
    while let Some((offset, byte)) = bytes.next() {
        let open = |mark: char| Unbalanced { mark, offset };
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => words.extend(word.take()),
            b'\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match bytes.next().ok_or(open('\''))? {
                        (_, b'\'') => break,
                        (_, byte) => word.push(byte),
                    }
                }
            }
            b'"' => {
                let word = word.get_or_insert_default();
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
                escaped => word.get_or_insert_default().push(escaped),
            },
            byte => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    Ok(without_program(words))
}

/// The arguments in a file, without the program's name if it stands first: parted by NUL, as in `/proc/PID/cmdline`, or
/// one on each line. Empty lines do not count. Lines are taken as they are, since no shell stands between.
#[must_use]
pub fn split_file(bytes: &[u8]) -> Vec<Vec<u8>> {
    let words = if bytes.contains(&0) {
        bytes.strip_suffix(b"\0").unwrap_or(bytes).split(|&byte| byte == 0).map(<[u8]>::to_vec).collect()
    } else {
        let lines = bytes.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        lines.filter(|line| !line.trim_ascii().is_empty()).map(<[u8]>::to_vec).collect()
    };
    without_program(words)
}

fn without_program(mut words: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let names = match words.as_slice() {
        [first, ..] if program_name(first) == PROGRAM => 1,
        [first, second, ..] if program_name(first) == MULTI_CALL && second == PROGRAM => 2,
        _ => 0,
    };
    words.drain(..names);
    words
}

/// The name of the program that a word stands for: what is behind its last `/`. A flag, such as `--config=/etc/kubelet`,
/// stands for none.
pub(super) fn program_name(word: &[u8]) -> &[u8] {
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
}
