//! The cases beside each check, as short as they can be.

use crate::checks::Check;
use crate::model::{CheckKind, Status};
use crate::support::Node;

/// A node where a path with a link before `..` in it does not name what a kubelet with this flag reads.
pub fn behind_a_link(flag: &str) -> Node {
    let node = Node::new(flag).running().option("version", "1.34");
    node.kubelet_file("/n/k.json", "").kubelet_file("/n/link/../d/a.conf", "").kubelet_file("/n/d/a.conf", "")
}

/// Tells what a check makes of kubelets, each in one line.
///
/// For a setting, that is its flags, and its file after `|`: `--v=2`, `| readOnlyPort: 0`, `--v=2 | readOnlyPort: 0`;
/// `|` alone is a file that sets nothing. For a check of files it is what files look like, parted by commas:
/// `/k 600 0:0, /l denied`; what is not named is absent.
pub struct Tester {
    check: &'static Check,
    node: Node,
    with: Vec<(&'static str, &'static str)>,
}

impl Tester {
    /// Of a kubelet 1.34, by the edition for it (CIS 1.12), or by what the check itself asks where that has no such section.
    pub fn new(check: &'static Check) -> Tester {
        Tester { check, node: Node::default(), with: vec![] }
    }

    /// Of files of a kubelet that runs with these flags.
    pub fn of_files(check: &'static Check, flags: &str) -> Tester {
        Tester { check, node: Node::new(flags).running(), with: vec![] }
    }

    /// Of the files of one that reads its configuration in `/etc/kubelet.yaml`.
    pub fn of_config(check: &'static Check) -> Tester {
        Tester { check, node: Node::default().config("").running(), with: vec![] }
    }

    /// The same with an option, in the place of what it was: `version`, `benchmark`, `strict` …
    pub fn with(mut self, key: &'static str, value: &'static str) -> Tester {
        self.with.retain(|(known, _)| *known != key);
        self.with.push((key, value));
        self
    }

    pub fn pass(self, input: &str) -> Tester {
        self.gives(Status::Pass, input)
    }

    pub fn fail(self, input: &str) -> Tester {
        self.gives(Status::Fail, input)
    }

    pub fn manual(self, input: &str) -> Tester {
        self.gives(Status::Manual, input)
    }

    pub fn undetermined(self, input: &str) -> Tester {
        self.gives(Status::Undetermined, input)
    }

    pub fn not_applicable(self, input: &str) -> Tester {
        self.gives(Status::NotApplicable, input)
    }

    fn gives(self, status: Status, input: &str) -> Tester {
        let mut node = match self.check.kind {
            CheckKind::File => {
                let lines = input.split(',').map(str::trim).filter(|line| !line.is_empty());
                lines.fold(self.node.clone(), Node::looks)
            }
            CheckKind::Setting | CheckKind::Target => match input.split_once('|') {
                Some((flags, file)) => Node::new(flags).config(file.trim()),
                None => Node::new(input),
            },
        };
        let version = ("version", "1.34");
        let given = self.with.iter().any(|(key, _)| *key == "version");
        for (key, value) in self.with.iter().copied().chain((!given).then_some(version)) {
            node = node.option(key, value);
        }
        let finding = node.finding(self.check.id);
        let message = &finding.message.text;
        assert_eq!(finding.status, status, "{} {:?}: `{input}`: {message}", self.check.id, self.with);
        self
    }
}
