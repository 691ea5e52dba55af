//! Kubelets that are a part of another process: k3s and MicroK8s run one inside of themselves, and its arguments are on no command
//! line. They are put together here from the files that they come from, as far as these tell.
//!
//! MicroK8s: every line of an arguments file (microk8s-resources/wrappers/run-kubelite-with-args). k3s, from 1.32 on: a drop-in
//! directory, a few flags, and the `kubelet-arg` lists of its own configuration (k3s pkg/daemons/agent).

mod k3s;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::surface::Version;
use super::{Unknown, values};
use crate::message::{Words, message};
use crate::model::{Content, Document, Outcome, Place, Process, Span, Want};

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

/// The arguments of the kubelet in this process; `None` where the process is a kubelet itself.
pub fn command_line(all: &[Document], process: &Process) -> Option<CommandLine> {
    let (_, name) = process.facts.iter().find(|(key, _)| key == FACT)?;
    let mut line = CommandLine::default();
    match name.as_str() {
        KUBELITE => line.microk8s(all, process),
        _ => line.k3s(all),
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

    fn microk8s(&mut self, all: &[Document], process: &Process) {
        const FLAG: &[u8] = b"--kubelet-args-file=";
        self.gap = words!(
            "MicroK8s runs the kubelet inside kubelite: these are the arguments of its file, which a restart puts into effect",
            "MicroK8s は kubelet を kubelite の中で実行します。これは引数ファイルの内容で、再起動すると反映されます"
        );
        let path = process.arguments.iter().find_map(|word| word.strip_prefix(FLAG)).unwrap_or_default();
        let data = path.windows(6).position(|part| part == b"/args/").map_or(&b""[..], |at| &path[..at]);
        let variables = [("SNAP_DATA", values::text(data)), ("SNAP_COMMON", common(data))];
        let want = Want::File(path.to_vec());
        let Some((id, bytes)) = self.read(all, &want) else { return };
        let mut start = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let word = line.trim_ascii();
            let at = start + line.len() - line.trim_ascii_start().len();
            start += line.len();
            if !word.is_empty() && !word.starts_with(b"#") {
                let span = Span { document: id, part: 0, start: at as u32, end: (at + word.len()) as u32 };
                self.push(expanded(&values::text(word), &variables).into_bytes(), Place::At(span));
            }
        }
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
    fn read<'a>(&mut self, all: &'a [Document], want: &Want) -> Option<(u32, &'a [u8])> {
        let found = self.read_if_there(all, want);
        if found.is_none() {
            self.give_up(want, answer(all, want).map(|document| document.id), UNREAD);
        }
        found
    }

    fn read_if_there<'a>(&mut self, all: &'a [Document], want: &Want) -> Option<(u32, &'a [u8])> {
        match answer(all, want) {
            Some(Document { id, outcome: Outcome::Found(Content::File(bytes)), .. }) => return Some((*id, bytes)),
            Some(Document { outcome: Outcome::Absent, .. }) => {}
            Some(Document { id, .. }) => self.give_up(want, Some(*id), UNREAD),
            None => self.wants.push(want.clone()),
        }
        None
    }
}

const UNREAD: Words = words!("was not read", "読み込まれていません");

fn answer<'a>(all: &'a [Document], want: &Want) -> Option<&'a Document> {
    all.iter().find(|document| document.answers == *want)
}

/// `/var/snap/microk8s/common` for `/var/snap/microk8s/7731`.
fn common(data: &[u8]) -> String {
    let end = data.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    values::text(&data[..end]) + "/common"
}

/// A line with the variables of the snap, and without the quotes around a value.
fn expanded(line: &str, variables: &[(&str, String)]) -> String {
    let plain: String = line.chars().filter(|c| *c != '"').collect();
    variables.iter().fold(plain, |line, (name, value)| {
        let braced = values::replaced(&line, &["${", name, "}"].concat(), value);
        values::replaced(&braced, &["$", name].concat(), value)
    })
}
