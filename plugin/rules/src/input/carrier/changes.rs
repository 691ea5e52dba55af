//! Which files the programs of a script change.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::commands::is_short;
use super::shell::{Word, span, text};
use crate::input::source::is_templated;
use crate::kubelet::paths;

/// A path that may be written to, and where it stands.
type Target = (String, Range<usize>);

/// What stands for what is filled in.
const FILLED_IN: &str = "$()";

/// Programs that copy files.
pub const COPYING: [&str; 6] = ["cp", "mv", "install", "ln", "rsync", "scp"];

/// How many sources and destinations of one command are looked at together.
const MAX_COPIED: usize = 30;

/// The paths that a program may write to: all that it is given, where it cannot be told which.
pub fn targets(name: &str, arguments: &[Word]) -> Vec<Target> {
    match name {
        "sed" | "yq" | "perl" if !arguments.iter().any(is_in_place) => vec![],
        "sed" | "yq" | "perl" | "python" | "python3" | "ed" | "crudini" | "patch" => {
            plain(arguments).map(named).collect()
        }
        // A path with a colon is on another machine.
        _ if COPYING.contains(&name) => copied(arguments).into_iter().filter(|(path, _)| !path.contains(':')).collect(),
        "curl" | "wget" | "aws" | "gsutil" => downloaded(name, arguments),
        "dd" => arguments.iter().filter_map(|word| value_of(word, "of=")).collect(),
        _ => vec![],
    }
}

fn named(word: &Word) -> Target {
    (text(word).to_owned(), span(word))
}

/// Words that are no options.
fn plain(words: &[Word]) -> impl Iterator<Item = &Word> {
    words.iter().filter(|word| !text(word).starts_with('-'))
}

/// What follows the beginning of a word.
fn value_of(word: &Word, beginning: &str) -> Option<Target> {
    let value = text(word).strip_prefix(beginning).filter(|value| !value.is_empty())?;
    Some((value.to_owned(), span(word)))
}

/// Whether an option makes an editor write to the file itself: `-i`, `-i.bak`, `-pi`, `--in-place`.
fn is_in_place(word: &Word) -> bool {
    let word = text(word);
    let letters = word.split(|c: char| c != '-' && !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["--in-place", "--inplace"].iter().any(|long| word.starts_with(long)) || is_short(letters) && letters.contains('i')
}

/// The destination is the last word, or that of an option; where it is a folder, the sources keep their names in it.
fn copied(arguments: &[Word]) -> Vec<Target> {
    const FOLDER: [&str; 2] = ["-t", "--target-directory"];
    let after = arguments.iter().position(|word| FOLDER.contains(&text(word))).and_then(|at| arguments.get(at + 1));
    let with_value = || arguments.iter().find_map(|word| value_of(word, "--target-directory="));
    let into = after.map(named).or_else(with_value).or_else(|| plain(arguments).last().map(named));
    let Some((path, at)) = into else { return vec![] };
    let below =
        plain(arguments).take(MAX_COPIED).map(|source| ([&*path, "/", last(text(source))].concat(), at.clone()));
    let below: Vec<_> = below.collect();
    [(path, at)].into_iter().chain(below).collect()
}

/// Any word may be the destination; where that is a folder, or there is none, what is fetched keeps its name. What stands before an
/// address may be sent there.
fn downloaded(program: &str, arguments: &[Word]) -> Vec<Target> {
    let is_remote = |word: &&Word| text(word).contains("://");
    let keeps_name = |word: &Word| is_short(text(word)) && text(word).contains('O') || text(word) == "--remote-name";
    let is_file = |(path, _): &Target| path.starts_with('/') || last(path).contains('.');
    let option = |word: &Word| ["-o", "-O", "--output=", "--output-document="].iter().find_map(|o| value_of(word, o));
    let first = arguments.iter().position(|word| is_remote(&word)).filter(|_| matches!(program, "aws" | "gsutil"));
    let arguments = arguments.get(first.unwrap_or_default()..).unwrap_or_default();
    let local = plain(arguments).filter(|word| !is_remote(word)).map(named);
    let local: Vec<_> = local.chain(arguments.iter().filter_map(option)).filter(is_file).collect();
    let mut targets = vec![];
    for remote in plain(arguments).filter(is_remote).take(MAX_COPIED) {
        // A question mark could stand for any character of a name.
        let name = last(text(remote)).split("$(").next().unwrap_or_default();
        if program == "wget" || arguments.iter().any(keeps_name) {
            targets.push((name.to_owned(), span(remote)));
        }
        let folders = local.iter().filter(|(path, _)| path.starts_with('/')).take(MAX_COPIED);
        targets.extend(folders.map(|(path, at)| ([path, "/", name].concat(), at.clone())));
    }
    local.into_iter().chain(targets).collect()
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Whether two paths may be those of one file. One that is not known as a whole may be in any folder.
pub fn may_be_same(changed: &str, path: &str) -> bool {
    let is_whole = |path: &str| path.starts_with('/') && !is_templated(path);
    match is_whole(changed) && is_whole(path) {
        true => paths::clean(changed.as_bytes()) == paths::clean(path.as_bytes()),
        false => {
            let (changed, path) = (unnamed(last(changed)), unnamed(last(path)));
            fits(&changed, &path) || fits(&path, &changed)
        }
    }
}

/// Without the names of variables.
fn unnamed(path: &str) -> String {
    let mut parts = path.split("$(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + "$(" + part.trim_start_matches(|c: char| c != ')'))
}

/// Whether a name is as another one says, in which anything may be filled in. Something of it has to be told.
fn fits(pattern: &str, name: &str) -> bool {
    let rest =
        pattern.split_once(FILLED_IN).map(|(start, rest)| (start, rest.rsplit(FILLED_IN).next().unwrap_or(rest)));
    match rest {
        Some((start, end)) if pattern != FILLED_IN => name.starts_with(start) && name.ends_with(end),
        _ => pattern == name && !name.is_empty(),
    }
}
