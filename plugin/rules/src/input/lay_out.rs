//! An input as the documents that its platform lays out on a node.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::base::{DropIns, HEADER, Row};
use super::home::{Home, Unpacked};
use super::{Input, Note, Part, Word, look, tree};
use crate::kubelet::laid_out::{Doubt, LaidOut, Layout, NOWHERE};
use crate::kubelet::{Refused, Unknown};
use crate::message::{Problem, message};
use crate::model::{Content, Document, Error, Outcome, Place, Span, Stage, Want};
use crate::text::{Format, Text};

/// Unpacks an input of a file, which is the only document.
///
/// # Errors
/// No such input, or no such document.
pub fn unpack(documents: &[Document], id: &str) -> Result<Unpacked, Error> {
    let (name, bytes, document) = match documents {
        [Document { id, answers: Want::File(name), outcome: Outcome::Found(Content::File(bytes)) }] => {
            (name, bytes, *id)
        }
        [document, ..] => return Err(Error::BadDocument(document.id)),
        [] => return Err(Error::BadDocument(0)),
    };
    let (inputs, secrets) = look(name, bytes);
    let input = inputs.into_iter().find(|input| input.id == id);
    let Some(input) = input else { return Err(Error::BadOption(format!("there is no input `{id}` in this file"))) };
    let name = super::source::shown(name);
    let mut unpacked = Laying { input: &input, document, name: &name, bytes, next: document }.unpacked();
    unpacked.withheld = secrets.iter().map(|secret| span(document, secret)).collect();
    Ok(unpacked)
}

/// Bytes of a file.
fn span(document: u32, range: &Range<usize>) -> Span {
    Span { document, part: 0, start: range.start as u32, end: range.end as u32 }
}

/// Lays out an input.
struct Laying<'a> {
    input: &'a Input,
    document: u32,
    name: &'a str,
    bytes: &'a [u8],
    /// The number of the last document.
    next: u32,
}

impl Laying<'_> {
    fn unpacked(mut self) -> Unpacked {
        let input = self.input;
        let mut regions = vec![];
        let layouts = input.base.rows.iter().map(|row| self.layout(row, &mut regions)).collect();
        let refused = input.refused.as_ref().map(|note| {
            Box::new(Refused { stage: Stage::Input, message: note.message.clone(), place: self.at(&note.span) })
        });
        let unknown = |note: &Option<Note>| {
            let Note { message, span, .. } = note.as_ref()?;
            Some(Box::new(Unknown { message: message.clone(), place: self.at(span) }))
        };
        let (unknown, files_unknown) = (unknown(&input.unknown), unknown(&input.files_unknown));
        let undecided = |path: &&str| Doubt {
            path: (*path).to_owned(),
            why: message("decided-elsewhere", super::base::DECIDED_ELSEWHERE),
            always: false,
        };
        let doubts = input.doubts.iter().cloned().chain(input.base.doubts.iter().map(undecided)).collect();
        let problem = |note: &Note| Problem {
            severity: note.severity,
            message: note.message.clone(),
            place: self.at(&note.span),
            edits: vec![],
        };
        Unpacked {
            laid_out: LaidOut {
                layouts,
                refused,
                unknown,
                files_unknown,
                doubts,
                regions,
                bytes: self.bytes.to_owned(),
            },
            problems: input.problems.iter().map(problem).collect(),
            withheld: vec![],
            platform: input.platform,
            version: input.version.clone(),
            home: Home {
                head: span(self.document, &input.head),
                base: input.base.name,
                form: input.form,
                name: input.name.clone(),
                is_closed: input.is_closed,
            },
        }
    }

    fn at(&self, span: &Range<usize>) -> Place {
        Place::At(self::span(self.document, span))
    }

    /// A number for one more document.
    fn number(&mut self) -> u32 {
        self.next = self.next.wrapping_add(1);
        self.next
    }

    fn layout(&mut self, row: &Row, regions: &mut Vec<(u32, crate::kubelet::laid_out::Region)>) -> Layout {
        let input = self.input;
        let own = |flag: &str| (flag.as_bytes().to_vec(), self.at(&NOWHERE));
        let name = |word: &[u8]| word.split(|byte| *byte == b'=').next().map(<[u8]>::to_vec);
        let is_replaced = |flag: &&&str| {
            input.base.flags_replace && input.words.iter().any(|word| name(&word.bytes) == name(flag.as_bytes()))
        };
        let mut words: Vec<_> = row.flags.iter().filter(|flag| !is_replaced(flag)).map(|flag| own(flag)).collect();
        let named = input.config_path.as_deref();
        let of_row = row.file.map(|(path, _)| if path.is_empty() { self.name } else { path });
        words.extend(of_row.map(|path| own(&["--config=", path].concat())));
        words.extend(row.drop_ins.as_ref().map(|drop_ins| own(&["--config-dir=", drop_ins.path].concat())));
        let has_files = row.file.is_some() || row.drop_ins.is_some();
        let early = input.early.iter().filter(|_| !has_files);
        words.extend(early.chain(&input.words).map(|Word { bytes, span }| (bytes.clone(), self.at(span))));
        let mut layout = Layout::new(row.since, words);
        if let (Some(path), Some(Part::Tree { root, format, set_twice })) = (named, &input.part) {
            let id = self.number();
            let text = Text { root: root.clone(), format: *format, set_twice: set_twice.clone() };
            layout.add_file(id, path, self.bytes.to_owned(), Some(text));
        }
        if let (Some((_, texts)), Some(path)) = (row.file, of_row) {
            let id = self.number();
            let part = if row.drop_ins.is_none() { input.part.as_ref() } else { None };
            self.add(&mut layout, id, path, texts, part);
            if row.drop_ins.is_none() {
                regions.extend(input.region.clone().map(|region| (id, region)));
            }
        }
        if let Some(DropIns { path, own, name }) = &row.drop_ins {
            let mut names = vec![];
            let within = |name: &str| [path, "/", name].concat();
            if let Some((own, texts)) = own {
                let id = self.number();
                self.add(&mut layout, id, &within(own), texts, None);
                names.push(String::from(*own));
            }
            if input.part.is_some() || input.region.is_some() {
                let id = self.number();
                self.add(&mut layout, id, &within(name), &[], input.part.as_ref());
                regions.extend(input.region.clone().map(|region| (id, region)));
                names.push(String::from(*name));
            }
            let id = self.number();
            layout.add_directory(id, path, names);
            self.number();
        }
        layout
    }

    /// Adds a file with what the platform writes there, and what the input adds to it.
    fn add(&self, layout: &mut Layout, id: u32, path: &str, texts: &[&str], part: Option<&Part>) {
        let whole: Vec<&str> = [HEADER].into_iter().chain(texts.iter().copied()).collect();
        let own = || tree::of_platform(&whole);
        let text = match part {
            Some(Part::Text(bytes)) => return layout.add_file(id, path, bytes.clone(), None),
            Some(Part::Tree { root, format, set_twice }) => {
                Text { root: tree::merged(&own(), root), format: *format, set_twice: set_twice.clone() }
            }
            None => Text { root: own(), format: Format::Yaml, set_twice: vec![] },
        };
        layout.add_file(id, path, self.bytes.to_owned(), Some(text));
    }
}
