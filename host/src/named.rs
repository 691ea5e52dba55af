//! Files that the user names, and standard input.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Said of a file that is to be replaced, and has other bytes than those that were read.
pub const CHANGED: &str = "was changed meanwhile by somebody else, and is left as it is: run this again";

/// Whether a path is no file, but standard input or output.
#[must_use]
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The bytes of a file, or of standard input for `-`; none where there are more than the limit.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, String> {
    let reader: Box<dyn Read> = if is_standard(path) { Box::new(io::stdin().lock()) } else { Box::new(open(path)?) };
    let mut bytes = vec![];
    reader.take(limit + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// A device or a pipe is not even opened; one that comes in the place of a file meanwhile keeps nobody waiting.
fn open(path: &Path) -> Result<File, String> {
    be_regular(&path.metadata().map_err(|error| reason(&error))?)?;
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    keep_nobody_waiting(&mut options);
    let file = options.read(true).open(path).map_err(|error| reason(&error))?;
    be_regular(&file.metadata().map_err(|error| reason(&error))?)?;
    Ok(file)
}

#[cfg(unix)]
fn keep_nobody_waiting(options: &mut OpenOptions) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
}

fn be_regular(metadata: &Metadata) -> Result<(), String> {
    if metadata.is_dir() {
        return Err("is a directory; name a file, or use --config-dir for drop-ins".into());
    }
    if !metadata.is_file() {
        return Err("is no regular file; use `-` to read from standard input".into());
    }
    Ok(())
}

/// What went wrong, without the operating system's numbers where words are better.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".into(),
        io::ErrorKind::PermissionDenied => "may not be read: permission denied".into(),
        _ => error.to_string(),
    }
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
        assert!(read(Path::new("/dev/zero"), 1).unwrap_err().contains("no regular file"));
        assert!(read(folder.path(), 1).unwrap_err().contains("directory"));
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
                    Err(reason) => {
                        assert!(reason.contains("no regular file"), "{reason}");
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
