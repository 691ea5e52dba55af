//! Places as a CI system knows them: a file of the project, from its root on, or a file of a node.

use std::path::Path;

use kubevet_rules::model::Place;

use crate::places::{Location, Name, Places, Spot};
use crate::{Context, Judged, Notice, escape};

/// A file: its path in bytes, which need not be UTF-8, without a `/` at its beginning.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum File {
    /// Below the root of the project.
    OfProject(Vec<u8>),
    /// Below the root directory of a node.
    OfNode(Vec<u8>),
}

impl File {
    /// Its path, from the root that it has.
    pub(crate) fn path(&self) -> &[u8] {
        match self {
            File::OfProject(path) | File::OfNode(path) => path,
        }
    }
}

/// Where something stands.
pub(crate) struct Site<'a> {
    /// The file; that of the target, where the place is in none.
    pub file: Option<File>,
    /// Where in that file.
    pub spot: Option<Spot<'a>>,
    /// The place as it is.
    pub location: Location<'a>,
}

impl<'a> Site<'a> {
    /// The place in the eyes of a CI system.
    pub(crate) fn of(context: &Context<'_>, judged: &Judged<'a>, places: &Places<'a>, place: &Place) -> Site<'a> {
        let location = places.locate(place);
        match location.name {
            Some(Name::Path(path)) => Site { file: file(context, path), spot: location.spot.clone(), location },
            _ => Site { file: judged.file().and_then(|path| file(context, path)), spot: None, location },
        }
    }

    /// The path of the file, if it is one of the project.
    pub(crate) fn project_path(&self) -> Option<&[u8]> {
        match &self.file {
            Some(File::OfProject(path)) => Some(path),
            _ => None,
        }
    }

    /// Whether the place is in a file of the project, and not only about it.
    pub(crate) fn is_in_project(&self) -> bool {
        self.project_path().is_some() && matches!(self.location.name, Some(Name::Path(_)))
    }
}

/// What a notice's file is called from the project's root on, escaped; as the user named it, if it is outside.
pub(crate) fn of_notice(context: &Context<'_>, notice: &Notice) -> Option<String> {
    let path = notice.path.as_deref()?;
    Some(match file(context, path.as_bytes()) {
        Some(File::OfProject(path)) => escape::bytes(&path),
        _ => escape::text(path).into_owned(),
    })
}

/// The file of a path that a user or a kubelet names. None is known of one that leads out of a directory without a name.
pub(crate) fn file(context: &Context<'_>, path: &[u8]) -> Option<File> {
    let absolute = match (path, context.directory) {
        ([b'/', ..], _) => normal(path),
        (_, Some(directory)) => normal(&[bytes(directory), b"/", path].concat()),
        (_, None) => {
            let relative = normal(path);
            let leads_out = relative.starts_with(b"../") || matches!(&*relative, b"" | b"..");
            return (!leads_out).then_some(File::OfProject(relative));
        }
    };
    let below = context.root.and_then(|root| absolute.strip_prefix(&*normal(bytes(root)))?.strip_prefix(b"/"));
    Some(match below {
        Some(below) => File::OfProject(below.to_vec()),
        None => File::OfNode(absolute.strip_prefix(b"/").unwrap_or(&absolute).to_vec()),
    })
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// A path without `.`, and without `..` where that can be told from the path alone.
fn normal(path: &[u8]) -> Vec<u8> {
    let is_absolute = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = vec![];
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => _ = parts.pop(),
            b".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    let path = parts.join(&b'/');
    if is_absolute { [b"/", &*path].concat() } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_the_root_is_named_from_there_on() {
        let (root, directory) = (Some(Path::new("/ci/project/")), Some(Path::new("/ci/project/sub")));
        let context = Context { root, directory, ..Context::default() };
        let project = |path: &str| Some(File::OfProject(path.into()));
        let node = |path: &str| Some(File::OfNode(path.into()));
        for (path, expected) in [
            ("k.json", project("sub/k.json")),
            ("./a//b/../k.json", project("sub/a/k.json")),
            ("../k.json", project("k.json")),
            ("../../k.json", node("ci/k.json")),
            ("../../../../../etc/k.json", node("etc/k.json")),
            ("/ci/project/k.json", project("k.json")),
            ("/ci/project-2/k.json", node("ci/project-2/k.json")),
            ("/etc/../var/k.json", node("var/k.json")),
        ] {
            assert_eq!(file(&context, path.as_bytes()), expected, "{path}");
        }
    }

    #[test]
    fn without_a_directory_relative_paths_are_of_the_project() {
        let named = |path: &[u8]| file(&Context::default(), path);
        assert_eq!(named(b"a/./\xff.json"), Some(File::OfProject(b"a/\xff.json".to_vec())));
        assert_eq!(named(b"../k.json"), None);
        assert_eq!(named(b"/etc/k.json"), Some(File::OfNode(b"etc/k.json".to_vec())));
    }
}
