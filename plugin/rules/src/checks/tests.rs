use std::collections::BTreeSet;

use super::CHECKS;
use crate::benchmarks::EDITIONS;

#[test]
fn every_file_is_registered() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/checks");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<_> = names
        .filter(|name| !["mod.rs", "tests.rs"].contains(&name.as_str()))
        .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
        .collect();
    let registered: BTreeSet<_> = CHECKS.iter().map(|check| check.id.to_owned()).collect();
    assert_eq!(files, registered);
}

#[test]
fn every_section_asks_for_a_check_that_there_is() {
    for edition in EDITIONS {
        for asking in edition.sections() {
            assert!(CHECKS.iter().any(|check| check.id == asking.check), "{}: {}", edition.name, asking.check);
            assert!((1..=2).contains(&asking.level), "{}: {}", edition.name, asking.number);
        }
    }
}
