//! A running process as the source of its target's documents.

use std::sync::Arc;
use std::time::Duration;

use kubevet_rules::Language;
use kubevet_rules::model::{Content, Outcome, Want};

use super::Source;
use super::files::{Files, Root};
use super::package::{Installed, installed, of_arguments, of_path};
use super::process::RunningProcess;
use super::timed::within;

/// How long the database of packages may take; it takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running process, and the files as it sees them.
#[derive(Debug)]
pub struct Node {
    name: String,
    process: RunningProcess,
    files: Result<Arc<Files>, Outcome>,
}

impl Node {
    /// The process that was found by this name. Its files are read below its own root. Where that is denied, as in a
    /// container without privileges, they are read below `instead`, which is the node's root if the user says so.
    #[must_use]
    pub fn new(name: &str, process: RunningProcess, instead: Option<Root>) -> Self {
        let root = match (process.root(), instead) {
            (Err(Outcome::Denied), Some(instead)) => Ok(instead),
            (root, _) => root,
        };
        let files = root.map(|root| Arc::new(Files::new(root, process.cwd().to_vec())));
        Self { name: name.to_owned(), process, files }
    }

    /// The process itself.
    #[must_use]
    pub fn process(&self) -> &RunningProcess {
        &self.process
    }

    /// The version of the process, if the node's packages tell. What they say becomes a fact of the process, and in this language why
    /// it is not taken.
    pub fn look_up_version(&mut self, language: Language) -> Option<String> {
        let installed = match &self.files {
            Ok(files) => {
                let (files, program) = (Arc::clone(files), self.process.program().clone());
                let doubt = language.choose(
                    "the database of the node's packages does not answer",
                    "ノードのパッケージデータベースが応答しません",
                );
                let found = within(PATIENCE, move || installed(&files, &program, language));
                found.unwrap_or_else(|| Installed::Doubtful(doubt.into()))
            }
            Err(_) => Installed::Unknown,
        };
        let installed = match installed {
            Installed::Version { .. } => installed,
            other => self.told_otherwise().unwrap_or(other),
        };
        self.process.add_facts(installed.facts());
        match installed {
            Installed::Version { version, .. } => Some(version),
            Installed::Doubtful(_) | Installed::Unknown => None,
        }
    }

    /// The version that the program's path or its arguments name.
    fn told_otherwise(&self) -> Option<Installed> {
        of_path(self.process.program()).or_else(|| match self.process.outcome() {
            Outcome::Found(Content::Process(process)) => of_arguments(&process.arguments),
            _ => None,
        })
    }
}

impl Source for Node {
    fn answer(&self, want: &Want) -> Outcome {
        match want {
            Want::Processes(name) if *name == self.name => self.process.outcome().clone(),
            Want::Processes(_) | Want::LiveConfiguration => Outcome::Unavailable,
            Want::EnvironmentHas(name) => self.process.has_environment(name),
            Want::File(_) | Want::Directory(_) | Want::Metadata(_) => match &self.files {
                Ok(files) => files.answer(want),
                Err(outcome) => outcome.clone(),
            },
        }
    }
}
