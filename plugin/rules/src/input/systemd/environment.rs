//! What is in the environment of a service: `Environment=`, and the files of `EnvironmentFile=` (systemd
//! src/basic/env-file.c).

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::command_line::{self, Style};
use super::letters::{self, Letter};

/// A variable that is set.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where that stands.
    pub place: Range<usize>,
    /// Its value.
    pub value: Vec<Letter>,
}

/// What an `Environment=` says: assignments, and words that are none, which systemd ignores.
///
/// # Errors
/// A quote is not closed: systemd ignores all of it from there.
pub fn assignments(value: &[Letter]) -> Result<Vec<Result<Variable, Range<usize>>>, Range<usize>> {
    let words = command_line::words(value, Style::Unit)?;
    Ok(words.into_iter().map(|word| variable(&command_line::specified(&word.letters)).ok_or(word.span)).collect())
}

fn variable(word: &[Letter]) -> Option<Variable> {
    let (name, value) = letters::assignment(word)?;
    let text = letters::string(name);
    is_name(&text).then(|| Variable { name: text, place: letters::span(name), value: value.to_vec() })
}

/// Whether a variable may have this name.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A file of assignments.
#[derive(Debug, Default)]
pub struct EnvironmentFile {
    /// Those that count, in their order.
    pub variables: Vec<Variable>,
    /// Names that are none, and so drop their assignments: where they stand, and what they are.
    pub dropped: Vec<(Range<usize>, String)>,
    /// Where a template decides what there is.
    pub condition: Option<Range<usize>>,
    /// Whether a line is no assignment.
    pub has_others: bool,
}

/// Reads a file of assignments.
pub fn file(text: &[Letter]) -> EnvironmentFile {
    let mut file = EnvironmentFile::default();
    let mut at = 0;
    while let Some(letter) = text.get(at) {
        let length = letters::tag(&text[at..]);
        match (letter.byte, length) {
            (b'#' | b';', _) => at = end_of_line(text, at),
            (_, Some(length)) => {
                let tag = &text[at..at + length];
                if letters::is_condition(tag) {
                    file.condition.get_or_insert(letters::span(tag));
                }
                at += length;
            }
            _ if letter.is_blank() => at += 1,
            _ => at = file.assignment(text, at),
        }
    }
    file
}

fn end_of_line(text: &[Letter], at: usize) -> usize {
    let length = text[at..].iter().position(|letter| matches!(letter.byte, b'\n' | b'\r'));
    length.map_or(text.len(), |length| at + length)
}

impl EnvironmentFile {
    /// What begins with a name; where it ends.
    fn assignment(&mut self, text: &[Letter], at: usize) -> usize {
        let end = end_of_line(text, at);
        let Some((name, _)) = letters::assignment(&text[at..end]) else {
            self.has_others = true;
            return end;
        };
        let (value, end) = value(text, at + name.len() + 1);
        let name = letters::trimmed(name);
        let (place, name) = (letters::span(name), letters::string(name));
        match is_name(&name) {
            true => self.variables.push(Variable { name, place, value }),
            false => self.dropped.push((place, name)),
        }
        end
    }
}

/// The value that begins here, and where it ends. Pieces in quotes may span lines, and nothing is filled in.
fn value(text: &[Letter], mut at: usize) -> (Vec<Letter>, usize) {
    let mut value: Vec<Letter> = vec![];
    // Blanks count between letters that stand in no quotes; these are how many of the value stay whatever follows.
    let mut kept = 0;
    let mut is_open = false;
    while let Some(letter) = text.get(at) {
        if let Some(length) = letters::tag(&text[at..]) {
            value.extend(&text[at..at + length]);
            (at, kept, is_open) = (at + length, value.len(), true);
            continue;
        }
        at += 1;
        match letter.byte {
            b'\n' | b'\r' => break,
            quote @ (b'\'' | b'"') if !is_open => {
                at = quoted(text, at, quote, &mut value);
                kept = value.len();
            }
            b'\\' => {
                is_open = true;
                if let Some(next) = text.get(at) {
                    at += 1;
                    value.extend((!matches!(next.byte, b'\n' | b'\r')).then_some(next));
                }
                kept = value.len();
            }
            _ if letter.is_blank() && !is_open => {}
            _ => {
                value.push(*letter);
                is_open = true;
                if !letter.is_blank() {
                    kept = value.len();
                }
            }
        }
    }
    value.truncate(kept);
    (value, at)
}

/// A piece in quotes; where it ends.
fn quoted(text: &[Letter], mut at: usize, quote: u8, value: &mut Vec<Letter>) -> usize {
    while let Some(letter) = text.get(at) {
        if let Some(length) = letters::tag(&text[at..]) {
            value.extend(&text[at..at + length]);
            at += length;
            continue;
        }
        at += 1;
        match (letter.byte, text.get(at)) {
            (byte, _) if byte == quote => break,
            (b'\\', Some(next)) if quote == b'"' => {
                at += 1;
                match next.byte {
                    b'\n' => {}
                    b'"' | b'\\' | b'`' | b'$' => value.push(*next),
                    _ => value.extend([letter, next]),
                }
            }
            _ => value.push(*letter),
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::letters::testing::letters;
    use super::*;

    fn shown(variables: &[Variable]) -> Vec<String> {
        variables.iter().map(|variable| format!("{}={}", variable.name, letters::string(&variable.value))).collect()
    }

    fn of_file(text: &str) -> Vec<String> {
        shown(&file(&letters(text)).variables)
    }

    fn of_unit(text: &str) -> Vec<String> {
        shown(&assignments(&letters(text)).unwrap().into_iter().flatten().collect::<Vec<_>>())
    }

    #[test]
    fn a_unit_sets_several_each_quoted_as_a_whole_or_not() {
        assert_eq!(of_unit(r#""A=x y" 'B=z'  C=1 D="2 3""#), ["A=x y", "B=z", "C=1", "D=2 3"]);
        assert_eq!(of_unit("A=$B \"C=${D}\""), ["A=$B", "C=${D}"]);
        assert_eq!(of_unit("A=100%% B=<5%,x"), ["A=100%", "B=<5%,x"]);
        assert_eq!(of_unit("A=%H"), ["A={{ }}"]);
    }

    #[test]
    fn what_is_no_assignment_is_told() {
        let words = assignments(&letters("A=--b --c=d 1=2 E=")).unwrap();
        let wrong: Vec<_> = words.iter().filter_map(|word| word.as_ref().err()).collect();
        assert_eq!((wrong, words.iter().flatten().count()), (vec![&(6..11), &(12..15)], 2));
        assert_eq!(assignments(&letters("A=b \"C=d")).err(), Some(4..8));
    }

    #[test]
    fn a_file_is_trimmed_and_has_comments_on_lines_of_their_own() {
        assert_eq!(of_file("# c\n ; d\n  A = x y  \nB=x # y\n\nC=\n"), ["A=x y", "B=x # y", "C="]);
        // From systemd 254 on, a comment ends with its line whatever it ends in.
        assert_eq!(of_file("# c \\\nA=b"), ["A=b"]);
    }

    #[test]
    fn a_backslash_in_a_file_takes_the_next_letter_as_it_is() {
        assert_eq!(of_file("A=x\\\n  y\\ \nB=\\\"c\\\\"), ["A=x  y ", "B=\"c\\"]);
        assert_eq!(of_file("A=b\\"), ["A=b"]);
    }

    #[test]
    fn quotes_in_a_file_span_lines_and_join() {
        assert_eq!(of_file("A='b\\n\n$c' \nD=e"), ["A=b\\n\n$c", "D=e"]);
        assert_eq!(of_file("A=\"b\\\nc \\\" \\\\ \\` \\$d \\n\""), ["A=bc \" \\ ` $d \\n"]);
        assert_eq!(of_file("A='b c' \"d\"  e 'f'"), ["A=b cde 'f'"]);
        assert_eq!(of_file("A=\"open\nB=c"), ["A=open\nB=c"]);
    }

    #[test]
    fn nothing_is_filled_in_in_a_file() {
        assert_eq!(of_file("A=$B ${C} `d` $(e) %H"), ["A=$B ${C} `d` $(e) %H"]);
    }

    #[test]
    fn bad_names_and_other_lines() {
        let read = file(&letters("export A=b\n1=2\nC=d"));
        let dropped: Vec<_> = read.dropped.iter().map(|(place, name)| (place.clone(), &**name)).collect();
        assert_eq!((dropped, read.has_others), (vec![(0..8, "export A"), (11..12, "1")], false));
        assert!(file(&letters("A=b\nc d\n")).has_others);
    }

    #[test]
    fn templates_in_a_file() {
        assert_eq!(
            of_file("A=\"x {{ y | z(\"\") }}\"\nB={{ \"c\n\" }} d"),
            ["A=x {{ y | z(\"\") }}", "B={{ \"c\n\" }} d"]
        );
        let read = file(&letters("{# c #}\n{% if a %}\nA=b\n{% endif %}"));
        assert_eq!((read.condition, shown(&read.variables)), (Some(8..18), vec!["A=b".into()]));
    }
}
