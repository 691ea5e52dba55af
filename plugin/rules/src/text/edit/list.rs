//! Changing a list item by item, so that what stands between the items stays.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::{Editor, Splice, style};
use crate::text::{Node, Value};

/// The splices that make a list that has items another one: of what is wanted nothing, or at least not the first, is new.
/// None where the list is not written item by item.
pub fn edit(editor: &Editor, list: &Node, items: &[Node], wanted: &[Node]) -> Option<Vec<Splice>> {
    if items.iter().any(|item| editor.is_run_on(item)) {
        return None;
    }
    let is_wanted = |item: &Node| wanted.iter().any(|wanted| wanted.value == item.value);
    let kept: Vec<bool> = items.iter().map(is_wanted).collect();
    let mut new: Vec<&Value> =
        wanted.iter().map(|item| &item.value).filter(|value| items.iter().all(|item| item.value != **value)).collect();
    let list = List { editor, items, is_flow: editor.source(list).1.starts_with(b"[") };
    let mut splices = vec![];
    // What is new stands behind the last item that stays; where none does, in the place of the first.
    let last = match kept.iter().rposition(|kept| *kept) {
        Some(last) => last,
        None if new.is_empty() => return None,
        None => {
            splices.push(Splice { span: items[0].span.clone(), text: list.item(new.remove(0)) });
            0
        }
    };
    splices.extend(list.insertion(last, &new));
    for at in (0..items.len()).filter(|at| !kept[*at] && *at != last) {
        splices.extend(if list.is_flow {
            list.removal_from_flow(at, at > last)?
        } else {
            list.removal_from_block(at)?
        });
    }
    Some(splices)
}

struct List<'a> {
    editor: &'a Editor<'a>,
    items: &'a [Node],
    /// Whether it is in brackets.
    is_flow: bool,
}

impl List<'_> {
    fn bytes(&self, range: Range<usize>) -> Option<&[u8]> {
        self.editor.bytes.get(range)
    }

    /// An item, in the quotes of the first one.
    fn item(&self, value: &Value) -> String {
        style::inline(value, self.bytes(self.items[0].span.clone()).and_then(style::quotes))
    }

    /// Items behind one.
    fn insertion(&self, at: usize, new: &[&Value]) -> Option<Splice> {
        let end = self.items[at].span.end;
        let before = match self.is_flow {
            true => [",", &self.space()].concat(),
            false => {
                let dash = self.dash(at)?;
                [style::line_break(self.editor.bytes), &self.editor.column(dash)?, "- "].concat()
            }
        };
        let text: String = new.iter().map(|value| [&*before, &self.item(value)].concat()).collect();
        let end = if self.is_flow { end } else { self.editor.line_end(end) };
        (!text.is_empty()).then_some(Splice { span: end..end, text })
    }

    /// What stands between a comma of the list and the next item.
    fn space(&self) -> String {
        let between = |first: &Node, second: &Node| {
            let gap = self.bytes(first.span.end..second.span.start)?;
            let comma = gap.iter().rposition(|byte| *byte == b',')?;
            let space = &gap[comma + 1..];
            space.iter().all(u8::is_ascii_whitespace).then(|| space.iter().map(|byte| char::from(*byte)).collect())
        };
        match self.items {
            [first, second, ..] => between(first, second),
            _ => None,
        }
        .unwrap_or_else(|| " ".to_owned())
    }

    /// The dash before an item.
    fn dash(&self, at: usize) -> Option<usize> {
        let before = self.bytes(0..self.items[at].span.start)?.trim_ascii_end();
        before.ends_with(b"-").then(|| before.len() - 1)
    }

    fn removal_from_block(&self, at: usize) -> Option<Vec<Splice>> {
        Some(vec![self.removal(self.dash(at)?..self.items[at].span.end)])
    }

    /// An item of a list in brackets goes with the comma behind it, and one behind the last that stays, with the comma before it.
    fn removal_from_flow(&self, at: usize, is_behind: bool) -> Option<Vec<Splice>> {
        let item = &self.items[at].span;
        let comma = |gap: Range<usize>| {
            let source = self.bytes(gap.clone())?;
            let comma = source.iter().position(|byte| *byte == b',')?;
            (!source[..comma].contains(&b'#')).then_some(gap.start + comma)
        };
        if !is_behind {
            let comma = comma(item.end..self.items.get(at + 1)?.span.start)?;
            let is_together = self.bytes(item.end..comma)?.is_empty();
            let splices = match is_together {
                true => vec![self.removal(item.start..comma + 1)],
                false => vec![self.removal(item.clone()), Splice { span: comma..comma + 1, text: String::new() }],
            };
            return Some(splices);
        }
        let comma = comma(self.items[at - 1].span.end..item.start)?;
        let space = self.bytes(comma + 1..item.start)?;
        if space.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            return Some(vec![Splice { span: comma..item.end, text: String::new() }]);
        }
        Some(vec![Splice { span: comma..comma + 1, text: String::new() }, self.removal(item.clone())])
    }

    /// Takes bytes away, with their line where nothing else is on it, or else with the spaces behind them.
    fn removal(&self, span: Range<usize>) -> Splice {
        let bytes = self.editor.bytes;
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
        let line = bytes[..span.start].iter().rposition(is_break).map_or(0, |end| end + 1);
        let end = span.end + bytes[span.end..].iter().take_while(|byte| is_space(byte)).count();
        let is_alone = bytes[line..span.start].iter().all(is_space);
        let rest = &bytes[end..];
        let span = match rest {
            [] if is_alone => bytes[..line].trim_ascii_end().len()..end,
            [b'\r', b'\n', ..] if is_alone => line..end + 2,
            [b'\r' | b'\n', ..] if is_alone => line..end + 1,
            [b'\r' | b'\n', ..] | [] => span,
            _ => span.start..end,
        };
        Splice { span, text: String::new() }
    }
}
