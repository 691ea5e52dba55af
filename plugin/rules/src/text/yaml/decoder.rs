//! From nodes to values, as go-yaml's `decode.go` does it for a target without types: aliases are replaced by what they stand
//! for, merges (`<<`) are applied where they stand. As deep documents are no recursion's friend, it keeps a stack of its own.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::composer::{Document, Id, Kind, Raw, Scalar};
use crate::collections;
use crate::message::Words;
use crate::text::resolve::{Resolved, is_json_number, resolve};
use crate::text::{MAX_DEPTH, Member, Node, SyntaxError, Value, by_key};
use core::iter::Rev;
use core::mem::{Discriminant, discriminant};
use core::ops::Range;
use core::slice::{ChunksExact, Iter};

type Result<T, E = Box<SyntaxError>> = core::result::Result<T, E>;

/// How many bytes of scalars may come from aliases. Go shares strings, we copy them; go-yaml's own limit counts values only.
const MAX_ALIASED_BYTES: usize = 16 << 20;

/// The value of a document, and the keys that are set twice.
pub(super) fn decode(document: &Document) -> Result<(Node, Vec<Range<usize>>)> {
    let mut decoder = Decoder::new(&document.nodes);
    decoder.begin(0)?;
    let root = decoder.run()?;
    check(&root)?;
    let spans = decoder.set_twice;
    let place = |at: usize| (spans[at].start, spans[at].end);
    let order = collections::order(spans.len(), &|a, b| place(a).cmp(&place(b)));
    let mut set_twice: Vec<_> = order.into_iter().map(|at| spans[at].clone()).collect();
    set_twice.dedup();
    Ok((root, set_twice))
}

struct Decoder<'a> {
    nodes: &'a [Raw],
    /// What is being decoded, outermost first.
    frames: Vec<Frame<'a>>,
    /// The objects that the frames fill, outermost first.
    objects: Vec<Object>,
    /// What was decoded last and is not in its collection yet.
    done: Option<Node>,
    /// The aliases that are being decoded.
    active: Vec<bool>,
    alias_depth: usize,
    /// How often a node was decoded, and how often of these below an alias.
    decoded: usize,
    aliased: usize,
    aliased_bytes: usize,
    set_twice: Vec<Range<usize>>,
}

enum Frame<'a> {
    Alias(Id),
    Array {
        children: Iter<'a, Id>,
        items: Vec<Node>,
        span: Range<usize>,
    },
    /// A mapping; one that is merged has no span and fills the object below it.
    Object {
        pairs: ChunksExact<'a, Id>,
        key: Option<Key>,
        span: Option<Range<usize>>,
    },
    /// The mappings in a list that is merged; the last goes first, so that the first wins.
    Merges(Rev<Iter<'a, Id>>),
}

struct Key {
    text: Option<String>,
    kind: KeyKind,
    span: Range<usize>,
}

/// To Go, `1` and `"1"` are two keys, until they become JSON.
type KeyKind = Discriminant<Resolved>;

#[derive(Default)]
struct Object {
    members: Vec<Member>,
    /// The kinds of the members' keys.
    kinds: Vec<KeyKind>,
    /// A key that JSON cannot have.
    bad_key: Option<Range<usize>>,
}

impl<'a> Decoder<'a> {
    fn new(nodes: &'a [Raw]) -> Self {
        Self {
            nodes,
            frames: Vec::new(),
            objects: Vec::new(),
            done: None,
            active: vec![false; nodes.len()],
            alias_depth: 0,
            decoded: 0,
            aliased: 0,
            aliased_bytes: 0,
            set_twice: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<Node> {
        loop {
            let done = self.done.take();
            let Some(frame) = self.frames.pop() else {
                return done.ok_or_else(|| SyntaxError::new(words!("there is no value", "値がありません"), 0..0));
            };
            match frame {
                Frame::Alias(id) => self.end_alias(id, done),
                Frame::Array { children, mut items, span } => {
                    items.extend(done);
                    self.next_item(children, items, span)?;
                }
                Frame::Object { pairs, key, span } => {
                    if let (Some(key), Some(value)) = (key, done) {
                        self.set(key, value);
                    }
                    self.next_pair(pairs, span)?;
                }
                Frame::Merges(mut mappings) => {
                    if let Some(&id) = mappings.next() {
                        self.frames.push(Frame::Merges(mappings));
                        self.begin_merge(id)?;
                    }
                }
            }
        }
    }

    fn error<T>(&self, id: Id, message: Words) -> Result<T> {
        Err(SyntaxError::new(message, self.nodes[id].span.clone()))
    }

    /// Decodes a scalar, or opens a collection.
    fn begin(&mut self, id: Id) -> Result<()> {
        self.count(id)?;
        let span = self.nodes[id].span.clone();
        match &self.nodes[id].kind {
            Kind::Scalar(scalar) => {
                let value = self.resolve(id, scalar)?.into_value();
                self.done = Some(Node { value, span });
            }
            Kind::Sequence(children) => {
                self.frames.push(Frame::Array { children: children.iter(), items: Vec::new(), span });
            }
            Kind::Mapping(children) => {
                self.objects.push(Object::default());
                self.frames.push(Frame::Object { pairs: children.chunks_exact(2), key: None, span: Some(span) });
            }
            &Kind::Alias(target) => {
                self.begin_alias(id)?;
                self.begin(target)?;
            }
        }
        Ok(())
    }

    /// Counts what go-yaml counts, to the same limits: the more there is, the less of it may come from aliases.
    fn count(&mut self, id: Id) -> Result<()> {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        self.decoded += 1;
        self.aliased += usize::from(self.alias_depth > 0);
        if self.aliased <= 100 || self.decoded <= 1000 {
            return Ok(());
        }
        let decoded = self.decoded as f64;
        let allowed = match decoded {
            ..=LOW => 0.99,
            HIGH.. => 0.10,
            _ => 0.99 - 0.89 * ((decoded - LOW) / (HIGH - LOW)),
        };
        if self.aliased as f64 / decoded > allowed {
            return self.error(id, words!("document contains excessive aliasing", "エイリアスが多すぎます"));
        }
        Ok(())
    }

    fn resolve(&mut self, id: Id, scalar: &Scalar) -> Result<Resolved> {
        if self.alias_depth > 0 {
            self.aliased_bytes += scalar.text.len();
            if self.aliased_bytes > MAX_ALIASED_BYTES {
                return self.error(
                    id,
                    words!("the aliases stand for more than 16 MiB", "エイリアスの展開結果が 16 MiB を超えています"),
                );
            }
        }
        resolve(&scalar.text, scalar.tag.as_deref(), scalar.implicit).or_else(|message| self.error(id, message))
    }

    // Aliases.

    fn begin_alias(&mut self, id: Id) -> Result<()> {
        if self.active[id] {
            return self
                .error(id, words!("an alias inside what it stands for", "エイリアスが自分自身を参照しています"));
        }
        self.active[id] = true;
        self.alias_depth += 1;
        self.frames.push(Frame::Alias(id));
        Ok(())
    }

    fn end_alias(&mut self, id: Id, done: Option<Node>) {
        self.active[id] = false;
        self.alias_depth -= 1;
        self.done = done.map(|mut node| {
            node.span = self.nodes[id].span.clone();
            node
        });
    }

    // Collections.

    fn next_item(&mut self, mut children: Iter<'a, Id>, mut items: Vec<Node>, span: Range<usize>) -> Result<()> {
        let Some(&child) = children.next() else {
            // The document itself has one item, and is not a value.
            self.done =
                if self.frames.is_empty() { items.pop() } else { Some(Node { value: Value::Array(items), span }) };
            return Ok(());
        };
        self.frames.push(Frame::Array { children, items, span });
        self.begin(child)
    }

    fn next_pair(&mut self, mut pairs: ChunksExact<'a, Id>, span: Option<Range<usize>>) -> Result<()> {
        let Some(&[key, value]) = pairs.next() else {
            if let Some(span) = span {
                self.done = self.end_object(span);
            }
            return Ok(());
        };
        if self.is_merge(key) {
            self.frames.push(Frame::Object { pairs, key: None, span });
            return self.begin_merges(value);
        }
        let key = Some(self.key(key)?);
        self.frames.push(Frame::Object { pairs, key, span });
        self.begin(value)
    }

    fn key(&mut self, id: Id) -> Result<Key> {
        self.count(id)?;
        let resolved = match &self.nodes[id].kind {
            Kind::Scalar(scalar) => self.resolve(id, scalar)?,
            &Kind::Alias(target) => {
                self.begin_alias(id)?;
                self.count(target)?;
                let Kind::Scalar(scalar) = &self.nodes[target].kind else {
                    return self.error(id, words!("a collection cannot be a key", "コレクションはキーにできません"));
                };
                let resolved = self.resolve(target, scalar)?;
                self.frames.pop();
                self.end_alias(id, None);
                resolved
            }
            _ => return self.error(id, words!("a collection cannot be a key", "コレクションはキーにできません")),
        };
        Ok(Key { kind: discriminant(&resolved), text: resolved.key(), span: self.nodes[id].span.clone() })
    }

    fn set(&mut self, key: Key, value: Node) {
        let Some(object) = self.objects.last_mut() else { return };
        match key.text {
            Some(text) => {
                object.members.push(Member { key: text, key_span: key.span, value, shadowed: false });
                object.kinds.push(key.kind);
            }
            None => object.bad_key = Some(key.span),
        }
    }

    fn end_object(&mut self, span: Range<usize>) -> Option<Node> {
        let mut object = self.objects.pop()?;
        if let Some(span) = object.bad_key {
            return Some(Node { value: Value::Number(BAD_KEY.into()), span });
        }
        object.settle_duplicates(&mut self.set_twice);
        Some(Node { value: Value::Object(object.members), span })
    }

    // Merges.

    fn is_merge(&self, id: Id) -> bool {
        let Kind::Scalar(scalar) = &self.nodes[id].kind else { return false };
        scalar.text == "<<" && (scalar.implicit || scalar.tag.as_deref() == Some("tag:yaml.org,2002:merge"))
    }

    fn begin_merges(&mut self, id: Id) -> Result<()> {
        let Kind::Sequence(mappings) = &self.nodes[id].kind else { return self.begin_merge(id) };
        self.frames.push(Frame::Merges(mappings.iter().rev()));
        Ok(())
    }

    fn begin_merge(&mut self, id: Id) -> Result<()> {
        self.count(id)?;
        let mut mapping = id;
        if let Kind::Alias(target) = self.nodes[id].kind {
            self.begin_alias(id)?;
            self.count(target)?;
            mapping = target;
        }
        let Kind::Mapping(children) = &self.nodes[mapping].kind else {
            return self.error(
                id,
                words!(
                    "only a mapping, or a list of mappings, can be merged",
                    "マージできるのはマッピングまたはマッピングのリストだけです"
                ),
            );
        };
        self.frames.push(Frame::Object { pairs: children.chunks_exact(2), key: None, span: None });
        Ok(())
    }
}

impl Object {
    /// Of members with one key the last counts. Strict go-yaml refuses a key that repeats an earlier one of its kind.
    fn settle_duplicates(&mut self, set_twice: &mut Vec<Range<usize>>) {
        let order = by_key(&self.members);
        let mut seen: Vec<KeyKind> = Vec::new();
        for (index, &member) in order.iter().enumerate() {
            let kind = self.kinds[member];
            if seen.contains(&kind) {
                set_twice.push(self.members[member].key_span.clone());
            } else {
                seen.push(kind);
            }
            let next = order.get(index + 1);
            self.members[member].shadowed =
                next.is_some_and(|&next| self.members[next].key == self.members[member].key);
            if !self.members[member].shadowed {
                seen.clear();
            }
        }
    }
}

/// Stands in place of an object with a key that JSON cannot have.
const BAD_KEY: &str = "";

/// Refuses what go-yaml accepts but has no JSON form, and what is too deep for Go's JSON decoder, which reads it next. Members
/// that were replaced do not count.
fn check(root: &Node) -> Result<()> {
    let mut pending = vec![(root, 0)];
    while let Some((node, depth)) = pending.pop() {
        let error = |message| Err(SyntaxError::new(message, node.span.clone()));
        match &node.value {
            Value::Number(number) if number == BAD_KEY => {
                return error(words!(
                    "a key cannot be null or so large a number",
                    "null やこれほど大きな数値はキーにできません"
                ));
            }
            Value::Number(number) if !is_json_number(number) => {
                return error(words!("JSON has no NaN and no infinity", "JSON では NaN と無限大を表せません"));
            }
            Value::Array(_) | Value::Object(_) if depth == MAX_DEPTH => {
                return error(words!(
                    "exceeded max depth: more than 10000 levels",
                    "最大の深さを超えています: 入れ子が 10000 段を超えています"
                ));
            }
            Value::Array(items) => pending.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(members) => {
                let seen = members.iter().filter(|member| !member.shadowed);
                pending.extend(seen.map(|member| (&member.value, depth + 1)));
            }
            _ => {}
        }
    }
    Ok(())
}
