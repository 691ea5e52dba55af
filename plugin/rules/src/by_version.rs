//! Joins what several versions of the kubelet make of the same documents, where its version is not known.

use alloc::string::String;
use alloc::vec::Vec;

use crate::kubelet::surface::Version;
use crate::message::Language;

/// Answers that are equal, with the versions that give them, in the order of the versions.
pub fn grouped<T: PartialEq>(answers: impl IntoIterator<Item = (Version, T)>) -> Vec<(T, Vec<Version>)> {
    let mut groups: Vec<(T, Vec<Version>)> = vec![];
    for (version, answer) in answers {
        match groups.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, versions)) => versions.push(version),
            None => groups.push((answer, vec![version])),
        }
    }
    groups
}

/// Versions as the report names them.
pub fn names(versions: &[Version]) -> Vec<String> {
    versions.iter().map(|version| version.name()).collect()
}

/// Versions for people, consecutive ones in short: `1.24 to 1.28, 1.30`.
pub fn ranges(versions: &[Version], language: Language) -> String {
    let (to, and) = (words!(" to ", "〜"), words!(", ", "、"));
    let [to, and] = [to, and].map(|words| words.in_language(language));
    let runs = versions.chunk_by(|before, after| before.minor() + 1 == after.minor());
    let shown = runs.map(|run| match run {
        [first, _, .., last] => [&*first.name(), &*to, &last.name()].concat(),
        few => names(few).join(&*and),
    });
    shown.collect::<Vec<_>>().join(&*and)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(minor: u8) -> Version {
        Version::parse(&format!("1.{minor}")).unwrap()
    }

    #[test]
    fn equal_answers_are_one_group() {
        let answers = [(32, "a"), (33, "b"), (34, "a")].map(|(minor, answer)| (version(minor), answer));
        let groups = grouped(answers);
        assert_eq!(groups, [("a", vec![version(32), version(34)]), ("b", vec![version(33)])]);
    }

    #[test]
    fn consecutive_versions_are_shown_as_a_range() {
        let ranges = |versions: &[u8], language| {
            let versions: Vec<_> = versions.iter().map(|minor| version(*minor)).collect();
            super::ranges(&versions, language)
        };
        assert_eq!(ranges(&[32, 33, 34, 36, 37], Language::English), "1.32 to 1.34, 1.36, 1.37");
        assert_eq!(ranges(&[32, 33, 34, 36, 37], Language::Japanese), "1.32〜1.34、1.36、1.37");
        assert_eq!(ranges(&[], Language::English), "");
    }
}
