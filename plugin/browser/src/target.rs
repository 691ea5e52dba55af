//! What is judged, as JavaScript says it: a recorded bundle, or what stands in the boxes of a page.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use kubevet_judge::arguments::{self, Word};
use kubevet_judge::bundle::Bundle;
use kubevet_judge::collect::{MAX_FILE, Source};
use kubevet_judge::live::{MAX_ANSWER, WithLive};
use kubevet_judge::offline::{File, Folder, Inputs, Offline, StandsFor};
use kubevet_rules::model::{Content, Document, Outcome, Want};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What a file is called that has no name.
const FILE: &str = "kubelet-config";
/// Where drop-ins are in memory.
const DROP_INS: &str = "/drop-ins";
/// What a directory of drop-ins is called that has no name.
const FOLDER: &str = "kubelet.conf.d";

/// Everything may be absent.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Boxes {
    /// In place of everything else.
    bundle: Option<Box<RawValue>>,
    id: Option<String>,
    /// A command line, a variable of systemd, or one argument a line.
    flags: Option<String>,
    file: Option<TextFile>,
    drop_ins: Option<DropIns>,
    /// An answer of `/configz`.
    live: Option<String>,
    /// The names of the environment variables that are set, where that is known.
    environment: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextFile {
    name: Option<String>,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DropIns {
    name: Option<String>,
    files: Vec<TextFile>,
}

/// The box that a document was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "box", rename_all = "kebab-case")]
pub enum Part {
    Flags,
    File,
    /// A drop-in, by its number.
    DropIn {
        index: usize,
    },
    Live,
}

/// A target, and which boxes its documents stand in.
pub struct Target {
    pub id: String,
    pub version: Option<String>,
    pub source: Rc<dyn Source>,
    pub boxes: Places,
}

/// Where documents stand in the boxes of a page; nowhere, for a bundle.
#[derive(Default)]
pub struct Places {
    offline: Option<Rc<Offline>>,
    drop_ins: Vec<String>,
    flags: String,
    words: Vec<Word>,
    /// How many arguments were put in front.
    in_front: usize,
}

impl Target {
    /// Reads a target. `wants` tells what a kubelet with these documents asks for.
    ///
    /// # Errors
    /// What is not understood, in words.
    pub fn new(json: &str, wants: impl Fn(&[Document]) -> Vec<Want>) -> Result<Target, String> {
        let boxes: Boxes = serde_json::from_str(json).map_err(|error| format!("this is no target: {error}"))?;
        match &boxes.bundle {
            Some(bundle) => of_bundle(bundle.get()),
            None => of_boxes(boxes, wants),
        }
    }
}

fn of_bundle(text: &str) -> Result<Target, String> {
    let bundle = Bundle::parse(text).map_err(|error| error.to_string())?;
    let (id, version) = (bundle.id().to_owned(), bundle.version().map(str::to_owned));
    Ok(Target { id, version, source: Rc::new(bundle), boxes: Places::default() })
}

fn of_boxes(boxes: Boxes, wants: impl Fn(&[Document]) -> Vec<Want>) -> Result<Target, String> {
    let Boxes { bundle: _, id, flags, file, drop_ins, live, environment } = boxes;
    let live = live.map(|live| within(live, MAX_ANSWER));
    let id = id.or_else(|| file.as_ref()?.name.clone()).unwrap_or_else(|| "kubelet".to_owned());
    if let (Some(live), None, None, None) = (&live, &flags, &file, &drop_ins) {
        let source = Rc::new(WithLive::alone(live.clone()));
        return Ok(Target { id, version: None, source, boxes: Places::default() });
    }
    let words =
        flags.as_deref().map(arguments::words_of_text).transpose().map_err(|error| format!("flags: {error}"))?;
    let words = words.unwrap_or_default();
    let names = drop_ins.iter().flat_map(|drop_ins| &drop_ins.files).map(|file| file.name.clone().unwrap_or_default());
    let names: Vec<String> = names.collect();
    let offline = Offline::new(
        Inputs {
            flags_unknown: live.is_some() && flags.is_none(),
            arguments: words.iter().map(|word| word.bytes.clone()).collect(),
            file: file.map(|file| File {
                name: file.name.unwrap_or_else(|| FILE.to_owned()).into_bytes(),
                outcome: within(file.text, MAX_FILE),
            }),
            config_dir: drop_ins.map(folder).transpose()?,
        },
        wants,
    );
    let added_in_front = offline.arguments().first() != words.first().map(|word| &word.bytes);
    let offline = Rc::new(offline);
    let boxes = Places {
        drop_ins: names,
        flags: flags.unwrap_or_default(),
        in_front: if added_in_front { offline.arguments().len() - words.len() } else { 0 },
        words,
        offline: Some(offline.clone()),
    };
    let source = WithEnvironment { names: environment, source: offline };
    let source: Rc<dyn Source> = match live {
        Some(live) => Rc::new(WithLive::beside(live, Box::new(source))),
        None => Rc::new(source),
    };
    Ok(Target { id, version: None, source, boxes })
}

/// A text as a document, unless it is larger than a host reads.
fn within(text: String, limit: u64) -> Outcome {
    match text.len() as u64 > limit {
        true => Outcome::TooLarge(limit),
        false => Outcome::Found(Content::File(text.into_bytes())),
    }
}

/// A directory in memory.
fn folder(drop_ins: DropIns) -> Result<Folder, String> {
    let mut files = BTreeMap::new();
    for TextFile { name, text } in drop_ins.files {
        let name = name.filter(|name| !name.is_empty()).ok_or("a drop-in has no name")?;
        if files.contains_key(&name) {
            return Err(format!("there are two drop-ins named {name}"));
        }
        files.insert(name, text);
    }
    let name = drop_ins.name.unwrap_or_else(|| FOLDER.to_owned()).into_bytes();
    let source = Box::new(Bundle::of_directory(DROP_INS, files.into_iter()));
    Ok(Folder { name, path: DROP_INS.into(), source })
}

/// A source that may know which environment variables are set.
struct WithEnvironment {
    names: Option<Vec<String>>,
    source: Rc<Offline>,
}

impl Source for WithEnvironment {
    fn answer(&self, want: &Want) -> Outcome {
        match (want, &self.names) {
            (Want::EnvironmentHas(name), Some(names)) => Outcome::Found(Content::Present(names.contains(name))),
            _ => self.source.answer(want),
        }
    }
}

impl Places {
    /// The box of a document.
    pub fn part(&self, document: &Document) -> Option<Part> {
        match &document.answers {
            Want::Processes(_) => self.offline.as_ref().map(|_| Part::Flags),
            Want::LiveConfiguration => Some(Part::Live),
            want @ Want::File(_) => match self.offline.as_ref()?.stands_for(want)? {
                StandsFor::File => Some(Part::File),
                StandsFor::Folder(path) => {
                    let name = path.strip_prefix(DROP_INS.as_bytes())?.strip_prefix(b"/")?;
                    let index = self.drop_ins.iter().position(|known| known.as_bytes() == name)?;
                    Some(Part::DropIn { index })
                }
            },
            _ => None,
        }
    }

    /// Where an argument stands in the text of the flags, in UTF-16; nowhere, if it was added.
    pub fn argument(&self, number: u32) -> Option<Range<usize>> {
        let word = self.words.get((number as usize).checked_sub(self.in_front)?)?;
        Some(utf16(&self.flags, word.range.clone()))
    }
}

impl Places {
    /// The text of the flags with these arguments alone; nothing, where one is left out that does not stand there.
    pub fn flags_with(&self, kept: &[usize]) -> Option<String> {
        let added = self.offline.as_ref()?.arguments().len() - self.words.len();
        let behind = self.in_front + self.words.len();
        let is_added = |number: &&usize| **number < self.in_front || **number >= behind;
        if kept.iter().filter(is_added).count() < added {
            return None;
        }
        let mut text = self.flags.clone();
        for (number, word) in self.words.iter().enumerate().rev() {
            if !kept.contains(&(number + self.in_front)) {
                // With the blanks before it, and with the end of a line that went on.
                let before = text[..word.range.start].trim_end_matches([' ', '\t', '\n', '\\']);
                let start = if before.is_empty() { word.range.start } else { before.len() };
                text.replace_range(start..word.range.end, "");
            }
        }
        Some(text)
    }
}

/// A range of bytes in UTF-16, as JavaScript and its editors count.
pub fn utf16(text: &str, range: Range<usize>) -> Range<usize> {
    let units = |text: &str| text.encode_utf16().count();
    let start = text.get(..range.start).map_or(0, units);
    start..start + text.get(range).map_or(0, units)
}
