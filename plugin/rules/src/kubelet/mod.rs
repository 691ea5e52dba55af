//! The kubelet: how it arrives at its effective configuration. The only place with precedence.
//!
//! Follows `NewKubeletCommand` (cmd/kubelet/app/server.go), a file a stage:
//! [`flags`] and [`precedence`] (first parse) → [`file`] → [`dropins`] → [`flags`] and [`precedence`] (second parse) →
//! [`validate`] → [`later`]. What each version offers is in [`surface`].

pub mod config;
mod decode;
mod defaults;
mod documents;
mod drift;
mod dropins;
pub mod effective;
mod embedded;
pub mod eviction;
mod file;
pub mod flags;
pub mod gates;
mod images;
mod klog;
pub mod laid_out;
mod later;
pub mod live;
mod options;
pub mod paths;
pub mod precedence;
mod problems;
mod quantity;
mod slots;
pub mod surface;
mod url;
mod validate;
pub mod values;
mod vendor;
mod walk;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use config::Config;
use file::{Folder, Source};
use flags::{FlagError, FlagErrorKind, Parsed, Pass};
use gates::Gates;
use laid_out::Doubt;
use live::Live;
use precedence::{NodeFlags, Setter, ValueError};
use problems::Problems;
use surface::{FlagGroup, Gate, Version};

pub use documents::{Documents, FLAGS_UNKNOWN, STAND_IN};
pub use file::{AskedEdit, Texts};

use crate::json::Json;
use crate::message::{Problem, Said, Text, Words, message};
use crate::model::{Content, Document, Outcome, Place, Severity, Span, Stage, Want};

/// The kubelet does not start.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// How far it came.
    pub stage: Stage,
    /// Why, in our words.
    pub message: Said,
    /// The words or lines that it stumbles over.
    pub place: Place,
}

impl Refused {
    /// Boxed, because errors are handed on in many places, where a large one would be copied.
    fn new(stage: Stage, message: Said, place: Place) -> Box<Refused> {
        Box::new(Refused { stage, message, place })
    }
}

/// Something that is needed to go on could not be had.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// What, and why.
    pub message: Said,
    /// The document that could not be used.
    pub place: Place,
}

/// Why the way to an effective configuration ended early.
enum Stop {
    Refused(Box<Refused>),
    Unknown(Box<Unknown>),
}

impl Kubelet {
    /// Why it does not start, or does not stay.
    pub fn refusal(&self) -> Option<&Refused> {
        self.refused.as_deref().or(self.ends_later.as_deref())
    }

    /// Whether its drop-ins set this setting to its default where they leave it out, and never to zero. Maps are merged by their
    /// keys.
    pub fn drop_ins_reset(&self, path: &str) -> bool {
        self.sources.drop_ins > 0 && dropins::resets(self.version) && !path.starts_with("featureGates.")
    }
}

impl From<Box<Refused>> for Stop {
    fn from(refused: Box<Refused>) -> Stop {
        Stop::Refused(refused)
    }
}

/// What a kubelet makes of its command line and files.
pub struct Kubelet {
    /// Its version.
    pub version: Version,
    /// The effective configuration; absent where it refuses before there is one.
    pub config: Option<Config>,
    /// The flags without a place in a file; absent as `config` is.
    pub flags: Option<NodeFlags>,
    /// The feature gates, as far as they are known.
    pub gates: Gates,
    /// It does not start.
    pub refused: Option<Box<Refused>>,
    /// It starts, and soon ends.
    pub ends_later: Option<Box<Refused>>,
    /// Not decided: what flags do not decide is not known.
    pub unknown: Option<Box<Unknown>>,
    /// What it reads.
    pub sources: Sources,
    /// Whether a file or a drop-in directory was given: without, the older, less secure defaults apply.
    pub has_files: bool,
    /// What it ignores, or reads otherwise than it looks.
    pub problems: Vec<Problem>,
    /// Text that must not be shown.
    pub withheld: Vec<Span>,
    /// Drop-ins of another kind of which something counts all the same.
    pub taken: Vec<u32>,
    /// What was needed, and did not come.
    pub unmet: Vec<Want>,
    /// What the live configuration adds.
    pub live: Live,
    /// Settings that are not known unless a source decides them, and why.
    pub doubts: Vec<Doubt>,
}

impl Kubelet {
    /// A kubelet of which nothing is known, and why.
    pub fn unknown(version: Version, message: Said) -> Kubelet {
        Kubelet {
            config: Some(Config::legacy(version)),
            unknown: Some(Box::new(Unknown { message, place: Place::Target })),
            ..Kubelet::new(version)
        }
    }

    /// A kubelet before anything is found out.
    fn new(version: Version) -> Kubelet {
        Kubelet {
            version,
            config: None,
            flags: None,
            gates: Gates::default(),
            refused: None,
            ends_later: None,
            unknown: None,
            sources: Sources::default(),
            has_files: false,
            problems: vec![],
            withheld: vec![],
            taken: vec![],
            unmet: vec![],
            live: Live::default(),
            doubts: vec![],
        }
    }
}

/// The files that were read for a configuration.
#[derive(Clone, Default)]
pub struct Sources {
    /// The path of the configuration file; empty where none was read.
    pub config: String,
    /// The configuration file that the arguments name, read or not; empty where they name none.
    pub named: String,
    /// How many drop-ins there are.
    pub drop_ins: usize,
    /// The documents of all these, weakest first.
    pub documents: Vec<u32>,
}

impl Sources {
    /// Whether a document is a drop-in.
    pub fn is_drop_in(&self, document: u32) -> bool {
        self.documents.iter().rev().take(self.drop_ins).any(|drop_in| *drop_in == document)
    }
}

/// What the kubelet would read, and is not among the documents.
pub fn wants(documents: Documents, version: Version) -> Vec<Want> {
    let documents = documents.at(version);
    let parsed = flags::parse(documents.words(), version, Pass::First);
    if let Some(line) = documents.embedded.filter(|line| !line.wants.is_empty()) {
        return line.wants.clone();
    }
    let mut run = Run::new(documents, Config::empty(version));
    // What is wrong with the flags is not told here; to find the words for it would take longer than all the rest.
    if parsed.error.is_some() || run.first_parse(&parsed).is_err() {
        return vec![];
    }
    let config = (!run.flags.config.is_empty()).then(|| run.config_want());
    let mut wants: Vec<_> = config.into_iter().filter(|want| documents.answer(want).is_none()).collect();
    if !run.flags.config_dir.is_empty() {
        wants.extend(guard(version).filter(|want| documents.answer(want).is_none()));
        wants.extend(walk::walk(&documents, &run.flags.config_dir).wants);
    }
    wants
}

/// The variable that has to be in the environment of 1.28 and 1.29 with `--config-dir`, whatever its value.
const GUARD: &str = "KUBELET_CONFIG_DROPIN_DIR_ALPHA";

fn guard(version: Version) -> Option<Want> {
    matches!(version.minor(), 28 | 29).then(|| Want::EnvironmentHas(GUARD.into()))
}

/// A kubelet of this version.
pub fn run(documents: Documents, version: Version) -> Kubelet {
    live::with_live(documents.at(version), version)
}

/// What a kubelet of this version makes of its command line and files when it starts.
fn next_start(documents: Documents, version: Version) -> Kubelet {
    let parsed = flags::parse(documents.words(), version, Pass::First);
    let named = config_of(&parsed);
    // A file makes the kubelet forget what it starts from, before that has had any effect.
    let start = if named.is_empty() { Config::legacy(version) } else { Config::empty(version) };
    let mut run = Run::new(documents, start);
    run.sources.named = named;
    let stop = run.finish(&parsed).err();
    let ends_later = match &stop {
        None => run.ends_later(),
        Some(_) => None,
    };
    let mut kubelet = Kubelet {
        version,
        config: None,
        flags: None,
        refused: None,
        ends_later,
        unknown: None,
        has_files: run.has_files(),
        sources: run.sources,
        gates: run.gates,
        problems: run.problems.found,
        withheld: run.problems.withheld,
        taken: run.problems.taken,
        unmet: run.unmet,
        live: Live::default(),
        doubts: documents.laid_out().map_or(vec![], |laid_out| laid_out.doubts.clone()),
    };
    match stop {
        Some(Stop::Refused(refused)) if refused.stage != Stage::Validate => kubelet.refused = Some(refused),
        other => {
            kubelet.config = Some(run.config);
            kubelet.flags = run.knows_arguments.then_some(run.flags);
            match other {
                Some(Stop::Refused(refused)) => kubelet.refused = Some(refused),
                Some(Stop::Unknown(unknown)) => kubelet.unknown = Some(unknown),
                None => {}
            }
        }
    }
    kubelet
}

/// The configuration file that a command line names, as far as it can be read; empty where it names none.
pub fn named_config(documents: Documents, version: Version) -> String {
    config_of(&flags::parse(documents.at(version).words(), version, Pass::First))
}

fn config_of(parsed: &Parsed) -> String {
    let named = parsed.flags.iter().rfind(|occurrence| occurrence.flag.name() == "config");
    named.map(|occurrence| values::text(occurrence.value)).unwrap_or_default()
}

/// A kubelet on its way to its configuration.
struct Run<'a> {
    documents: Documents<'a>,
    version: Version,
    config: Config,
    flags: NodeFlags,
    gates: Gates,
    sources: Sources,
    problems: Problems,
    unmet: Vec<Want>,
    /// Whether the arguments are known.
    knows_arguments: bool,
}

impl<'a> Run<'a> {
    fn new(documents: Documents<'a>, config: Config) -> Run<'a> {
        Run {
            documents,
            version: config.version,
            config,
            flags: NodeFlags::default(),
            gates: Gates::default(),
            sources: Sources::default(),
            problems: Problems::default(),
            unmet: vec![],
            knows_arguments: true,
        }
    }

    fn has_files(&self) -> bool {
        !self.flags.config.is_empty() || !self.flags.config_dir.is_empty()
    }

    fn finish(&mut self, parsed: &Parsed) -> Result<(), Stop> {
        self.withhold_secret_arguments(parsed);
        self.note_suspicions();
        self.look_inside().inspect_err(|_| self.knows_arguments = false)?;
        self.first_parse(parsed)?;
        self.note_skipped_words(parsed);
        let files = match self.documents.laid_out().and_then(|laid_out| laid_out.files_unknown.clone()) {
            Some(unknown) => Err(Stop::Unknown(unknown)),
            None => self.load_file().and_then(|()| self.merge_drop_ins()),
        };
        if let Err(Stop::Unknown(unknown)) = files {
            // What is left is what flags decide, whatever the files say.
            self.second_parse()?;
            return Err(Stop::Unknown(unknown));
        }
        files?;
        if self.has_files() {
            self.second_parse()?;
        }
        self.check_log_format(parsed)?;
        validate::validate(&self.config, &self.gates)?;
        Ok(())
    }

    /// A kubelet inside of another process: whether its arguments are known, and how well.
    fn look_inside(&mut self) -> Result<(), Stop> {
        if let Some(laid_out) = self.documents.laid_out() {
            return match (&laid_out.refused, &laid_out.unknown) {
                (Some(refused), _) => Err(Stop::Refused(refused.clone())),
                (None, Some(unknown)) => Err(Stop::Unknown(unknown.clone())),
                (None, None) => Ok(()),
            };
        }
        let Some(line) = self.documents.embedded else { return Ok(()) };
        self.unmet.extend(line.wants.iter().cloned());
        match line.unknown(self.version) {
            Some(unknown) => Err(Stop::Unknown(unknown)),
            None => {
                self.problems.add(Severity::Low, message("arguments-inside", line.gap), Place::Target);
                Ok(())
            }
        }
    }

    fn note_idle_gates(&mut self) {
        let Some(leaf) = self.config.at("featureGates") else { return };
        for (name, claim) in leaf.keys.iter() {
            if let Some(state) = Gate::state(name, self.version) {
                self.problems.idle_gate(name, state, claim.place);
            }
        }
    }

    fn ends_later(&mut self) -> Option<Box<Refused>> {
        self.note_idle_gates();
        later::note(&self.config, &self.flags, &self.gates, &mut self.problems);
        later::check(&self.config, &self.flags, &self.gates, self.documents.has_version).err()
    }

    fn words(&self) -> &'a flags::Words {
        self.documents.words()
    }

    fn word_place(&self, word: usize) -> Place {
        self.documents.word_place(word)
    }

    fn refused(&self, stage: Stage, id: &'static str, text: impl Into<Text>, word: usize) -> Box<Refused> {
        Refused::new(stage, message(id, text), self.word_place(word))
    }

    fn flag_refused(&self, stage: Stage, error: &FlagError) -> Box<Refused> {
        let stage = if error.kind == FlagErrorKind::Help { Stage::Exit } else { stage };
        self.refused(stage, "flag-syntax", error.kind.text(), error.word)
    }

    fn value_refused(&self, stage: Stage, occurrence: &flags::Occurrence, error: ValueError) -> Box<Refused> {
        let shown: String = if occurrence.flag.is_secret() { "…".into() } else { clipped(&occurrence.text()) };
        let text = text!(
            "`--{flag}` must be {expected}, not `{shown}`",
            "`--{flag}` には、{expected}を指定します（`{shown}` は指定できません）",
            flag = occurrence.flag.name(),
            expected = error.0,
            shown
        );
        self.refused(stage, "flag-value", text, occurrence.value_word)
    }

    /// The first parse sets everything; with files, only the flags without a place in a file will be left of it.
    fn first_parse(&mut self, parsed: &Parsed) -> Result<(), Box<Refused>> {
        let documents = self.documents;
        let place = |word| documents.word_place(word);
        let mut setter = Setter::new(self.words(), &place);
        for occurrence in &parsed.flags {
            let set = match occurrence.flag.group {
                FlagGroup::Config => setter.set_field(&mut self.config, occurrence),
                FlagGroup::Kubelet | FlagGroup::Global => setter.set_node_flag(&mut self.flags, occurrence),
            };
            set.map_err(|error| self.value_refused(Stage::Flags, occurrence, error))?;
        }
        if let Some(error) = &parsed.error {
            return Err(self.flag_refused(Stage::Flags, error));
        }
        if let Some((word, value)) = &parsed.help
            && values::bool(value).is_none()
        {
            return Err(self.refused(
                Stage::Flags,
                "flag-value",
                text!(
                    "`--help` must be true or false, not `{value}`",
                    "`--help` には true か false を指定します（`{value}` は指定できません）",
                    value = clipped(value)
                ),
                *word,
            ));
        }
        if let Some(word) = parsed.positional.first() {
            return Err(self.positional(*word));
        }
        self.ends_early(parsed)?;
        self.gates.set(self.config.get("featureGates"), self.version).map_err(|error| {
            let claim = self.config.at("featureGates").and_then(|leaf| leaf.keys.get(error.name()));
            let message = message("feature-gate", error.text(self.version));
            Refused::new(Stage::Flags, message, claim.map_or(Place::Target, |claim| claim.place))
        })?;
        self.check_labels()?;
        self.check_runtime()
    }

    /// The rest of `ValidateKubeletFlags` up to 1.26.
    fn check_runtime(&self) -> Result<(), Box<Refused>> {
        let minor = self.version.minor();
        if minor > 26 {
            return Ok(());
        }
        let is = |flag: &str, value: Json| self.flags.value(flag, self.version) == Some(value);
        let wrong = if is("seccomp-default", Json::Bool(true)) && !self.gates.enabled("SeccompDefault", self.version) {
            (
                "seccomp-default",
                words!(
                    "`--seccomp-default` needs the feature gate `SeccompDefault`, which is off",
                    "`--seccomp-default` にはフィーチャーゲート `SeccompDefault` が必要ですが、無効です"
                ),
            )
        } else if !is("container-runtime", Json::Text("remote".into())) {
            (
                "container-runtime",
                words!(
                    "`--container-runtime` must be `remote`: the others are gone",
                    "`--container-runtime` は `remote` でなければなりません（他の値は廃止されました）"
                ),
            )
        } else if minor == 26
            && !self.documents.has_stand_in()
            && is("container-runtime-endpoint", Json::Text(String::new()))
        {
            // With a file alone the command line is not known, and cannot lack anything.
            (
                "container-runtime-endpoint",
                words!(
                    "`--container-runtime-endpoint` must be given: it has no default in 1.26",
                    "`--container-runtime-endpoint` の指定が必要です（1.26 にはデフォルト値がありません）"
                ),
            )
        } else {
            return Ok(());
        };
        let (flag, text) = wrong;
        let place = self.flags.get(flag).and_then(|leaf| leaf.decider()).map_or(Place::Target, |claim| claim.place);
        Err(Refused::new(Stage::Flags, message("flag-value", text), place))
    }

    /// A word that is neither a flag nor a value.
    fn positional(&mut self, word: usize) -> Box<Refused> {
        // Headers without quotes come apart.
        let is_header = |word: &Vec<u8>| word.starts_with(b"--manifest-url-header");
        let may_be_secret = self.words()[..word].iter().any(is_header);
        if may_be_secret && let Place::At(span) = self.word_place(word) {
            self.problems.withheld.push(span);
        }
        let shown = if may_be_secret { "…".into() } else { clipped(&values::text(&self.words()[word])) };
        let before = word.checked_sub(1).map(|before| values::text(&self.words()[before]));
        let hint = match before {
            Some(before)
                if before.starts_with("--") && !values::has(&before, b'=') && values::bool(&shown).is_some() =>
            {
                text!(
                    "; `{flag}` is true without a value: write `{flag}={value}`",
                    "。`{flag}` は値なしで true になります。`{flag}={value}` と書いてください",
                    flag = clipped(&before),
                    value = &*shown
                )
            }
            _ => Text::NONE,
        };
        self.refused(
            Stage::Flags,
            "positional-word",
            text!(
                "the kubelet takes no word such as `{shown}`{hint}",
                "kubelet は `{shown}` のような語を受け付けません{hint}",
                shown,
                hint
            ),
            word,
        )
    }

    /// `--help` and `--version` print something, and that is all.
    fn ends_early(&self, parsed: &Parsed) -> Result<(), Box<Refused>> {
        if let Some((word, value)) = &parsed.help
            && values::bool(value) == Some(true)
        {
            return Err(self.refused(Stage::Exit, "help", FlagErrorKind::Help.text(), *word));
        }
        let mut printed = None;
        for version in parsed.flags.iter().filter(|occurrence| occurrence.flag.name() == "version") {
            let value = version.text();
            printed = match values::bool(&value) {
                _ if value == "raw" => Some(version.word),
                Some(true) => Some(version.word),
                Some(false) => None,
                None if self.is_name_of_build(&value) => None,
                None => {
                    let text = text!(
                        "`--version` must be true, false or raw, or from 1.28 on a name of the kubelet's own version, not `{value}`",
                        "`--version` には true、false、raw、または（1.28 以降）kubelet 自身のバージョンの名前を指定します（`{value}` は指定できません）",
                        value = clipped(&value)
                    );
                    return Err(self.refused(Stage::Flags, "flag-value", text, version.word));
                }
            };
        }
        match printed {
            Some(word) => {
                let text =
                    words!("the kubelet prints its version and ends", "kubelet はバージョンを表示して終了します");
                Err(self.refused(Stage::Exit, "version", text, word))
            }
            None => Ok(()),
        }
    }

    /// Since 1.28 a kubelet can be told the name of its own build (`--version=v1.34.4-gke.1`), with which it goes on
    /// (component-base version/dynamic.go). Where its patch is not known, the name's is taken as the right one.
    fn is_name_of_build(&self, value: &str) -> bool {
        let own = |(major, minor, patch): (u64, u64, u64)| {
            (major, minor) == (1, self.version.minor().into())
                && self.documents.patch.is_none_or(|known| known == patch)
        };
        self.version.minor() >= 28 && values::semantic_version(value).is_some_and(own)
    }

    /// What up to 1.25 comes first in the validation of logging: other formats than text take klog's own flags for an error.
    fn check_log_format(&self, parsed: &Parsed) -> Result<(), Box<Refused>> {
        let is_text = self.config.text("logging.format").is_none_or(|format| format == "text");
        if self.version.minor() >= 26 || is_text {
            return Ok(());
        }
        match klog::changed(parsed, self.version) {
            None => Ok(()),
            Some(occurrence) => {
                let text = text!(
                    "`--{flag}` has no effect on this format of logs",
                    "`--{flag}` はこのログ形式では効果がありません",
                    flag = occurrence.flag.name()
                );
                Err(self.refused(Stage::Validate, "log-format", text, occurrence.word))
            }
        }
    }

    /// `ValidateKubeletFlags` (cmd/kubelet/app/options/options.go).
    fn check_labels(&self) -> Result<(), Box<Refused>> {
        let Some(leaf) = self.flags.get("node-labels") else { return Ok(()) };
        for (key, claim) in leaf.keys.iter() {
            let value = claim.value.as_text().unwrap_or_default();
            let reason = if !is_allowed_label(key) && !vendor::of(self.words()).is_some_and(|vendor| vendor.any_label) {
                words!(
                    "a kubelet may not give itself this label of kubernetes.io or k8s.io",
                    "kubernetes.io や k8s.io のこのラベルを kubelet が自身に付けることはできません"
                )
            } else if self.version.minor() == 24 {
                continue;
            } else if !values::is_qualified_name(key) {
                words!("this is no name for a label", "ラベルの名前として正しくありません")
            } else if !values::is_label_value(value) {
                words!("this is no value for a label", "ラベルの値として正しくありません")
            } else {
                continue;
            };
            let shown = clipped(&[key, "=", value].concat());
            let text =
                text!("`--node-labels`: `{shown}`: {reason}", "`--node-labels`: `{shown}`: {reason}", shown, reason);
            let message = message("node-label", text).with("label", &**key);
            return Err(Refused::new(Stage::Flags, message, claim.place));
        }
        Ok(())
    }

    /// The host doubts that this is the node's own kubelet.
    fn note_suspicions(&mut self) {
        if self.documents.process.facts.iter().any(|(key, _)| key == "exe-deleted") {
            let text = words!(
                "its program was removed or replaced since it started: the next start may be of another version",
                "起動後にプログラムが削除または置き換えられています。次回の起動では別のバージョンになる可能性があります"
            );
            self.problems.add(Severity::Low, message("replaced-program", text), Place::Target);
        }
        for (_, why) in self.documents.process.facts.iter().filter(|(key, _)| key == "suspicious") {
            let text = text!(
                "this process may not be the node's kubelet: {why}",
                "このプロセスはノードの kubelet ではない可能性があります: {why}",
                why = clipped(why)
            );
            self.problems.add(Severity::Medium, message("suspicious-process", text), Place::Target);
        }
    }

    fn note_skipped_words(&mut self, parsed: &Parsed) {
        for occurrence in parsed.flags.iter().filter(|occurrence| occurrence.value_word != occurrence.word) {
            if occurrence.value.starts_with(b"--") && !occurrence.flag.is_secret() {
                let place = self.word_place(occurrence.value_word);
                self.problems.swallowed_word(occurrence.flag.name(), &occurrence.text(), place);
            }
        }
        for &word in &parsed.vendors {
            let whose = vendor::of(self.words()).map_or("a vendor", |vendor| vendor.name);
            let text = text!(
                "this flag is of {whose}'s own build: it stops no such kubelet, and what it does is not known",
                "{whose} 独自のビルドのフラグです。そのビルドの kubelet は停止しませんが、このフラグの効果は不明です",
                whose
            );
            self.problems.add(Severity::Low, message("vendor-flag", text), self.word_place(word));
        }
        for &word in &parsed.skipped {
            let text = words!(
                "words that start with `-test.` are skipped in silence, together with all that they seem to set",
                "`-test.` で始まる語は、設定しているように見える値ごと黙って読み飛ばされます"
            );
            self.problems.add(Severity::Low, message("skipped-word", text), self.word_place(word));
        }
    }

    fn withhold_secret_arguments(&mut self, parsed: &Parsed) {
        for occurrence in &parsed.flags {
            if occurrence.flag.is_secret() {
                let Place::At(mut span) = self.word_place(occurrence.value_word) else { continue };
                span.start = match self.documents.embedded {
                    None => occurrence.value_start as u32,
                    // There, a word may be written otherwise than it is read.
                    Some(_) => span.start + self.documents.offset(span, occurrence.value).unwrap_or(0),
                };
                self.problems.withheld.push(span);
            }
        }
        let Some(error) = &parsed.error else { return };
        // Words behind an error are read by nobody; what is misspelt is as secret.
        let mut is_value = false;
        for (at, word) in self.words().iter().enumerate().skip(error.word) {
            let is_flag = word.starts_with(b"--manifest");
            let start = word.iter().position(|byte| *byte == b'=').map_or(word.len(), |equals| equals + 1);
            let secret = if is_value { 0 } else { start };
            if (is_flag || is_value)
                && secret < word.len()
                && let Place::At(mut span) = self.word_place(at)
            {
                if self.documents.embedded.is_none() {
                    span.start = secret as u32;
                }
                self.problems.withheld.push(span);
            }
            is_value = is_flag && start == word.len();
        }
    }

    fn config_want(&self) -> Want {
        Want::File(paths::clean(&self.documents.absolute(&self.flags.config)))
    }

    /// `--config`: everything that flags have written to fields is forgotten, and so are the legacy defaults.
    fn load_file(&mut self) -> Result<(), Stop> {
        if self.flags.config.is_empty() {
            return Ok(());
        }
        let want = self.config_want();
        let Want::File(path) = &want else { return Ok(()) };
        let place = self.flags.get("config").and_then(|leaf| leaf.decider()).map_or(Place::Target, |claim| claim.place);
        let (document, bytes) = file_of(&self.documents, &want, Stage::Load, place, &mut self.unmet)?;
        self.sources.config = values::text(path);
        self.sources.documents.push(document);
        let source = Source { document, bytes, stage: Stage::Load, texts: self.documents.texts, path };
        let folder = match self.documents.has_stand_in() || !path.starts_with(b"/") {
            true => Folder::Unknown,
            false => Folder::Known(paths::parent(path)),
        };
        self.config.forget();
        file::load(&mut self.config, source, &self.gates, &folder, &mut self.problems)?;
        Ok(())
    }

    /// `--config-dir`: over what there is now.
    fn merge_drop_ins(&mut self) -> Result<(), Stop> {
        if self.flags.config_dir.is_empty() {
            return Ok(());
        }
        let place =
            self.flags.get("config-dir").and_then(|leaf| leaf.decider()).map_or(Place::Target, |claim| claim.place);
        self.check_guard(place)?;
        let walk = walk::walk(&self.documents, &self.flags.config_dir);
        if let Some(path) = &walk.link {
            let text = text!(
                "`{path}` is a symbolic link, which the kubelet does not follow: no drop-in is read",
                "`{path}` はシンボリックリンクです。kubelet はこれをたどらないため、ドロップインは読み込まれません",
                path = &**path
            );
            self.problems.add(Severity::Medium, message("linked-drop-in-directory", text), place);
        }
        for path in &walk.skipped {
            let text = text!(
                "`{path}` is not read: of a drop-in directory only names that end in `.conf` count",
                "`{path}` は読み込まれません。ドロップインディレクトリでは `.conf` で終わる名前だけが対象です",
                path = &**path
            );
            self.problems.add(Severity::Low, message("skipped-drop-in", text), place);
        }
        self.unmet.extend(walk.wants);
        walk.outcome.map_err(|failure| failure.into_stop(place))?;
        let mut sources = vec![];
        for want in &walk.files {
            let (document, bytes) = file_of(&self.documents, want, Stage::Dropin, place, &mut self.unmet)?;
            let Want::File(path) = want else { continue };
            sources.push(Source { document, bytes, stage: Stage::Dropin, texts: self.documents.texts, path });
        }
        self.sources.drop_ins = sources.len();
        self.sources.documents.extend(sources.iter().map(|source| source.document));
        dropins::merge(&mut self.config, &sources, &self.gates, place, &mut self.problems)?;
        Ok(())
    }

    /// While drop-ins were new, a variable in the environment had to allow them (`NewKubeletCommand`, cmd/kubelet/app/server.go).
    fn check_guard(&mut self, named_at: Place) -> Result<(), Stop> {
        let Some(want) = guard(self.version) else { return Ok(()) };
        let document = self.documents.answer(&want);
        match document.map(|document| &document.outcome) {
            Some(Outcome::Found(Content::Present(true))) => Ok(()),
            Some(Outcome::Found(Content::Present(false))) => {
                let text = text!(
                    "kubelet {version} takes `--config-dir` only with `{variable}` in its environment, which is not there",
                    "kubelet {version} で `--config-dir` を使うには環境変数 `{variable}` が必要ですが、設定されていません",
                    version = self.version.name(),
                    variable = GUARD
                );
                Err(Refused::new(Stage::Dropin, message("drop-in-guard", text), named_at).into())
            }
            _ => {
                if document.is_none() {
                    self.unmet.push(want);
                }
                let text = text!(
                    "kubelet {version} takes `--config-dir` only with `{variable}` in its environment, and whether it is there is not known",
                    "kubelet {version} で `--config-dir` を使うには環境変数 `{variable}` が必要ですが、設定されているか不明です",
                    version = self.version.name(),
                    variable = GUARD
                );
                Err(Stop::Unknown(Box::new(Unknown {
                    message: message("drop-in-guard-unknown", text),
                    place: named_at,
                })))
            }
        }
    }

    /// The same words again, over what the files say; then the gates.
    fn second_parse(&mut self) -> Result<(), Box<Refused>> {
        let words = self.words();
        let parsed = flags::parse(words, self.version, Pass::Second);
        let file_gates = self.config.at("featureGates").cloned().unwrap_or_default();
        self.forget_first_parse();
        self.reset_split_streams();
        let documents = self.documents;
        let place = |word| documents.word_place(word);
        let mut setter = Setter::new(words, &place);
        for occurrence in parsed.flags.iter().filter(|occurrence| occurrence.flag.group == FlagGroup::Config) {
            let set = setter.set_field(&mut self.config, occurrence);
            set.map_err(|error| self.value_refused(Stage::Exit, occurrence, error))?;
        }
        if let Some(error) = parsed.error {
            return Err(self.flag_refused(Stage::Exit, &error));
        }
        self.add_back_gates(file_gates);
        self.gates.set(self.config.get("featureGates"), self.version).map_err(|error| {
            let message = message("feature-gate", error.text(self.version));
            Refused::new(Stage::Precedence, message, Place::Target)
        })
    }

    /// Drop-ins alone are merged over what the first parse has set; the second parse sets it again.
    fn forget_first_parse(&mut self) {
        use crate::model::Origin;
        self.config.for_each_leaf(|_, leaf| leaf.history.retain(|claim| claim.origin != Origin::Flag));
    }

    /// Registering these flags sets their fields to false, whatever the files say (component-base logs/api/v1, `addFlags`).
    fn reset_split_streams(&mut self) {
        for path in ["logging.options.text.splitStream", "logging.options.json.splitStream"] {
            if let Some(leaf) = self.config.at_mut(path) {
                leaf.reset();
            }
        }
    }

    /// Gates of the files that no flag names stay as they are (`kubeletConfigFlagPrecedence`).
    fn add_back_gates(&mut self, from_files: config::Leaf) {
        let (Some(Json::Map(map)), Some(leaf)) = (from_files.value, self.config.at_mut("featureGates")) else { return };
        let Some(Json::Map(now)) = &mut leaf.value else { return };
        for (name, value) in map.into_pairs() {
            if now.get(&name).is_some() {
                continue;
            }
            if let Some(claim) = from_files.keys.get(&name) {
                leaf.keys.insert(name.clone(), claim.clone());
            }
            now.insert(name, value);
        }
    }
}

/// The content of a file that the kubelet opens.
fn file_of<'a>(
    documents: &Documents<'a>,
    want: &Want,
    stage: Stage,
    named_at: Place,
    unmet: &mut Vec<Want>,
) -> Result<(u32, &'a [u8]), Stop> {
    match documents.answer(want) {
        Some(Document { id, outcome: Outcome::Found(Content::File(bytes)), .. }) => Ok((*id, bytes)),
        Some(document) => Err(walk::Failure::new(stage, want, document).into_stop(named_at)),
        None => {
            if !unmet.contains(want) {
                unmet.push(want.clone());
            }
            Err(walk::Failure::missing(stage, want).into_stop(named_at))
        }
    }
}

/// A text that is read once more; where it is not what it has to be, that.
type Read = Result<(), Words>;

fn wanted(is_fine: bool, what: Words) -> Read {
    if is_fine { Ok(()) } else { Err(what) }
}

/// Text of the target for a message: not longer than a line, without control characters.
pub fn clipped(text: &str) -> String {
    let mut shown: String = text.chars().take(80).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}

/// `IsKubeletLabel` and `isKubernetesLabel`: the labels of Kubernetes that a kubelet may give itself, and all others.
fn is_allowed_label(key: &str) -> bool {
    const ALLOWED: [&str; 11] = [
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/instance-type",
        "beta.kubernetes.io/os",
        "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
        "kubernetes.io/arch",
        "kubernetes.io/hostname",
        "kubernetes.io/os",
        "node.kubernetes.io/instance-type",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    ];
    let namespace = key.split_once('/').map_or("", |(namespace, _)| namespace);
    let within = |domain: &str| {
        namespace == domain || namespace.strip_suffix(domain).is_some_and(|before| before.ends_with('.'))
    };
    let kubernetes = within("kubernetes.io") || within("k8s.io");
    !kubernetes || ALLOWED.contains(&key) || within("kubelet.kubernetes.io") || within("node.kubernetes.io")
}
