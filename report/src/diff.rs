//! What becomes of a document, as a unified diff.

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use kubevet_rules::model::{Content, Document, Outcome, Span};
use similar::TextDiff;

use crate::{escape, mask};

/// The change from one document to another, as a unified diff of a file of this name; empty where they are the same. What is
/// withheld of them is masked.
///
/// Lines are as they are in the file, but for characters that change what a reader sees of the others.
#[must_use]
pub fn unified(name: &str, old: (&Document, &[Span]), new: (&Document, &[Span]), color: bool) -> String {
    let (old, new) = (shown(old.0, old.1), shown(new.0, new.1));
    let name = escape::text(name);
    let diff = TextDiff::from_lines(&old, &new).unified_diff().header(&name, &name).to_string();
    if color { diff.split_inclusive('\n').map(colored).collect() } else { diff }
}

fn colored(line: &str) -> String {
    let colored = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    let style = match line.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => Style::new().effects(Effects::BOLD),
        [b'+', ..] => colored(AnsiColor::Green),
        [b'-', ..] => colored(AnsiColor::Red),
        [b'@', ..] => colored(AnsiColor::Cyan),
        _ => return line.to_owned(),
    };
    let text = line.trim_end_matches('\n');
    format!("{style}{text}{style:#}{}", &line[text.len()..])
}

/// The document as it can be shown: tabs and the ends of lines change nothing of what a reader sees.
fn shown(document: &Document, withheld: &[Span]) -> String {
    let mut masked = [document.clone()];
    mask(&mut masked, withheld);
    let Outcome::Found(Content::File(bytes)) = &masked[0].outcome else { return String::new() };
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        let mut characters = chunk.valid().chars().peekable();
        while let Some(character) = characters.next() {
            let ends_line = character == '\r' && characters.peek() == Some(&'\n');
            match character {
                '\n' | '\t' => shown.push(character),
                '\r' if ends_line => shown.push(character),
                _ => escape::push(&mut shown, character),
            }
        }
        chunk.invalid().iter().for_each(|byte| escape::push_byte(&mut shown, *byte));
    }
    escape::commands(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::file;

    #[test]
    fn what_a_terminal_would_take_for_a_command_is_made_visible() {
        let old = file(1, "/k", "a: \u{1b}[2J\u{202e}\r\n\tb: 1\r\n");
        let new = file(1, "/k", "a: \u{1b}[2J\u{202e}\r\n\tb: 2\r\n");
        let diff = unified("k\u{7}", (&old, &[]), (&new, &[]), false);
        assert_eq!(
            diff,
            "--- k\\u{7}\n+++ k\\u{7}\n@@ -1,2 +1,2 @@\n a: \\u{1b}[2J\\u{202e}\r\n-\tb: 1\r\n+\tb: 2\r\n"
        );
    }

    #[test]
    fn what_a_ci_system_would_take_for_a_command_is_made_visible() {
        let old = file(1, "/k", "::stop-commands::x\n# ##vso[task.complete]\nb: 1\n");
        let new = file(1, "/k", "::stop-commands::x\n# ##vso[task.complete]\nb: 2\n");
        let diff = unified("k", (&old, &[]), (&new, &[]), false);
        assert!(diff.contains("\n \\u{3a}:stop-commands::x\n # \\u{23}#vso[task"), "{diff}");
    }

    #[test]
    fn what_is_withheld_is_masked() {
        let (old, new) = (file(1, "/k", "secret: abc\nb: 1"), file(1, "/k", "secret: abc\nb: 22"));
        let withheld = [Span { document: 1, part: 0, start: 8, end: 11 }];
        let diff = unified("/k", (&old, &withheld), (&new, &withheld), false);
        assert!(diff.contains(" secret: xxx\n-b: 1\n") && diff.contains("\n+b: 22\n"), "{diff}");
    }

    #[test]
    fn colours_end_with_their_line() {
        let (old, new) = (file(1, "/k", "a\n"), file(1, "/k", "b\n"));
        let diff = unified("/k", (&old, &[]), (&new, &[]), true);
        assert!(diff.contains("\u{1b}[31m-a\u{1b}[0m\n\u{1b}[32m+b\u{1b}[0m\n"), "{diff:?}");
        assert_eq!(unified("/k", (&old, &[]), (&old, &[]), true), "");
    }
}
