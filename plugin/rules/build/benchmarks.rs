//! Packs `src/benchmarks/editions/*.json` into the tables of `src/benchmarks/mod.rs`: a byte a section.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{fs, path::Path};

use serde_json::Value;

/// A list without repetitions, whose items are told by their numbers.
#[derive(Default)]
struct Numbered(Vec<String>);

impl Numbered {
    fn number(&mut self, item: &str) -> u8 {
        let at = self.0.iter().position(|known| known == item).unwrap_or_else(|| {
            self.0.push(item.to_owned());
            self.0.len() - 1
        });
        at.try_into().expect("no more than 256 of them")
    }
}

/// The tables as Rust. `mask` turns the minors of a range into the mask of the versions.
pub fn tables(folder: &Path, mask: impl Fn(u32, Option<u32>) -> u16) -> String {
    let [mut checks, mut numbers, mut expectations, mut rows] = <[Numbered; 4]>::default();
    expectations.number("");
    let mut out = String::from("/// Every edition, by name.\npub static EDITIONS: &[Edition] = &[\n");
    for (name, edition) in read(folder) {
        let kubelets = list(&edition, "kubelets").iter().map(|range| {
            let range = range.as_str().expect("a range of minors such as 1.29-1.31");
            let (first, last) = range.split_once('-').map_or((range, Some(range)), |(first, last)| (first, Some(last)));
            mask(minor(first), last.filter(|last| !last.is_empty()).map(minor))
        });
        let kubelets = kubelets.fold(0, |all, range| all | range);
        let (title, platform) = (text(&edition, "title"), text(&edition, "platform"));
        write!(out, "Edition {{ name: {name:?}, title: words!({title:?}, {title:?}), platform: {platform:?}, kubelets: {kubelets}, ")
            .expect("a string takes all");
        out.push_str("rows: &[");
        for section in list(&edition, "sections") {
            let mode = match text(section, "mode") {
                "automated" => 0,
                "manual" => 1,
                "not-applicable" => 2,
                other => panic!("{name}: a section of an unknown mode: {other}"),
            };
            let level: u8 = section["level"].as_u64().and_then(|level| level.try_into().ok()).expect("a level");
            let unset = u8::from(text(section, "unset") == "accepted");
            let row = [
                checks.number(text(section, "check")),
                numbers.number(text(section, "number")),
                expectations.number(text(section, "expect")),
                level | mode << 2 | unset << 4,
            ];
            write!(out, "{}, ", rows.number(&format!("Row({row:?})"))).expect("a string takes all");
        }
        out.push_str("] },\n");
    }
    out.push_str("];\n");
    for (name, list) in [("CHECKS", checks), ("NUMBERS", numbers), ("EXPECTATIONS", expectations)] {
        writeln!(out, "static {name}: &[&str] = &{:?};", list.0).expect("a string takes all");
    }
    writeln!(out, "/// Every row that an edition has.\nstatic ROWS: &[Row] = &[{}];", rows.0.join(", "))
        .expect("a string takes all");
    out
}

fn read(folder: &Path) -> BTreeMap<String, Value> {
    let files = fs::read_dir(folder).expect("the folder of the editions");
    let paths = files.map(|file| file.expect("an edition").path());
    let edition = |path: std::path::PathBuf| {
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let text = fs::read_to_string(&path).expect("an edition that can be read");
        let json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (name, json)
    };
    paths.map(edition).collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn minor(version: &str) -> u32 {
    version.strip_prefix("1.").and_then(|minor| minor.parse().ok()).expect("a version such as 1.29")
}
