//! Words of the command line that name one thing twice, where the one would undo the other.

use std::path::{Path, PathBuf};

use super::Fatal;
use crate::named;

/// A word, and the file that it names; `-` is standard input.
pub type Word<'a> = (&'static str, &'a Path);

/// What reports are called among the words.
pub const REPORT: &str = "a report";

/// Words that read standard input twice: the second would find nothing.
///
/// # Errors
/// Which.
pub fn refuse_one_input(inputs: &[Word<'_>]) -> Result<(), Fatal> {
    let mut standard = inputs.iter().filter(|(_, path)| named::is_standard(path));
    match (standard.next(), standard.next()) {
        (Some((one, _)), Some((other, _))) => {
            Err(Fatal::new(format!("standard input cannot be both {one} and {other}"))
                .help("save one of them in a file"))
        }
        _ => Ok(()),
    }
}

/// Words that write what another one reads or writes.
///
/// # Errors
/// Which.
pub fn refuse_one_file(inputs: &[Word<'_>], outputs: &[Word<'_>]) -> Result<(), Fatal> {
    let inputs = inputs.iter().filter(|(_, path)| !named::is_standard(path));
    let mut before: Vec<_> = inputs.map(|(word, path)| (*word, identity(path))).collect();
    for (word, path) in outputs {
        let own = identity(path);
        if let Some((other, _)) = before.iter().find(|(_, other)| *other == own) {
            let both = if other == word { "two reports".into() } else { format!("{other} and {word}") };
            return Err(Fatal::new(format!("{}: {both} cannot be one file", path.display())));
        }
        before.push((word, own));
    }
    Ok(())
}

/// What is the same for all names of a file, be it there or not.
#[derive(PartialEq, Eq)]
enum Identity {
    #[cfg(unix)]
    Inode(u64, u64),
    Path(PathBuf),
}

fn identity(path: &Path) -> Identity {
    #[cfg(unix)]
    if let Ok(metadata) = path.metadata() {
        use std::os::unix::fs::MetadataExt;
        return Identity::Inode(metadata.dev(), metadata.ino());
    }
    Identity::Path(path.canonicalize().unwrap_or_else(|_| in_folder(path)))
}

/// The name of what is not there yet, in a folder that is.
fn in_folder(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}
