//! The unit that starts k3s, as its installer writes it: systemd's `ExecStart=`, as far as it says what there is
//! (`config_parse_exec`). What depends on variables or on the host is not known, where it matters.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::{CommandLine, Seen};
use crate::kubelet::problems::Problems;
use crate::kubelet::values;
use crate::message::Words;
use crate::model::{Span, Want};

const SILENT: Words = words!("does not tell how k3s is started", "k3s の起動方法が書かれていません");

/// A word of the command line of k3s.
pub struct Word {
    /// Without quotes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The options that matter.
pub fn is_option(name: &str) -> bool {
    matches!(name, "kubelet-arg" | "config" | "c" | "data-dir" | "d")
}

/// The name of an option with its value, where that stands in the same word: one dash is as good as two.
pub fn option(word: &str) -> Option<(&str, Option<&str>)> {
    let word = word.strip_prefix('-')?;
    let word = word.strip_prefix('-').unwrap_or(word);
    Some(word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value))))
}

/// A file with the places in it that may be shown.
pub type Shown<'a> = (u32, &'a [u8], Vec<Range<usize>>);

impl CommandLine {
    /// The words that k3s is started with.
    pub(super) fn unit_words<'a>(&mut self, seen: &Seen<'a>, name: &str, files: &mut Vec<Shown<'a>>) -> Vec<Word> {
        let path = ["/etc/systemd/system/", name, ".service"].concat();
        let mut unit = Want::File(path.clone().into());
        let drop_ins = self.files(seen, (path + ".d").into_bytes(), &[".conf"]);
        let mut words = Some(vec![]);
        for want in [unit.clone()].into_iter().chain(drop_ins) {
            let Some((id, bytes)) = self.read_if_there(seen, &want) else { continue };
            let mut keys = vec![];
            for (key, value) in starts(bytes, id) {
                keys.push(key);
                (words, unit) = (value, want.clone());
            }
            files.push((id, bytes, keys));
        }
        let is_k3s = |program: &Word| {
            let name = program.text.rsplit('/').next().unwrap_or_default();
            name.starts_with("k3s") && !program.text.starts_with('@')
        };
        match words {
            Some(words) if words.first().is_some_and(is_k3s) && !is_open(&words) => words,
            _ => {
                if self.wants.is_empty() {
                    self.give_up(&unit, None, SILENT);
                }
                vec![]
            }
        }
    }

    /// Nothing else of these files is anybody's business.
    pub(super) fn withhold(&mut self, files: Vec<Shown>, shown: &[Span]) {
        let mut problems = Problems::default();
        for (id, bytes, mut ranges) in files {
            let spans = shown.iter().filter(|span| span.document == id);
            ranges.extend(spans.map(|span| span.start as usize..span.end as usize));
            problems.withhold_but(id, bytes, &ranges);
        }
        self.withheld.extend(problems.withheld);
    }
}

/// Whether systemd fills in something that may be an option that matters, or its value.
fn is_open(words: &[Word]) -> bool {
    let is_filled_in = |text: &str| text.contains(['$', '%', '\\']);
    words.iter().enumerate().filter(|(_, word)| is_filled_in(&word.text)).any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|at| option(&words[at].text));
        match (option(&word.text), before) {
            (Some((name, _)), _) => is_filled_in(name) || is_option(name),
            // Braces make one word of it, which is the value of the option before.
            (None, Some((name, None))) => is_option(name) || word.text.starts_with('$') && !word.text.starts_with("${"),
            _ => true,
        }
    })
}

/// What `ExecStart` is set to, each time, with the place of that key; no words where a quote is not closed.
fn starts(bytes: &[u8], document: u32) -> Vec<(Range<usize>, Option<Vec<Word>>)> {
    let mut plain = bytes.to_vec();
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        let text = line.trim_ascii_end();
        let goes_on = text.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        match line.trim_ascii_start() {
            // What goes on, goes on behind a comment.
            [b'#' | b';', ..] => plain[start..end].fill(b' '),
            _ if goes_on => plain[start + text.len() - 1..end].fill(b' '),
            _ => {}
        }
        start = end;
    }
    let mut found = vec![];
    let mut start = 0;
    for line in plain.split(|byte| *byte == b'\n') {
        let key = line.iter().position(|byte| *byte == b'=').unwrap_or(0);
        if line[..key].trim_ascii() == b"ExecStart" {
            found.push((start..start + key, words(line, key + 1, start, document)));
        }
        start += line.len() + 1;
    }
    found
}

/// The words of a line of a document, from here on.
fn words(line: &[u8], mut at: usize, offset: usize, document: u32) -> Option<Vec<Word>> {
    let mut words = vec![];
    while at < line.len() {
        if line[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let (start, mut text, mut quote) = (at, vec![], None);
        while let Some(byte) = line.get(at) {
            match (byte, quote) {
                (byte, Some(open)) if byte == open => quote = None,
                (b'\'' | b'"', None) => quote = Some(byte),
                (byte, None) if byte.is_ascii_whitespace() => break,
                _ => text.push(*byte),
            }
            at += 1;
        }
        if quote.is_some() {
            return None;
        }
        let span = Span { document, part: 0, start: (offset + start) as u32, end: (offset + at) as u32 };
        words.push(Word { text: values::text(&text), span });
    }
    Some(words)
}
