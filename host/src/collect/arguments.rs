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
        [first, ..] if base_name(first) == PROGRAM => 1,
        [first, second, ..] if base_name(first) == MULTI_CALL && second == PROGRAM => 2,
        _ => 0,
    };
    words.drain(..names);
    words
}

/// The part of a path after its last `/`.
pub(super) fn base_name(path: &[u8]) -> &[u8] {
    path.rsplit(|&byte| byte == b'/').next().unwrap_or(path)
}
