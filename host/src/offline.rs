//! A target made of what a user hands over: a command line, a configuration file, a drop-in directory.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use kubevet_rules::model::{Content, Document, Outcome, Process, Want};
use kubevet_rules::{FLAGS_UNKNOWN, STAND_IN};

use crate::collect::files::Files;
use crate::collect::{MAX_FILE, Source};
use crate::{named, paths};

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
    /// Stands for the directory of `--config-dir`.
    pub config_dir: Option<PathBuf>,
}

/// The source of such a target.
pub struct Offline {
    process: Process,
    /// The file that stands for the one of `--config`.
    file: Option<PathBuf>,
    /// The path that the kubelet asks for, and what stands for it.
    config: Option<(Vec<u8>, Outcome)>,
    /// The directory that the kubelet asks for, and the real one.
    dropins: Option<(Vec<u8>, Vec<u8>, Files)>,
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
        let mut process = Process { arguments: inputs.arguments, cwd: vec![], facts: vec![] };
        if inputs.flags_unknown {
            process.facts.push((FLAGS_UNKNOWN.into(), "true".into()));
        }
        let mut config = None;
        if let Some(path) = &inputs.file {
            let outcome = read(path)?;
            let asks = |process: &Process| {
                let file = |want| if let Want::File(path) = want { Some(path) } else { None };
                wants(&as_documents(process)).into_iter().find_map(file)
            };
            let asked = asks_if_named(&process, asks).or_else(|| {
                process.facts.push((STAND_IN.into(), "true".into()));
                let name = if path.as_os_str() == "-" { Path::new(STDIN) } else { path };
                add_flag(&mut process, "--config", name, asks)
            });
            config = asked.map(|asked| (asked, outcome));
        }
        let mut dropins = None;
        if let Some(path) = &inputs.config_dir {
            let real = directory(path)?;
            let asks = |process: &Process| {
                let directory = |want| if let Want::Directory(path) = want { Some(path) } else { None };
                wants(&as_documents(process)).into_iter().find_map(directory)
            };
            let asked = asks_if_named(&process, asks).or_else(|| add_flag(&mut process, "--config-dir", path, asks));
            let files = Files::here().map_err(|error| Unusable::new(path, error.to_string()))?;
            dropins = asked.map(|asked| (asked, paths::bytes(&real).into_owned(), files));
        }
        Ok(Offline { process, file: inputs.file, config, dropins })
    }

    /// The file that a want is answered from; `-` is standard input.
    #[must_use]
    pub fn file(&self, want: &Want) -> Option<PathBuf> {
        let Want::File(path) = want else { return None };
        match &self.config {
            Some((asked, ..)) if asked == path => self.file.clone(),
            _ => self.below(path).map(|path| paths::path(&path)),
        }
    }

    /// The path below the real directory for one below the directory that the kubelet asks for.
    fn below(&self, path: &[u8]) -> Option<Vec<u8>> {
        let (asked, real, _) = self.dropins.as_ref()?;
        let trimmed = asked.strip_suffix(b"/").unwrap_or(asked);
        let plain = trimmed.strip_prefix(b"./").unwrap_or(trimmed);
        let rest = path.strip_prefix(trimmed).or_else(|| path.strip_prefix(plain))?;
        match rest {
            [] | [b'/'] => Some(real.clone()),
            [b'/', ..] => Some([real, rest].concat()),
            _ => None,
        }
    }
}

/// What a kubelet with these arguments asks for. Nothing, where no argument has a name such as `config` in it: the plugin
/// need not be asked for that.
fn asks_if_named(process: &Process, asks: impl Fn(&Process) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    const NAME: &[u8] = b"config";
    let named = process.arguments.iter().any(|word| word.windows(NAME.len()).any(|part| part == NAME));
    if named { asks(process) } else { None }
}

fn as_documents(process: &Process) -> [Document; 1] {
    let outcome = Outcome::Found(Content::Process(process.clone()));
    [Document { id: 0, answers: Want::Processes("kubelet".into()), outcome }]
}

/// Adds a flag at the end, so that the user's arguments keep their numbers; or in front, where the last of them would
/// swallow it. Gives what the kubelet then asks for; nothing where its arguments are wrong in themselves, which the
/// judgement will say: there, only a last word that lacks its value is kept from taking the added flag for it.
fn add_flag(
    process: &mut Process,
    name: &str,
    path: &Path,
    asks: impl Fn(&Process) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let flag = [name.as_bytes(), b"=", &paths::bytes(path)].concat();
    let mut in_front = process.clone();
    in_front.arguments.insert(0, flag.clone());
    let lacks_value = process.arguments.last().is_some_and(|word| word.starts_with(b"-") && !word.contains(&b'='));
    process.arguments.push(flag);
    asks(process).or_else(|| {
        let asked = asks(&in_front);
        if asked.is_some() || lacks_value {
            *process = in_front;
        }
        asked
    })
}

/// A file that the user named: it has to be there, and to be a file. Too large is an answer, not an error of the user.
fn read(path: &Path) -> Result<Outcome, Unusable> {
    let unusable = |why| match path.as_os_str() == "-" {
        true => Unusable { what: "standard input".into(), why },
        false => Unusable::new(path, why),
    };
    let bytes = named::read(path, MAX_FILE).map_err(unusable)?;
    Ok(bytes.map_or(Outcome::TooLarge(MAX_FILE), |bytes| Outcome::Found(Content::File(bytes))))
}

fn directory(path: &Path) -> Result<PathBuf, Unusable> {
    let real = path.canonicalize().map_err(|error| Unusable::new(path, named::reason(&error)))?;
    if real.is_dir() { Ok(real) } else { Err(Unusable::new(path, "is no directory")) }
}

impl Source for Rc<Offline> {
    fn answer(&self, want: &Want) -> Outcome {
        Offline::answer(self, want)
    }
}

impl Source for Offline {
    fn answer(&self, want: &Want) -> Outcome {
        match want {
            Want::Processes(_) => Outcome::Found(Content::Process(self.process.clone())),
            Want::File(path) if self.config.as_ref().is_some_and(|(asked, _)| asked == path) => {
                self.config.as_ref().map_or(Outcome::Unavailable, |(_, outcome)| outcome.clone())
            }
            Want::File(path) | Want::Directory(path) => match (self.below(path), &self.dropins) {
                (Some(path), Some((_, _, files))) => files.answer(&match want {
                    Want::File(_) => Want::File(path),
                    _ => Want::Directory(path),
                }),
                _ => Outcome::Unavailable,
            },
            _ => Outcome::Unavailable,
        }
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
        assert_eq!(source.process.arguments.len(), 1);
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
        assert_eq!(source.process.arguments.last().unwrap(), b"--node-ip");
        let inputs = Inputs { config_dir: Some(folder.path().into()), ..Inputs::default() };
        let source = Offline::new(inputs, plan).unwrap();
        let listed = source.answer(&Want::Directory(paths::bytes(folder.path()).into_owned()));
        assert!(matches!(listed, Outcome::Found(Content::Directory(_))), "{listed:?}");
    }
}
