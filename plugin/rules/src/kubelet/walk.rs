//! The walk through the drop-in directory (Go's `filepath.WalkDir`), and what becomes of documents that cannot be had.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Documents, Refused, Stop, Unknown, clipped, paths, values};
use crate::collections;
use crate::digits;
use crate::message::{Parameter, Said, Text, Words, message};
use crate::model::{Content, Document, FileKind, Outcome, Place, Stage, Want};

/// Deeper directories are not walked: no kubelet has them, and a link cannot make a circle here.
const MAX_DEPTH: usize = 32;

/// What the walk found.
pub struct Walk {
    /// The drop-ins, in the kubelet's order.
    pub files: Vec<Want>,
    /// Paths of files that are none, for their names.
    pub skipped: Vec<String>,
    /// The directory itself, where it is a link, which is not followed (`filepath.WalkDir` looks at its root with `Lstat`).
    pub link: Option<String>,
    /// What has to be asked before the walk can go on, and drop-ins that were not read yet.
    pub wants: Vec<Want>,
    /// Whether the walk could be finished.
    pub outcome: Result<(), Failure>,
}

/// A document that the kubelet needs, and that is not as it should be.
pub struct Failure {
    stage: Stage,
    message: Said,
    document: Option<u32>,
    /// Whether the kubelet would fail, too.
    fails: bool,
}

impl Failure {
    /// From the answer to a want.
    pub fn new(stage: Stage, want: &Want, document: &Document) -> Failure {
        let path = path_of(want);
        let (id, reason, fails): (_, Text, _) = match &document.outcome {
            Outcome::Absent => ("absent", words!("does not exist", "が存在しません").into(), true),
            Outcome::Denied => (
                "denied",
                words!(
                    "may not be read by this scanner; run it as root",
                    "を読む権限がスキャナーにありません。root で実行してください"
                )
                .into(),
                false,
            ),
            Outcome::Refused(reason) => (
                "refused",
                text!("was not read: {reason}", "は読み込みませんでした: {reason}", reason = &**reason),
                false,
            ),
            Outcome::TooLarge(limit) => {
                let text = text!(
                    "is larger than kubevet reads (the limit is {limit})",
                    "は kubevet が読み込む上限（{limit}）を超えています",
                    limit = digits::unsigned(*limit)
                );
                ("too-large", text, false)
            }
            Outcome::Failed(error) => (
                "failed",
                text!("could not be read: {error}", "を読み込めませんでした: {error}", error = &**error),
                false,
            ),
            Outcome::Unavailable => (
                "unavailable",
                words!("cannot be read here; hand it over as well", "をここでは読み込めません。併せて渡してください")
                    .into(),
                false,
            ),
            Outcome::Found(Content::Metadata(metadata)) => ("wrong-file-kind", wrong_kind(metadata.kind).into(), true),
            Outcome::Found(_) => (
                "wrong-answer",
                words!("was answered by something else", "に対して別のものが返されました").into(),
                false,
            ),
        };
        let text = text!("`{path}` {reason}", "`{path}` {reason}", path, reason);
        Failure { stage, message: message(id, text), document: Some(document.id), fails }
    }

    /// There is no answer to this want.
    pub fn missing(stage: Stage, want: &Want) -> Failure {
        let path = path_of(want);
        let text =
            text!("`{path}` is needed, and was not handed over", "`{path}` が必要ですが、渡されていません", path);
        let message = message("missing-document", text);
        Failure { stage, message, document: None, fails: false }
    }

    /// What there is to say, in one line.
    pub fn into_message(self) -> Said {
        self.message
    }

    /// What follows; `named_at` is the flag that names the document.
    pub fn into_stop(self, named_at: Place) -> Stop {
        let Failure { stage, message, document, fails } = self;
        match fails {
            true => Stop::Refused(Refused::new(stage, message, named_at)),
            false => Stop::Unknown(Box::new(Unknown { message, place: document.map_or(named_at, Place::Whole) })),
        }
    }
}

fn wrong_kind(kind: FileKind) -> Words {
    match kind {
        FileKind::Directory => words!("is a directory, not a file", "はファイルではなくディレクトリです"),
        FileKind::Symlink => words!("is a symbolic link that leads nowhere", "はリンク先のないシンボリックリンクです"),
        FileKind::Regular | FileKind::Other => {
            words!("is no file that can be read", "は読み込めるファイルではありません")
        }
    }
}

/// The path that a want names, for people.
pub fn path_of(want: &Want) -> Parameter {
    match want {
        Want::File(path) | Want::Directory(path) | Want::Metadata(path) => clipped(&values::text(path)).into(),
        Want::Processes(name) | Want::EnvironmentHas(name) => clipped(name).into(),
        Want::LiveConfiguration => words!("the live configuration", "稼働中の設定").into(),
    }
}

/// Walks from the value of `--config-dir`.
pub fn walk(documents: &Documents, directory: &[u8]) -> Walk {
    let mut walk = Walk { files: vec![], skipped: vec![], link: None, wants: vec![], outcome: Ok(()) };
    let outcome = walk.root(documents, documents.absolute(directory));
    walk.outcome = outcome;
    walk
}

impl Walk {
    fn root(&mut self, documents: &Documents, path: Vec<u8>) -> Result<(), Failure> {
        let want = Want::Directory(path.clone());
        match documents.answer(&want).map(|document| &document.outcome) {
            // A flag that names a file, or a link to a directory: the walk sees one entry, and does not descend.
            Some(Outcome::Found(Content::Metadata(metadata))) => {
                let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_vec();
                self.file(documents, &name, paths::clean(&path));
                if metadata.kind == FileKind::Symlink {
                    self.link = self.skipped.pop();
                }
                Ok(())
            }
            _ => self.directory(documents, path, 0),
        }
    }

    fn directory(&mut self, documents: &Documents, path: Vec<u8>, depth: usize) -> Result<(), Failure> {
        let want = Want::Directory(path.clone());
        let entries = match documents.answer(&want) {
            Some(Document { outcome: Outcome::Found(Content::Directory(entries)), .. }) => entries,
            Some(document) => return Err(Failure::new(Stage::Dropin, &want, document)),
            None => {
                let failure = Failure::missing(Stage::Dropin, &want);
                self.wants.push(want);
                return Err(failure);
            }
        };
        if depth > MAX_DEPTH {
            let text = text!(
                "`{path}` is more than {most} directories deep",
                "`{path}` は {most} 階層より深いディレクトリです",
                path = path_of(&want),
                most = digits::unsigned(MAX_DEPTH as u64)
            );
            return Err(Failure {
                stage: Stage::Dropin,
                message: message("too-deep", text),
                document: None,
                fails: false,
            });
        }
        let order = collections::order(entries.len(), &|a, b| entries[a].name.cmp(&entries[b].name));
        let mut outcome = Ok(());
        for entry in order.into_iter().map(|at| &entries[at]) {
            let below = paths::clean(&paths::join(&path, &entry.name));
            match entry.kind {
                // What is missing further down can be asked for in the same round.
                FileKind::Directory => outcome = outcome.and(self.directory(documents, below, depth + 1)),
                _ => self.file(documents, &entry.name, below),
            }
        }
        outcome
    }

    fn file(&mut self, documents: &Documents, name: &[u8], path: Vec<u8>) {
        if paths::extension(name) != b".conf" {
            // What Kubernetes lays out for itself (`..data`) is meant for nobody.
            if !name.starts_with(b"..") {
                self.skipped.push(clipped(&values::text(&path)));
            }
            return;
        }
        let want = Want::File(path);
        if documents.answer(&want).is_none() {
            self.wants.push(want.clone());
        }
        self.files.push(want);
    }
}
