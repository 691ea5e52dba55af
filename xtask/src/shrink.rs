//! Makes a case small while what is wrong with it stays wrong.

use crate::case::Case;

/// How often a shrink may ask: each asks a program.
const MOST_QUESTIONS: usize = 1_500;

/// Whether what is wrong is still wrong.
type StillWrong<'a, T> = dyn FnMut(&T) -> bool + 'a;

/// A limited number of questions.
struct Questions<'a, T> {
    still_wrong: &'a mut StillWrong<'a, T>,
    left: usize,
}

impl<T> Questions<'_, T> {
    fn still_wrong(&mut self, candidate: &T) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        (self.still_wrong)(candidate)
    }
}

/// The smallest case that is found.
pub fn case<'a>(case: Case, still_wrong: &'a mut StillWrong<'a, Case>) -> Case {
    let mut questions = Questions { still_wrong, left: MOST_QUESTIONS };
    let mut smallest = case;
    loop {
        let before = smallest.clone();
        parts(&mut smallest, &mut questions);
        names(&mut smallest, &mut questions);
        texts(&mut smallest, &mut questions);
        if smallest == before || questions.left == 0 {
            return smallest;
        }
    }
}

/// The smallest text that is found.
pub fn text<'a>(text: Vec<u8>, still_wrong: &'a mut StillWrong<'a, Vec<u8>>) -> Vec<u8> {
    let mut questions = Questions { still_wrong, left: MOST_QUESTIONS * 20 };
    shorter(text, &mut |candidate| questions.still_wrong(candidate))
}

/// Drops arguments, files, folders, links and variables.
fn parts(case: &mut Case, questions: &mut Questions<Case>) {
    // Two words at once, too: a flag and its value.
    for words in [2, 1] {
        let mut at = 0;
        while at + words <= case.args.len() {
            let mut candidate = case.clone();
            candidate.args.drain(at..at + words);
            at += usize::from(!accept(case, candidate, questions));
        }
    }
    for path in case.files.keys().cloned().collect::<Vec<_>>() {
        let mut candidate = case.clone();
        candidate.files.remove(&path);
        accept(case, candidate, questions);
    }
    for path in case.links.keys().cloned().collect::<Vec<_>>() {
        let mut candidate = case.clone();
        candidate.links.remove(&path);
        accept(case, candidate, questions);
    }
    for at in (0..case.dirs.len()).rev() {
        let mut candidate = case.clone();
        candidate.dirs.remove(at);
        accept(case, candidate, questions);
    }
    for at in (0..case.env.len()).rev() {
        let mut candidate = case.clone();
        candidate.env.remove(at);
        accept(case, candidate, questions);
    }
}

/// Gives the files short names, where they and the arguments name them.
fn names(case: &mut Case, questions: &mut Questions<Case>) {
    let mut folders: Vec<String> = case.files.keys().chain(&case.dirs).flat_map(|path| above(path)).collect();
    folders.sort_by_key(|path| path.len());
    folders.dedup();
    for (path, short) in folders.into_iter().rev().zip(["/k", "/d", "/e", "/f"].into_iter().cycle()) {
        if path.len() > short.len() {
            accept(case, renamed(case, &path, short), questions);
        }
    }
}

/// A path and the folders that it is in.
fn above(path: &str) -> Vec<String> {
    path.match_indices('/')
        .map(|(at, _)| path[..at].to_owned())
        .chain([path.to_owned()])
        .filter(|p| !p.is_empty())
        .collect()
}

fn renamed(case: &Case, from: &str, to: &str) -> Case {
    let rename = |text: &String| text.replace(from, to);
    Case {
        args: case.args.iter().map(rename).collect(),
        files: case.files.iter().map(|(path, text)| (rename(path), text.clone())).collect(),
        dirs: case.dirs.iter().map(rename).collect(),
        links: case.links.iter().map(|(path, target)| (rename(path), rename(target))).collect(),
        ..case.clone()
    }
}

/// Takes a candidate that is still wrong.
fn accept(case: &mut Case, candidate: Case, questions: &mut Questions<Case>) -> bool {
    let taken = questions.still_wrong(&candidate);
    if taken {
        *case = candidate;
    }
    taken
}

/// Shortens the files' texts and the arguments.
fn texts(case: &mut Case, questions: &mut Questions<Case>) {
    for path in case.files.keys().cloned().collect::<Vec<_>>() {
        let whole = case.clone();
        let small = shorter(whole.files[&path].clone(), &mut |text| {
            let mut candidate = whole.clone();
            candidate.files.insert(path.clone(), text.clone());
            questions.still_wrong(&candidate)
        });
        case.files.insert(path, small);
    }
    for at in 0..case.args.len() {
        let whole = case.clone();
        let small = shorter(whole.args[at].clone().into_bytes(), &mut |text| {
            let Ok(word) = String::from_utf8(text.clone()) else { return false };
            let mut candidate = whole.clone();
            candidate.args[at] = word;
            questions.still_wrong(&candidate)
        });
        case.args[at] = String::from_utf8_lossy(&small).into_owned();
    }
}

/// Drops lines, then ever smaller pieces.
fn shorter(text: Vec<u8>, still_wrong: &mut dyn FnMut(&Vec<u8>) -> bool) -> Vec<u8> {
    let lines = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let members = fewer(lines, still_wrong).concat();
    // The members of a flow mapping or of a JSON text.
    let members = members.split_inclusive(|byte| matches!(byte, b',' | b'{' | b'[')).map(<[u8]>::to_vec).collect();
    let bytes = fewer(members, still_wrong).concat();
    fewer(bytes.into_iter().map(|byte| vec![byte]).collect(), still_wrong).concat()
}

/// Drops runs of pieces, long ones first.
fn fewer(mut pieces: Vec<Vec<u8>>, still_wrong: &mut dyn FnMut(&Vec<u8>) -> bool) -> Vec<Vec<u8>> {
    let mut run = pieces.len().next_power_of_two().min(64);
    while run > 0 {
        let mut at = 0;
        while at < pieces.len() {
            let candidate: Vec<Vec<u8>> =
                pieces[..at].iter().chain(&pieces[(at + run).min(pieces.len())..]).cloned().collect();
            if still_wrong(&candidate.concat()) {
                pieces = candidate;
            } else {
                at += run;
            }
        }
        run /= 2;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_shrinks_to_what_matters() {
        let long = b"a: 1\nb: {c: [1, 2, 3], d: bad}\n# e\n".to_vec();
        assert_eq!(text(long, &mut |text| text.windows(3).any(|piece| piece == b"bad")), b"bad");
    }

    #[test]
    fn a_case_shrinks_to_the_words_and_files_that_matter() {
        let found = Case {
            args: ["--v=2", "--config", "/etc/kubernetes/kubelet.json", "--port=1"].map(String::from).to_vec(),
            files: ["/etc/kubernetes/kubelet.json", "/etc/b"].map(|path| (path.to_owned(), b"1\n2\n".to_vec())).into(),
            dirs: vec!["/etc/c".into()],
            ..Case::default()
        };
        // It is wrong while the configuration is a file that is there and has a 2.
        let small = case(found, &mut |case| {
            let config = case.args.iter().position(|word| word == "--config").and_then(|at| case.args.get(at + 1));
            config.and_then(|path| case.files.get(path)).is_some_and(|text| text.contains(&b'2'))
        });
        let files = [("/k".to_owned(), b"2".to_vec())].into();
        assert_eq!(small, Case { args: vec!["--config".into(), "/k".into()], files, ..Case::default() });
    }
}
