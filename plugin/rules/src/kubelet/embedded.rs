//! Kubelets that are a part of another process: k3s and MicroK8s run one inside of themselves, and its arguments are on no command
//! line. They are put together here from the files that they come from, as far as these tell.
//!
//! MicroK8s: every line of an arguments file (microk8s-resources/wrappers/run-kubelite-with-args). k3s, from 1.32 on: a drop-in
//! directory, a few flags, and the `kubelet-arg` lists of its own configuration (k3s pkg/daemons/agent).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::surface::Version;
use super::{Unknown, values};
use crate::collections;
use crate::message::{Words, message};
use crate::model::{Content, Document, Outcome, Place, Process, Span, Want};
use crate::text::{self, Node, Value};

/// The fact that names the process that a kubelet is a part of.
const FACT: &str = "embeds";

const KUBELITE: &str = "kubelite";

/// The first k3s that gives its kubelet a drop-in directory instead of flags.
const K3S_DROP_INS: u8 = 32;

const K3S_FLAGS: [&str; 4] = [
    "--cloud-provider=external",
    "--config-dir=/var/lib/rancher/k3s/agent/etc/kubelet.conf.d",
    "--kubeconfig=/var/lib/rancher/k3s/agent/kubelet.kubeconfig",
    "--read-only-port=0",
];

const K3S_CONFIG: &str = "/etc/rancher/k3s/config.yaml";
const K3S_CONFIG_DIR: &str = "/etc/rancher/k3s/config.yaml.d";

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
    /// The first minor of which the words are known.
    since: u8,
    /// A file that cannot be had.
    missing: Option<(Want, Place)>,
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
    pub fn unknown(&self, version: Version) -> Option<Unknown> {
        if let Some((want, place)) = &self.missing {
            let text = text!(
                "the kubelet's arguments stand in `{path}`, which was not read",
                "kubelet の引数は `{path}` にありますが、読み込まれていません",
                path = super::walk::path_of(want)
            );
            return Some(Unknown { message: message("arguments-unread", text), place: *place });
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
        Some(Unknown { message: message("arguments-inside", text), place: Place::Target })
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
        let Some((id, bytes)) = self.read(all, want) else { return };
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

    fn k3s(&mut self, all: &[Document]) {
        self.since = K3S_DROP_INS;
        self.gap = words!(
            "k3s runs the kubelet inside itself: its arguments are put together from its drop-in directory and its configuration; \
            `--kubelet-arg` on the command line of k3s itself cannot be seen",
            "k3s は kubelet を自身の中で実行します。引数はドロップインディレクトリと k3s の設定から組み立てたもので、\
            k3s 自身のコマンドラインの `--kubelet-arg` は確認できません"
        );
        for flag in K3S_FLAGS {
            self.push(flag.as_bytes().to_vec(), Place::Target);
        }
        let mut files = vec![Want::File(K3S_CONFIG.into())];
        let directory = Want::Directory(K3S_CONFIG_DIR.into());
        match answer(all, &directory) {
            None => self.wants.push(directory),
            Some(Document { outcome: Outcome::Found(Content::Directory(entries)), .. }) => {
                let order = collections::order(entries.len(), &|a, b| entries[a].name.cmp(&entries[b].name));
                let names = order.into_iter().map(|at| &entries[at].name).filter(|name| name.ends_with(b".yaml"));
                files.extend(names.map(|name| Want::File([K3S_CONFIG_DIR.as_bytes(), b"/", name].concat())));
            }
            Some(_) => {}
        }
        let mut given: Vec<(String, Place)> = vec![];
        for want in files {
            let Some((id, bytes)) = self.read_if_there(all, want) else { continue };
            if let Ok(text) = text::read(bytes) {
                kubelet_args(&text.root, id, &mut given);
            }
        }
        for (word, place) in given {
            // These two are copied into the drop-in directory, and taken out.
            if !word.starts_with("config=") && !word.starts_with("config-dir=") {
                self.push(["--", &word].concat().into_bytes(), place);
            }
        }
    }

    fn push(&mut self, word: Vec<u8>, place: Place) {
        self.words.push(word);
        self.places.push(place);
    }

    /// A file without which nothing is known.
    fn read<'a>(&mut self, all: &'a [Document], want: Want) -> Option<(u32, &'a [u8])> {
        let found = self.read_if_there(all, want.clone());
        if found.is_none() {
            let place = answer(all, &want).map_or(Place::Target, |document| Place::Whole(document.id));
            self.missing = Some((want, place));
        }
        found
    }

    fn read_if_there<'a>(&mut self, all: &'a [Document], want: Want) -> Option<(u32, &'a [u8])> {
        match answer(all, &want) {
            Some(Document { id, outcome: Outcome::Found(Content::File(bytes)), .. }) => return Some((*id, bytes)),
            Some(Document { outcome: Outcome::Absent, .. }) => {}
            Some(Document { id, .. }) => self.missing = Some((want, Place::Whole(*id))),
            None => self.wants.push(want),
        }
        None
    }
}

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

/// The items of `kubelet-arg`, which replace those of files before it, and of `kubelet-arg+`, which are added.
fn kubelet_args(root: &Node, document: u32, given: &mut Vec<(String, Place)>) {
    let Value::Object(members) = &root.value else { return };
    for member in members.iter().filter(|member| !member.shadowed) {
        match member.key.as_str() {
            "kubelet-arg" => given.clear(),
            "kubelet-arg+" => {}
            _ => continue,
        }
        let items = match &member.value.value {
            Value::Array(items) => items.as_slice(),
            _ => core::slice::from_ref(&member.value),
        };
        for item in items {
            if let Value::String(word) = &item.value {
                let span = Span { document, part: 0, start: item.span.start as u32, end: item.span.end as u32 };
                given.push((word.to_owned(), Place::At(span)));
            }
        }
    }
}
