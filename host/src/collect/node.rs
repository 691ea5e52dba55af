//! A running process as the source of its target's documents.

use kubevet_rules::model::{Outcome, Want};

use super::Source;
use super::files::{Files, Root};
use super::process::RunningProcess;

/// A running process, and the files as it sees them.
#[derive(Debug)]
pub struct Node {
    name: String,
    process: RunningProcess,
    files: Result<Files, Outcome>,
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
        let files = root.map(|root| Files::new(root, process.cwd().to_vec()));
        Self { name: name.to_owned(), process, files }
    }

    /// The process itself.
    #[must_use]
    pub fn process(&self) -> &RunningProcess {
        &self.process
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
