//! Packs `surface/*.json`, printed by each kubelet's own code, into the tables of `src/kubelet/surface.rs`.
//!
//! What is the same in several versions is stored once, with a mask of the versions it holds for.

#![allow(clippy::unwrap_used, reason = "a build that cannot pack its own data has to stop")]

#[path = "build/benchmarks.rs"]
mod benchmarks;

use std::collections::BTreeMap;
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
    let mut out = String::new();
    let minors: Vec<_> = surfaces.keys().map(u32::to_string).collect();
    writeln!(out, "/// The minors that are known, oldest first.\npub static MINORS: &[u8] = &[{}];", minors.join(", "))
        .unwrap();
    write_flags(&mut out, &surfaces);
    write_fields(&mut out, &surfaces);
    write_gates(&mut out, &surfaces);
    write_dependencies(&mut out);
    let target = Path::new(&env::var("OUT_DIR").unwrap()).join("surface.rs");
    fs::write(target, out).unwrap();
    write_benchmarks(&surfaces);
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

fn write_flags(out: &mut String, surfaces: &Surfaces) {
    let rows = surfaces.iter().flat_map(|(minor, surface)| {
        surface["flags"].as_array().unwrap().iter().map(|flag| {
            let row = format!(
                "name: {:?}, shorthand: {}, kind: FlagKind::{}, group: FlagGroup::{}, field: {:?}",
                text(flag, "Name"),
                if text(flag, "Shorthand") == "v" { "b'v'" } else { "0" },
                flag_kind(text(flag, "Name"), text(flag, "Type"), *minor),
                match text(flag, "Group") {
                    "kubelet" => "Kubelet",
                    "config" => "Config",
                    _ => "Global",
                },
                flag_field(flag),
            );
            (*minor, row)
        })
    });
    out.push_str("/// Every flag.\npub static FLAGS: &[Flag] = &[\n");
    for (row, mask) in masked(rows) {
        let name = row.split('"').nth(1).unwrap();
        let defaults = masked(surfaces.iter().filter_map(|(minor, surface)| {
            let flags = surface["flags"].as_array().unwrap();
            let flag = flags.iter().find(|flag| text(flag, "Name") == name)?;
            Some((*minor, text(flag, "Default").to_owned()))
        }));
        writeln!(out, "    Flag {{ {row}, defaults: &{defaults:?}, versions: {mask} }},").unwrap();
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

fn write_fields(out: &mut String, surfaces: &Surfaces) {
    let fields = masked(surfaces.iter().flat_map(|(minor, surface)| {
        surface["fields"].as_array().unwrap().iter().map(|field| {
            let kind = unnamed(text(field, "Type"));
            (*minor, (text(field, "Path").to_owned(), kind, field["OmitEmpty"] == true))
        })
    }));
    let mut leaf = 0;
    writeln!(out, "/// The fields of a KubeletConfiguration.\npub static FIELDS: &[Field] = &[").unwrap();
    write_level(out, surfaces, &fields, "", &mut leaf);
    writeln!(out, "];\n/// How many leaves [`FIELDS`] has.\npub const LEAVES: usize = {leaf};").unwrap();
    let names: Vec<_> = fields.iter().map(|((path, ..), _)| path).filter(|path| !path.contains(['.', '['])).collect();
    let mut by_name: Vec<_> = (0..names.len()).collect();
    by_name.sort_by_key(|at| names[*at]);
    writeln!(
        out,
        "/// The places of [`FIELDS`] in the order of their names.\npub static BY_NAME: &[u16] = &{by_name:?};"
    )
    .unwrap();
}

/// Writes the fields directly below `prefix`, and what is below them.
fn write_level(out: &mut String, surfaces: &Surfaces, fields: &[(Field, u16)], prefix: &str, leaf: &mut u16) {
    for ((path, kind, omit_empty), versions) in fields {
        let Some(name) = path.strip_prefix(prefix).filter(|name| !name.contains(['.', '['])) else { continue };
        let below = format!("{path}.");
        let nested = fields.iter().any(|((other, ..), _)| other.starts_with(&below));
        write!(out, "Field {{ name: {name:?}, path: {path:?}, versions: {versions}, omit_empty: {omit_empty}, ")
            .unwrap();
        write!(out, "pointer: {}, ", kind.starts_with('*')).unwrap();
        // A struct has an index, too: whether it is there at all matters where it is a pointer.
        write!(out, "index: {leaf}, ").unwrap();
        *leaf += 1;
        if nested {
            out.push_str("kind: Kind::Struct(&[\n");
            write_level(out, surfaces, fields, &below, leaf);
            out.push_str("]), defaults: &[], legacy: &[] },\n");
        } else {
            let kind = field_kind(fields, path, kind.trim_start_matches('*'));
            let from_file = defaults(surfaces, "defaultsFromFile", path);
            let legacy: Vec<_> = defaults(surfaces, "defaultsWithoutFile", path);
            let legacy = if legacy == from_file { vec![] } else { legacy };
            writeln!(out, "kind: {kind}, defaults: {}, legacy: {} }},", table(&from_file), table(&legacy)).unwrap();
        }
    }
}

/// A type whose name says nothing about how it is read, as what it is made of: `[]Mode(string)` is `[]string`.
fn unnamed(kind: &str) -> String {
    let Some((named, basic)) = kind.strip_suffix(')').and_then(|kind| kind.split_once('(')) else { return kind.into() };
    let outer = named.rfind(['*', ']']).map_or("", |end| &named[..=end]);
    format!("{outer}{basic}")
}

fn field_kind(fields: &[(Field, u16)], path: &str, kind: &str) -> String {
    if let Some(item) = kind.strip_prefix("[]") {
        return format!("Kind::List(&{})", field_kind(fields, &format!("{path}[]"), item));
    }
    if let Some(item) = kind.strip_prefix("map[") {
        let item = item.split_once(']').unwrap().1;
        return format!("Kind::Map(&{})", field_kind(fields, &format!("{path}{{}}"), item));
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
            write_level(&mut items, &Surfaces::new(), fields, &below, &mut 0);
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

fn constant(value: &Value) -> String {
    match value {
        Value::Bool(value) => format!("Constant::Bool({value})"),
        Value::Number(value) if value.is_i64() => format!("Constant::Int({value})"),
        Value::Number(value) => format!("Constant::Float({value})"),
        Value::String(value) => format!("Constant::Text({value:?})"),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| item.as_str().unwrap()).collect();
            format!("Constant::List(&{items:?})")
        }
        Value::Object(members) => {
            let members: Vec<_> = members.iter().map(|(key, value)| (key, value.as_str().unwrap())).collect();
            format!("Constant::Map(&{members:?})")
        }
        Value::Null => panic!("a default of an unknown type: {value}"),
    }
}

fn table(rows: &[(String, u16)]) -> String {
    let rows: Vec<_> = rows.iter().map(|(constant, mask)| format!("({constant}, {mask})")).collect();
    format!("&[{}]", rows.join(", "))
}

fn write_gates(out: &mut String, surfaces: &Surfaces) {
    let mut gates: BTreeMap<&str, Vec<(u32, String)>> = BTreeMap::new();
    for (minor, surface) in surfaces {
        for (name, gate) in surface["featureGates"].as_object().unwrap() {
            let stage = match text(gate, "stage") {
                "ALPHA" => "Alpha",
                "BETA" => "Beta",
                "DEPRECATED" => "Deprecated",
                "" => "Stable",
                other => panic!("a gate of an unknown stage: {name} ({other})"),
            };
            let row = format!(
                "GateState {{ default: {}, locked: {}, stage: GateStage::{stage} }}",
                gate["default"], gate["locked"]
            );
            gates.entry(name).or_default().push((*minor, row));
        }
    }
    out.push_str("/// Every feature gate, sorted by name.\npub static GATES: &[Gate] = &[\n");
    for (name, rows) in gates {
        writeln!(out, "    Gate {{ name: {name:?}, states: {} }},", table(&masked(rows.into_iter()))).unwrap();
    }
    out.push_str("];\n");
}

fn write_dependencies(out: &mut String) {
    let versions: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        serde_json::from_str(&fs::read_to_string(DEPENDENCIES).unwrap()).unwrap();
    let rows = versions.into_iter().flat_map(|(version, gates)| {
        let minor = version.split('.').nth(1).unwrap().parse().unwrap();
        gates
            .into_iter()
            .flat_map(move |(gate, needs)| needs.into_iter().map(move |need| (minor, (gate.clone(), need))))
    });
    out.push_str("/// A gate, a gate that it needs, and the versions in which it does.\npub static GATE_DEPENDENCIES: &[(&str, &str, u16)] = &[\n");
    for ((gate, need), versions) in masked(rows) {
        writeln!(out, "    ({gate:?}, {need:?}, {versions}),").unwrap();
    }
    out.push_str("];\n");
}
