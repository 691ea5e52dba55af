//! The part of a file system that a bundle holds, and how paths are found in it.

use super::form::{Form, MetadataForm};
use super::{Content, Entry, FileKind, Metadata, Outcome};
use std::collections::{BTreeMap, VecDeque};

/// How many symbolic links a path may lead through: as many as Linux follows.
const MAX_LINKS: usize = 40;

/// What stands at a path.
#[derive(Clone, Debug)]
enum Node {
    File(Vec<u8>),
    Directory,
    /// A symbolic link and its target.
    Link(Vec<u8>),
    /// A symbolic link whose target is not known: what it leads to is recorded at its own path.
    Symlink,
    /// A regular file whose content is not known.
    Unread,
    /// A pipe, a socket, a device.
    Other,
}

impl Node {
    /// How much is known: of two nodes at one path the one counts that says more.
    fn says(&self) -> u8 {
        match self {
            Node::Unread => 0,
            Node::Directory | Node::Other => 1,
            Node::File(_) | Node::Link(_) | Node::Symlink => 2,
        }
    }
}

/// Paths are absolute here, and clean: without `.`, `..` and superfluous slashes. The root is empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    cwd: Vec<u8>,
    nodes: BTreeMap<Vec<u8>, Node>,
    /// What a symbolic link of unknown target leads to.
    behind: BTreeMap<Vec<u8>, Node>,
    metadata: BTreeMap<Vec<u8>, MetadataForm>,
    /// Paths that yield an error.
    errors: BTreeMap<Vec<u8>, Outcome>,
}

impl Tree {
    pub fn new(form: &Form) -> Tree {
        let mut tree = Tree { cwd: form.cwd().to_vec(), ..Tree::default() };
        for path in &form.symlinks {
            tree.add(path, Node::Symlink);
        }
        for path in &form.dirs {
            tree.add(path, Node::Directory);
        }
        for (path, target) in &form.links {
            tree.add(path, Node::Link(target.clone().into_bytes()));
        }
        for (path, text) in &form.files {
            tree.add(path, Node::File(text.clone().into_bytes()));
        }
        for (path, bytes) in &form.files64 {
            tree.add(path, Node::File(bytes.0.clone()));
        }
        form.other.iter().for_each(|path| tree.add(path, Node::Other));
        form.unread.iter().for_each(|path| tree.add(path, Node::Unread));
        for path in &form.denied {
            tree.add_error(path, Outcome::Denied);
        }
        for (path, reason) in &form.failed {
            tree.add_error(path, Outcome::Failed(reason.clone()));
        }
        for (path, metadata) in &form.metadata {
            let node = match Metadata::from(*metadata).kind {
                FileKind::Regular => Node::Unread,
                FileKind::Directory => Node::Directory,
                FileKind::Symlink => Node::Symlink,
                FileKind::Other => Node::Other,
            };
            tree.add_if_missing(path, node);
        }
        for (path, metadata) in &form.metadata {
            tree.metadata.insert(tree.clean(path.as_bytes()), *metadata);
        }
        tree
    }

    /// What reading a file answers.
    pub fn file(&self, path: &[u8]) -> Outcome {
        self.look_up(path, true, |path, node| match node {
            Node::File(bytes) => Outcome::Found(Content::File(bytes.clone())),
            Node::Unread => Outcome::Unavailable,
            Node::Directory => self.kind(path, FileKind::Directory),
            Node::Other => self.kind(path, FileKind::Other),
            Node::Link(_) | Node::Symlink => Outcome::Absent,
        })
    }

    /// What listing a directory answers. A path that is a symbolic link is not followed, unless it ends in `/`.
    pub fn directory(&self, path: &[u8]) -> Outcome {
        self.look_up(path, path.ends_with(b"/"), |path, node| match node {
            Node::Directory => Outcome::Found(Content::Directory(self.entries(path))),
            Node::File(_) | Node::Unread => self.kind(path, FileKind::Regular),
            Node::Link(_) | Node::Symlink => self.kind(path, FileKind::Symlink),
            Node::Other => self.kind(path, FileKind::Other),
        })
    }

    /// What is known of a path. A mode that was not recorded is not made up.
    pub fn metadata(&self, path: &[u8]) -> Outcome {
        if let Some(metadata) = self.metadata.get(&self.clean(path)) {
            return Outcome::Found(Content::Metadata((*metadata).into()));
        }
        self.look_up(path, true, |path, node| match (self.metadata.get(path), node) {
            (Some(metadata), _) => Outcome::Found(Content::Metadata((*metadata).into())),
            (None, Node::Link(_) | Node::Symlink) => Outcome::Absent,
            (None, _) => Outcome::Unavailable,
        })
    }

    fn add(&mut self, path: &str, node: Node) {
        let path = self.clean(path.as_bytes());
        for (offset, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
            let parent = path[..offset].to_vec();
            if matches!(self.nodes.get(&parent), Some(Node::Symlink)) {
                self.behind.entry(parent).or_insert(Node::Directory);
            } else {
                self.nodes.entry(parent).or_insert(Node::Directory);
            }
        }
        let is_symlink = matches!(self.nodes.get(&path), Some(Node::Symlink));
        let nodes = if is_symlink { &mut self.behind } else { &mut self.nodes };
        // What says more takes the place of what says less.
        let known = nodes.get(&path).is_some_and(|known| known.says() >= node.says());
        if !known {
            nodes.insert(path, node);
        }
    }

    fn add_if_missing(&mut self, path: &str, node: Node) {
        let clean = self.clean(path.as_bytes());
        if !self.nodes.contains_key(&clean) {
            self.add(path, node);
        }
    }

    /// A path that yields an error is there; what it is nobody knows, unless something else says so.
    fn add_error(&mut self, path: &str, error: Outcome) {
        self.add(path, Node::Unread);
        self.errors.insert(self.clean(path.as_bytes()), error);
    }

    fn kind(&self, path: &[u8], kind: FileKind) -> Outcome {
        let recorded = self.metadata.get(path).map(|metadata| Metadata::from(*metadata));
        let metadata = recorded.filter(|metadata| metadata.kind == kind);
        Outcome::Found(Content::Metadata(metadata.unwrap_or(Metadata { mode: 0, uid: 0, gid: 0, kind })))
    }

    /// The entries of a directory in the order of their bytes.
    fn entries(&self, directory: &[u8]) -> Vec<Entry> {
        let mut prefix = directory.to_vec();
        prefix.push(b'/');
        let below = self.nodes.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix));
        // The nodes are in the order of their paths.
        below
            .filter(|(path, _)| !path[prefix.len()..].contains(&b'/'))
            .map(|(path, node)| Entry { name: path[prefix.len()..].to_vec(), kind: kind_of(node) })
            .collect()
    }

    /// Follows a path to its node, as the kernel does.
    fn look_up(&self, path: &[u8], follow: bool, found: impl Fn(&[u8], &Node) -> Outcome) -> Outcome {
        if path.is_empty() {
            return Outcome::Absent;
        }
        let mut rest = components(path);
        if !path.starts_with(b"/") {
            lead_by(&mut rest, &self.cwd);
        }
        let mut current = vec![];
        let mut links = 0;
        while let Some(component) = rest.pop_front() {
            if component == b"." {
                continue;
            }
            if component == b".." {
                current.truncate(parent_length(&current));
                continue;
            }
            let next = [current.as_slice(), b"/", &component].concat();
            let is_last = rest.is_empty();
            match self.nodes.get(&next) {
                Some(Node::Link(target)) if follow || !is_last => {
                    if links == MAX_LINKS {
                        return Outcome::Failed("too many levels of symbolic links".into());
                    }
                    links += 1;
                    lead_by(&mut rest, target);
                    if target.starts_with(b"/") {
                        current.clear();
                    }
                }
                None => return self.errors.get(&current).cloned().unwrap_or(Outcome::Absent),
                Some(Node::File(_) | Node::Unread | Node::Other) if !is_last => return self.not_a_directory(&next),
                Some(_) => current = next,
            }
        }
        // The root is always there.
        let node = self.nodes.get(&current).unwrap_or(&Node::Directory);
        let is_symlink = matches!(node, Node::Link(_) | Node::Symlink);
        match self.errors.get(&current) {
            Some(error) if follow || !is_symlink => error.clone(),
            _ if follow => found(&current, self.behind.get(&current).unwrap_or(node)),
            _ => found(&current, node),
        }
    }

    /// What comes of a path that goes on behind a file.
    fn not_a_directory(&self, path: &[u8]) -> Outcome {
        self.errors.get(path).cloned().unwrap_or_else(|| Outcome::Failed("not a directory".into()))
    }

    /// A path of the bundle in clean form.
    fn clean(&self, path: &[u8]) -> Vec<u8> {
        let base: &[u8] = if path.starts_with(b"/") { b"" } else { &self.cwd };
        let mut clean: Vec<u8> = vec![];
        for component in base.split(|byte| *byte == b'/').chain(path.split(|byte| *byte == b'/')) {
            match component {
                b"" | b"." => {}
                b".." => clean.truncate(parent_length(&clean)),
                _ => {
                    clean.push(b'/');
                    clean.extend(component);
                }
            }
        }
        clean
    }
}

fn kind_of(node: &Node) -> FileKind {
    match node {
        Node::File(_) | Node::Unread => FileKind::Regular,
        Node::Directory => FileKind::Directory,
        Node::Link(_) | Node::Symlink => FileKind::Symlink,
        Node::Other => FileKind::Other,
    }
}

/// How long the path of the directory is in which a path stands.
fn parent_length(path: &[u8]) -> usize {
    path.iter().rposition(|byte| *byte == b'/').unwrap_or(0)
}

/// Puts the parts of a path before others.
fn lead_by(rest: &mut VecDeque<Vec<u8>>, path: &[u8]) {
    components(path).into_iter().rev().for_each(|component| rest.push_front(component));
}

/// The parts of a path. One that ends in a slash has a `.` at its end: what stands before it must be a directory.
fn components(path: &[u8]) -> VecDeque<Vec<u8>> {
    let mut parts: VecDeque<Vec<u8>> =
        path.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).map(<[u8]>::to_vec).collect();
    if path.ends_with(b"/") {
        parts.push_back(b".".to_vec());
    }
    parts
}
