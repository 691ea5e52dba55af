//! How far two words are apart, for "did you mean".

use alloc::string::String;
use alloc::vec::Vec;

/// The first of the nearest words, where it is no further away than `most`. `word` gives a candidate's spelling.
pub fn nearest<T>(wanted: &str, most: usize, known: impl Iterator<Item = T>, word: impl Fn(&T) -> String) -> Option<T> {
    let length = wanted.chars().count();
    let mut nearest: Option<(usize, T)> = None;
    for candidate in known {
        let word = word(&candidate);
        // Most words are too long or too short: that is cheap to see.
        if word.chars().count().abs_diff(length) > most {
            continue;
        }
        let distance = distance(&word, wanted, most);
        if distance <= most && nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
            nearest = Some((distance, candidate));
        }
    }
    nearest.map(|(_, candidate)| candidate)
}

/// The number of letters to insert, delete or replace, and of neighbours to swap; where it is more than `most`, something
/// that is more than `most`.
fn distance(a: &str, b: &str, most: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = vec![];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row: Vec<usize> = vec![];
    for i in 1..=a.len() {
        row.clear();
        row.push(i);
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        // What follows is reckoned from these two rows.
        if last.iter().chain(&row).all(|distance| *distance > most) {
            return most + 1;
        }
        core::mem::swap(&mut before, &mut last);
        core::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn the_first_of_the_nearest_is_found() {
        let known = || ["maxPods", "maxPids", "port"].into_iter();
        let find = |wanted, most| nearest(wanted, most, known(), |word| (*word).to_owned());
        assert_eq!(find("maxPds", 2), Some("maxPods"));
        assert_eq!(find("maxPid", 2), Some("maxPids"));
        assert_eq!(find("prot", 1), Some("port"));
        assert_eq!(find("prtos", 1), None);
    }

    #[test]
    fn counts_edits() {
        assert_eq!(distance("chains", "chains", 9), 0);
        assert_eq!(distance("chians", "chains", 9), 1);
        assert_eq!(distance("", "abc", 9), 3);
        assert_eq!(distance("kitten", "sitting", 3), 3);
        assert!(distance("kitten", "sitting", 2) > 2);
    }
}
