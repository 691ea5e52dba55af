//! Files that the user names, and standard input.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use kubevet_rules::Language;

/// Said of a file that is to be replaced, and has other bytes than those that were read.
pub const CHANGED: &str = "was changed meanwhile by somebody else, and is left as it is: run this again";

/// Whether a path is no file, but standard input or output.
#[must_use]
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Why a file cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not there.
    Absent,
    /// The user may not read it.
    Denied,
    /// It is a directory.
    Directory,
    /// It is a device, a pipe and so on.
    NotRegular,
    /// In the words of the operating system.
    Other(String),
}

impl Unreadable {
    /// For people.
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        let (en, ja) = match self {
            Unreadable::Absent => ("there is no such file or directory", "ファイルまたはディレクトリがありません"),
            Unreadable::Denied => ("may not be read: permission denied", "読み込む権限がありません"),
            Unreadable::Directory => (
                "is a directory; name a file, or use --config-dir for drop-ins",
                "ディレクトリです。ファイルを指定するか、ドロップインには --config-dir を使ってください",
            ),
            Unreadable::NotRegular => (
                "is no regular file; use `-` to read from standard input",
                "通常のファイルではありません。標準入力から読み込むには `-` を指定してください",
            ),
            Unreadable::Other(text) => return text.clone(),
        };
        language.choose(en, ja).into()
    }
}

impl From<&io::Error> for Unreadable {
    fn from(error: &io::Error) -> Unreadable {
        match error.kind() {
            io::ErrorKind::NotFound => Unreadable::Absent,
            io::ErrorKind::PermissionDenied => Unreadable::Denied,
            _ => Unreadable::Other(error.to_string()),
        }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Unreadable {
        Unreadable::from(&error)
    }
}

impl From<Unreadable> for String {
    fn from(why: Unreadable) -> String {
        why.in_words(Language::English)
    }
}

/// The bytes of a file, or of standard input for `-`; none where there are more than the limit.
///
/// # Errors
/// Why it cannot be read.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Unreadable> {
    let reader: Box<dyn Read> = if is_standard(path) { Box::new(io::stdin().lock()) } else { Box::new(open(path)?) };
    let mut bytes = vec![];
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// A device or a pipe is not even opened; one that comes in the place of a file meanwhile keeps nobody waiting.
fn open(path: &Path) -> Result<File, Unreadable> {
    be_regular(&path.metadata()?)?;
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    keep_nobody_waiting(&mut options);
    let file = options.read(true).open(path)?;
    be_regular(&file.metadata()?)?;
    Ok(file)
}

#[cfg(unix)]
fn keep_nobody_waiting(options: &mut OpenOptions) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
}

fn be_regular(metadata: &Metadata) -> Result<(), Unreadable> {
    match metadata {
        _ if metadata.is_file() => Ok(()),
        _ if metadata.is_dir() => Err(Unreadable::Directory),
        _ => Err(Unreadable::NotRegular),
    }
}

/// What went wrong, without the operating system's numbers where words are better.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    Unreadable::from(error).into()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    #[test]
    fn the_limit_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.json");
        fs::write(&path, "{}").unwrap();
        assert_eq!(read(&path, 2), Ok(Some(b"{}".to_vec())));
        assert_eq!(read(&path, 1), Ok(None));
        assert_eq!(read(Path::new("/dev/zero"), 1), Err(Unreadable::NotRegular));
        assert_eq!(read(folder.path(), 1), Err(Unreadable::Directory));
    }

    /// A reader that opened the pipe and waited would wait for ever.
    #[test]
    fn a_pipe_in_the_place_of_a_file_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("config"), "{}").unwrap();
        let stop = AtomicBool::new(false);
        let seen = thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    mknodat(CWD, path("new"), FileType::Fifo, Mode::RWXU, 0).unwrap();
                    fs::rename(path("new"), path("config")).unwrap();
                    fs::write(path("new"), "{}").unwrap();
                    fs::rename(path("new"), path("config")).unwrap();
                }
            });
            let (mut seen, until) = ([0, 0], Instant::now() + Duration::from_millis(500));
            while Instant::now() < until {
                match read(&path("config"), 10) {
                    Ok(bytes) => {
                        assert_eq!(bytes, Some(b"{}".to_vec()));
                        seen[0] += 1;
                    }
                    Err(why) => {
                        assert_eq!(why, Unreadable::NotRegular);
                        seen[1] += 1;
                    }
                }
            }
            stop.store(true, Ordering::Relaxed);
            seen
        });
        assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    }
}
