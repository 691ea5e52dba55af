//! A target made of what a user names: a command line, a configuration file, a drop-in directory.

use std::path::{Path, PathBuf};

use kubevet_judge::offline::{self, File, Folder, StandsFor};
use kubevet_rules::model::{Content, Document, Outcome, Want};

use crate::collect::files::Files;
use crate::collect::{MAX_FILE, Source};
use crate::named::{self, Unreadable};
use crate::paths;

/// What a file is called that comes from standard input.
const STDIN: &str = "stdin";

/// What the user hands over.
#[derive(Default)]
pub struct Inputs {
    /// The kubelet's arguments.
    pub arguments: Vec<Vec<u8>>,
    /// Whether it matters that no arguments are given: something else shows what they do.
    pub flags_unknown: bool,
    /// Stands for the file of `--config`; `-` is standard input.
    pub file: Option<PathBuf>,
    /// What that file holds, where it has been read.
    pub content: Option<Vec<u8>>,
    /// Stands for the directory of `--config-dir`.
    pub config_dir: Option<PathBuf>,
}

/// The source of such a target.
pub struct Offline {
    /// The file that stands for the one of `--config`.
    file: Option<PathBuf>,
    parts: offline::Offline,
}

/// What the user named and cannot be used: what, why, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Unusable {
    what: String,
    why: String,
}

impl Unusable {
    fn new(path: &Path, why: impl Into<String>) -> Unusable {
        Unusable { what: kubevet_report::escape::text(&path.to_string_lossy()).into_owned(), why: why.into() }
    }
}

impl Offline {
    /// Reads what was named. `wants` tells what a kubelet with these documents asks for.
    ///
    /// # Errors
    /// A file or directory that is not there, cannot be read, or is of the wrong kind.
    pub fn new(inputs: Inputs, wants: impl Fn(&[Document]) -> Vec<Want>) -> Result<Offline, Unusable> {
        let Inputs { content, .. } = inputs;
        let file = |path: &PathBuf| file(path, content);
        let parts = offline::Inputs {
            arguments: inputs.arguments,
            flags_unknown: inputs.flags_unknown,
            file: inputs.file.as_ref().map(file).transpose()?,
            config_dir: inputs.config_dir.as_deref().map(folder).transpose()?,
        };
        Ok(Offline { file: inputs.file, parts: offline::Offline::new(parts, wants) })
    }

    /// The file that a want is answered from; `-` is standard input.
    #[must_use]
    pub fn file(&self, want: &Want) -> Option<PathBuf> {
        match (self.parts.stands_for(want)?, want) {
            (StandsFor::File, _) => self.file.clone(),
            (StandsFor::Folder(path), Want::File(_)) => Some(paths::path(&path)),
            (StandsFor::Folder(_), _) => None,
        }
    }
}

fn file(path: &Path, content: Option<Vec<u8>>) -> Result<File, Unusable> {
    let name = if named::is_standard(path) { Path::new(STDIN) } else { path };
    let outcome = match content {
        Some(bytes) => Outcome::Found(Content::File(bytes)),
        None => read(path)?,
    };
    Ok(File { name: paths::bytes(name).into_owned(), outcome })
}

fn folder(path: &Path) -> Result<Folder, Unusable> {
    let real = directory(path)?;
    let files = Files::here().map_err(|error| Unusable::new(path, error.to_string()))?;
    let (name, path) = (paths::bytes(path).into_owned(), paths::bytes(&real).into_owned());
    Ok(Folder { name, path, source: Box::new(files) })
}

/// A file that the user named: it has to be there, and to be a file. Too large is an answer, not an error of the user.
fn read(path: &Path) -> Result<Outcome, Unusable> {
    let unusable = |why: Unreadable| match named::is_standard(path) {
        true => Unusable { what: "standard input".into(), why: why.into() },
        false => Unusable::new(path, why),
    };
    let bytes = named::read(path, MAX_FILE).map_err(unusable)?;
    Ok(bytes.map_or(Outcome::TooLarge(MAX_FILE), |bytes| Outcome::Found(Content::File(bytes))))
}

fn directory(path: &Path) -> Result<PathBuf, Unusable> {
    let real = path.canonicalize().map_err(|error| Unusable::new(path, named::reason(&error)))?;
    if real.is_dir() { Ok(real) } else { Err(Unusable::new(path, "is no directory")) }
}

impl Source for Offline {
    fn answer(&self, want: &Want) -> Outcome {
        self.parts.answer(want)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(documents: &[Document]) -> Vec<Want> {
        kubevet_rules::plan(documents, &Default::default()).unwrap()
    }

    #[test]
    fn a_file_stands_for_the_config_that_the_flags_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("k.json");
        std::fs::write(&file, "{}").unwrap();
        let inputs =
            Inputs { arguments: vec![b"--config=/etc/k.json".to_vec()], file: Some(file), ..Inputs::default() };
        let source = Offline::new(inputs, plan).unwrap();
        assert_eq!(source.answer(&Want::File(b"/etc/k.json".to_vec())), Outcome::Found(Content::File(b"{}".to_vec())));
        assert_eq!(source.parts.arguments().len(), 1);
    }

    #[test]
    fn a_flag_that_would_swallow_the_added_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.conf"), "x").unwrap();
        let inputs = Inputs {
            arguments: vec![b"--node-ip".to_vec()],
            config_dir: Some(folder.path().into()),
            ..Inputs::default()
        };
        let source = Offline::new(inputs, plan).unwrap();
        assert_eq!(source.parts.arguments().last().unwrap(), b"--node-ip");
        let inputs = Inputs { config_dir: Some(folder.path().into()), ..Inputs::default() };
        let source = Offline::new(inputs, plan).unwrap();
        let listed = source.answer(&Want::Directory(paths::bytes(folder.path()).into_owned()));
        assert!(matches!(listed, Outcome::Found(Content::Directory(_))), "{listed:?}");
    }
}
