//! Unit files and drop-ins (systemd src/shared/conf-parser.c): sections, lines that go on, comments.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::letters::{self, Letter};

/// A `key=value`.
#[derive(Debug)]
pub struct Directive {
    /// The key.
    pub key: String,
    /// Where it stands.
    pub place: Range<usize>,
    /// The value, without blanks around it.
    pub value: Vec<Letter>,
}

/// What a unit or a drop-in says of its service.
#[derive(Debug, Default)]
pub struct Unit {
    /// The directives of `[Service]`, in their order.
    pub directives: Vec<Directive>,
    /// Where a template decides which of them there are.
    pub condition: Option<Range<usize>>,
    section: Section,
}

#[derive(Debug, Default, PartialEq)]
enum Section {
    #[default]
    None,
    Service,
    Other,
}

/// Reads a unit; none where a text is none, as every line of a unit stands in a section.
pub fn read(text: &[Letter]) -> Option<Unit> {
    let mut unit = Unit::default();
    let text = if letters::begins(text, b"\xef\xbb\xbf") { &text[3..] } else { text };
    let mut whole: Vec<Letter> = vec![];
    let mut goes_on = false;
    for line in text.split(|letter| letter.byte == b'\n') {
        let shown = letters::trimmed(line);
        if matches!(shown.first(), Some(Letter { byte: b'#' | b';', .. })) {
            continue;
        }
        // A line of a template is none of the unit.
        let is_condition = letters::is_condition(shown);
        if is_condition && goes_on {
            whole.extend(line.iter().chain(shown.last().map(|last| last.with(b' ')).as_ref()));
            continue;
        }
        if is_condition {
            unit.condition(shown);
            continue;
        }
        let line = if let [line @ .., Letter { byte: b'\r', .. }] = line { line } else { line };
        whole.extend(line);
        goes_on = line.iter().rev().take_while(|letter| letter.byte == b'\\').count() % 2 == 1;
        match whole.last_mut().filter(|_| goes_on) {
            Some(last) => *last = last.with(b' '),
            None => {
                unit.line(letters::trimmed(&whole))?;
                whole.clear();
            }
        }
    }
    unit.line(letters::trimmed(&whole))?;
    (unit.section != Section::None).then_some(unit)
}

impl Unit {
    fn condition(&mut self, line: &[Letter]) {
        if self.section == Section::Service {
            self.condition.get_or_insert(letters::span(line));
        }
    }

    /// A whole line; none where it stands in no section.
    fn line(&mut self, line: &[Letter]) -> Option<()> {
        if let [Letter { byte: b'[', .. }, .., Letter { byte: b']', .. }] = line {
            self.section = match letters::bytes(line).as_slice() {
                b"[Service]" => Section::Service,
                _ => Section::Other,
            };
            return Some(());
        }
        // What makes the text of all of it may say so on top.
        let is_remark = line.is_empty() || letters::tag(line) == Some(line.len());
        match (&self.section, letters::assignment(line)) {
            (Section::None, _) => return is_remark.then_some(()),
            (Section::Service, _) if is_remark && !line.is_empty() && !letters::begins(line, b"{#") => {
                self.condition.get_or_insert(letters::span(line));
            }
            (Section::Service, Some((key, value))) => {
                let key = letters::trimmed(key);
                self.directives.push(Directive {
                    key: letters::string(key),
                    place: letters::span(key),
                    value: letters::trimmed(value).to_vec(),
                });
            }
            _ => {}
        }
        Some(())
    }
}

/// What a list comes to: every assignment adds to it, and an empty one takes all before it away.
pub fn list<'a>(directives: &[&'a Directive], key: &str) -> Vec<&'a Directive> {
    let mut list = vec![];
    for directive in directives.iter().filter(|directive| directive.key == key) {
        match directive.value.is_empty() {
            true => list.clear(),
            false => list.push(*directive),
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::super::letters::testing::letters;
    use super::*;
    use crate::input::systemd::letters::{span, string};

    fn shown(text: &str) -> Vec<(String, String)> {
        let unit = read(&letters(text)).unwrap();
        unit.directives.iter().map(|directive| (directive.key.clone(), string(&directive.value))).collect()
    }

    fn one(key: &str, value: &str) -> Vec<(String, String)> {
        vec![(key.into(), value.into())]
    }

    #[test]
    fn blanks_around_keys_and_values_do_not_count() {
        assert_eq!(shown("[Service]\r\n  A  =  b c \r\n"), one("A", "b c"));
        assert_eq!(shown("\u{feff}[Unit]\nA=b\n[Service]\nC=d=e\n[Install]\nF=g"), one("C", "d=e"));
    }

    #[test]
    fn comments_are_lines_of_their_own() {
        assert_eq!(shown("# a\n; b\n[Service]\n  #A=1\nB=2 # c\n"), one("B", "2 # c"));
    }

    #[test]
    fn a_backslash_joins_lines_with_a_blank_and_skips_comments_between() {
        assert_eq!(shown("[Service]\nA=b\\\n# c\n ;d\n  e\\\\\nf=g"), [one("A", "b   e\\\\"), one("f", "g")].concat());
        assert_eq!(shown("[Service]\nA=b \\"), one("A", "b"));
        assert_eq!(shown("[Service]\nA=b \\\n\nC=d"), [one("A", "b"), one("C", "d")].concat());
        // Places outlive the joining.
        let unit = read(&letters("[Service]\nA=b \\\n  cd\n")).unwrap();
        let value = &unit.directives[0].value;
        assert_eq!(span(&value[value.len() - 2..]), 18..20);
    }

    #[test]
    fn an_empty_assignment_takes_those_before_it_away() {
        let unit = read(&letters("[Service]\nA=1\nA=2\nB=3\nA=\nA=4\nA=5")).unwrap();
        let all: Vec<&Directive> = unit.directives.iter().collect();
        let values = |key| list(&all, key).iter().map(|directive| string(&directive.value)).collect::<Vec<_>>();
        assert_eq!((values("A"), values("B")), (vec!["4".into(), "5".into()], vec!["3".into()]));
    }

    #[test]
    fn every_line_stands_in_a_section() {
        for text in ["", "A=b\n[Service]\n", "cat <<E\n[Service]\nE\n"] {
            assert!(read(&letters(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn templates_decide_over_lines() {
        let condition = |text| read(&letters(text)).unwrap().condition;
        assert_eq!(condition("{{ managed }}\n{% set a = 1 %}\n[Unit]\n{% if a %}\n[Service]\nA=1"), None);
        assert_eq!(condition("[Service]\n{% if a %}\nA=1"), Some(10..20));
        assert_eq!(condition("[Service]\n{{ lines }}\nA=1"), Some(10..21));
        assert_eq!(condition("[Service]\n{# words #}\nA=1"), None);
        assert_eq!(
            shown("[Service]\nA=b \\\n{% if c %}\n d \\\n{% endif %}\n e"),
            one("A", "b  {% if c %}  d  {% endif %}  e")
        );
    }
}
