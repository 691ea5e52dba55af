//! The documents of a target: what the host has answered, and what the kubelet is told by it.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::embedded::{self, CommandLine};
use super::file::{self, AskedEdit, Texts};
use super::laid_out::{LaidOut, Layout};
use super::surface::Version;
use super::{flags, paths, walk};
use crate::HAS_FORMS;
use crate::model::{Content, Document, Outcome, Place, Process, Span, Want};
use crate::platform::OS_RELEASE;
use crate::text::edit::{self, Splice};
use crate::text::{self, Text};

/// The documents of a target.
#[derive(Clone, Copy)]
pub struct Documents<'a> {
    all: &'a [Document],
    /// What was read of them.
    pub texts: &'a Texts,
    /// The document that describes the process.
    pub process_id: u32,
    /// The process.
    pub process: &'a Process,
    /// Its arguments, where they are not its own: the kubelet is a part of it.
    pub embedded: Option<&'a CommandLine>,
    /// The patch of the kubelet's version, such as 4 of 1.34.4, where it is known.
    pub patch: Option<u64>,
    /// Whether the version is known, so that no other comes into question.
    pub has_version: bool,
    laid_out: Option<&'a LaidOut>,
}

impl<'a> Documents<'a> {
    /// The documents of the kubelet, once there is a process; or its live configuration, where the process is not to be had.
    pub fn new(all: &'a [Document], texts: &'a Texts) -> Option<Documents<'a>> {
        let process = all.iter().find_map(|document| match &document.outcome {
            Outcome::Found(Content::Process(process)) => {
                let line = || embedded::command_line(all, document.id, process);
                let embedded = texts.embedded.get_or_init(line).as_ref();
                Some(Documents { embedded, ..Documents::of_process(all, texts, document.id, process) })
            }
            _ => None,
        });
        process.or_else(|| {
            let is_live = |document: &&Document| {
                document.answers == Want::LiveConfiguration && document.outcome != Outcome::Unavailable
            };
            let document = all.iter().find(is_live)?;
            Some(Documents::of_process(all, texts, document.id, &NOBODY))
        })
    }

    /// The documents of an input; those of the newest version, until another is asked for.
    pub fn of_input(laid_out: &'a LaidOut, texts: &'a Texts) -> Option<Documents<'a>> {
        for (id, text) in laid_out.layouts.iter().flat_map(|layout| &layout.texts) {
            texts.know(*id, text);
        }
        let layout = laid_out.of(Version::newest())?;
        let none = Documents { laid_out: Some(laid_out), ..Documents::of_process(&[], texts, 0, &NOBODY) };
        Some(none.with(layout))
    }

    fn of_process(all: &'a [Document], texts: &'a Texts, process_id: u32, process: &'a Process) -> Documents<'a> {
        Documents { all, texts, process_id, process, embedded: None, patch: None, has_version: false, laid_out: None }
    }

    /// Those of a kubelet of this patch, and whether its version is known.
    pub fn of_version(self, patch: Option<u64>, has_version: bool) -> Documents<'a> {
        Documents { patch, has_version, ..self }
    }

    /// What a platform made of an input, where that is judged.
    pub fn laid_out(&self) -> Option<&'a LaidOut> {
        self.laid_out.filter(|_| HAS_FORMS)
    }

    fn with(self, layout: &'a Layout) -> Documents<'a> {
        Documents { all: &layout.documents, process: layout.process(), embedded: Some(&layout.line), ..self }
    }

    /// The documents of a kubelet of this version: what an input comes to depends on it.
    pub fn at(self, version: Version) -> Documents<'a> {
        self.laid_out().and_then(|laid_out| laid_out.of(version)).map_or(self, |layout| self.with(layout))
    }

    /// Whether the document of this number can be edited.
    pub fn is_editable(&self, id: u32) -> bool {
        self.laid_out().is_none_or(|laid_out| laid_out.regions.iter().any(|(known, _)| *known == id))
    }

    /// Whether there is no process, but only its live configuration.
    pub fn is_live_alone(&self) -> bool {
        core::ptr::eq(self.process, &NOBODY)
    }

    /// Whether the flags are those of the kubelet: files may be given without them.
    pub fn flags_are_known(&self) -> bool {
        !self.process.facts.iter().any(|(key, _)| key == FLAGS_UNKNOWN)
    }

    /// The kubelet's arguments.
    pub fn words(&self) -> &'a flags::Words {
        self.embedded.map_or(&*self.process.arguments, |line| &line.words)
    }

    /// Where one of these stands.
    pub fn word_place(&self, word: usize) -> Place {
        match self.embedded {
            Some(line) => line.places.get(word).copied().unwrap_or(Place::Target),
            None => {
                let end = self.process.arguments.get(word).map_or(0, Vec::len);
                Place::At(Span { document: self.process_id, part: word as u32, start: 0, end: end as u32 })
            }
        }
    }

    /// Where a value begins in the text of a word.
    pub fn offset(&self, word: Span, value: &[u8]) -> Option<u32> {
        let document = self.all.iter().find(|document| document.id == word.document)?;
        let bytes = match &document.outcome {
            Outcome::Found(Content::File(bytes)) => bytes,
            Outcome::Found(Content::Process(process)) => process.arguments.get(word.part as usize)?,
            _ => return None,
        };
        let bytes = bytes.get(word.start as usize..word.end as usize)?;
        // A slice has no windows without a length.
        bytes.windows(value.len().max(1)).position(|part| part == value).map(|at| at as u32)
    }

    /// The answer to a want, if there is one.
    pub fn answer(&self, want: &Want) -> Option<&'a Document> {
        self.all.iter().find(|document| document.answers == *want)
    }

    /// How a want was answered, if it was.
    pub fn outcome(&self, want: &Want) -> Option<&'a Outcome> {
        self.answer(want).map(|document| &document.outcome)
    }

    /// A document of the configuration, as bytes and as a tree.
    pub fn text(&self, id: u32) -> Option<(&'a [u8], Rc<Text>)> {
        let document = self.all.iter().find(|document| document.id == id)?;
        let Outcome::Found(Content::File(bytes)) = &document.outcome else { return None };
        Some((bytes, self.texts.read(id, bytes).ok()?))
    }

    /// The splices that give a setting a value in a document, see [`edit::set`].
    pub fn edit(&self, asked: AskedEdit) -> Option<Vec<Splice>> {
        self.texts.edit(asked, |asked| {
            let AskedEdit { document, path, value, near, copies } = asked;
            let value = text::read_json(value.as_bytes()).ok()?;
            if let Some(laid_out) = self.laid_out() {
                return laid_out.edit(asked, &value.root.value);
            }
            let (bytes, text) = self.text(*document)?;
            // The keys of the kubelet's internal form are others, and no advice is meant for it.
            if file::is_internal(&text, bytes) {
                return None;
            }
            let path: Vec<_> = path.split('.').collect();
            edit::set(bytes, &text, &path, &value.root.value, near.clone(), *copies)
        })
    }

    /// The drop-ins of a directory, by the paths that they are read from, and whether these are all that there are.
    pub fn drop_ins(&self, directory: &[u8]) -> (impl Iterator<Item = Vec<u8>>, bool) {
        let walk = walk::walk(self, directory);
        let path = |want| if let Want::File(path) = want { Some(path) } else { None };
        (walk.files.into_iter().filter_map(path), walk.outcome.is_ok())
    }

    /// What must not be shown of configurations that no version came to read, since each ended before.
    pub fn withheld_unread(&self) -> Vec<Span> {
        let is_configuration = |document: &&Document| match &document.answers {
            Want::File(path) if path == OS_RELEASE.as_bytes() => false,
            // Whoever has the kubelet inside has configurations of its own.
            Want::File(path) => self.embedded.is_none() || path.ends_with(b".conf"),
            _ => false,
        };
        let unread = self.all.iter().filter(is_configuration).filter(|document| !self.texts.has_read(document.id));
        let withheld = unread.filter_map(|document| match &document.outcome {
            Outcome::Found(Content::File(bytes)) => Some(file::withheld_unread(self.texts, document.id, bytes)),
            _ => None,
        });
        withheld.flatten().collect()
    }

    /// The number of the document that answers a want.
    pub fn id(&self, want: &Want) -> Option<u32> {
        self.answer(want).map(|document| document.id)
    }

    /// Whether the process runs, so that it has started: the host knows its number.
    pub fn is_running(&self) -> bool {
        self.process.facts.iter().any(|(key, _)| key == "pid")
    }

    /// A path as the process means it, not cleaned; relative where its working directory is not known.
    pub fn absolute(&self, path: &[u8]) -> Vec<u8> {
        paths::join(&self.process.cwd, path)
    }

    /// Whether the place of the configuration file on the node is not known, because a file stands in for it.
    pub fn has_stand_in(&self) -> bool {
        self.process.facts.iter().any(|(key, _)| key == STAND_IN)
    }
}

/// The fact that says that `--config` was not among the arguments, but added for a file of unknown place.
pub const STAND_IN: &str = "config-stands-in";

/// The fact that says that no arguments were given: those that there are stand for the files that were.
pub const FLAGS_UNKNOWN: &str = "flags-unknown";

/// A process of which nothing is known.
static NOBODY: Process = Process { arguments: vec![], cwd: vec![], facts: vec![] };
