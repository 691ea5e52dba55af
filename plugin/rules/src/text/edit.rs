//! Changing one value of a text: the splices that do it in the text's own style, and leave every other byte as it is.
//!
//! Several ways are tried, the plainest first. Each is proven before it is given: the text is read again, and has to hold what
//! it held before, but for this one value. So an anchor that others read, a merge, a duplicate or an odd layout can at worst
//! lead to no edit at all.

mod list;
mod style;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::{Format, Member, Node, Text, Value, by_key, read};
use style::Flow;

/// Bytes that are replaced by a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The bytes that go; none where something is inserted.
    pub span: Range<usize>,
    /// What comes in their place.
    pub text: String,
}

/// The text with the splices applied, which must be in order and apart from each other.
pub fn apply(bytes: &[u8], splices: &[Splice]) -> Vec<u8> {
    let mut edited = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for Splice { span, text } in splices {
        edited.extend_from_slice(bytes.get(at..span.start).unwrap_or_default());
        edited.extend_from_slice(text.as_bytes());
        at = span.end;
    }
    edited.extend_from_slice(bytes.get(at..).unwrap_or_default());
    edited
}

/// The splices that make the value at a path of keys this one. `near` is where the value stands now, if it does: of keys that
/// are given twice, that one is meant.
///
/// None, where no edit is known that changes this and nothing else: then it is for a person to make. Where it must not say what the
/// text says, as there are secrets in it, `copies` is false: then what a merge or an alias stands for stays where it is.
pub fn set(
    bytes: &[u8],
    text: &Text,
    path: &[&str],
    value: &Value,
    near: Option<Range<usize>>,
    copies: bool,
) -> Option<Vec<Splice>> {
    let is_utf16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    if is_utf16 || !is_modest(&text.root) || path.is_empty() {
        return None;
    }
    let editor = Editor { bytes, text, path, value, near };
    let all = || [Way::InPlace].into_iter().chain((0..path.len()).rev().map(Way::Merged));
    let ways = all().map(|way| (way, false)).chain(all().map(|way| (way, true))).chain([(Way::InFront, false)]);
    let mut ways = ways.filter(|(way, unshares)| copies || !(*unshares || matches!(way, Way::Merged(_))));
    ways.find_map(|(way, unshares)| editor.splices(way, unshares).filter(|splices| editor.is_proven(splices)))
}

/// A value at a path of keys parted by dots, as YAML has it on one line: `authorization: {mode: Webhook}`.
pub fn written(path: &str, value: &Value) -> String {
    let keys: Vec<&str> = path.split('.').collect();
    let whole = style::inline(&nested(&keys, value), None);
    whole[1..whole.len() - 1].to_owned()
}

/// Whether a text is of a size to work with: no configuration that is meant seriously is larger.
fn is_modest(root: &Node) -> bool {
    const MAX_NODES: usize = 20_000;
    const MAX_DEPTH: usize = 64;
    let mut nodes = 0;
    let mut pending = vec![(root, 0)];
    while let Some((node, depth)) = pending.pop() {
        nodes += 1;
        if nodes > MAX_NODES || depth > MAX_DEPTH {
            return false;
        }
        match &node.value {
            Value::Array(items) => pending.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(members) => pending.extend(members.iter().map(|member| (&member.value, depth + 1))),
            _ => {}
        }
    }
    true
}

/// A way to change a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The value itself is replaced, or is added where its object ends.
    InPlace,
    /// A merge (`<<`) has brought the key at this depth of the path: it becomes one of a mapping of its own. A key beside the
    /// merge would be given twice, which the kubelet takes for an error in a drop-in.
    Merged(usize),
    /// It is added where its object begins.
    InFront,
}

/// A change to one object.
enum Change<'a> {
    /// The value of a member becomes this.
    Replace(&'a Member, Value),
    /// A member is added.
    Add(&'a str, Value),
    /// What is merged becomes this.
    Merge(Value),
}

struct Editor<'a> {
    bytes: &'a [u8],
    text: &'a Text,
    path: &'a [&'a str],
    value: &'a Value,
    near: Option<Range<usize>>,
}

impl<'a> Editor<'a> {
    /// The splices by a way; where it `unshares`, aliases that stand for what changes become what they stood for.
    fn splices(&self, way: Way, unshares: bool) -> Option<Vec<Splice>> {
        let (objects, change) = self.find(way)?;
        let object = objects.last()?;
        let flow = self.flow(&objects);
        let mut splices = match (&change, flow) {
            (Change::Replace(member, value), flow) => self.replace(member, value, flow.as_ref())?,
            (Change::Add(key, value), Some(flow)) => self.add_to_flow(object, key, value, &flow)?,
            (Change::Add(key, value), None) => vec![self.add_to_block(object, key, value, way == Way::InFront)?],
            (Change::Merge(value), _) => {
                let text = style::inline(value, None);
                vec![Splice { span: self.merged_alias(object)?, text }]
            }
        };
        if unshares {
            let shared = self.unshare(&objects, &change);
            if shared.is_empty() {
                return None;
            }
            splices.extend(shared);
        }
        let order = crate::collections::order(splices.len(), &|a, b| splices[a].span.start.cmp(&splices[b].span.start));
        let sorted: Vec<_> = order.into_iter().map(|at| splices[at].clone()).collect();
        let are_apart = sorted.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        are_apart.then(|| joined(sorted))
    }

    /// What is to change, and the objects around it, outermost first.
    fn find(&self, way: Way) -> Option<(Vec<&'a Node>, Change<'a>)> {
        let mut objects = vec![&self.text.root];
        for (depth, key) in self.path.iter().enumerate() {
            let rest = &self.path[depth + 1..];
            let Value::Object(members) = &objects.last()?.value else { return None };
            let Some(member) = self.member(members, key) else {
                let adds = !matches!(way, Way::Merged(_));
                return adds.then(|| (objects, Change::Add(key, nested(rest, self.value))));
            };
            let node = &member.value;
            if way == Way::Merged(depth) {
                let object = *objects.last()?;
                let merged = members.iter().filter(|member| !member.shadowed && is_merged(object, member));
                let merged = Node { value: Value::Object(merged.cloned().collect()), span: 0..0 };
                return Some((objects, Change::Merge(with(&merged, &self.path[depth..], self.value))));
            }
            match &node.value {
                Value::Object(_) if !rest.is_empty() && !self.is_alias(node) => objects.push(node),
                _ if way == Way::InFront => return None,
                Value::Object(_) | Value::Null => {
                    return Some((objects, Change::Replace(member, with(node, rest, self.value))));
                }
                _ if rest.is_empty() => return Some((objects, Change::Replace(member, self.value.clone()))),
                _ => return None,
            }
        }
        None
    }

    /// The member that is meant: where the value stands now, or else the one that Go sees. A drop-in's key need not have the
    /// right case.
    fn member<'m>(&self, members: &'m [Member], key: &str) -> Option<&'m Member> {
        let holds = |member: &&Member| {
            self.near.as_ref().is_some_and(|near| {
                member.value.span.start <= near.start
                    && near.end <= member.value.span.end
                    && member.key.eq_ignore_ascii_case(key)
            })
        };
        let seen = |member: &&Member| !member.shadowed && member.key == key;
        members.iter().rfind(holds).or_else(|| members.iter().rfind(seen))
    }

    fn is_alias(&self, node: &Node) -> bool {
        self.text.format == Format::Yaml && self.bytes.get(node.span.start) == Some(&b'*')
    }

    /// Whether a string in quotes goes on over several lines: mostly a quote was forgotten, and what follows is lost with it.
    fn is_run_on(&self, node: &Node) -> bool {
        let source = self.bytes.get(node.span.clone()).unwrap_or_default();
        style::quotes(source).is_some() && source.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
    }

    /// The bytes of a node, without a tag before it.
    fn source(&self, node: &Node) -> (usize, &'a [u8]) {
        let whole = self.bytes.get(node.span.clone()).unwrap_or_default();
        let is_tagged = whole.first() == Some(&b'!');
        let tag = if is_tagged { whole.iter().take_while(|byte| !byte.is_ascii_whitespace()).count() } else { 0 };
        let space = whole[tag..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        (node.span.start + tag + space, &whole[tag + space..])
    }

    /// The style of the innermost object, where it is written in braces.
    fn flow(&self, objects: &[&Node]) -> Option<Flow> {
        objects.iter().fold(None, |outer: Option<Flow>, object| {
            let (start, source) = self.source(object);
            let Value::Object(members) = &object.value else { return None };
            source.starts_with(b"{").then(|| Flow::of(self.bytes, start, object.span.end, members, outer.as_ref()))
        })
    }

    /// Makes a member's value another one.
    fn replace(&self, member: &Member, value: &Value, flow: Option<&Flow>) -> Option<Vec<Splice>> {
        let node = &member.value;
        let splice = |span: Range<usize>, text: String| Some(vec![Splice { span, text }]);
        let old = self.bytes.get(node.span.clone())?;
        if old.is_empty() {
            return self.fill(member, value, flow);
        }
        match (&node.value, value) {
            (Value::Array(items), Value::Array(wanted)) if !items.is_empty() && !self.is_alias(node) => {
                return list::edit(self, node, items, wanted);
            }
            (Value::Array(items), _) if !items.is_empty() && !self.is_alias(node) => return None,
            (Value::Object(members), _) if !members.is_empty() && !self.is_alias(node) => return None,
            _ => {}
        }
        if self.is_run_on(node) {
            return None;
        }
        let text = match flow {
            Some(flow) => flow.inner(value),
            None => style::inline(value, style::quotes(old)),
        };
        if matches!(old, [b'|' | b'>', ..]) {
            return self.replace_block_scalar(node, &text);
        }
        splice(node.span.start..node.span.start + old.trim_ascii_end().len(), text)
    }

    /// A scalar on lines of its own, behind a header that may have a comment.
    fn replace_block_scalar(&self, node: &Node, text: &str) -> Option<Vec<Splice>> {
        let old = self.bytes.get(node.span.clone())?;
        let header = old.iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let first_line = old.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(old.len());
        let content = first_line.max(header)..old.trim_ascii_end().len().max(first_line);
        let at = node.span.start;
        let indicator = Splice { span: at..at + header, text: text.to_owned() };
        let lines = Splice { span: at + content.start..at + content.end, text: String::new() };
        Some(vec![indicator, lines])
    }

    /// Gives a value to a key that has nothing behind it.
    fn fill(&self, member: &Member, value: &Value, flow: Option<&Flow>) -> Option<Vec<Splice>> {
        let at = member.value.span.start;
        let before = self.bytes.get(member.key_span.end..at)?;
        let has_colon = before.contains(&b':');
        let indent = self.column(member.key_span.start);
        let splice = match (flow, indent, has_colon) {
            (Some(flow), _, _) => {
                let colon = if has_colon { " " } else { ": " };
                let at = if has_colon { at } else { member.key_span.end };
                Splice { span: at..at, text: [colon, &flow.inner(value)].concat() }
            }
            (None, Some(indent), true) if style::has_lines(value) => {
                let end = self.line_end(at);
                let mut text = String::new();
                style::lines(value, &self.block(indent), &mut text);
                Splice { span: end..end, text }
            }
            (None, _, true) => Splice { span: at..at, text: [" ", &style::inline(value, None)].concat() },
            (None, _, false) => return None,
        };
        Some(vec![splice])
    }

    /// Adds a member to an object without braces.
    fn add_to_block(&self, object: &Node, key: &str, value: &Value, in_front: bool) -> Option<Splice> {
        let Value::Object(members) = &object.value else { return None };
        let starts = [object.span.start].into_iter().chain(members.iter().map(|member| member.key_span.start));
        let inside = |start: &usize| object.span.contains(start);
        let (first, indent) = starts.filter(inside).find_map(|start| Some((start, self.column(start)?)))?;
        let block = self.block(indent);
        let mut text = String::new();
        style::member(key, value, &block, &mut text);
        if in_front {
            let own_line = text.split_off(block.eol.len() + block.indent.len());
            let text = [&*own_line, block.eol, &block.indent].concat();
            return Some(Splice { span: first..first, text });
        }
        let content = self.bytes.get(..object.span.end)?.trim_ascii_end().len();
        let end = self.line_end(content);
        Some(Splice { span: end..end, text })
    }

    /// Adds a member to an object in braces.
    fn add_to_flow(&self, object: &Node, key: &str, value: &Value, flow: &Flow) -> Option<Vec<Splice>> {
        let (start, _) = self.source(object);
        let close = object.span.end.checked_sub(1)?;
        let Value::Object(members) = &object.value else { return None };
        let member = flow.member(key, value);
        let own = members.iter().filter(|member| object.span.contains(&member.key_span.start));
        let last = own.map(|member| member.value.span.end.max(member.key_span.end)).max().unwrap_or(start + 1);
        let insert = |at: usize, text: String| Splice { span: at..at, text };
        // Behind the last member there may be a comment, which stays with it.
        let gap = self.bytes.get(last..close)?;
        if let Some(comment) = gap.iter().position(|byte| *byte == b'#') {
            let comma = if gap[..comment].contains(&b',') { "" } else { "," };
            let line = [&*flow.new_line(self.bytes), &member].concat();
            return Some(vec![insert(last, comma.to_owned()), insert(self.line_end(last), line)]);
        }
        let end = self.bytes.get(..close)?.trim_ascii_end().len();
        let splice = match self.bytes.get(end.checked_sub(1)?)? {
            // Between empty braces there may be spaces, or lines.
            b'{' => Splice { span: end..close, text: flow.first_member(key, value) },
            b',' => insert(end, [&*flow.separator, &member].concat()),
            _ => insert(end, [",", &*flow.separator, &member].concat()),
        };
        Some(vec![splice])
    }

    /// The alias that an object merges.
    fn merged_alias(&self, object: &Node) -> Option<Range<usize>> {
        let Value::Object(members) = &object.value else { return None };
        let source = self.bytes.get(object.span.clone())?;
        let keys = (0..source.len()).filter(|at| source[*at..].starts_with(b"<<"));
        keys.map(|at| object.span.start + at).find_map(|key| {
            let is_inside = members.iter().any(|member| member.value.span.contains(&key));
            let rest = self.bytes.get(key + 2..object.span.end)?;
            let colon = rest.iter().take_while(|byte| **byte == b' ').count();
            let space = rest.get(colon + 1..)?.iter().take_while(|byte| **byte == b' ').count();
            let alias = colon + 1 + space;
            let name = rest.get(alias..)?;
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'}');
            let length = name.iter().position(ends).unwrap_or(name.len());
            let is_one = !is_inside && rest[colon] == b':' && name.starts_with(b"*");
            is_one.then_some(key + 2 + alias..key + 2 + alias + length)
        })
    }

    /// What keeps others as they are that share the value that changes: their aliases become what they stand for.
    fn unshare(&self, objects: &[&Node], change: &Change) -> Vec<Splice> {
        let mut places: Vec<Range<usize>> =
            objects.windows(2).filter_map(|pair| self.before(pair[0], pair[1])).collect();
        if let Change::Replace(member, _) = change {
            places.push(member.key_span.end..member.value.span.start);
        }
        let names: Vec<&[u8]> = places.into_iter().filter_map(|place| self.anchor(place)).collect();
        let mut splices: Vec<Splice> = vec![];
        let mut pending = vec![&self.text.root];
        while let Some(node) = pending.pop() {
            let name = self.bytes.get(node.span.clone()).and_then(|source| source.strip_prefix(b"*"));
            let stands_for_it = name.is_some_and(|name| names.contains(&name));
            if self.is_alias(node) && stands_for_it && !splices.iter().any(|splice| splice.span == node.span) {
                splices.push(Splice { span: node.span.clone(), text: style::inline(&node.value, None) });
            }
            match &node.value {
                Value::Array(items) => pending.extend(items),
                Value::Object(members) => pending.extend(members.iter().map(|member| &member.value)),
                _ => {}
            }
        }
        splices
    }

    /// What stands between the key of an object and the object.
    fn before(&self, outer: &Node, inner: &Node) -> Option<Range<usize>> {
        let Value::Object(members) = &outer.value else { return None };
        let member = members.iter().find(|member| core::ptr::eq(&member.value, inner))?;
        Some(member.key_span.end..inner.span.start)
    }

    /// The name of the anchor in a place.
    fn anchor(&self, place: Range<usize>) -> Option<&'a [u8]> {
        let source = self.bytes.get(place)?;
        let start = source.iter().position(|byte| *byte == b'&')? + 1;
        let length = source[start..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        Some(&source[start..start + length])
    }

    /// The style of a block at this indentation.
    fn block(&self, indent: String) -> style::Block {
        style::Block { eol: style::line_break(self.bytes), indent, step: self.step() }
    }

    /// By how much a nested object is indented: as the first one is.
    fn step(&self) -> usize {
        let Value::Object(members) = &self.text.root.value else { return 2 };
        let steps =
            members.iter().filter(|member| matches!(member.value.value, Value::Object(_))).filter_map(|member| {
                let inner = self.column(member.value.span.start)?.len();
                inner.checked_sub(self.column(member.key_span.start)?.len()).filter(|step| *step > 0)
            });
        steps.min().unwrap_or(2)
    }

    /// The indentation of a place, where nothing but spaces stands before it.
    fn column(&self, at: usize) -> Option<String> {
        let before = self.bytes.get(..at)?;
        let start = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
        let before = before[start..].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&before[start..]);
        before.iter().all(|byte| *byte == b' ').then(|| " ".repeat(before.len()))
    }

    /// Where the line of a place ends.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
    }

    /// Whether the text holds the value with these splices, and everything else as before.
    fn is_proven(&self, splices: &[Splice]) -> bool {
        let Ok(edited) = read(&apply(self.bytes, splices)) else { return false };
        let wanted = self.value.to_json();
        edited.format == self.text.format
            && edited.set_twice.len() <= self.text.set_twice.len()
            && self.differs_in(Some(&self.text.root), &edited.root, self.path, &wanted)
    }

    /// Whether a value differs from what it was in what stands at a path, which is what is wanted, and in nothing else.
    fn differs_in(&self, old: Option<&Node>, new: &Node, path: &[&str], wanted: &str) -> bool {
        let [key, rest @ ..] = path else { return new.to_json() == wanted };
        let old = match old.map(|old| &old.value) {
            Some(Value::Object(members)) => seen(members),
            None | Some(Value::Null) => vec![],
            Some(_) => return false,
        };
        let Value::Object(new) = &new.value else { return false };
        let mut old = old.into_iter().peekable();
        let mut differs = false;
        for member in seen(new) {
            let before = old.next_if(|before| before.key == member.key);
            if before.is_some_and(|before| before.value.to_json() == member.value.to_json()) {
                continue;
            }
            let is_meant = !differs && member.key.eq_ignore_ascii_case(key);
            if !is_meant || !self.differs_in(before.map(|before| &before.value), &member.value, rest, wanted) {
                return false;
            }
            differs = true;
        }
        differs && old.next().is_none()
    }
}

/// The same, with those that touch each other made one: no two begin at the same byte, so that it does not matter in which
/// order they are applied.
fn joined(splices: Vec<Splice>) -> Vec<Splice> {
    let mut joined: Vec<Splice> = Vec::with_capacity(splices.len());
    for splice in splices {
        match joined.last_mut() {
            Some(last) if last.span.end == splice.span.start => {
                last.span.end = splice.span.end;
                last.text.push_str(&splice.text);
            }
            _ => joined.push(splice),
        }
    }
    joined
}

/// The members that are not overruled, by their keys; those of one key in the order of the text.
fn seen(members: &[Member]) -> Vec<&Member> {
    by_key(members).into_iter().map(|at| &members[at]).filter(|member| !member.shadowed).collect()
}

/// Whether a member of an object stands elsewhere: a merge has brought it.
fn is_merged(object: &Node, member: &Member) -> bool {
    let Value::Object(members) = &object.value else { return false };
    let key = member.key_span.start;
    !object.span.contains(&key) || members.iter().any(|other| other.value.span.contains(&key))
}

/// A value inside of objects with these keys.
fn nested(path: &[&str], value: &Value) -> Value {
    path.iter().rev().fold(value.clone(), |inner, key| Value::Object(vec![member(key, inner)]))
}

/// What a node stands for, with another value at a path.
fn with(node: &Node, path: &[&str], value: &Value) -> Value {
    let (Value::Object(members), [key, rest @ ..]) = (&node.value, path) else { return nested(path, value) };
    let mut members: Vec<Member> = seen(members).into_iter().cloned().collect();
    match members.iter_mut().rfind(|member| member.key == *key) {
        Some(known) => {
            let inner = with(&known.value, rest, value);
            *known = member(key, inner);
        }
        None => members.push(member(key, nested(rest, value))),
    }
    Value::Object(members)
}

fn member(key: &str, value: Value) -> Member {
    Member { key: key.to_owned(), key_span: 0..0, value: Node { value, span: 0..0 }, shadowed: false }
}

#[cfg(test)]
mod tests;
