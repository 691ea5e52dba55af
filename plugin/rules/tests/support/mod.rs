//! A node for tests: it answers what the rules want, and says what they make of it.
#![allow(missing_docs, dead_code, clippy::unwrap_used, reason = "each test uses a part of this")]

use kubevet_rules::model::{
    Content, Document, Entry, FileKind, Finding, Metadata, Options, Outcome, Process, Report, Status, Want,
};
use kubevet_rules::{evaluate, plan};

/// A kubelet with its arguments and files; every other path is absent.
#[derive(Clone, Default)]
pub struct Node {
    arguments: Vec<Vec<u8>>,
    facts: Vec<(String, String)>,
    files: Vec<(String, Outcome)>,
    looks: Vec<(String, Outcome)>,
    values: Vec<(String, String)>,
}

impl Node {
    /// A kubelet with these flags, parted by blanks.
    pub fn new(flags: &str) -> Node {
        let arguments = flags.split_whitespace().map(|word| word.as_bytes().to_vec()).collect();
        Node { arguments, ..Node::default() }
    }

    /// Which runs, so that its files can be looked at.
    pub fn running(self) -> Node {
        self.fact("pid", "1")
    }

    pub fn fact(mut self, key: &str, value: &str) -> Node {
        self.facts.push((key.into(), value.into()));
        self
    }

    pub fn argument(mut self, word: &str) -> Node {
        self.arguments.push(word.as_bytes().to_vec());
        self
    }

    pub fn option(mut self, key: &str, value: &str) -> Node {
        self.values.push((key.into(), value.into()));
        self
    }

    /// The file that it reads, with its kind before this text.
    pub fn config(self, text: &str) -> Node {
        self.argument("--config=/etc/kubelet.yaml").kubelet_file("/etc/kubelet.yaml", text)
    }

    pub fn kubelet_file(self, path: &str, text: &str) -> Node {
        self.file(path, &format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{text}\n"))
    }

    pub fn file(mut self, path: &str, text: &str) -> Node {
        self.files.push((path.into(), Outcome::Found(Content::File(text.as_bytes().to_vec()))));
        self
    }

    pub fn denied(mut self, path: &str) -> Node {
        self.files.push((path.into(), Outcome::Denied));
        self.looks.push((path.into(), Outcome::Denied));
        self
    }

    /// What a file looks like from outside, such as `/k 600 0:0`, `/k pipe`, `/k denied` or `/k failed`.
    pub fn looks(mut self, line: &str) -> Node {
        let words: Vec<_> = line.split_whitespace().collect();
        let found = |mode, uid, gid, kind| Outcome::Found(Content::Metadata(Metadata { mode, uid, gid, kind }));
        let outcome = match words[1..] {
            ["denied"] => Outcome::Denied,
            ["failed"] => Outcome::Failed("no answer".into()),
            ["pipe"] => found(0o600, 0, 0, FileKind::Other),
            [mode, owner] => {
                let (uid, gid) = owner.split_once(':').unwrap();
                let mode = u32::from_str_radix(mode, 8).unwrap();
                found(mode, uid.parse().unwrap(), gid.parse().unwrap(), FileKind::Regular)
            }
            _ => panic!("{line}"),
        };
        self.looks.push((words[0].into(), outcome));
        self
    }

    fn answer(&self, want: &Want) -> Outcome {
        let of = |known: &[(String, Outcome)], path: &[u8]| {
            known.iter().find(|(name, _)| name.as_bytes() == path).map_or(Outcome::Absent, |(_, known)| known.clone())
        };
        match want {
            Want::Processes(_) => Outcome::Found(Content::Process(Process {
                arguments: self.arguments.clone(),
                cwd: b"/".to_vec(),
                facts: self.facts.clone(),
            })),
            Want::File(path) => of(&self.files, path),
            Want::Metadata(path) => of(&self.looks, path),
            Want::Directory(path) => {
                let below = |name: &String| Some(name.as_bytes().strip_prefix(&**path)?.strip_prefix(b"/")?.to_vec());
                let names = self.files.iter().map(|(name, _)| name).chain(self.looks.iter().map(|(name, _)| name));
                let entries: Vec<_> =
                    names.filter_map(below).map(|name| Entry { name, kind: FileKind::Regular }).collect();
                if let outcome @ (Outcome::Denied | Outcome::Failed(_)) = of(&self.looks, path) {
                    return outcome;
                }
                if entries.is_empty() { Outcome::Absent } else { Outcome::Found(Content::Directory(entries)) }
            }
            Want::EnvironmentHas(_) => Outcome::Found(Content::Present(false)),
            Want::LiveConfiguration => Outcome::Unavailable,
        }
    }

    /// The report on these checks; on all without one.
    pub fn report(&self, checks: &[&str]) -> Report {
        let checks = checks.iter().map(|&check| check.to_owned()).collect();
        let options = Options { checks, values: self.values.clone(), ..Options::default() };
        self.write_case(&options);
        let mut documents = vec![];
        loop {
            let wants = plan(&documents, &options).unwrap();
            if wants.is_empty() {
                return evaluate(&documents, &options).unwrap();
            }
            for want in wants {
                let outcome = self.answer(&want);
                documents.push(Document { id: documents.len() as u32, answers: want, outcome });
            }
        }
    }

    /// Adds this case to the file that `KUBEVET_CASES` names, for other faces of the rules: the node as a bundle, and what
    /// is asked of it.
    fn write_case(&self, options: &Options) {
        let Some(file) = std::env::var_os("KUBEVET_CASES") else { return };
        let mut bundle = serde_json::json!({
            "id": "case", "facts": {}, "files": {}, "metadata": {}, "denied": [], "failed": {}, "env": [],
            "args": self.arguments.iter().map(|word| String::from_utf8_lossy(word)).collect::<Vec<_>>(),
        });
        self.facts.iter().for_each(|(key, value)| bundle["facts"][key] = value.clone().into());
        for (path, outcome) in self.files.iter().chain(&self.looks) {
            match outcome {
                Outcome::Found(Content::File(bytes)) => {
                    bundle["files"][path] = String::from_utf8_lossy(bytes).into();
                }
                Outcome::Found(Content::Metadata(Metadata { mode, uid, gid, kind })) => {
                    let kind = if *kind == FileKind::Regular { "regular" } else { "other" };
                    bundle["metadata"][path] = serde_json::json!({"mode": mode, "uid": uid, "gid": gid, "kind": kind});
                }
                Outcome::Failed(reason) => bundle["failed"][path] = reason.clone().into(),
                _ => bundle["denied"].as_array_mut().unwrap().push(path.clone().into()),
            }
        }
        let mut values = std::collections::BTreeMap::<_, Vec<_>>::new();
        options.values.iter().for_each(|(key, value)| values.entry(key).or_default().push(value));
        let case = serde_json::json!({"bundle": bundle, "checks": options.checks, "values": values});
        let mut file = std::fs::File::options().append(true).create(true).open(file).unwrap();
        // Tests run side by side: a line is written at once.
        std::io::Write::write_all(&mut file, format!("{case}\n").as_bytes()).unwrap();
    }

    /// What a check comes to.
    pub fn finding(&self, check: &str) -> Finding {
        let findings = self.report(&[check]).findings;
        findings.into_iter().find(|finding| finding.check == check).unwrap_or_else(|| panic!("{check} does not run"))
    }

    pub fn status(&self, check: &str) -> Status {
        self.finding(check).status
    }
}
