//! Which checks run, and what is asked of each: by the benchmarks that were chosen, and by what the user selects of them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Asked;
use crate::benchmarks::{self, ANY_PLATFORM, Asking, Edition, Mode};
use crate::checks::{CHECKS, Check};
use crate::digits;
use crate::kubelet::surface::Version;
use crate::message::{Said, message};
use crate::model::Section;
use crate::platform::{Platform, Recognised};

/// The word for the benchmarks that fit the platform and the version.
pub const AUTO: &str = "auto";

/// What the user selects.
#[derive(Default)]
pub struct Selector {
    /// Names of editions, or [`AUTO`]; empty: that.
    pub benchmarks: Vec<String>,
    /// The highest level whose sections count.
    pub level: Option<u8>,
    /// Names of checks and numbers of sections; empty: all.
    pub only: Vec<String>,
    /// The same for what is left out.
    pub skip: Vec<String>,
}

/// A check that runs.
pub struct Task {
    /// The check.
    pub check: &'static Check,
    /// What is asked of it.
    pub asked: Asked,
    /// Who asks.
    pub sections: Vec<Section>,
    /// Whether all who ask say that it does not apply to their platform.
    pub not_applicable: bool,
}

/// The checks that run, in their order, and what there is to say about the choice.
pub struct Selection {
    /// The checks.
    pub tasks: Vec<Task>,
    /// The benchmarks and why they were chosen.
    pub context: Vec<Said>,
}

impl Selector {
    /// Whether some word selects nothing that there is, whatever the benchmarks.
    pub fn unknown_word(&self) -> Option<&str> {
        let words = self.only.iter().chain(&self.skip);
        words.map(String::as_str).find(|word| named(word).is_none() && !benchmarks::is_number(word))
    }

    /// What runs on a platform, for a version: the kubelet's, or the newest that it may have.
    ///
    /// # Errors
    /// A word that selects nothing of the benchmarks that were chosen, in words.
    pub fn select(&self, recognised: &Recognised, version: Version, is_given: bool) -> Result<Selection, String> {
        let mut context = vec![];
        let editions = self.editions(recognised.platform, version, is_given, &mut context);
        let mut tasks: Vec<Task> = vec![];
        for check in CHECKS.iter().copied().filter(|check| check.always) {
            tasks.push(Task { check, asked: Asked::default(), sections: vec![], not_applicable: false });
        }
        for asking in sections_of(&editions).filter(|asking| self.takes(asking)) {
            add(&mut tasks, &asking);
        }
        for word in &self.only {
            let is_asked = self.is_asked(word, &editions)?;
            // A check that none of the benchmarks asks for, but the user does.
            let own = named(word).filter(|check| !is_asked && !check.always && !self.skip.contains(word));
            if let Some(check) = own {
                let asked = Asked { expect: check.expect, unset_accepted: false };
                tasks.push(Task { check, asked, sections: benchmarks::sections(check.id), not_applicable: false });
            }
        }
        Ok(Selection { tasks, context })
    }

    /// Whether the words select something of the benchmarks, where these are given by name.
    ///
    /// # Errors
    /// A word that selects nothing of them, in words.
    pub fn check(&self) -> Result<(), String> {
        let editions: Vec<_> = self.benchmarks.iter().filter_map(|name| Edition::named(name)).collect();
        if editions.is_empty() || editions.len() < self.benchmarks.len() {
            return Ok(());
        }
        self.only.iter().try_for_each(|word| self.is_asked(word, &editions).map(drop))
    }

    /// Whether the benchmarks ask for what a word means.
    fn is_asked(&self, word: &str, editions: &[&'static Edition]) -> Result<bool, String> {
        let meant = sections_of(editions).filter(|asking| asking.is(word));
        match (meant.map(|asking| asking.level).min(), self.level) {
            (Some(lowest), Some(level)) if lowest > level => Err([
                "level ",
                &digits::unsigned(level.into()),
                " leaves out `",
                word,
                "`: no benchmark has it at that level",
            ]
            .concat()),
            (None, _) if named(word).is_none() => {
                let has_it = |edition: &&'static Edition| edition.sections().any(|asking| asking.is(word));
                let others: Vec<_> = benchmarks::EDITIONS.iter().filter(has_it).collect();
                let (own, others) = (names(editions), names(&others));
                Err(["there is no section `", word, "` in ", &own, ": name a benchmark that has it: ", &others]
                    .concat())
            }
            (lowest, _) => Ok(lowest.is_some()),
        }
    }

    fn editions(
        &self,
        platform: &Platform,
        version: Version,
        is_given: bool,
        context: &mut Vec<Said>,
    ) -> Vec<&'static Edition> {
        let mut chosen: Vec<&'static Edition> = vec![];
        let auto = [AUTO.to_string()];
        for name in if self.benchmarks.is_empty() { &auto[..] } else { &self.benchmarks } {
            if name == AUTO {
                chosen.extend(automatic(platform, version, is_given, context));
            } else {
                chosen.extend(Edition::named(name).inspect(|edition| context.push(given(edition))));
            }
        }
        let mut once: Vec<&'static Edition> = vec![];
        for edition in chosen {
            if !once.iter().any(|known| known.name == edition.name) {
                once.push(edition);
            }
        }
        once
    }

    fn takes(&self, asking: &Asking) -> bool {
        let named_by = |words: &[String]| words.iter().any(|word| asking.is(word));
        self.level.is_none_or(|level| asking.level <= level)
            && (self.only.is_empty() || named_by(&self.only))
            && !named_by(&self.skip)
    }
}

impl Asking {
    /// Whether a user means this section by a word: the name of its check, or its number.
    fn is(&self, word: &str) -> bool {
        word == self.check || word == self.number
    }
}

/// The sections of editions.
fn sections_of(editions: &[&'static Edition]) -> impl Iterator<Item = Asking> {
    editions.iter().flat_map(|edition| edition.sections())
}

fn named(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

/// A section joins those that ask the same.
fn add(tasks: &mut Vec<Task>, asking: &Asking) {
    let Some(check) = named(asking.check) else { return };
    let asked = Asked { expect: asking.expect, unset_accepted: asking.unset_accepted };
    let not_applicable = asking.mode == Mode::NotApplicable;
    let same =
        |task: &&mut Task| task.check.id == check.id && task.asked == asked && task.not_applicable == not_applicable;
    match tasks.iter_mut().find(same) {
        Some(task) => task.sections.push(asking.section()),
        None => tasks.push(Task { check, asked, sections: vec![asking.section()], not_applicable }),
    }
}

/// The editions for a platform; those for every kubelet where the platform has none of its own.
fn automatic(platform: &Platform, version: Version, is_given: bool, context: &mut Vec<Said>) -> Vec<&'static Edition> {
    let own: Vec<_> = Edition::of(platform.editions, version).collect();
    let (editions, whose) = match own.is_empty() {
        false => (own, platform.editions),
        true => (Edition::of(ANY_PLATFORM, version).collect(), ANY_PLATFORM),
    };
    let kubelet = match is_given {
        true => version.name().into(),
        false if version == Version::oldest() => {
            text!("{version}, the oldest that is judged", "{version}（判定対象のうち最古）", version = version.name())
        }
        false => {
            text!("{version}, the newest that is judged", "{version}（判定対象のうち最新）", version = version.name())
        }
    };
    for edition in &editions {
        let why = match (whose, platform.id) {
            (_, "unknown") => text!(
                "for every kubelet {kubelet}; the platform is not recognised",
                "kubelet {kubelet} 全般が対象です。プラットフォームを判別できません",
                kubelet = kubelet.clone()
            ),
            (ANY_PLATFORM, _) => text!(
                "for every kubelet {kubelet}; there is none for {platform}",
                "kubelet {kubelet} 全般が対象です。{platform} 専用のものはありません",
                kubelet = kubelet.clone(),
                platform = platform.name
            ),
            _ => text!(
                "for {platform} with kubelet {kubelet}",
                "{platform} の kubelet {kubelet} が対象です",
                platform = platform.name,
                kubelet = kubelet.clone()
            ),
        };
        let text = text!(
            "{benchmark} ({title}): {why}",
            "{benchmark}（{title}）: {why}",
            benchmark = edition.name,
            title = edition.title,
            why
        );
        context.push(message("benchmark", text).with("chosen", "auto"));
    }
    editions
}

fn given(edition: &Edition) -> Said {
    let text = text!(
        "{benchmark} ({title}), as asked for",
        "{benchmark}（{title}）、指定どおり",
        benchmark = edition.name,
        title = edition.title
    );
    message("benchmark", text).with("chosen", "given")
}

fn names(editions: &[&Edition]) -> String {
    editions.iter().map(|edition| edition.name).collect::<Vec<_>>().join(", ")
}
