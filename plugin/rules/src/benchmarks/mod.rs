//! The editions of the benchmarks: which section asks for which check, and what exactly it expects.
//!
//! An edition is a file in `editions/`, packed by the build script. Its name is its family and version, as kube-bench names its
//! folders. Numbers and expectations are facts; the texts are our own.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use crate::kubelet::surface::Version;
use crate::message::Words;
use crate::model::Section;

include!(concat!(env!("OUT_DIR"), "/benchmarks.rs"));

/// The platform of the editions that are for every kubelet.
pub const ANY_PLATFORM: &str = "any";

/// An edition of a benchmark.
pub struct Edition {
    /// Such as `aks-1.8`.
    pub name: &'static str,
    /// What it is called in full.
    pub title: Words,
    /// The platform that it is for; empty for an edition that is never chosen by itself.
    pub platform: &'static str,
    /// The kubelets that it is for, as a mask.
    kubelets: u16,
    /// Their places among all: editions have much in common.
    rows: &'static [u8],
}

/// A section, packed: the numbers of its check, its own number and its expectation, and bits.
struct Row([u8; 4]);

/// What an edition says of who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A tool.
    Automated,
    /// A person. What a tool can decide is decided all the same.
    Manual,
    /// The edition itself says that it does not apply to its platform.
    NotApplicable,
}

/// A section of an edition.
#[derive(Clone, Copy)]
pub struct Asking {
    /// The edition.
    pub edition: &'static Edition,
    /// Such as `3.2.6`.
    pub number: &'static str,
    /// The name of the check.
    pub check: &'static str,
    /// 1 or 2.
    pub level: u8,
    /// Who decides.
    pub mode: Mode,
    /// What is expected, where that is not the usual: its meaning is the check's.
    pub expect: &'static str,
    /// Whether a default is accepted that is weaker than what is expected.
    pub unset_accepted: bool,
}

impl Edition {
    /// The edition of this name.
    pub fn named(name: &str) -> Option<&'static Edition> {
        EDITIONS.iter().find(|edition| edition.name == name)
    }

    /// The editions for a platform and a version of the kubelet.
    pub fn of(platform: &str, version: Version) -> impl Iterator<Item = &'static Edition> {
        EDITIONS.iter().filter(move |edition| edition.platform == platform && version.is_in(edition.kubelets))
    }

    /// Its sections, in their order.
    pub fn sections(&'static self) -> impl Iterator<Item = Asking> {
        self.rows.iter().map(|row| &ROWS[usize::from(*row)]).map(move |Row([check, number, expect, bits])| Asking {
            edition: self,
            number: NUMBERS[usize::from(*number)],
            check: CHECKS[usize::from(*check)],
            level: bits & 3,
            mode: match bits >> 2 & 3 {
                0 => Mode::Automated,
                1 => Mode::Manual,
                _ => Mode::NotApplicable,
            },
            expect: EXPECTATIONS[usize::from(*expect)],
            unset_accepted: bits >> 4 & 1 != 0,
        })
    }
}

impl Asking {
    /// The section for the report.
    pub fn section(&self) -> Section {
        Section {
            benchmark: self.edition.name.to_owned(),
            number: self.number.to_owned(),
            level: self.level,
            automated: self.mode == Mode::Automated,
        }
    }
}

/// All sections that ask for a check.
pub fn asking_for(check: &str) -> impl Iterator<Item = Asking> {
    EDITIONS.iter().flat_map(Edition::sections).filter(move |asking| asking.check == check)
}

/// The sections of a check in all editions that have it.
pub fn sections(check: &str) -> Vec<Section> {
    asking_for(check).map(|asking| asking.section()).collect()
}

/// Whether a section of some edition has this number.
pub fn is_number(number: &str) -> bool {
    NUMBERS.contains(&number)
}
