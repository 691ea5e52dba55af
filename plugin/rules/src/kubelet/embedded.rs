//! Kubelets that are a part of another process: k3s and MicroK8s run one inside of themselves, and its arguments are on no command
//! line. They are put together here from the files that they come from, as far as these tell.
//!
//! MicroK8s: every line of an arguments file (microk8s-resources/wrappers/run-kubelite-with-args). k3s, from 1.32 on: a drop-in
//! directory, a few flags, and the `kubelet-arg` lists of its own configuration (k3s pkg/daemons/agent).

mod k3s;
mod microk8s;
mod unit;

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::surface::Version;
use super::{Unknown, paths};
use crate::collections;
use crate::message::{Words, message};
use crate::model::{Content, Document, Entry, FileKind, Outcome, Place, Process, Span, Want};

/// The fact that names the process that a kubelet is a part of.
const FACT: &str = "embeds";

const KUBELITE: &str = "kubelite";

/// The arguments of a kubelet, put together.
#[derive(Default)]
pub struct CommandLine {
    /// The words, as the kubelet gets them.
    pub words: Vec<Vec<u8>>,
    /// Where each of them stands.
    pub places: Vec<Place>,
    /// What has to be read first.
    pub wants: Vec<Want>,
    /// Why the words are not all that there is, for people.
    pub gap: Words,
    /// What must not be shown of the files that they come from.
    pub withheld: Vec<Span>,
    /// The first minor of which the words are known.
    since: u8,
    /// Why they are not known.
    unknown: Option<Box<Unknown>>,
}

/// What is known so far.
struct Seen<'a> {
    all: &'a [Document],
    process_id: u32,
    process: &'a Process,
}

/// The arguments of the kubelet in this process; `None` where the process is a kubelet itself.
pub fn command_line(all: &[Document], process_id: u32, process: &Process) -> Option<CommandLine> {
    let (_, name) = process.facts.iter().find(|(key, _)| key == FACT)?;
    let mut line = CommandLine::default();
    let seen = Seen { all, process_id, process };
    match name.as_str() {
        KUBELITE => line.microk8s(&seen),
        name => line.k3s(&seen, name),
    }
    Some(line)
}

impl CommandLine {
    /// Arguments that are known as they are, with their places.
    pub fn of(words: Vec<(Vec<u8>, Place)>) -> CommandLine {
        let (words, places) = words.into_iter().unzip();
        CommandLine { words, places, ..CommandLine::default() }
    }

    /// Why these words cannot be those of a kubelet of this version.
    pub fn unknown(&self, version: Version) -> Option<Box<Unknown>> {
        if self.unknown.is_some() {
            return self.unknown.clone();
        }
        if version.minor() >= self.since {
            return None;
        }
        let text = words!(
            "up to 1.31, k3s gives its kubelet flags that are not to be seen from outside; its log has them (`Running kubelet …`), and \
            `kubevet check --flags` judges them",
            "1.31 までの k3s は、外部から見えないフラグを kubelet に渡します。フラグはログ（`Running kubelet …`）にあり、\
            `kubevet check --flags` で判定できます"
        );
        Some(Box::new(Unknown { message: message("arguments-inside", text), place: Place::Target }))
    }

    fn push(&mut self, word: Vec<u8>, place: Place) {
        self.words.push(word);
        self.places.push(place);
    }

    /// The arguments are not known, because of a file.
    fn give_up(&mut self, want: &Want, document: Option<u32>, why: Words) {
        let text = text!(
            "the kubelet's arguments stand in `{path}`, which {why}",
            "kubelet の引数は `{path}` にありますが、{why}",
            path = super::walk::path_of(want),
            why
        );
        let place = document.map_or(Place::Target, Place::Whole);
        self.unknown.get_or_insert_with(|| Box::new(Unknown { message: message("arguments-unread", text), place }));
    }

    /// A file without which nothing is known.
    fn read<'a>(&mut self, seen: &Seen<'a>, want: &Want) -> Option<(u32, &'a [u8])> {
        let found = self.read_if_there(seen, want);
        if found.is_none() {
            self.give_up(want, seen.answer(want).map(|document| document.id), UNREAD);
        }
        found
    }

    fn read_if_there<'a>(&mut self, seen: &Seen<'a>, want: &Want) -> Option<(u32, &'a [u8])> {
        match seen.answer(want) {
            Some(Document { id, outcome: Outcome::Found(Content::File(bytes)), .. }) => return Some((*id, bytes)),
            Some(Document { outcome: Outcome::Absent, .. }) => {}
            Some(Document { id, .. }) => self.give_up(want, Some(*id), UNREAD),
            None => self.wants.push(want.clone()),
        }
        None
    }

    /// The files of a directory by their names, if these end like this, in whatever case.
    fn files(&mut self, seen: &Seen, folder: Vec<u8>, endings: &[&str]) -> Vec<Want> {
        let directory = Want::Directory(folder.clone());
        match seen.answer(&directory) {
            None => self.wants.push(directory),
            Some(Document { outcome: Outcome::Found(Content::Directory(entries)), .. }) => {
                let order = collections::order(entries.len(), &|a, b| entries[a].name.cmp(&entries[b].name));
                let is_file = |entry: &&Entry| {
                    let ending = paths::extension(&entry.name);
                    let known = |known: &&str| ending.eq_ignore_ascii_case(known.as_bytes());
                    entry.kind != FileKind::Directory && endings.iter().any(known)
                };
                let entries = order.into_iter().map(|at| &entries[at]).filter(is_file);
                return entries.map(|entry| Want::File([&folder, &b"/"[..], &entry.name].concat())).collect();
            }
            Some(Document { outcome: Outcome::Absent, .. }) => {}
            Some(Document { id, .. }) => self.give_up(&directory, Some(*id), UNREAD),
        }
        vec![]
    }
}

const UNREAD: Words = words!("was not read", "読み込まれていません");

impl<'a> Seen<'a> {
    fn answer(&self, want: &Want) -> Option<&'a Document> {
        self.all.iter().find(|document| document.answers == *want)
    }
}
