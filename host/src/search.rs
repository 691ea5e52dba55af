//! Which files a user means who names files, folders and patterns, or nothing at all.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::{DirEntry, WalkBuilder};
use kubevet_rules::Language;

use crate::policy::Policy;

/// How files end that may hold configuration; what they hold decides. One without an ending, or with `kubelet` in its name, may
/// as well.
const ENDINGS: [&str; 22] = [
    "bicep", "bu", "cfg", "conf", "env", "hcl", "ign", "j2", "json", "mime", "service", "sh", "tf", "tfvars", "tmpl",
    "tofu", "toml", "tpl", "txt", "userdata", "yaml", "yml",
];

/// How programs and texts about kubelets end, which may well quote a configuration.
const PROSE: [&str; 14] =
    ["adoc", "c", "go", "html", "java", "js", "lock", "md", "mod", "proto", "py", "rs", "rst", "ts"];

/// How files end that no kubelet reads as its configuration.
const OTHERS: [&str; 8] = ["bicep", "hcl", "mime", "service", "sh", "tf", "tofu", "toml"];

/// A file to be judged, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A file that the user named, be it by a pattern.
    Named(PathBuf),
    /// One that was found in a folder.
    Searched(PathBuf),
    /// What the user named and is not there, or a folder that cannot be read: what, and why.
    Missing(PathBuf, Why),
}

/// Why there is no file.
#[derive(Debug, PartialEq, Eq)]
pub enum Why {
    /// No file matches the pattern.
    NoMatch,
    /// What else went wrong.
    Error(String),
}

impl Why {
    /// For people.
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Why::NoMatch => language.choose("no file matches", "一致するファイルがありません").into(),
            Why::Error(text) => text.clone(),
        }
    }
}

/// What git itself keeps of a repository, which is none of the repository's files.
const GIT: &str = ".git";

/// The files that are meant, in a stable order; hidden ones are files like others. Links to folders are not followed, and what
/// git ignores, what it keeps for itself and what the policy excludes are left out, unless they are named.
pub fn files<'a>(names: &'a [PathBuf], policy: Option<&'a Policy>) -> impl Iterator<Item = Found> + 'a {
    names.iter().flat_map(move |name| -> Box<dyn Iterator<Item = Found> + 'a> {
        if name.is_dir() {
            return Box::new(below(name, policy));
        }
        if !is_pattern(name) {
            return Box::new(std::iter::once(Found::Named(name.clone())));
        }
        matching(name, policy)
    })
}

/// Whether a name is a pattern. A file that is called so is itself.
pub fn is_pattern(name: &Path) -> bool {
    has_wildcard(name.as_os_str()) && name.symlink_metadata().is_err()
}

fn has_wildcard(name: &OsStr) -> bool {
    name.as_encoded_bytes().iter().any(|byte| b"*?[{".contains(byte))
}

/// The files that match a pattern which no shell has expanded.
fn matching<'a>(pattern: &'a Path, policy: Option<&'a Policy>) -> Box<dyn Iterator<Item = Found> + 'a> {
    let missing = |why: Why| Box::new(std::iter::once(Found::Missing(pattern.to_owned(), why)));
    let text = pattern.to_string_lossy();
    let matcher = match GlobBuilder::new(text.strip_prefix("./").unwrap_or(&text)).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => return missing(Why::Error(error.to_string())),
    };
    let plain = pattern.components().take_while(|part| !has_wildcard(part.as_os_str())).collect::<PathBuf>();
    let base = if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain };
    // A folder that matches is searched, as if it were named.
    let is_below =
        move |path: &Path, matcher: &GlobMatcher| path.ancestors().skip(1).any(|folder| matcher.is_match(folder));
    let meant = move |found| match found {
        Found::Named(path) | Found::Searched(path) if matcher.is_match(&path) => Some(Found::Named(path)),
        Found::Named(path) | Found::Searched(path) => {
            (is_below(&path, &matcher) && may_configure(&path)).then_some(Found::Searched(path))
        }
        missing => Some(missing),
    };
    let mut found = walk(base, policy, |_| true).filter_map(meant).peekable();
    if found.peek().is_none() {
        return missing(Why::NoMatch);
    }
    Box::new(found)
}

/// The files in a folder, and in those below it, that may hold configuration.
fn below<'a>(folder: &Path, policy: Option<&'a Policy>) -> impl Iterator<Item = Found> + use<'a> {
    walk(folder.to_owned(), policy, may_configure)
}

fn walk(folder: PathBuf, policy: Option<&Policy>, is_meant: impl Fn(&Path) -> bool) -> impl Iterator<Item = Found> {
    let is_of_project = |entry: &DirEntry| entry.depth() == 0 || entry.file_name() != GIT;
    let mut walk = WalkBuilder::new(&folder);
    let walk = walk.hidden(false).filter_entry(is_of_project).sort_by_file_name(OsStr::cmp).build();
    walk.filter_map(move |entry| {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return Some(Found::Missing(folder.clone(), Why::Error(error.to_string()))),
        };
        let path = plain(&entry);
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let is_excluded = || policy.is_some_and(|policy| policy.excludes(&path));
        (is_file && is_meant(&path) && !is_excluded()).then_some(Found::Searched(path))
    })
}

fn plain(entry: &DirEntry) -> PathBuf {
    entry.path().strip_prefix(".").unwrap_or(entry.path()).to_owned()
}

/// Whether a file may be one that a kubelet reads as its configuration, as far as its name tells.
pub fn may_be_configuration(path: &Path) -> bool {
    !ends_in(path, &OTHERS)
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

fn may_configure(path: &Path) -> bool {
    let is_named = || path.file_name().is_some_and(|name| name.to_string_lossy().contains("kubelet"));
    path.extension().is_none() || ends_in(path, &ENDINGS) || is_named() && !ends_in(path, &PROSE)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for name in [
            "b/kubelet.json",
            "a.yaml",
            "b/picture.png",
            "b/c/kubelet.conf.bak",
            "b/c/kubelet.go",
            "b/c/args",
            "ignored/k.json",
        ] {
            write(name, "{}");
        }
        write(".gitignore", "ignored/\n");
        write(".github/node/k.yaml", "{}");
        write(".k.yaml", "{}");
        write(".git/k.yaml", "{}");
        write("b/submodule/.git", "gitdir: elsewhere");
        symlink("..", folder.path().join("b/up")).unwrap();
        symlink("a.yaml", folder.path().join("link.yaml")).unwrap();
        folder
    }

    fn names(folder: &Path, names: &[&str]) -> Vec<String> {
        let names: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
        let shown = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        files(&names, None)
            .map(|found| match found {
                Found::Named(path) => format!("named {}", shown(&path)),
                Found::Searched(path) => shown(&path),
                Found::Missing(path, why) => format!("{}: {}", shown(&path), why.in_words(Language::English)),
            })
            .collect()
    }

    #[test]
    fn folders_are_searched_for_what_may_be_configuration() {
        let folder = repository();
        assert_eq!(
            names(folder.path(), &["b", "a.yaml"]),
            ["b/c/args", "b/c/kubelet.conf.bak", "b/kubelet.json", "named a.yaml"]
        );
        assert_eq!(
            names(folder.path(), &[""]),
            [
                ".github/node/k.yaml",
                ".gitignore",
                ".k.yaml",
                "a.yaml",
                "b/c/args",
                "b/c/kubelet.conf.bak",
                "b/kubelet.json"
            ]
        );
        assert_eq!(names(folder.path(), &[".github", ".git"]), [".github/node/k.yaml", ".git/k.yaml"]);
        assert_eq!(names(folder.path(), &["ignored/k.json"]), ["named ignored/k.json"]);
    }

    #[test]
    fn patterns_are_for_shells_that_do_not_expand_them() {
        let folder = repository();
        assert_eq!(names(folder.path(), &["*.yaml"]), ["named .k.yaml", "named a.yaml"]);
        assert_eq!(names(folder.path(), &[".git*/**/*.yaml"]), ["named .github/node/k.yaml"]);
        assert_eq!(
            names(folder.path(), &["b/**/kubelet.[cj]*"]),
            ["named b/c/kubelet.conf.bak", "named b/kubelet.json"]
        );
        assert_eq!(names(folder.path(), &["[b-z]"]), ["b/c/args", "b/c/kubelet.conf.bak", "b/kubelet.json"]);
        assert_eq!(names(folder.path(), &["b/*.toml"]), ["b/*.toml: no file matches"]);
        assert_eq!(names(folder.path(), &["b/*.{"]).len(), 1);
        assert_eq!(names(folder.path(), &["no-such.json"]), ["named no-such.json"]);
    }
}
