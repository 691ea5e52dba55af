//! Inputs to begin with: the goldens, in the form of each target, and words that mean something to a kubelet.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::case::{CANARY, SEPARATOR, VERSIONS};

/// A golden: a version, arguments and files, as a bundle has them.
struct Golden {
    /// The number of the version among [`VERSIONS`], from `1`.
    version: u8,
    arguments: Vec<u8>,
    /// The file that `--config` names, and those below the directory of `--config-dir`.
    config: Vec<u8>,
    drop_ins: Vec<Vec<u8>>,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn lines(name: &str) -> Vec<Value> {
    let path = repository().join("tests/goldens").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The goldens of all versions, evenly thinned out: many are much alike, and each costs a fuzzer time when it starts.
fn goldens() -> Vec<Golden> {
    const MOST: usize = 800;
    let mut goldens = vec![];
    for (number, version) in (b'1'..).zip(VERSIONS) {
        let minor: String = version.trim_start_matches('v').split('.').take(2).collect::<Vec<_>>().join(".");
        for name in names().iter().filter(|name| name.starts_with(&format!("{minor}."))) {
            goldens.extend(lines(name).into_iter().map(|line| (number, line)));
        }
    }
    let step = goldens.len().div_ceil(MOST);
    goldens.iter().step_by(step).map(|(number, line)| golden(*number, line)).collect()
}

/// The files of goldens.
fn names() -> Vec<String> {
    let entries = fs::read_dir(repository().join("tests/goldens")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn golden(version: u8, line: &Value) -> Golden {
    let words = line["args"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    let arguments: Vec<u8> = words.flat_map(|word| [word, "\0"].concat().into_bytes()).collect();
    let (mut config, mut drop_ins) = (vec![], vec![]);
    for (path, text) in line["files"].as_object().unwrap() {
        let text = text.as_str().unwrap().as_bytes().to_vec();
        if Path::new(path).extension().is_some_and(|extension| extension == "conf") {
            drop_ins.push(text)
        } else {
            config = text
        }
    }
    Golden { version, arguments, config, drop_ins }
}

/// Its own version, or sometimes none, which means all of them and takes that much longer.
fn versions(golden: &Golden, at: usize) -> u8 {
    if at.is_multiple_of(8) { b'0' } else { golden.version }
}

/// Files of repositories, of every form.
pub fn inputs() -> Vec<Vec<u8>> {
    let (mut files, mut folders) = (vec![], vec![repository().join("tests/sample-repository")]);
    while let Some(folder) = folders.pop() {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (below, found): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
        folders.extend(below);
        files.extend(found);
    }
    files.sort();
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Texts for the readers.
pub fn documents() -> Vec<Vec<u8>> {
    let text = |line: &Value| BASE64_STANDARD.decode(line["text64"].as_str().unwrap()).unwrap();
    lines("documents.jsonl").iter().map(text).collect()
}

/// Command lines.
pub fn flags() -> Vec<Vec<u8>> {
    let seeds = goldens().into_iter().enumerate();
    distinct(seeds.map(|(at, golden)| [&[versions(&golden, at)], golden.arguments.as_slice()].concat()))
}

/// A configuration file with its drop-ins.
pub fn drop_ins() -> Vec<Vec<u8>> {
    let goldens = goldens().into_iter().enumerate().filter(|(_, golden)| !golden.config.is_empty());
    let others = others();
    distinct(goldens.map(|(at, golden)| {
        let mut files = [vec![golden.config.clone()], golden.drop_ins.clone()].concat();
        if at % 4 == 0 {
            files.push(others[at / 4 % others.len()].clone());
        }
        [vec![versions(&golden, at)], files.join(&SEPARATOR)].concat()
    }))
}

/// What runs, alone and beside a configuration file: real answers, some with a secret, and documents of other kinds.
pub fn live() -> Vec<Vec<u8>> {
    let folder = repository().join("tests/live");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let lines = files.iter().flat_map(|file| {
        let text = fs::read_to_string(file).unwrap();
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>()
    });
    let seed = |(at, mut line): (usize, Value)| {
        let minor = line["version"].as_str().unwrap().rsplit_once('.').unwrap().0.to_owned();
        let number = (b'1'..).zip(VERSIONS).find(|(_, version)| version.contains(&minor)).unwrap().0;
        if at % 4 == 0 {
            line["live"]["kubeletconfig"]["staticPodURLHeader"][CANARY] = Value::from(vec![CANARY]);
            line["live"]["another"] = CANARY.into();
        }
        let version = if at % 8 == 0 { b'0' } else { number };
        let live = [&[version], line["live"].to_string().as_bytes()].concat();
        let config = golden(number, &line).config;
        if at % 3 == 0 { live } else { [live, config].join(&SEPARATOR) }
    };
    let kinds = ["Status", "KubeletConfiguration"].map(|kind| json!({"kind": kind, "metadata": {CANARY: CANARY}}));
    let kinds = kinds.map(|body| body.to_string().into_bytes());
    let others = others().into_iter().chain(kinds).map(|other| [b"1".to_vec(), other].concat());
    distinct(lines.enumerate().map(seed).chain(others))
}

/// Whole targets.
pub fn cases() -> Vec<Vec<u8>> {
    let seed = |(at, golden): (usize, Golden)| {
        let mut files = [vec![golden.config.clone()], golden.drop_ins.clone()].concat();
        if at % 8 == 0 {
            let others = others();
            let last = files.len() - 1;
            files[at / 8 % (last + 1)].clone_from(&others[at / 8 % others.len()]);
        }
        let options = vec![versions(&golden, at), b'0' + (at % 64) as u8];
        [vec![options, golden.arguments], files].concat().join(&SEPARATOR)
    };
    distinct(goldens().into_iter().enumerate().map(seed))
}

/// Documents of other kinds, and with secrets: [`CANARY`] stands where nothing may be shown.
fn others() -> Vec<Vec<u8>> {
    let own = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    let texts = [
        format!("apiVersion: v1\nkind: Secret\nstringData:\n  {CANARY}: \"{CANARY}\"\n"),
        format!(
            r#"{{"apiVersion":"v1","kind":"Config","users":[{{"name":"{CANARY}","user":{{"token":"{CANARY}"}}}}]}}"#
        ),
        format!("kind: {CANARY}\napiVersion: {CANARY}\n{CANARY}: 1\n"),
        format!("[{CANARY}, *{CANARY}"),
        format!("{{\"{CANARY}\": {CANARY}"),
        format!("-----BEGIN {CANARY}-----\n{CANARY}\n"),
        format!("{own}staticPodURLHeader:\n  Authorization: [\"{CANARY}\"]\n"),
        format!(
            "{own}staticPodURLHeader: {{{CANARY}: [{CANARY}], {CANARY}: {CANARY}}}\nmakeIPTablesUtilChains: false\n"
        ),
        // Drop-ins of another kind, of which 1.29 to 1.31 take what they know.
        format!(
            "kind: Pod\napiVersion: v1 # {CANARY}\nmaxPods: 5\n{CANARY}: [{CANARY}, 0x1F, 1e400]\npodPidsLimit: &a 9\n"
        ),
        format!(
            "x: &a Pod\ny: &b 77\nkind: *a\n\"api\\x56ersion\": !!str v1\nmaxPods: *b\n<<: {{podPidsLimit: 5, {CANARY}: 1}}\n"
        ),
        // The headers in another case, which drop-ins do not look at, and behind an alias.
        format!("{own}StaticPodURLHeader: {{Authorization: [\"{CANARY}\"]}}\n"),
        format!("{own}x: &a [\"{CANARY}\"]\ny: &b {CANARY}\nstaticPodURLHeader: {{Authorization: *a, Other: [*b]}}\n"),
    ];
    let wide = texts[0].encode_utf16().flat_map(u16::to_le_bytes);
    let wide = [0xff, 0xfe].into_iter().chain(wide).collect();
    texts.map(String::into_bytes).into_iter().chain([wide]).collect()
}

fn distinct(seeds: impl Iterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let mut seen = BTreeSet::new();
    seeds.filter(|seed| seen.insert(seed.clone())).collect()
}

/// Words that mean something: every flag and field of the newest version, some feature gates, and what values are made of.
pub fn words() -> Vec<String> {
    let path = repository().join("plugin/rules/surface/1.37.2.json");
    let surface: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = |key: &str| surface[key].as_array().unwrap().iter();
    let mut words = BTreeSet::from(WORDS.map(str::to_owned));
    words.insert(format!("\"{CANARY}\""));
    words.extend(rows("flags").map(|flag| format!("--{}", text(flag, "Name"))));
    words.extend(rows("fields").map(|field| text(field, "Path").rsplit('.').next().unwrap_or_default().to_owned()));
    words.extend(surface["featureGates"].as_object().unwrap().keys().take(20).cloned());
    words.into_iter().collect()
}

const WORDS: [&str; 63] = [
    "apiVersion: kubelet.config.k8s.io/v1beta1\n",
    "kind: KubeletConfiguration\n",
    "KubeletConfiguration",
    "kind",
    "KIND",
    "\"kind\":\"KubeletConfiguration\",\"apiVersion\":\"kubelet.config.k8s.io/v1beta1\"",
    "makeIPTablesUtilChains: false\n",
    "true",
    "false",
    "null",
    "yes",
    "off",
    "~",
    "<<: *a\n",
    "&a ",
    "*a",
    "!!binary ",
    "!!str ",
    "!!float ",
    "!!timestamp 2001-12-14t21:59:43.10-05:00",
    "!",
    "%YAML 1.1\n---\n",
    "%TAG ! tag:yaml.org,2002:\n",
    "---\n",
    "...\n",
    "? ",
    ": ",
    "- ",
    "|+\n  ",
    ">-\n  ",
    "# c\n",
    "'",
    "\"",
    "\\u0000",
    "\\ud83d\\ude00",
    "\\x41",
    "\\N",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\t",
    "\r\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "--",
    "-v=",
    "=",
    "=true",
    "--help",
    "-test.v",
    "0x1F",
    "0b101",
    "0o17",
    "1_000",
    "1e400",
    "-0.0",
    ".inf",
    "9223372036854775808",
    "1h30m0.5s",
    "50Mi",
];
