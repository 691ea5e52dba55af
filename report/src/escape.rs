//! Text that comes from a target or a plugin is made harmless before a terminal sees it.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character could change what a reader sees of the others: control characters (terminal escape sequences begin
/// with one), bidirectional controls, invisible characters, line and paragraph separators, noncharacters.
pub fn is_deceptive(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (character as u32) & 0xfffe == 0xfffe
}

fn has_deceptive(text: &str) -> bool {
    // Nearly all texts are plain, and in blocks that is seen at once.
    let is_plain = |block: &[u8]| block.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    !text.as_bytes().chunks(64).all(is_plain) && text.chars().any(is_deceptive)
}

/// Text in one line with everything deceptive made visible: a line feed is `\n`, an escape character `\u{1b}`.
pub fn text(text: &str) -> Cow<'_, str> {
    if !has_deceptive(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    text.chars().for_each(|character| push(&mut shown, character));
    Cow::Owned(shown)
}

/// As [`text`], for several lines, which stay lines.
pub fn lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", self::text(line))).collect()
}

/// As [`text`], for bytes: those that are not UTF-8 are shown as `\xff`.
pub fn bytes(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|character| push(&mut shown, character));
        chunk.invalid().iter().for_each(|byte| push_byte(&mut shown, *byte));
    }
    shown
}

/// The character that bytes begin with.
pub(crate) fn first_character(bytes: &[u8]) -> Option<char> {
    // None takes more bytes.
    bytes[..bytes.len().min(4)].utf8_chunks().next()?.valid().chars().next()
}

/// As it is, but for what a CI system takes for a command in the output of a program: `##[…]` and `##vso[…]` anywhere, and
/// `::…::` at the beginning of a line.
pub fn commands(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut is_line_start = true;
    for (at, character) in text.char_indices() {
        let rest = &text.as_bytes()[at..];
        let is_command = match character {
            '#' => begins_command(rest),
            ':' => is_line_start && rest.starts_with(b"::") && !rest.starts_with(b":::"),
            _ => false,
        };
        if is_command {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
        is_line_start = character == '\n' || is_line_start && character.is_whitespace();
    }
    shown
}

fn begins_command(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"##") else { return false };
    let rest = if rest.len() > 3 && rest[..3].eq_ignore_ascii_case(b"vso") { &rest[3..] } else { rest };
    rest.starts_with(b"[")
}

/// One character, made visible.
pub(crate) fn push(shown: &mut String, character: char) {
    match character {
        '\n' | '\r' | '\t' => shown.extend(character.escape_default()),
        _ if is_deceptive(character) => shown.extend(character.escape_unicode()),
        _ => shown.push(character),
    }
}

/// One byte that is not UTF-8, made visible.
pub(crate) fn push_byte(shown: &mut String, byte: u8) {
    // Writing to a string cannot fail.
    let _ = write!(shown, "\\x{byte:02x}");
}

/// A JSON text in which everything deceptive is escaped as JSON does it, and what a CI system would take for a command.
/// Outside of strings JSON knows no such characters but white space, and compact JSON has none of that, so the text means
/// the same afterwards.
pub(crate) fn json(text: String) -> String {
    let text = if text.contains("##") { text.replace("##", "#\\u0023") } else { text };
    if !has_deceptive(&text) {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_deceptive(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deceptive_characters_become_visible() {
        assert_eq!(text("plain ü 漢 ✓"), "plain ü 漢 ✓");
        assert_eq!(text("a\u{1b}[31mred\n"), "a\\u{1b}[31mred\\n");
        assert_eq!(text("a\u{202e}b\u{2066}c\u{9b}d\u{200b}"), "a\\u{202e}b\\u{2066}c\\u{9b}d\\u{200b}");
        assert_eq!(bytes(b"/etc/\xff\xfe\t\xc3\xbc"), "/etc/\\xff\\xfe\\tü");
    }

    #[test]
    fn json_means_the_same_and_has_nothing_deceptive() {
        let value = serde_json::json!({"k\u{7f}": "\u{9b}31m \u{202e} \u{e0041} \n ü ##vso[a]"});
        let shown = json(value.to_string());
        assert!(!shown.contains("##"), "{shown}");
        assert!(!shown.chars().any(is_deceptive), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }

    #[test]
    fn commands_of_ci_systems_are_no_commands() {
        let text = "a ##vso[task.complete]\n  ::stop-commands::x\n  ::: /k.json:1\n##[add-mask]\n a ::error::\n###";
        let shown = commands(text);
        assert!(!shown.contains("##vso") && !shown.contains("##["), "{shown}");
        assert!(shown.contains("\n  \\u{3a}:stop-commands::x\n  ::: /k.json:1\n"), "{shown}");
        assert!(shown.contains("\n a ::error::\n"), "{shown}");
        assert_eq!(commands("a\n\n## c: d\n"), "a\n\n## c: d\n");
    }
}
