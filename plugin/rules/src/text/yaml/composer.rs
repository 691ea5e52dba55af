//! From tokens to the nodes of the first document, as go-yaml's `parserc.go` and the parser in its `decode.go` do it. What is
//! still open stands on a stack of our own, since nesting may be deep.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::scanner::{Scanner, Token};
use super::source::Source;
use crate::message::Words;
use crate::text::SyntaxError;
use alloc::collections::BTreeMap;
use core::ops::Range;

type Result<T, E = Box<SyntaxError>> = core::result::Result<T, E>;

/// A node by its index in [`Document::nodes`].
pub(super) type Id = usize;

/// The nodes of a document. The first is the document itself, a sequence of one.
pub(super) struct Document {
    pub(super) nodes: Vec<Raw>,
}

/// A node as it is written.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Scalar(Scalar),
    Sequence(Vec<Id>),
    /// Keys and values in turn.
    Mapping(Vec<Id>),
    Alias(Id),
}

/// A scalar before it is resolved.
#[derive(Debug, Default)]
pub(super) struct Scalar {
    pub(super) text: String,
    /// The tag in its long form.
    pub(super) tag: Option<String>,
    /// Plain and without a tag, or with the tag `!`.
    pub(super) implicit: bool,
}

/// What is expected next, in the collection of that node.
#[derive(Clone, Copy)]
enum Expect {
    BlockItem(Id),
    /// A list at the indentation of the key that it belongs to.
    IndentlessItem(Id),
    BlockKey(Id),
    BlockValue(Id),
    FlowItem(Id, First),
    /// `[key: value]`
    PairKey(Id),
    PairValue(Id),
    PairEnd(Id),
    FlowKey(Id, First),
    FlowValue(Id),
    /// The value of a flow mapping's key that has none.
    NoFlowValue(Id),
}

/// What is expected first in a collection.
type Opening = fn(Id) -> Expect;

/// Whether no comma is needed yet.
type First = bool;

/// The nodes of the first document; `None` if there is no document at all.
pub(super) fn compose(source: &Source<'_>) -> Result<Option<Document>> {
    let mut composer = Composer {
        scanner: Scanner::new(source),
        nodes: vec![Raw { kind: Kind::Sequence(Vec::new()), span: 0..0 }],
        anchors: BTreeMap::new(),
        directives: BTreeMap::new(),
        prefixes: vec![],
        expect: Vec::new(),
    };
    if !composer.document()? {
        return Ok(None);
    }
    let mut nodes = composer.nodes;
    for node in &mut nodes {
        node.span = source.original(&node.span);
    }
    Ok(Some(Document { nodes }))
}

struct Composer<'a> {
    scanner: Scanner<'a>,
    nodes: Vec<Raw>,
    anchors: BTreeMap<String, Id>,
    /// Tag handles and what they stand for.
    directives: BTreeMap<String, usize>,
    prefixes: Vec<String>,
    expect: Vec<Expect>,
}

const DOCUMENT: Id = 0;

impl Composer<'_> {
    fn document(&mut self) -> Result<bool> {
        if self.scanner.peek()?.0 == Token::StreamEnd {
            return Ok(false);
        }
        let explicit = self.directives()?;
        match self.scanner.peek()?.0 {
            Token::DocumentStart => {
                self.scanner.skip();
                self.content()?;
            }
            _ if explicit => {
                return self
                    .error(words!("expected `---` after the directives", "ディレクティブの後には `---` が必要です"));
            }
            _ => self.node(DOCUMENT, true, false)?,
        }
        while let Some(expect) = self.expect.pop() {
            self.step(expect)?;
        }
        // go-yaml looks this far, and no further.
        self.scanner.peek()?;
        Ok(true)
    }

    fn content(&mut self) -> Result<()> {
        let (token, span) = self.scanner.peek()?;
        if ends_document(token) {
            let at = span.start;
            self.add_empty(DOCUMENT, at);
            Ok(())
        } else {
            self.node(DOCUMENT, true, false)
        }
    }

    /// Reads `%YAML` and `%TAG`; whether there were any.
    /// Gives a tag handle its prefix. Whether it had one already.
    fn direct(&mut self, handle: String, prefix: String) -> bool {
        self.prefixes.push(prefix);
        self.directives.insert(handle, self.prefixes.len() - 1).is_some()
    }

    fn directives(&mut self) -> Result<bool> {
        let (mut any, mut version) = (false, false);
        loop {
            let (token, span) = self.scanner.peek()?;
            let span = span.clone();
            match core::mem::replace(token, Token::DocumentStart) {
                Token::Version(..) if version => {
                    return Err(SyntaxError::new(words!("a second `%YAML`", "`%YAML` が重複しています"), span));
                }
                Token::Version(1, 1) => version = true,
                Token::Version(..) => {
                    return Err(SyntaxError::new(
                        words!("only YAML 1.1 can be read", "読み込めるのは YAML 1.1 だけです"),
                        span,
                    ));
                }
                Token::TagDirective { handle, prefix } => {
                    if self.direct(handle, prefix) {
                        return Err(SyntaxError::new(
                            words!("a second `%TAG` for the same handle", "同じハンドルの `%TAG` が重複しています"),
                            span,
                        ));
                    }
                }
                other => {
                    *token = other;
                    break;
                }
            }
            any = true;
            self.scanner.skip();
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if !self.directives.contains_key(handle) {
                self.direct(handle.into(), prefix.into());
            }
        }
        Ok(any)
    }

    fn step(&mut self, expect: Expect) -> Result<()> {
        match expect {
            Expect::BlockItem(id) => self.block_item(id),
            Expect::IndentlessItem(id) => self.indentless_item(id),
            Expect::BlockKey(id) => self.block_key(id),
            Expect::BlockValue(id) => self.block_value(id),
            Expect::FlowItem(id, first) => self.flow_item(id, first),
            Expect::PairKey(id) => self.pair_key(id),
            Expect::PairValue(id) => self.pair_value(id),
            Expect::PairEnd(id) => {
                self.close_block(id);
                Ok(())
            }
            Expect::FlowKey(id, first) => self.flow_key(id, first),
            Expect::FlowValue(id) => self.flow_value(id),
            Expect::NoFlowValue(id) => self.missing_value(id),
        }
    }

    fn error<T>(&mut self, message: Words) -> Result<T> {
        let (token, span) = self.scanner.peek()?;
        let message = if *token == Token::StreamEnd {
            words!("the text ends too early", "テキストが途中で終わっています")
        } else {
            message
        };
        Err(SyntaxError::new(message, span.clone()))
    }

    /// Takes the next token if it is this one, and tells where it ends.
    fn skip_if(&mut self, wanted: &Token) -> Result<Option<usize>> {
        let (token, span) = self.scanner.peek()?;
        let end = span.end;
        if token != wanted {
            return Ok(None);
        }
        self.scanner.skip();
        Ok(Some(end))
    }

    // Nodes.

    fn add(&mut self, parent: Id, kind: Kind, span: Range<usize>) -> Id {
        let id = self.nodes.len();
        self.nodes.push(Raw { kind, span });
        if let Kind::Sequence(children) | Kind::Mapping(children) = &mut self.nodes[parent].kind {
            children.push(id);
        }
        id
    }

    /// Nothing stands here, which is null.
    fn add_empty(&mut self, parent: Id, at: usize) {
        self.add(parent, Kind::Scalar(Scalar { implicit: true, ..Scalar::default() }), at..at);
    }

    /// Ends a collection that has no closing bracket where its last node ends.
    fn close_block(&mut self, id: Id) {
        if let Kind::Sequence(children) | Kind::Mapping(children) = &self.nodes[id].kind
            && let Some(&last) = children.last()
        {
            self.nodes[id].span.end = self.nodes[last].span.end.max(self.nodes[id].span.end);
        }
    }

    fn node(&mut self, parent: Id, block: bool, indentless: bool) -> Result<()> {
        let (token, span) = self.scanner.peek()?;
        if let Token::Alias(name) = token {
            let (name, span) = (core::mem::take(name), span.clone());
            self.scanner.skip();
            let Some(&target) = self.anchors.get(&name) else {
                return Err(SyntaxError::new(
                    words!("an alias without its anchor", "エイリアスに対応するアンカーがありません"),
                    span,
                ));
            };
            self.add(parent, Kind::Alias(target), span);
            return Ok(());
        }
        let properties = self.properties()?;
        let (token, span) = self.scanner.peek()?;
        let (start, end) = (properties.start.unwrap_or(span.start), span.end);
        let (kind, expect): (_, Option<Opening>) = match token {
            Token::BlockEntry if indentless => (Kind::Sequence(Vec::new()), Some(Expect::IndentlessItem)),
            Token::BlockSequenceStart if block => (Kind::Sequence(Vec::new()), Some(Expect::BlockItem)),
            Token::BlockMappingStart if block => (Kind::Mapping(Vec::new()), Some(Expect::BlockKey)),
            Token::FlowSequenceStart => (Kind::Sequence(Vec::new()), Some(|id| Expect::FlowItem(id, true))),
            Token::FlowMappingStart => (Kind::Mapping(Vec::new()), Some(|id| Expect::FlowKey(id, true))),
            Token::Scalar { text, plain } => (Kind::Scalar(properties.scalar(core::mem::take(text), *plain)), None),
            _ if properties.any => {
                let end = properties.end;
                let scalar = properties.scalar(String::new(), true);
                let id = self.add(parent, Kind::Scalar(scalar), start.min(end)..end);
                self.name(properties.anchor, id);
                return Ok(());
            }
            _ => return self.error(words!("expected a value", "値が必要です")),
        };
        if !matches!(token, Token::BlockEntry) {
            self.scanner.skip();
        }
        let id = self.add(parent, kind, start..end.max(start));
        self.name(properties.anchor, id);
        self.expect.extend(expect.map(|expect| expect(id)));
        Ok(())
    }

    fn name(&mut self, anchor: Option<String>, id: Id) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
    }

    /// Reads an anchor and a tag, in any order.
    fn properties(&mut self) -> Result<Properties> {
        let mut properties = Properties::default();
        loop {
            let (token, span) = self.scanner.peek()?;
            let span = span.clone();
            match token {
                Token::Anchor(name) if properties.anchor.is_none() => properties.anchor = Some(core::mem::take(name)),
                Token::Tag { handle, suffix } if properties.start.is_none() => {
                    let (handle, suffix) = (core::mem::take(handle), core::mem::take(suffix));
                    properties.tag = Some(self.long_tag(&handle, suffix, &span)?);
                    properties.start = Some(span.start);
                }
                _ => return Ok(properties),
            }
            properties.any = true;
            properties.end = span.end;
            self.scanner.skip();
        }
    }

    fn long_tag(&self, handle: &str, suffix: String, span: &Range<usize>) -> Result<String> {
        if handle.is_empty() {
            return Ok(suffix);
        }
        match self.directives.get(handle) {
            Some(&prefix) => Ok([&*self.prefixes[prefix], &suffix].concat()),
            None => Err(SyntaxError::new(
                words!("a tag handle without its `%TAG`", "タグハンドルに対応する `%TAG` がありません"),
                span.clone(),
            )),
        }
    }

    // Block collections.

    fn block_item(&mut self, id: Id) -> Result<()> {
        if let Some(end) = self.skip_if(&Token::BlockEntry)? {
            self.expect.push(Expect::BlockItem(id));
            let empty = matches!(self.scanner.peek()?.0, Token::BlockEntry | Token::BlockEnd);
            return self.node_or_empty(id, empty.then_some(end), false);
        }
        if self.skip_if(&Token::BlockEnd)?.is_none() {
            return self.error(words!("expected `-` or the end of the list", "`-` またはリストの終わりが必要です"));
        }
        self.close_block(id);
        Ok(())
    }

    fn indentless_item(&mut self, id: Id) -> Result<()> {
        let Some(end) = self.skip_if(&Token::BlockEntry)? else {
            self.close_block(id);
            return Ok(());
        };
        self.expect.push(Expect::IndentlessItem(id));
        let (token, _) = self.scanner.peek()?;
        let empty = matches!(token, Token::BlockEntry | Token::Key | Token::Value | Token::BlockEnd);
        self.node_or_empty(id, empty.then_some(end), false)
    }

    fn block_key(&mut self, id: Id) -> Result<()> {
        if let Some(end) = self.skip_if(&Token::Key)? {
            self.expect.push(Expect::BlockValue(id));
            return self.block_part(id, end);
        }
        if self.skip_if(&Token::BlockEnd)?.is_none() {
            return self.error(words!(
                "expected a key, or the end of the mapping: is the indentation right?",
                "キーまたはマッピングの終わりが必要です。インデントを確認してください"
            ));
        }
        self.close_block(id);
        Ok(())
    }

    fn block_value(&mut self, id: Id) -> Result<()> {
        self.expect.push(Expect::BlockKey(id));
        match self.skip_if(&Token::Value)? {
            Some(end) => self.block_part(id, end),
            None => {
                let at = self.scanner.peek()?.1.start;
                self.add_empty(id, at);
                Ok(())
            }
        }
    }

    /// The key or the value behind an indicator that ends there.
    fn block_part(&mut self, id: Id, end: usize) -> Result<()> {
        let empty = matches!(self.scanner.peek()?.0, Token::Key | Token::Value | Token::BlockEnd);
        self.node_or_empty(id, empty.then_some(end), true)
    }

    fn node_or_empty(&mut self, id: Id, empty: Option<usize>, indentless: bool) -> Result<()> {
        match empty {
            Some(at) => {
                self.add_empty(id, at);
                Ok(())
            }
            None => self.node(id, true, indentless),
        }
    }

    // Flow collections.

    /// Takes the comma before all items but the first.
    fn comma(&mut self, first: First, message: Words) -> Result<()> {
        if !first && self.skip_if(&Token::FlowEntry)?.is_none() { self.error(message) } else { Ok(()) }
    }

    /// Takes the closing bracket, if it stands here, and ends the collection with it.
    fn closes(&mut self, id: Id, bracket: &Token) -> Result<bool> {
        let end = self.skip_if(bracket)?;
        self.nodes[id].span.end = end.unwrap_or(self.nodes[id].span.end);
        Ok(end.is_some())
    }

    fn flow_item(&mut self, id: Id, first: First) -> Result<()> {
        if self.closes(id, &Token::FlowSequenceEnd)? {
            return Ok(());
        }
        self.comma(first, words!("expected `,` or `]`", "`,` または `]` が必要です"))?;
        if !first && self.closes(id, &Token::FlowSequenceEnd)? {
            return Ok(());
        }
        self.expect.push(Expect::FlowItem(id, false));
        if let Some(end) = self.skip_if(&Token::Key)? {
            let pair = self.add(id, Kind::Mapping(Vec::new()), end..end);
            self.expect.push(Expect::PairKey(pair));
            return Ok(());
        }
        self.node(id, false, false)
    }

    fn pair_key(&mut self, id: Id) -> Result<()> {
        self.expect.push(Expect::PairValue(id));
        let (token, span) = self.scanner.peek()?;
        if matches!(token, Token::Value | Token::FlowEntry | Token::FlowSequenceEnd) {
            // go-yaml drops this token, and mostly fails on what follows.
            let at = span.end;
            self.scanner.skip();
            self.add_empty(id, at);
            return Ok(());
        }
        self.node(id, false, false)
    }

    fn pair_value(&mut self, id: Id) -> Result<()> {
        self.expect.push(Expect::PairEnd(id));
        self.value_unless(id, |token| matches!(token, Token::FlowEntry | Token::FlowSequenceEnd))
    }

    fn flow_key(&mut self, id: Id, first: First) -> Result<()> {
        if self.closes(id, &Token::FlowMappingEnd)? {
            return Ok(());
        }
        self.comma(first, words!("expected `,` or `}`", "`,` または `}` が必要です"))?;
        if !first && self.closes(id, &Token::FlowMappingEnd)? {
            return Ok(());
        }
        if self.skip_if(&Token::Key)?.is_none() {
            self.expect.push(Expect::NoFlowValue(id));
            return self.node(id, false, false);
        }
        self.expect.push(Expect::FlowValue(id));
        match self.scanner.peek()? {
            (Token::Value | Token::FlowEntry | Token::FlowMappingEnd, span) => {
                let at = span.start;
                self.add_empty(id, at);
                Ok(())
            }
            _ => self.node(id, false, false),
        }
    }

    fn flow_value(&mut self, id: Id) -> Result<()> {
        self.expect.push(Expect::FlowKey(id, false));
        self.value_unless(id, |token| matches!(token, Token::FlowEntry | Token::FlowMappingEnd))
    }

    fn missing_value(&mut self, id: Id) -> Result<()> {
        self.expect.push(Expect::FlowKey(id, false));
        let at = self.scanner.peek()?.1.start;
        self.add_empty(id, at);
        Ok(())
    }

    /// The value behind `:`, unless what follows ends the pair.
    fn value_unless(&mut self, id: Id, ends: fn(&Token) -> bool) -> Result<()> {
        let colon = self.skip_if(&Token::Value)?;
        let (token, span) = self.scanner.peek()?;
        if colon.is_some() && !ends(token) {
            return self.node(id, false, false);
        }
        let at = colon.unwrap_or(span.start);
        self.add_empty(id, at);
        Ok(())
    }
}

fn ends_document(token: &Token) -> bool {
    matches!(
        token,
        Token::Version(..) | Token::TagDirective { .. } | Token::DocumentStart | Token::DocumentEnd | Token::StreamEnd
    )
}

/// What may stand before a node.
#[derive(Default)]
struct Properties {
    any: bool,
    anchor: Option<String>,
    tag: Option<String>,
    /// Where the tag begins.
    start: Option<usize>,
    end: usize,
}

impl Properties {
    fn scalar(&self, text: String, plain: bool) -> Scalar {
        let implicit = match self.tag.as_deref() {
            None | Some("") => plain,
            Some(tag) => tag == "!",
        };
        Scalar { text, tag: self.tag.clone().filter(|tag| !tag.is_empty()), implicit }
    }
}
