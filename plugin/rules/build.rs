//! Packs `surface/*.json`, printed by each kubelet's own code, into the tables of `src/kubelet/surface.rs`.
//!
//! What is the same in several versions is stored once, with a mask of the versions it holds for.

#![allow(clippy::unwrap_used, reason = "a build that cannot pack its own data has to stop")]

#[path = "build/benchmarks.rs"]
mod benchmarks;
#[path = "build/pairs.rs"]
mod pairs;
#[path = "src/kubelet/slots.rs"]
mod slots;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

use serde_json::Value;

/// Bit 0 of a mask stands for this minor.
const FIRST_MINOR: u32 = 24;

/// Gates that need other gates, read in pkg/features/kube_features.go of each version; there are none before 1.35.
const DEPENDENCIES: &str = "gate-dependencies.json";

/// The minor of a version and what its kubelet printed.
type Surfaces = BTreeMap<u32, Value>;

fn main() {
    let folder = Path::new("surface");
    println!("cargo:rerun-if-changed=surface");
    println!("cargo:rerun-if-changed={DEPENDENCIES}");
    let surfaces = read(folder);
    // Twice: only once all texts are known can they be laid over each other.
    let (_, texts) = tables(&surfaces, String::new());
    let (tables, _) = tables(&surfaces, overlapping(texts));
    let target = Path::new(&env::var("OUT_DIR").unwrap()).join("surface.rs");
    fs::write(target, tables).unwrap();
    write_benchmarks(&surfaces);
}

/// The tables as Rust, given texts that there are already, and all texts of theirs.
fn tables(surfaces: &Surfaces, texts: String) -> (String, BTreeSet<String>) {
    let mut out = String::new();
    let mut shared = Shared { texts, ..Shared::default() };
    let minors: Vec<_> = surfaces.keys().map(u32::to_string).collect();
    writeln!(out, "/// The minors that are known, oldest first.\npub static MINORS: &[u8] = &[{}];", minors.join(", "))
        .unwrap();
    write_flags(&mut out, &mut shared, surfaces);
    write_fields(&mut out, &mut shared, surfaces);
    let gates = write_gates(&mut out, surfaces);
    write_dependencies(&mut out, &gates);
    shared.write(&mut out);
    (out, shared.distinct)
}

/// A short text in which all of these are, found greedily: of all that are left, those two become one that overlap most.
fn overlapping(texts: BTreeSet<String>) -> String {
    let is_inside = |text: &&String| texts.iter().any(|other| other != *text && other.contains(text.as_str()));
    let mut left: Vec<String> = texts.iter().filter(|text| !is_inside(text)).cloned().collect();
    let longest = left.iter().map(String::len).max().unwrap_or_default();
    for overlap in (1..longest).rev() {
        let mut at = 0;
        while at < left.len() {
            let continues = |(other, text): (usize, &String)| {
                other != at && text.len() > overlap && left[at].as_bytes().ends_with(&text.as_bytes()[..overlap])
            };
            match left.iter().enumerate().position(continues).filter(|_| left[at].len() > overlap) {
                Some(next) => {
                    let rest = left[next][overlap..].to_owned();
                    left[at].push_str(&rest);
                    left.remove(next);
                    at -= usize::from(next < at);
                }
                None => at += 1,
            }
        }
    }
    left.concat()
}

fn write_benchmarks(surfaces: &Surfaces) {
    let folder = Path::new("src/benchmarks/editions");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mask = |first, last: Option<u32>| {
        let minors = surfaces.keys().filter(|minor| (first..=last.unwrap_or(u32::MAX)).contains(*minor));
        minors.fold(0, |mask, minor| mask | bit(*minor))
    };
    let target = Path::new(&env::var("OUT_DIR").unwrap()).join("benchmarks.rs");
    fs::write(target, benchmarks::tables(folder, mask)).unwrap();
}

fn read(folder: &Path) -> Surfaces {
    let mut surfaces = Surfaces::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let minor: u32 = path.file_stem().unwrap().to_str().unwrap().split('.').nth(1).unwrap().parse().unwrap();
        let mut surface = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        add_log_json_flags(&mut surface);
        add_logging_gates(&mut surface, minor);
        surfaces.insert(minor, surface);
    }
    surfaces
}

fn bit(minor: u32) -> u16 {
    1 << (minor - FIRST_MINOR)
}

/// Groups the rows of all versions: a row and the mask of the versions that have it, in the order of their first appearance.
fn masked<T: PartialEq>(rows: impl Iterator<Item = (u32, T)>) -> Vec<(T, u16)> {
    let mut grouped: Vec<(T, u16)> = vec![];
    for (minor, row) in rows {
        match grouped.iter_mut().find(|(known, _)| *known == row) {
            Some((_, mask)) => *mask |= bit(minor),
            None => grouped.push((row, bit(minor))),
        }
    }
    grouped
}

/// What the tables have in common: they are full of short texts and lists, for which pointers and lengths would take more
/// space than what they point to.
#[derive(Default)]
struct Shared {
    texts: String,
    rows: Vec<(String, u16)>,
    /// The texts that are in `texts`.
    distinct: BTreeSet<String>,
}

impl Shared {
    /// A text as the tables have it.
    fn text(&mut self, text: &str) -> String {
        self.distinct.insert(text.to_owned());
        let start = self.texts.find(text).unwrap_or_else(|| {
            self.texts.push_str(text);
            self.texts.len() - text.len()
        });
        format!("Text {{ start: {start}, length: {} }}", text.len())
    }

    /// Defaults, each with its mask, as the tables have them.
    fn rows(&mut self, rows: &[(String, u16)]) -> String {
        let rows: Vec<_> = rows.iter().map(|(text, mask)| (self.text(text), *mask)).collect();
        let known = (0..self.rows.len()).find(|start| self.rows[*start..].starts_with(&rows));
        let start = known.unwrap_or(self.rows.len());
        if known.is_none() {
            self.rows.extend_from_slice(&rows);
        }
        format!("Rows {{ start: {start}, count: {} }}", rows.len())
    }

    fn write(&self, out: &mut String) {
        writeln!(out, "/// Every text of the tables.\nstatic TEXTS: &str = {:?};", self.texts).unwrap();
        let rows: Vec<_> = self.rows.iter().map(|(text, mask)| format!("({text}, {mask})")).collect();
        writeln!(
            out,
            "/// Every default, and the versions that have it.\nstatic ROWS: &[(Text, u16)] = &[{}];",
            rows.join(", ")
        )
        .unwrap();
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Flags that every kubelet has, and the programs that printed the surfaces had not: the JSON log format is registered by the
/// kubelet's main package (cmd/kubelet/kubelet.go).
const LOG_JSON: [(&str, &str, &str); 2] = [
    ("log-json-split-stream", "bool", "logging.options.json.splitStream"),
    ("log-json-info-buffer-size", "quantity", "logging.options.json.infoBufferSize"),
];

fn add_log_json_flags(surface: &mut Value) {
    let flags = surface["flags"].as_array_mut().unwrap();
    for (name, kind, path) in LOG_JSON {
        let default = if kind == "bool" { "false" } else { "0" };
        flags.push(serde_json::json!({"Name": name, "Type": kind, "Default": default, "Group": "config", "ConfigPaths": [path]}));
    }
}

/// Gates that every kubelet has, and the programs that printed the surfaces had not: they are registered by cmd/kubelet/app, and
/// are those of component-base logs/api/v1/kube_features.go.
fn add_logging_gates(surface: &mut Value, minor: u32) {
    let contextual = minor >= 30;
    let mut gates = vec![("ContextualLogging", contextual, if contextual { "BETA" } else { "ALPHA" })];
    if minor >= 25 {
        gates.extend([("LoggingAlphaOptions", false, "ALPHA"), ("LoggingBetaOptions", true, "BETA")]);
    }
    for (name, default, stage) in gates {
        surface["featureGates"][name] = serde_json::json!({"default": default, "locked": false, "stage": stage});
    }
}

fn write_flags(out: &mut String, shared: &mut Shared, surfaces: &Surfaces) {
    let rows = surfaces.iter().flat_map(|(minor, surface)| {
        surface["flags"].as_array().unwrap().iter().map(|flag| {
            let row = format!(
                "shorthand: {}, kind: FlagKind::{}, group: FlagGroup::{}",
                if text(flag, "Shorthand") == "v" { "b'v'" } else { "0" },
                flag_kind(text(flag, "Name"), text(flag, "Type"), *minor),
                match text(flag, "Group") {
                    "kubelet" => "Kubelet",
                    "config" => "Config",
                    _ => "Global",
                },
            );
            (*minor, (text(flag, "Name"), row, flag_field(flag)))
        })
    });
    out.push_str("/// Every flag.\npub static FLAGS: &[Flag] = &[\n");
    for ((name, row, field), mask) in masked(rows) {
        let defaults = masked(surfaces.iter().filter_map(|(minor, surface)| {
            let flags = surface["flags"].as_array().unwrap();
            let flag = flags.iter().find(|flag| text(flag, "Name") == name)?;
            Some((*minor, text(flag, "Default").to_owned()))
        }));
        let (name, field, defaults) = (shared.text(name), shared.text(&field), shared.rows(&defaults));
        writeln!(out, "    Flag {{ name: {name}, field: {field}, {row}, defaults: {defaults}, versions: {mask} }},")
            .unwrap();
    }
    out.push_str("];\n");
}

/// The parser of a flag's value; the type that the kubelet prints does not always tell.
fn flag_kind(name: &str, kind: &str, minor: u32) -> &'static str {
    match (name, kind) {
        ("cpu-manager-policy-options", _) => "MapNoSplit",
        ("topology-manager-policy-options", _) if minor < 31 => "MapNoSplit",
        ("eviction-hard" | "eviction-soft", _) => "MapLess",
        ("node-labels", _) => "Labels",
        (_, "string") => "Text",
        (_, "bool") => "Bool",
        (_, "int" | "int64") => "Int64",
        (_, "int32") => "Int32",
        (_, "duration") => "Duration",
        (_, "mapStringString") => "Map",
        (_, "mapStringBool") => "Gates",
        (_, "ip") => "Ip",
        (_, "stringSlice") => "List",
        (_, "colonSeparatedMultimapStringString") => "Multimap",
        (_, "[]v1.Taint") => "Taints",
        (_, "reserved-memory") => "ReservedMemory",
        (_, "Level") => "Level",
        (_, "pattern=N,...") => "VModule",
        (_, "quantity") => "Quantity",
        (_, "version") => "Version",
        (_, "uint64") => "Uint64",
        (_, "severity") => "Severity",
        (_, "traceLocation") => "TraceLocation",
        (_, other) => panic!("a flag of an unknown type: --{name} ({other})"),
    }
}

/// The field that a flag is bound to. The program that printed the surface found it by setting the flag to a probe, which
/// leaves its traces in maps, and does not work for flags that refuse the probe.
fn flag_field(flag: &Value) -> String {
    match text(flag, "Name") {
        "eviction-hard" => "evictionHard".into(),
        "eviction-soft" => "evictionSoft".into(),
        "vmodule" => "logging.vmodule".into(),
        _ => {
            let path = flag["ConfigPaths"][0].as_str().unwrap_or_default();
            path.strip_suffix(".probe=value").or(path.strip_suffix(".probe")).unwrap_or(path).to_owned()
        }
    }
}

/// A field: path, type, whether JSON omits its zero value.
type Field = (String, String, bool);

fn write_fields(out: &mut String, shared: &mut Shared, surfaces: &Surfaces) {
    let fields = masked(surfaces.iter().flat_map(|(minor, surface)| {
        surface["fields"].as_array().unwrap().iter().map(|field| {
            let kind = unnamed(text(field, "Type"));
            (*minor, (text(field, "Path").to_owned(), kind, field["OmitEmpty"] == true))
        })
    }));
    let mut all = vec![];
    let outermost = |at| format!("&FIELDS[{at}]");
    writeln!(out, "/// The fields of a KubeletConfiguration.\npub static FIELDS: &[Field] = &[").unwrap();
    write_level(out, shared, surfaces, &fields, "", &outermost, &mut all);
    writeln!(out, "];\n/// How many fields there are, structs included.\npub const COUNT: usize = {};", all.len())
        .unwrap();
    let places: Vec<_> = all.iter().map(|(place, _)| &**place).collect();
    writeln!(out, "/// All fields by their index.\nstatic ALL: [&Field; COUNT] = [{}];", places.join(", ")).unwrap();
    let mut by_path = [slots::EMPTY; slots::COUNT];
    for (index, (_, path)) in all.iter().enumerate() {
        let free = slots::of(path).find(|slot| by_path[*slot] == slots::EMPTY).unwrap();
        by_path[free] = index.try_into().unwrap();
    }
    writeln!(
        out,
        "/// The indices of all fields in the slots of their paths.\nstatic BY_PATH: [u16; slots::COUNT] = {by_path:?};"
    )
    .unwrap();
}

/// Writes the fields directly below `prefix`, and what is below them. Adds them to `all`: an expression for each, which
/// `place` makes of its number among its siblings, and its path.
fn write_level(
    out: &mut String,
    shared: &mut Shared,
    surfaces: &Surfaces,
    fields: &[(Field, u16)],
    prefix: &str,
    place: &dyn Fn(usize) -> String,
    all: &mut Vec<(String, String)>,
) {
    let names = fields.iter().filter_map(|field| Some((field, field.0.0.strip_prefix(prefix)?)));
    let here = names.filter(|(_, name)| !name.contains(['.', '[']));
    for (at, (((path, kind, omit_empty), versions), name)) in here.enumerate() {
        let below = format!("{path}.");
        let nested = fields.iter().any(|((other, ..), _)| other.starts_with(&below));
        let name_at = path.len() - name.len();
        write!(out, "Field {{ path: {}, name_at: {name_at}, versions: {versions}, ", shared.text(path)).unwrap();
        write!(out, "omit_empty: {omit_empty}, ").unwrap();
        write!(out, "pointer: {}, ", kind.starts_with('*')).unwrap();
        // A struct has an index, too: whether it is there at all matters where it is a pointer.
        write!(out, "index: {}, ", all.len()).unwrap();
        all.push((place(at), path.clone()));
        if nested {
            let inner = |child| format!("below({}, {child})", place(at));
            out.push_str("kind: Kind::Struct(&[\n");
            write_level(out, shared, surfaces, fields, &below, &inner, all);
            writeln!(out, "]), defaults: {0}, legacy: {0} }},", shared.rows(&[])).unwrap();
        } else {
            let kind = field_kind(shared, fields, path, kind.trim_start_matches('*'));
            let from_file = defaults(surfaces, "defaultsFromFile", path);
            let legacy: Vec<_> = defaults(surfaces, "defaultsWithoutFile", path);
            let legacy = if legacy == from_file { vec![] } else { legacy };
            let (from_file, legacy) = (shared.rows(&from_file), shared.rows(&legacy));
            writeln!(out, "kind: {kind}, defaults: {from_file}, legacy: {legacy} }},").unwrap();
        }
    }
}

/// A type whose name says nothing about how it is read, as what it is made of: `[]Mode(string)` is `[]string`.
fn unnamed(kind: &str) -> String {
    let Some((named, basic)) = kind.strip_suffix(')').and_then(|kind| kind.split_once('(')) else { return kind.into() };
    let outer = named.rfind(['*', ']']).map_or("", |end| &named[..=end]);
    format!("{outer}{basic}")
}

fn field_kind(shared: &mut Shared, fields: &[(Field, u16)], path: &str, kind: &str) -> String {
    if let Some(item) = kind.strip_prefix("[]") {
        return format!("Kind::List(&{})", field_kind(shared, fields, &format!("{path}[]"), item));
    }
    if let Some(item) = kind.strip_prefix("map[") {
        let item = item.split_once(']').unwrap().1;
        return format!("Kind::Map(&{})", field_kind(shared, fields, &format!("{path}{{}}"), item));
    }
    match kind {
        "bool" => "Kind::Bool".into(),
        "int32" => "Kind::Int32".into(),
        "int64" => "Kind::Int64".into(),
        "uint32" => "Kind::Uint32".into(),
        "float64" => "Kind::Float".into(),
        "string" => "Kind::Text".into(),
        "Duration" => "Kind::Duration".into(),
        "TimeOrMetaDuration" => "Kind::DurationOrNanoseconds".into(),
        "Quantity" | "QuantityValue" => "Kind::Quantity".into(),
        "Time" => "Kind::Time".into(),
        _ => {
            let below = format!("{path}.");
            let mut items = String::new();
            write_level(&mut items, shared, &Surfaces::new(), fields, &below, &|_| String::new(), &mut vec![]);
            assert!(!items.is_empty(), "a field of an unknown type: {path} ({kind})");
            format!("Kind::Struct(&[{items}])")
        }
    }
}

fn defaults(surfaces: &Surfaces, set: &str, path: &str) -> Vec<(String, u16)> {
    masked(surfaces.iter().filter_map(|(minor, surface)| {
        let value = path.split('.').try_fold(&surface[set], |value, key| value.get(key))?;
        Some((*minor, constant(value)))
    }))
}

/// A default as a text, which the type of its field tells how to read.
fn constant(value: &Value) -> String {
    match value {
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(value) => value.clone(),
        Value::Array(items) => list(items.iter().map(|item| item.as_str().unwrap().to_owned())),
        Value::Object(members) => list(members.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap()))),
        Value::Null => panic!("a default of an unknown type: {value}"),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<_> = items.collect();
    assert!(
        items.iter().all(|item| !item.is_empty() && !item.contains(',')),
        "a list that commas cannot part: {items:?}"
    );
    items.join(",")
}

/// How many pairs names of gates are packed with: no name has what is beyond ASCII or in front of its digits.
const GATE_PAIRS: u8 = 0x80 + b'0';

/// The names of the gates, in their order.
fn write_gates<'a>(out: &mut String, surfaces: &'a Surfaces) -> Vec<&'a str> {
    let mut histories: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    let mut states = vec![];
    for (at, surface) in surfaces.values().enumerate() {
        for (name, gate) in surface["featureGates"].as_object().unwrap() {
            let stage = match text(gate, "stage") {
                "ALPHA" => "Alpha",
                "BETA" => "Beta",
                "DEPRECATED" => "Deprecated",
                "" => "Stable",
                other => panic!("a gate of an unknown stage: {name} ({other})"),
            };
            let state = format!(
                "GateState {{ default: {}, locked: {}, stage: GateStage::{stage} }}",
                gate["default"], gate["locked"]
            );
            histories.entry(name).or_insert_with(|| vec![0; surfaces.len()])[at] = place(&mut states, state) as u8 + 1;
        }
    }
    let known: Vec<&str> = histories.keys().copied().collect();
    let mut names: Vec<Vec<u8>> = known.iter().map(|name| name.as_bytes().to_vec()).collect();
    assert!(names.iter().flatten().all(u8::is_ascii_alphanumeric), "a name of a gate has other characters");
    let pairs = pairs::pack(&mut names, GATE_PAIRS);
    let (mut records, mut starts) = (vec![], vec![0]);
    for (history, name) in histories.values().zip(&names) {
        records.extend(runs(history));
        records.extend(name);
        starts.push(records.len());
    }
    writeln!(out, "/// What is known of every feature gate, in the order of their names; see [`Gate`].").unwrap();
    writeln!(out, "static GATES: [u8; {}] = {records:?};", records.len()).unwrap();
    writeln!(out, "/// Where each begins, and where the last one ends.").unwrap();
    writeln!(out, "static GATE_STARTS: [u16; {}] = {starts:?};", starts.len()).unwrap();
    writeln!(out, "/// The pairs in names of gates.\nstatic GATE_PAIRS: [[u8; 2]; {}] = {pairs:?};", pairs.len())
        .unwrap();
    writeln!(out, "/// The states that gates have.\nstatic GATE_STATES: &[GateState] = &[{}];", states.join(", "))
        .unwrap();
    known
}

/// What is the same in several versions one after the other: the number of a state, or zero, and how many versions have it, in
/// four bits each.
fn runs(history: &[u8]) -> Vec<u8> {
    let run = |run: &[u8]| {
        assert!(run[0] < 16 && run.len() < 16, "four bits are too few");
        run[0] << 4 | run.len() as u8
    };
    history.chunk_by(|one, next| one == next).map(run).collect()
}

/// Where something stands in a list; it is added where it does not.
fn place<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

fn write_dependencies(out: &mut String, known: &[&str]) {
    let versions: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        serde_json::from_str(&fs::read_to_string(DEPENDENCIES).unwrap()).unwrap();
    let rows = versions.into_iter().flat_map(|(version, gates)| {
        let minor = version.split('.').nth(1).unwrap().parse().unwrap();
        gates
            .into_iter()
            .flat_map(move |(gate, needs)| needs.into_iter().map(move |need| (minor, (gate.clone(), need))))
    });
    let at = |name: &str| known.iter().position(|gate| *gate == name).unwrap();
    out.push_str(
        "/// The place of a gate among all, that of a gate that it needs, and the versions in which it does.\n",
    );
    out.push_str("pub static GATE_DEPENDENCIES: &[(u16, u16, u16)] = &[\n");
    for ((gate, need), versions) in masked(rows) {
        writeln!(out, "    ({}, {}, {versions}),", at(&gate), at(&need)).unwrap();
    }
    out.push_str("];\n");
}
