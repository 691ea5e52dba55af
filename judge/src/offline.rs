//! A target made of what somebody hands over: arguments, a configuration file, a drop-in directory, each wherever it comes from.

use kubevet_rules::model::{Content, Document, Outcome, Process, Want};
use kubevet_rules::{FLAGS_UNKNOWN, STAND_IN};

use crate::collect::Source;

/// What is handed over.
#[derive(Default)]
pub struct Inputs {
    /// The kubelet's arguments.
    pub arguments: Vec<Vec<u8>>,
    /// Whether it matters that no arguments are given: something else shows what they do.
    pub flags_unknown: bool,
    /// Stands for the file of `--config`.
    pub file: Option<File>,
    /// Stands for the directory of `--config-dir`.
    pub config_dir: Option<Folder>,
}

/// A file.
pub struct File {
    /// What it is called, where the arguments do not name one.
    pub name: Vec<u8>,
    /// What is in it.
    pub outcome: Outcome,
}

/// A directory.
pub struct Folder {
    /// What it is called, where the arguments do not name one.
    pub name: Vec<u8>,
    /// Where it is in its source.
    pub path: Vec<u8>,
    /// Who answers what is wanted of it.
    pub source: Box<dyn Source>,
}

/// What a want is answered from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StandsFor {
    /// The file that stands for the one of `--config`.
    File,
    /// This path, in or below the directory that stands for the one of `--config-dir`.
    Folder(Vec<u8>),
}

/// The source of such a target.
pub struct Offline {
    process: Process,
    /// The path that the kubelet asks for, and what stands for it.
    config: Option<(Vec<u8>, Outcome)>,
    /// The directory that the kubelet asks for, and the one that stands for it.
    drop_ins: Option<(Vec<u8>, Folder)>,
}

impl Offline {
    /// Puts together what is handed over. `wants` tells what a kubelet with these documents asks for.
    #[must_use]
    pub fn new(inputs: Inputs, wants: impl Fn(&[Document]) -> Vec<Want>) -> Offline {
        let mut process = Process { arguments: inputs.arguments, cwd: vec![], facts: vec![] };
        if inputs.flags_unknown {
            process.facts.push((FLAGS_UNKNOWN.into(), "true".into()));
        }
        let mut config = None;
        if let Some(File { name, outcome }) = inputs.file {
            let asks = |process: &Process| {
                let file = |want| if let Want::File(path) = want { Some(path) } else { None };
                wants(&as_documents(process)).into_iter().find_map(file)
            };
            let asked = asks_if_named(&process, asks).or_else(|| {
                process.facts.push((STAND_IN.into(), "true".into()));
                add_flag(&mut process, "--config", &name, asks)
            });
            config = asked.map(|asked| (asked, outcome));
        }
        let mut drop_ins = None;
        if let Some(folder) = inputs.config_dir {
            let asks = |process: &Process| {
                let directory = |want| if let Want::Directory(path) = want { Some(path) } else { None };
                wants(&as_documents(process)).into_iter().find_map(directory)
            };
            let asked =
                asks_if_named(&process, asks).or_else(|| add_flag(&mut process, "--config-dir", &folder.name, asks));
            drop_ins = asked.map(|asked| (asked, folder));
        }
        Offline { process, config, drop_ins }
    }

    /// The arguments, with those that were added.
    #[must_use]
    pub fn arguments(&self) -> &[Vec<u8>] {
        &self.process.arguments
    }

    /// What a want is answered from; nothing where it is not a file, or of none that was handed over.
    #[must_use]
    pub fn stands_for(&self, want: &Want) -> Option<StandsFor> {
        let (Want::File(path) | Want::Directory(path)) = want else { return None };
        match (&self.config, want) {
            (Some((asked, _)), Want::File(_)) if asked == path => Some(StandsFor::File),
            _ => self.below(path).map(StandsFor::Folder),
        }
    }

    /// The path below the directory that stands for the one that the kubelet asks for.
    fn below(&self, path: &[u8]) -> Option<Vec<u8>> {
        let (asked, folder) = self.drop_ins.as_ref()?;
        let trimmed = asked.strip_suffix(b"/").unwrap_or(asked);
        let plain = trimmed.strip_prefix(b"./").unwrap_or(trimmed);
        let rest = path.strip_prefix(trimmed).or_else(|| path.strip_prefix(plain))?;
        match rest {
            [] | [b'/'] => Some(folder.path.clone()),
            [b'/', ..] => Some([&folder.path, rest].concat()),
            _ => None,
        }
    }
}

impl Source for Offline {
    fn answer(&self, want: &Want) -> Outcome {
        if matches!(want, Want::Processes(_)) {
            return Outcome::Found(Content::Process(self.process.clone()));
        }
        match (self.stands_for(want), &self.config, &self.drop_ins) {
            (Some(StandsFor::File), Some((_, outcome)), _) => outcome.clone(),
            (Some(StandsFor::Folder(path)), _, Some((_, folder))) => folder.source.answer(&match want {
                Want::File(_) => Want::File(path),
                _ => Want::Directory(path),
            }),
            _ => Outcome::Unavailable,
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
    path: &[u8],
    asks: impl Fn(&Process) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let flag = [name.as_bytes(), b"=", path].concat();
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
