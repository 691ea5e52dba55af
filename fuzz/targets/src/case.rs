//! A target in bytes: options, arguments and files, in a form that seeds are easily written in and that stays what it is
//! under small changes.
//!
//! Parts are separated by the record separator, `\x1e`: the options, the arguments (each ended by NUL, as in
//! `/proc/PID/cmdline`), the configuration file, and the drop-ins. Which paths the arguments name does not matter: a file
//! is whatever is asked for.

use kubevet_rules::STAND_IN;
use kubevet_rules::model::{Content, Document, Entry, FileKind, Metadata, Options, Outcome, Process, Want};

/// Between parts.
pub const SEPARATOR: u8 = 0x1e;

/// Stands in documents for text that nobody may see. It is no name, so not even the name of a document's kind shows it.
pub const CANARY: &str = "=canary=";

/// No more documents than these: real targets have fewer, and more take time without being different.
const MOST_DROP_INS: usize = 6;

/// Versions to choose from; those before and behind what is known are among them.
pub const VERSIONS: [&str; 16] = [
    "1.24.17",
    "1.25",
    "1.26.15",
    "1.27.16",
    "1.28.15",
    "1.29.15",
    "1.30.14",
    "1.31.14",
    "1.32.13",
    "1.33.13",
    "v1.34.4",
    "1.35.4",
    "v1.36.3-eks-1a2b3c",
    "1.37.2",
    "1.99",
    "1.23",
];

/// A target.
#[derive(Debug, Default)]
pub struct Case {
    options: Switches,
    arguments: Vec<Vec<u8>>,
    config: Vec<u8>,
    drop_ins: Vec<Vec<u8>>,
    /// What runs, where that is known.
    live: Option<Vec<u8>>,
    /// Nothing else is.
    live_alone: bool,
}

/// What the first part decides, a byte each, counted from `0`; what is missing is 0.
#[derive(Debug, Default)]
struct Switches {
    /// 0: not given; or the number of one of [`VERSIONS`].
    version: u8,
    /// The bits of `LIST_SETTINGS` and so on.
    bits: u8,
    /// How the configuration file, the directory, the last drop-in and the environment are answered.
    answers: [u8; 4],
}

const NO_SETTINGS: u8 = 1;
const REQUIRE_EXPLICIT: u8 = 2;
const RUNNING: u8 = 4;
const STANDS_IN: u8 = 8;
const KNOWN_FOLDER: u8 = 16;
const SUSPICIOUS: u8 = 32;

impl Switches {
    fn new(part: &[u8]) -> Switches {
        let at = |index: usize| part.get(index).map_or(0, |byte| byte.wrapping_sub(b'0'));
        Switches { version: at(0), bits: at(1), answers: [at(2), at(3), at(4), at(5)] }
    }

    fn has(&self, bit: u8) -> bool {
        self.bits & bit != 0
    }
}

impl Case {
    /// Arguments alone, after a byte for the version.
    pub fn flags(bytes: &[u8]) -> Case {
        let (options, arguments) = bytes.split_at(bytes.len().min(1));
        Case { options: Switches::new(options), arguments: words(arguments), ..Case::default() }
    }

    /// A configuration file and drop-ins, after a byte for the version.
    pub fn drop_ins(bytes: &[u8]) -> Case {
        let (options, files) = bytes.split_at(bytes.len().min(1));
        let mut parts = files.split(|byte| *byte == SEPARATOR).map(<[u8]>::to_vec);
        Case {
            options: Switches::new(options),
            arguments: ["--config=/etc/k.yaml", "--config-dir=/etc/k.d"].map(Vec::from).to_vec(),
            config: parts.next().unwrap_or_default(),
            drop_ins: parts.take(MOST_DROP_INS).collect(),
            ..Case::default()
        }
    }

    /// An answer of `/configz`, after a byte for the version, and a configuration file beside it, if there is one.
    pub fn live(bytes: &[u8]) -> Case {
        let (options, files) = bytes.split_at(bytes.len().min(1));
        let mut parts = files.splitn(2, |byte| *byte == SEPARATOR).map(<[u8]>::to_vec);
        let (live, config) = (parts.next(), parts.next());
        Case {
            options: Switches::new(options),
            arguments: vec![b"--config=/etc/k.yaml".to_vec()],
            live,
            live_alone: config.is_none(),
            config: config.unwrap_or_default(),
            ..Case::default()
        }
    }

    /// All parts.
    pub fn everything(bytes: &[u8]) -> Case {
        let mut parts = bytes.split(|byte| *byte == SEPARATOR);
        Case {
            options: Switches::new(parts.next().unwrap_or_default()),
            arguments: words(parts.next().unwrap_or_default()),
            config: parts.next().unwrap_or_default().to_vec(),
            drop_ins: parts.take(MOST_DROP_INS).map(<[u8]>::to_vec).collect(),
            ..Case::default()
        }
    }

    /// The options that the rules get.
    pub fn options(&self) -> Options {
        let mut values = vec![];
        if let Some(version) = self.options.version.checked_sub(1).and_then(|at| VERSIONS.get(usize::from(at))) {
            values.push(("version".to_owned(), (*version).to_owned()));
        }
        if self.options.has(REQUIRE_EXPLICIT) {
            values.push(("require-explicit".to_owned(), "true".to_owned()));
        }
        Options { list_settings: !self.options.has(NO_SETTINGS), values, ..Options::default() }
    }

    /// How many bytes it has.
    pub fn length(&self) -> usize {
        let all = self.arguments.iter().chain(&self.drop_ins);
        let live = self.live.as_ref().map_or(0, Vec::len);
        all.map(|part| part.len() + 1).sum::<usize>() + self.config.len() + live
    }

    /// Whether an alias of YAML may be in it.
    pub fn has_aliases(&self) -> bool {
        self.drop_ins.iter().any(|file| file.contains(&b'*')) || self.config.contains(&b'*')
    }

    /// How a host answers.
    pub fn answer(&self, want: &Want) -> Outcome {
        let [config, directory, last, environment] = self.options.answers;
        match want {
            Want::Processes(_) if self.live_alone => Outcome::Unavailable,
            Want::Processes(_) => Outcome::Found(Content::Process(self.process())),
            Want::LiveConfiguration => match &self.live {
                Some(live) => Outcome::Found(Content::File(live.clone())),
                None => Outcome::Unavailable,
            },
            Want::Directory(_) => answered(directory, || Content::Directory(self.entries())),
            Want::File(path) => match self.drop_in(path) {
                Some(at) if at + 1 == self.drop_ins.len() => {
                    answered(last, || Content::File(self.drop_ins[at].clone()))
                }
                Some(at) => Outcome::Found(Content::File(self.drop_ins[at].clone())),
                None => answered(config, || Content::File(self.config.clone())),
            },
            // What it looks like from outside is no answer here.
            Want::EnvironmentHas(_) => answered(environment % 7, || Content::Present(true)),
            Want::Metadata(_) => Outcome::Unavailable,
        }
    }

    fn process(&self) -> Process {
        let fact = |bit: u8, key: &str, value: &str| self.options.has(bit).then(|| (key.to_owned(), value.to_owned()));
        let facts = [
            fact(RUNNING, "pid", "1187"),
            fact(STANDS_IN, STAND_IN, "true"),
            fact(SUSPICIOUS, "suspicious", "its program is\nnot root's"),
        ];
        let cwd = if self.options.has(KNOWN_FOLDER) { b"/srv/node".to_vec() } else { vec![] };
        Process { arguments: self.arguments.clone(), cwd, facts: facts.into_iter().flatten().collect() }
    }

    fn entries(&self) -> Vec<Entry> {
        let names = (0..self.drop_ins.len()).rev().map(|at| format!("{at}.conf").into_bytes());
        names.map(|name| Entry { name, kind: FileKind::Regular }).collect()
    }

    /// The drop-in that a path names.
    fn drop_in(&self, path: &[u8]) -> Option<usize> {
        let (_, name) = std::str::from_utf8(path).ok()?.rsplit_once('/')?;
        name.strip_suffix(".conf")?.parse().ok().filter(|at| *at < self.drop_ins.len())
    }
}

fn answered(how: u8, content: impl FnOnce() -> Content) -> Outcome {
    let metadata = |kind| Outcome::Found(Content::Metadata(Metadata { mode: 0o600, uid: 0, gid: 0, kind }));
    match how {
        1 => Outcome::Absent,
        2 => Outcome::Denied,
        3 => Outcome::Refused("a policy\u{202e} of the host".into()),
        4 => Outcome::TooLarge(1 << 20),
        5 => Outcome::Failed("input/output error\u{1b}[2J".into()),
        6 => Outcome::Unavailable,
        7 => metadata(FileKind::Directory),
        8 => metadata(FileKind::Symlink),
        9 => metadata(FileKind::Other),
        _ => Outcome::Found(content()),
    }
}

/// Words that are ended by NUL each; the end of the bytes ends the last one as well.
fn words(bytes: &[u8]) -> Vec<Vec<u8>> {
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    if bytes.is_empty() { vec![] } else { bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect() }
}

/// The documents of a case: the rules say what they want, until there is nothing left.
pub fn documents(case: &Case, mut plan: impl FnMut(&[Document]) -> Vec<Want>) -> Vec<Document> {
    /// The process, its files, what stands in the directory, the drop-ins, what all of them look like from outside.
    const MOST_ROUNDS: usize = 5;
    let mut documents: Vec<Document> = vec![];
    for _ in 0..=MOST_ROUNDS {
        let wants = plan(&documents);
        if wants.is_empty() {
            return documents;
        }
        for want in wants {
            assert!(documents.iter().all(|known| known.answers != want), "{want:?} was answered, and is wanted again");
            let outcome = case.answer(&want);
            documents.push(Document { id: documents.len() as u32 + 7, answers: want, outcome });
        }
    }
    panic!("after {MOST_ROUNDS} rounds there is still something wanted");
}
