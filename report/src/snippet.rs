//! Evidence as rustc shows it: the deciding text, a little around it, and what it means.
//!
//! Only an excerpt of a line ever reaches the renderer: clipped, escaped, without what is withheld. The location above it is
//! that of the whole line, see [`restore_locations`].

use crate::escape;
use crate::places::{Location, Places, Spot, line_end, line_start};
use annotate_snippets::{Annotation, AnnotationKind, Element, Origin, Patch, Snippet};
use kubevet_rules::model::{Edit, Place, Span};
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// How much of a line is shown before and after the deciding text, in columns: enough to recognise it, too little to print a
/// minified file or a command line. What stands before says more than what follows.
const BEFORE: usize = 40;
const AFTER: usize = 20;

/// How much of the deciding text is shown, in columns: with its context it fits into 100.
const DECIDING: usize = 40;

/// More bytes than this are never looked at: four for a column, and some for characters without width.
const CONTEXT_BYTES: usize = 4 * BEFORE + 40;

/// What stands for what is not shown.
const ELLIPSIS: char = '…';

/// Encloses a true location in a path given to the renderer. It is a noncharacter, which [`escape`] lets through from nowhere.
const MARK: char = '\u{fdd0}';

/// An element that shows a place: the deciding text with its label, or only the location where there is no text to show.
pub(crate) fn element<'l>(places: &Places<'_>, place: &Place, kind: AnnotationKind, label: &'l str) -> Element<'l> {
    let location = places.locate(place);
    match excerpt_of(places, &location) {
        Some(excerpt) => {
            let label = (!label.is_empty()).then(|| escape::text(label));
            excerpt.snippet(&location).annotation(kind.span(excerpt.deciding.clone()).label(label)).into()
        }
        None => Origin::path(location.to_string()).into(),
    }
}

/// Whether [`element`] shows the text of a place, and so its label.
pub(crate) fn is_shown(places: &Places<'_>, place: &Place) -> bool {
    excerpt_of(places, &places.locate(place)).is_some()
}

/// An element that shows an edit as a suggestion; none where it cannot be shown in one line, or nothing may be shown.
pub(crate) fn suggestion(places: &Places<'_>, edit: &Edit) -> Option<Element<'static>> {
    let location = places.locate(&Place::At(edit.span));
    let spot = location.spot.as_ref()?;
    // A line that is removed as a whole is shown as that line.
    let deciding = spot.text?;
    let in_line = deciding.strip_suffix(b"\n").map_or(deciding, |line| line.strip_suffix(b"\r").unwrap_or(line));
    let replacement = std::str::from_utf8(&edit.text).ok()?;
    if in_line.contains(&b'\n') || replacement.contains(escape::is_deceptive) {
        return None;
    }
    let excerpt = excerpt_of(places, &location)?;
    if excerpt.cut_inside {
        return None;
    }
    let patch = Patch::new(excerpt.deciding.clone(), replacement.to_owned());
    let snippet = Snippet::source(excerpt.text.clone()).line_start(spot.line).path(marked(&location));
    Some(snippet.patch(patch).into())
}

/// Undoes what [`Excerpt::snippet`] did to the locations: the renderer adds the column of the excerpt, which is not that of the file.
pub(crate) fn restore_locations(rendered: &str) -> String {
    let mut parts = rendered.split(MARK);
    let mut restored = parts.next().unwrap_or_default().to_owned();
    while let (Some(location), Some(rest)) = (parts.next(), parts.next()) {
        restored.push_str(location);
        restored.push_str(rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    restored
}

fn marked(location: &Location<'_>) -> String {
    format!("{MARK}{location}{MARK}")
}

/// A piece of a line that may be shown, and where the deciding text stands in it.
#[derive(Debug, PartialEq, Eq)]
struct Excerpt {
    text: String,
    deciding: Range<usize>,
    /// Whether the deciding text itself is shown only in part.
    cut_inside: bool,
}

impl Excerpt {
    fn snippet(&self, location: &Location<'_>) -> Snippet<'static, Annotation<'static>> {
        let spot = location.spot.as_ref();
        Snippet::source(self.text.clone())
            .line_start(spot.map_or(1, |spot| spot.line))
            // An argument has no line.
            .line_numbering(spot.is_some_and(|spot| spot.argument.is_none()))
            .path(marked(location))
    }
}

fn excerpt_of(places: &Places<'_>, location: &Location<'_>) -> Option<Excerpt> {
    let spot = location.spot.as_ref()?;
    spot.text?;
    Some(if spot.argument.is_some() { argument_excerpt(places, spot) } else { line_excerpt(places, spot) })
}

/// The first line of the deciding text, with its context.
fn line_excerpt(places: &Places<'_>, spot: &Spot<'_>) -> Excerpt {
    let (start, end) = (spot.span.start as usize, spot.span.end as usize);
    let line = line_start(spot.bytes, start)..line_end(spot.bytes, start);
    let first = start..end.min(line.end).max(start);
    let before = Cells::of(places, spot, line.start.max(start.saturating_sub(CONTEXT_BYTES))..start);
    let after = Cells::of(places, spot, first.end..line.end.max(first.end).min(first.end + CONTEXT_BYTES));
    let (deciding, cut_inside) = deciding_text(places, spot, first.clone());
    let (before, cut_before) = before.last(BEFORE);
    let (after, cut_after) = after.first(AFTER);
    let blank = spot.bytes[line.start..start].iter().all(u8::is_ascii_whitespace);
    let cut_before = !blank && (cut_before || line.start + CONTEXT_BYTES < start);
    let cut_after =
        cut_after || first.end + CONTEXT_BYTES < line.end || (end > line.end && !is_line_end(spot, first.end));
    assemble((cut_before, before), (deciding, cut_inside), (after, cut_after))
}

/// Whether nothing but the end of its line is left of the deciding text at an offset.
fn is_line_end(spot: &Spot<'_>, offset: usize) -> bool {
    spot.bytes[offset..spot.span.end as usize].iter().all(|byte| matches!(byte, b'\r' | b'\n'))
}

/// An argument; where a flag and its value are two arguments, both.
fn argument_excerpt(places: &Places<'_>, spot: &Spot<'_>) -> Excerpt {
    let Span { document, part, start, end } = spot.span;
    let (start, end) = (start as usize, end as usize);
    let (before, cut_before) = Cells::of(places, spot, start.saturating_sub(CONTEXT_BYTES)..start).last(BEFORE);
    let after = Cells::of(places, spot, end..spot.bytes.len().min(end + CONTEXT_BYTES));
    let (after, cut_after) = after.first(AFTER);
    let cut_after = cut_after || end + CONTEXT_BYTES < spot.bytes.len();
    let cut_before = cut_before || start > CONTEXT_BYTES;
    let (deciding, cut_inside) = deciding_text(places, spot, start..end);
    let mut excerpt = assemble((cut_before, before), (deciding, cut_inside), (after, cut_after));
    let flag = (!spot.bytes.starts_with(b"-") && !cut_before).then(|| flag_before(places, document, part)).flatten();
    let arguments = places.process(document).map_or(0, |process| process.arguments.len());
    let first_shown = part as usize - usize::from(flag.is_some());
    let mut lead = if first_shown > 0 { format!("{ELLIPSIS} ") } else { String::new() };
    lead.extend(flag);
    excerpt.text.insert_str(0, &lead);
    excerpt.deciding = excerpt.deciding.start + lead.len()..excerpt.deciding.end + lead.len();
    if (part as usize) + 1 < arguments {
        excerpt.text.extend([' ', ELLIPSIS]);
    }
    excerpt
}

/// The argument before this one, if it is a flag that could take this one for its value.
fn flag_before(places: &Places<'_>, document: u32, part: u32) -> Option<String> {
    let part = part.checked_sub(1)?;
    let bytes = places.process(document)?.arguments.get(part as usize)?;
    let span = Span { document, part, start: 0, end: u32::try_from(bytes.len()).ok()? };
    let is_flag = bytes.starts_with(b"-") && !bytes.contains(&b'=') && bytes.len() <= BEFORE;
    (is_flag && !places.withheld_in(span)).then(|| escape::bytes(bytes) + " ")
}

/// The deciding text itself, and whether it was cut.
fn deciding_text(places: &Places<'_>, spot: &Spot<'_>, range: Range<usize>) -> (String, bool) {
    let shown = range.start..range.end.min(range.start + 4 * DECIDING);
    let (text, cut) = Cells::of(places, spot, shown.clone()).first(DECIDING);
    (text, cut || shown.end < range.end)
}

fn assemble((cut_before, before): (bool, String), deciding: (String, bool), after: (String, bool)) -> Excerpt {
    let mut text = String::new();
    text.extend(cut_before.then_some(ELLIPSIS));
    text.push_str(&before);
    let start = text.len();
    text.push_str(&deciding.0);
    text.extend(deciding.1.then_some(ELLIPSIS));
    let end = text.len();
    text.push_str(&after.0);
    text.extend(after.1.then_some(ELLIPSIS));
    Excerpt { text, deciding: start..end, cut_inside: deciding.1 }
}

/// What is shown for each character of a text, and how wide that is.
struct Cells(Vec<(String, usize)>);

impl Cells {
    fn of(places: &Places<'_>, spot: &Spot<'_>, range: Range<usize>) -> Cells {
        let mut cells = Cells(vec![]);
        let mut range = range;
        // The range may have been cut inside of a character.
        while range.start < range.end && is_inside_character(spot.bytes, range.start) {
            range.start += 1;
        }
        let withheld: Vec<_> = places.withheld_ranges(spot.span).collect();
        let mut offset = range.start;
        for chunk in spot.bytes[range].utf8_chunks() {
            for character in chunk.valid().chars() {
                cells.push(&withheld, offset, character.len_utf8(), |shown| show(shown, character));
                offset += character.len_utf8();
            }
            for byte in chunk.invalid() {
                cells.push(&withheld, offset, 1, |shown| escape::push_byte(shown, *byte));
                offset += 1;
            }
        }
        cells
    }

    /// Adds a character; all that is withheld in one go is one ellipsis.
    fn push(&mut self, withheld: &[Range<u32>], offset: usize, length: usize, show: impl FnOnce(&mut String)) {
        let hidden = withheld.iter().any(|w| (w.start as usize) < offset + length && offset < w.end as usize);
        let mut shown = String::new();
        if hidden {
            shown.push(ELLIPSIS);
            if self.0.last().is_some_and(|(last, _)| *last == shown) {
                return;
            }
        } else {
            show(&mut shown);
        }
        let width = shown.chars().map(|character| character.width().unwrap_or(0)).sum();
        self.0.push((shown, width));
    }

    /// The first cells that fit into a width, and whether there are more.
    fn first(self, width: usize) -> (String, bool) {
        let fitting = fitting(self.0.iter(), width);
        let cut = fitting < self.0.len();
        (self.0.into_iter().take(fitting).map(|(shown, _)| shown).collect(), cut)
    }

    /// The last cells that fit into a width, and whether there are more.
    fn last(self, width: usize) -> (String, bool) {
        let left_out = self.0.len() - fitting(self.0.iter().rev(), width);
        (self.0.into_iter().skip(left_out).map(|(shown, _)| shown).collect(), left_out > 0)
    }
}

fn fitting<'c>(cells: impl Iterator<Item = &'c (String, usize)>, width: usize) -> usize {
    let mut used = 0;
    cells
        .take_while(|(_, cell)| {
            used += cell;
            used <= width
        })
        .count()
}

/// Whether a place is inside of a character, and not at a byte that is no character.
fn is_inside_character(bytes: &[u8], at: usize) -> bool {
    (1..4).filter_map(|back| at.checked_sub(back)).any(|start| {
        let first = escape::first_character(&bytes[start..]);
        first.is_some_and(|character| start + character.len_utf8() > at)
    })
}

fn show(shown: &mut String, character: char) {
    match character {
        '\t' => shown.push_str("    "),
        '\u{feff}' => {} // a byte order mark is no news
        _ => escape::push(shown, character),
    }
}
