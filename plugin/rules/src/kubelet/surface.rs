//! What a kubelet of each version offers: its flags, the fields of its configuration, their defaults, and its feature gates.
//!
//! The tables are packed by the build script from what each kubelet's own code printed.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::cmp::Ordering;

use super::slots;
use crate::collections::map;
use crate::digits;
use crate::float;
use crate::json::Json;
use crate::pairs;

include!(concat!(env!("OUT_DIR"), "/surface.rs"));

/// A kubelet's minor version; only the minor matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u8);

/// The surfaces of these were printed by their own code, too, but how they read it follows from their sources alone.
const WITHOUT_GOLDENS: [u8; 2] = [24, 25];

impl Version {
    /// The newest version that is known.
    pub fn newest() -> Version {
        Version(MINORS[MINORS.len() - 1])
    }

    /// The oldest version that is known.
    pub fn oldest() -> Version {
        Version(MINORS[0])
    }

    /// All versions that are known, oldest first.
    pub fn all() -> impl Iterator<Item = Version> {
        MINORS.iter().map(|minor| Version(*minor))
    }

    /// Whether there are answers of this kubelet's own code, in `tests/goldens`, that the rules agree with.
    pub fn is_proven(self) -> bool {
        !WITHOUT_GOLDENS.contains(&self.0)
    }

    /// A version that is known, from words such as `v1.34.7-eks-1a2b3c`, `1.34.4` and `1.34`.
    ///
    /// # Errors
    /// The minor, where it is not known; `None` where the words are no version.
    pub fn parse(words: &str) -> Result<Version, Option<u32>> {
        let mut parts = words.trim().trim_start_matches('v').splitn(3, '.');
        let number = |digits: &str| digits.parse::<u64>().ok().and_then(|number| u32::try_from(number).ok());
        let major = parts.next().and_then(number);
        let minor = parts.next().unwrap_or_default();
        let digits = minor.find(|c: char| !c.is_ascii_digit()).unwrap_or(minor.len());
        match (major, number(&minor[..digits])) {
            (Some(1), Some(minor)) => {
                MINORS.iter().find(|known| u32::from(**known) == minor).map(|known| Version(*known)).ok_or(Some(minor))
            }
            _ => Err(None),
        }
    }

    /// Such as `1.37`.
    pub fn name(self) -> String {
        ["1.", &digits::unsigned(self.0.into())].concat()
    }

    /// The patch of a version in words such as `v1.34.7-eks-1a2b3c`, where they name it: 7.
    pub fn patch(words: &str) -> Option<u64> {
        let patch = words.trim().splitn(3, '.').nth(2)?;
        let digits = patch.find(|c: char| !c.is_ascii_digit()).unwrap_or(patch.len());
        patch[..digits].parse().ok()
    }

    /// Whether a mask of the tables has this version.
    pub fn is_in(self, mask: u16) -> bool {
        mask & (1 << (self.0 - 24)) != 0
    }

    /// The minor: 37 for 1.37.
    pub fn minor(self) -> u8 {
        self.0
    }
}

impl core::fmt::Display for Version {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(&self.name())
    }
}

/// A text of the tables.
#[derive(Clone, Copy, Debug)]
struct Text {
    start: u16,
    length: u8,
}

impl Text {
    fn as_str(self) -> &'static str {
        self.from(0)
    }

    /// Whether it is this without so many bytes of its beginning: most are of another length, which is cheap to see.
    fn is(self, skipped: u8, text: &str) -> bool {
        usize::from(self.length - skipped) == text.len() && self.from(skipped) == text
    }

    /// Without so many bytes of its beginning.
    fn from(self, skipped: u8) -> &'static str {
        let start = usize::from(self.start);
        TEXTS.get(start + usize::from(skipped)..start + usize::from(self.length)).unwrap_or_default()
    }
}

/// Defaults, each with the versions that have it.
#[derive(Clone, Copy, Debug)]
struct Rows {
    start: u16,
    count: u8,
}

impl Rows {
    /// The row of a version.
    fn of(self, version: Version) -> Option<&'static str> {
        let rows = ROWS.get(usize::from(self.start)..)?.iter().take(self.count.into());
        rows.filter(|(_, mask)| version.is_in(*mask)).map(|(text, _)| text.as_str()).next()
    }
}

/// A command-line flag.
#[derive(Debug)]
pub struct Flag {
    name: Text,
    /// A letter, or 0.
    pub shorthand: u8,
    /// How its value is read.
    pub kind: FlagKind,
    /// Who registers it.
    pub group: FlagGroup,
    field: Text,
    defaults: Rows,
    /// The versions that have it.
    pub versions: u16,
}

impl Flag {
    /// Without dashes.
    pub fn name(&self) -> &'static str {
        self.name.as_str()
    }

    /// Whether this is its name.
    pub fn is(&self, name: &str) -> bool {
        self.name.is(0, name)
    }

    /// The path of the field it writes to, such as `authorization.mode`; empty where it has none.
    pub fn field(&self) -> &'static str {
        self.field.as_str()
    }

    /// The path of the setting that it decides; without a field, it is called as on the command line.
    pub fn setting(&self) -> String {
        if self.field().is_empty() { ["--", self.name()].concat() } else { self.field().to_owned() }
    }

    /// Its default as a text.
    pub fn default(&self, version: Version) -> Option<&'static str> {
        self.defaults.of(version)
    }

    /// Whether several flags of this name add up, instead of the last of them counting.
    pub fn adds_up(&self) -> bool {
        use FlagKind::{Gates, Labels, List, Map, MapLess, MapNoSplit, Multimap, ReservedMemory, Taints, VModule};
        let is_map = matches!(self.kind, Map | MapLess | MapNoSplit | Multimap | Labels | Gates);
        is_map || matches!(self.kind, List | ReservedMemory | Taints | VModule)
    }

    /// Whether the flag means `true` when it has no value, and so never takes the next word.
    pub fn is_switch(&self) -> bool {
        matches!(self.kind, FlagKind::Bool | FlagKind::Version)
    }
}

/// How a flag's value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of Go's and the kubelet's own flag types")]
pub enum FlagKind {
    Bool,
    Text,
    Int32,
    Int64,
    Duration,
    Ip,
    List,
    /// `key=value,…`
    Map,
    /// One `key=value`, commas included.
    MapNoSplit,
    /// `key<value,…`
    MapLess,
    /// `key=value,…`, where a key alone is fine.
    Labels,
    Gates,
    Multimap,
    Taints,
    ReservedMemory,
    Level,
    VModule,
    Quantity,
    Version,
    Uint64,
    /// The name of one of klog's severities, or a number.
    Severity,
    /// `file.go:line`
    TraceLocation,
}

/// Who registers a flag: that decides what becomes of it in the second parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagGroup {
    /// The kubelet; it has no place in a configuration file.
    Kubelet,
    /// The configuration: the flag writes to a field.
    Config,
    /// The libraries of the kubelet.
    Global,
}

/// A field of KubeletConfiguration (`v1beta1`).
#[derive(Debug)]
pub struct Field {
    path: Text,
    /// Where the name begins in the path.
    name_at: u8,
    /// The versions that have it.
    pub versions: u16,
    /// Whether JSON leaves its zero value out.
    pub omit_empty: bool,
    /// Whether Go keeps "not set" apart from the zero value.
    pub pointer: bool,
    /// Its place in a [`Config`](super::config::Config).
    pub index: u16,
    /// Its type.
    pub kind: Kind,
    defaults: Rows,
    legacy: Rows,
}

impl Field {
    /// Its key.
    pub fn name(&self) -> &'static str {
        self.path.from(self.name_at)
    }

    /// Whether this is its key.
    pub fn is(&self, key: &str) -> bool {
        self.path.is(self.name_at, key)
    }

    /// The keys from the outermost, joined by dots.
    pub fn path(&self) -> &'static str {
        self.path.as_str()
    }

    /// Its default where a file is loaded.
    pub fn default(&self, version: Version) -> Option<Json> {
        self.defaults.of(version).map(|text| self.kind.constant(text))
    }

    /// Its value in a kubelet without any file, where that differs.
    pub fn legacy(&self, version: Version) -> Option<Json> {
        self.legacy.of(version).map(|text| self.kind.constant(text))
    }

    /// Whether its value in a kubelet without any file differs in some version.
    pub fn has_legacy(&self) -> bool {
        self.legacy.count > 0
    }
}

/// The type of a field.
#[derive(Debug)]
#[allow(missing_docs, reason = "Go's types")]
pub enum Kind {
    Bool,
    Int32,
    Int64,
    Uint32,
    Float,
    Text,
    Duration,
    /// A duration, or a number of nanoseconds.
    DurationOrNanoseconds,
    Quantity,
    Time,
    List(&'static Kind),
    Map(&'static Kind),
    Struct(&'static [Field]),
}

impl Kind {
    /// Whether the value is a span of time.
    pub fn is_duration(&self) -> bool {
        matches!(self, Kind::Duration | Kind::DurationOrNanoseconds)
    }

    /// Whether the value is an integer.
    pub fn is_int(&self) -> bool {
        matches!(self, Kind::Int32 | Kind::Int64 | Kind::Uint32)
    }

    /// A value of the tables.
    fn constant(&self, text: &'static str) -> Json {
        let as_text = || Json::Text(text.to_owned());
        let items = || text.split(',').filter(|item| !item.is_empty());
        match self {
            Kind::Bool => Json::Bool(text == "true"),
            Kind::Float => Json::Float(float::read(text).unwrap_or_default()),
            Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::DurationOrNanoseconds => {
                text.parse().map_or_else(|_| as_text(), Json::Int)
            }
            Kind::List(_) => Json::List(items().map(|item| Json::Text(item.to_owned())).collect()),
            Kind::Map(_) => Json::Map(map(items().filter_map(|item| {
                let (key, value) = item.split_once('=')?;
                Some((key.to_owned(), Json::Text(value.to_owned())))
            }))),
            _ => as_text(),
        }
    }
}

/// A feature gate, as the tables have it: its states in runs of versions, a byte each, and then its name in [`pairs`].
#[derive(Clone, Copy, Debug)]
pub struct Gate(&'static [u8]);

/// A feature gate in one version.
#[derive(Clone, Copy, Debug)]
pub struct GateState {
    /// Whether it is on where nobody sets it.
    pub default: bool,
    /// Whether it cannot be set otherwise.
    pub locked: bool,
    /// How mature it is.
    pub stage: GateStage,
}

/// How mature a feature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the field's own terms")]
pub enum GateStage {
    Alpha,
    Beta,
    Stable,
    Deprecated,
}

const _: () = assert!(pairs::is_sound(&GATE_PAIRS));

impl Gate {
    /// All gates of all versions, in the order of their names.
    pub fn all() -> impl Iterator<Item = Gate> {
        (0..GATE_STARTS.len() - 1).map(Gate::at)
    }

    /// The gate at a place among all.
    pub fn at(place: usize) -> Gate {
        Gate(&GATES[GATE_STARTS[place].into()..GATE_STARTS[place + 1].into()])
    }

    /// The gate of this name.
    fn named(name: &str) -> Option<Gate> {
        let (mut first, mut end) = (0, GATE_STARTS.len() - 1);
        while first < end {
            let middle = (first + end) / 2;
            let gate = Gate::at(middle);
            match gate.compare(name) {
                Ordering::Less => first = middle + 1,
                Ordering::Equal => return Some(gate),
                Ordering::Greater => end = middle,
            }
        }
        None
    }

    /// Its name.
    pub fn name(self) -> String {
        self.bytes().map(char::from).collect()
    }

    /// Whether this is its name.
    pub fn is(self, name: &str) -> bool {
        self.compare(name).is_eq()
    }

    /// How its name compares.
    fn compare(self, name: &str) -> Ordering {
        self.bytes().cmp(name.bytes())
    }

    /// The bytes of its name.
    fn bytes(self) -> impl Iterator<Item = u8> {
        let mut versions = 0;
        let runs = self.0.iter().take_while(|run| {
            let is_run = versions < MINORS.len();
            versions += usize::from(**run & 15);
            is_run
        });
        pairs::expand(&self.0[runs.count()..], &GATE_PAIRS)
    }

    /// Its state, where this version has it.
    pub fn in_version(self, version: Version) -> Option<GateState> {
        let mut versions = version.0 - MINORS[0];
        let run = self.0.iter().find(|run| match versions.checked_sub(**run & 15) {
            Some(left) => {
                versions = left;
                false
            }
            None => true,
        });
        GATE_STATES.get(usize::from(run? >> 4).checked_sub(1)?).copied()
    }

    /// The state of the gate of this name, where this version has it.
    pub fn state(name: &str, version: Version) -> Option<GateState> {
        Gate::named(name)?.in_version(version)
    }
}

/// A field of a struct.
const fn below(field: &'static Field, at: usize) -> &'static Field {
    match &field.kind {
        Kind::Struct(fields) => &fields[at],
        _ => panic!("only structs have fields"),
    }
}

/// The leaves that this version has, depth first: everything but the structs.
pub fn leaves(version: Version) -> impl Iterator<Item = &'static Field> {
    let is_struct = |field: &Field| matches!(field.kind, Kind::Struct(_));
    ALL.iter().copied().filter(move |field| version.is_in(field.versions) && !is_struct(field))
}

/// The field of this path, structs included.
pub fn field(path: &str, version: Version) -> Option<&'static Field> {
    let indices = slots::of(path).map(|slot| BY_PATH[slot]).take_while(|index| *index != slots::EMPTY);
    let mut fields = indices.map(|index| ALL[usize::from(index)]);
    fields.find(|field| version.is_in(field.versions) && field.path() == path)
}
