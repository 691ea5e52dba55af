//! Which version the running kubelet has, as far as the node's packages tell, or its path, or its arguments. The kubelet itself is never asked: that
//! would mean to run it.
//!
//! Only the database of dpkg can be read simply; that of rpm is one of three binary formats. A package says which version
//! was installed, and not which one runs, so its word is taken only where the process runs a file of that package which
//! is still there and was not changed since.
//!
//! The facts that this adds to those of the process, by their keys:
//!
//! | key | value |
//! |---|---|
//! | `version` | the version, such as `1.34.4` |
//! | `version-source` | where it is from, such as `package kubelet 1.34.4-1.1`, a path or an argument |
//! | `version-doubt` | why what a package says is not taken, for people |

use std::io::{self, BufRead, BufReader, Read};

use kubevet_rules::Language;
use kubevet_rules::model::{Content, Outcome, Want};
use rustix::fs::fstat;

use super::MAX_FILE;
use super::Source;
use super::files::{Files, read_at_most};
use super::process::ProgramFile;

/// The packages that hold a kubelet: that of the Kubernetes project, and that of Debian.
const PACKAGES: [&str; 2] = ["kubelet", "kubernetes-node"];

const DATABASE: &str = "/var/lib/dpkg/status";

/// In an image without a package manager, each package has a file here instead, with its list in `….md5sums` beside it.
const DIRECTORY: &str = "/var/lib/dpkg/status.d";

const LISTS: &str = "/var/lib/dpkg/info";

/// How much of the database is read. It has about 1 KB a package, and a large system some thousand packages.
const MAX_DATABASE: u64 = 32 << 20;

/// The longest line that is read as one; lists of dependencies have some kilobytes. Of a longer one, the beginning.
const MAX_LINE: u64 = 64 << 10;

/// Directories where each version of a kubelet has one of its own: those of minikube and RKE2.
const BY_VERSION: [&str; 2] = ["/var/lib/minikube/binaries/v", "/var/lib/rancher/rke2/data/v"];

/// The version that the path of a program names (`…/binaries/v1.28.3/kubelet`, `…/data/v1.33.4-rke2r1-3f…/bin/kubelet`).
pub(super) fn of_path(program: &ProgramFile) -> Option<Installed> {
    let path = std::str::from_utf8(&program.path).ok()?;
    let name = BY_VERSION.iter().find_map(|beginning| path.strip_prefix(beginning))?;
    Some(Installed::Version { version: number(name)?, source: format!("path {path}") })
}

/// The version that the arguments name (`--version=v1.34.0-gke.1662000`): from 1.28 on, a kubelet starts with no other than its
/// own (component-base version/dynamic.go).
pub(super) fn of_arguments(arguments: &[Vec<u8>]) -> Option<Installed> {
    let named = |word: &Vec<u8>| {
        let word = std::str::from_utf8(word).ok()?;
        let version = number(word.strip_prefix("--version=v")?)?;
        let minor: u32 = version.split('.').nth(1)?.parse().ok()?;
        (minor >= 28).then(|| Installed::Version { version, source: word.to_owned() })
    };
    arguments.iter().rev().find_map(named)
}

/// The version at the beginning of a name, such as `1.33.4` of `1.33.4-rke2r1-3f…/bin`.
fn number(name: &str) -> Option<String> {
    let version = name.split(['-', '+', '/']).next()?;
    let is_number = |part: &str| part.parse::<u32>().is_ok();
    (version.split('.').count() == 3 && version.split('.').all(is_number)).then(|| version.to_owned())
}

/// What the packages say about a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Installed {
    /// The program is a package's, or something else names its version.
    Version {
        /// Without what the distribution adds: `1.34.4`.
        version: String,
        /// The package and its whole version, `package kubelet 1.34.4-1.1`, or what else names it.
        source: String,
    },
    /// There is something about a kubelet, and it is not to be believed, or not to be read: why.
    Doubtful(String),
    /// Nothing is known about any kubelet.
    Unknown,
}

impl Installed {
    /// As facts of the process.
    #[must_use]
    pub fn facts(&self) -> Vec<(String, String)> {
        let facts = match self {
            Self::Version { version, source } => vec![("version", version), ("version-source", source)],
            Self::Doubtful(reason) => vec![("version-doubt", reason)],
            Self::Unknown => vec![],
        };
        facts.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect()
    }
}

/// What the packages below the root of these files say about the program of a process, and in this language why that is not taken.
pub(super) fn installed(files: &Files, program: &ProgramFile, language: Language) -> Installed {
    let (packages, unread) = match packages(files, language) {
        Ok(packages) => (packages, None),
        Err(reason) => (vec![], Some(reason)),
    };
    let mut doubt = unread;
    for package in packages {
        match package.is_of(files, program, language) {
            Ok(()) => return Installed::Version { version: package.upstream(), source: package.to_string() },
            Err(reason) => {
                let text = language.choose(
                    format!("{package} is installed, but {reason}"),
                    format!("{package} がインストールされていますが、{reason}"),
                );
                doubt = doubt.or(Some(text));
            }
        }
    }
    doubt.map_or(Installed::Unknown, Installed::Doubtful)
}

/// An entry of the database.
#[derive(Debug, Default, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
    architecture: String,
    /// `install ok installed`; empty in an image without a package manager.
    status: String,
    /// Whether it has a file of its own.
    alone: bool,
}

impl std::fmt::Display for Package {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "package {} {}", self.name, self.version)
    }
}

impl Package {
    /// The version without Debian's parts: `1:1.34.4-1.1` is `1.34.4`.
    fn upstream(&self) -> String {
        let version = self.version.split_once(':').map_or(&*self.version, |(_epoch, version)| version);
        version.rsplit_once('-').map_or(version, |(upstream, _revision)| upstream).to_owned()
    }

    /// Whether the program is a file of this package, as it was installed; else why not.
    fn is_of(&self, files: &Files, program: &ProgramFile, language: Language) -> Result<(), String> {
        let doubt = |en: &str, ja: &str| Err(language.choose(en, ja).to_owned());
        if !self.status.is_empty() && !self.status.ends_with(" installed") {
            return doubt("not wholly", "完全ではありません");
        }
        if program.deleted {
            return doubt(
                "the running program was removed or replaced since it started",
                "実行中のプログラムは起動後に削除または置き換えられています",
            );
        }
        let Some((list, changed)) = self.list(files) else {
            return doubt("what files it has is not known", "パッケージのファイル一覧が分かりません");
        };
        let Some(path) = program.path.strip_prefix(b"/") else {
            return doubt("the path of the running program is not known", "実行中のプログラムのパスが分かりません");
        };
        // A line is a path, in a list of check sums behind the sum and two spaces.
        let is_path = |line: &[u8]| line.strip_suffix(path).is_some_and(|rest| rest == b"/" || rest.ends_with(b"  "));
        if !list.split(|&byte| byte == b'\n').any(is_path) {
            let path = super::process::lossy(&program.path);
            return Err(language.choose(
                format!("the running program {path} is none of its files"),
                format!("実行中のプログラム {path} はそのファイルではありません"),
            ));
        }
        // The files of a package keep the times that they had when it was built.
        if program.modified > changed {
            return doubt(
                "the running program was changed after it was installed",
                "実行中のプログラムはインストール後に変更されています",
            );
        }
        Ok(())
    }

    /// The list of its files, and when that was written.
    fn list(&self, files: &Files) -> Option<(Vec<u8>, i64)> {
        let Self { name, architecture, .. } = self;
        let paths = if self.alone {
            vec![format!("{DIRECTORY}/{name}.md5sums")]
        } else {
            vec![format!("{LISTS}/{name}.list"), format!("{LISTS}/{name}:{architecture}.list")]
        };
        paths.into_iter().find_map(|path| {
            let file = files.open(path.as_bytes()).ok()?;
            let written = fstat(&file).ok()?.st_mtime;
            Some((read_at_most(&file, MAX_FILE).ok()??, written))
        })
    }
}

/// The packages that hold a kubelet; else why the database could not be read.
fn packages(files: &Files, language: Language) -> Result<Vec<Package>, String> {
    let unreadable = |why: String| {
        language.choose(format!("{DATABASE} cannot be read: {why}"), format!("{DATABASE} を読み込めません: {why}"))
    };
    let mut found = match files.open(DATABASE.as_bytes()) {
        Ok(file) => entries(file.take(MAX_DATABASE)).map_err(|error| unreadable(error.to_string()))?,
        Err(Outcome::Absent) => vec![],
        Err(Outcome::Denied) => {
            return Err(unreadable(language.choose("permission denied", "権限がありません").into()));
        }
        Err(Outcome::Refused(why) | Outcome::Failed(why)) => return Err(unreadable(why)),
        Err(_) => {
            return Err(unreadable(language.choose("it is no regular file", "通常のファイルではありません").into()));
        }
    };
    for name in PACKAGES {
        let file = files.answer(&Want::File(format!("{DIRECTORY}/{name}").into_bytes()));
        if let Outcome::Found(Content::File(bytes)) = file {
            let entries = entries(&*bytes).map_err(|error| unreadable(error.to_string()))?;
            found.extend(entries.into_iter().map(|package| Package { alone: true, ..package }));
        }
    }
    Ok(found)
}

/// The entries that hold a kubelet.
fn entries(database: impl Read) -> io::Result<Vec<Package>> {
    let mut reader = BufReader::new(database);
    let mut found = vec![];
    let mut package = Package::default();
    let mut line = vec![];
    let mut line_goes_on = false;
    loop {
        line.clear();
        let ended = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0;
        let is_end = ended || (!line_goes_on && line == b"\n");
        if is_end {
            let package = std::mem::take(&mut package);
            found.extend(PACKAGES.contains(&&*package.name).then_some(package));
        } else if !line_goes_on {
            package.read(&line);
        }
        if ended {
            return Ok(found);
        }
        line_goes_on = !line.ends_with(b"\n");
    }
}

impl Package {
    /// `Version: 1.34.4-1.1`
    fn read(&mut self, line: &[u8]) {
        let Some((key, value)) = str::from_utf8(line).ok().and_then(|line| line.split_once(':')) else { return };
        let field = match key {
            "Package" => &mut self.name,
            "Version" => &mut self.version,
            "Architecture" => &mut self.architecture,
            "Status" => &mut self.status,
            _ => return,
        };
        value.trim().clone_into(field);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use tempfile::TempDir;

    use super::*;
    use crate::collect::files::Root;
    use crate::collect::testing::directory;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    const KUBELET: &str = "Package: kubelet\nStatus: install ok installed\nPriority: optional\nArchitecture: amd64\n\
        Version: 1.34.4-1.1\nDescription: Node agent\n Version: 9.9.9\n .\n Package: kubelet\n";
    const OTHERS: &str = "Package: kubelet-plugin\nStatus: install ok installed\nVersion: 0.1\n";
    const LIST: &str = "/.\n/usr\n/usr/bin\n/usr/bin/kubelet\n/usr/share/doc/kubelet\n";

    /// A node on which packages were installed.
    struct Disk(TempDir);

    impl Disk {
        fn new(files: &[(&str, &str)]) -> Self {
            let disk = Self(directory());
            files.iter().for_each(|(path, text)| disk.write(path, text));
            disk
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join(path.trim_start_matches('/'));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn files(&self) -> Files {
            Files::new(Root::open(self.0.path()).unwrap(), vec![])
        }

        /// What is known about a process that runs this program, which was built a day ago.
        fn of(&self, path: &str) -> Installed {
            installed(&self.files(), &program(path), Language::English)
        }

        fn doubt(&self, path: &str) -> String {
            match self.of(path) {
                Installed::Doubtful(reason) => reason,
                other => panic!("{other:?}"),
            }
        }
    }

    fn program(path: &str) -> ProgramFile {
        let built = (SystemTime::now() - DAY).duration_since(SystemTime::UNIX_EPOCH).unwrap();
        ProgramFile { path: path.into(), deleted: false, modified: built.as_secs().try_into().unwrap() }
    }

    fn debian() -> Disk {
        let database = format!("{OTHERS}\n{KUBELET}\n{OTHERS}");
        Disk::new(&[(DATABASE, &database), ("/var/lib/dpkg/info/kubelet.list", LIST)])
    }

    fn version(source: &str, version: &str) -> Installed {
        Installed::Version { version: version.into(), source: source.into() }
    }

    #[test]
    fn the_version_of_the_package_whose_program_runs() {
        assert_eq!(debian().of("/usr/bin/kubelet"), version("package kubelet 1.34.4-1.1", "1.34.4"));
        let debians =
            KUBELET.replace("kubelet\nStatus", "kubernetes-node\nStatus").replace("1.34.4-1.1", "2:1.34.4~rc.1-4+b1");
        let disk = Disk::new(&[(DATABASE, &debians), ("/var/lib/dpkg/info/kubernetes-node:amd64.list", LIST)]);
        assert_eq!(disk.of("/usr/bin/kubelet"), version("package kubernetes-node 2:1.34.4~rc.1-4+b1", "1.34.4~rc.1"));
    }

    #[test]
    fn an_image_without_a_package_manager() {
        let stanza = "Package: kubelet\nVersion: 1.35.0-1.1\n";
        let sums = "d41d8cd98f00b204e9800998ecf8427e  usr/bin/kubelet\n";
        let disk =
            Disk::new(&[("/var/lib/dpkg/status.d/kubelet", stanza), ("/var/lib/dpkg/status.d/kubelet.md5sums", sums)]);
        assert_eq!(disk.of("/usr/bin/kubelet"), version("package kubelet 1.35.0-1.1", "1.35.0"));
        assert!(disk.doubt("/bin/kubelet").contains("none of its files"));
    }

    #[test]
    fn a_program_that_is_not_the_packages_is_not_believed() {
        let disk = debian();
        for path in ["/usr/local/bin/kubelet", "/opt/usr/bin/kubelet", "/usr/bin/kubelet2", "/"] {
            assert!(disk.doubt(path).contains("none of its files"), "{path}");
        }
        assert!(disk.doubt("").contains("not known"));
        let replaced = ProgramFile { deleted: true, ..program("/usr/bin/kubelet") };
        let Installed::Doubtful(reason) = installed(&disk.files(), &replaced, Language::English) else { panic!() };
        assert!(reason.starts_with("package kubelet 1.34.4-1.1 is installed, but") && reason.contains("replaced"));
        let Installed::Doubtful(reason) = installed(&disk.files(), &replaced, Language::Japanese) else { panic!() };
        assert!(reason.contains("置き換えられています"), "{reason}");
        let overwritten = ProgramFile { modified: i64::MAX, ..program("/usr/bin/kubelet") };
        let Installed::Doubtful(reason) = installed(&disk.files(), &overwritten, Language::English) else { panic!() };
        assert!(reason.contains("was changed after"));
    }

    #[test]
    fn a_package_that_was_removed_or_has_no_list_is_not_believed() {
        let disk = debian();
        disk.write(DATABASE, &KUBELET.replace("install ok installed", "deinstall ok config-files"));
        assert!(disk.doubt("/usr/bin/kubelet").contains("not wholly"));
        disk.write(DATABASE, KUBELET);
        fs::remove_file(disk.0.path().join("var/lib/dpkg/info/kubelet.list")).unwrap();
        assert!(disk.doubt("/usr/bin/kubelet").contains("what files it has is not known"));
    }

    #[test]
    fn without_a_package_nothing_is_known_or_doubted() {
        assert_eq!(Disk::new(&[]).of("/usr/bin/kubelet"), Installed::Unknown);
        assert_eq!(Disk::new(&[(DATABASE, OTHERS)]).of("/usr/bin/kubelet"), Installed::Unknown);
        assert_eq!(Disk::new(&[(DATABASE, "\0\u{fffd}:\n\n\n: :\n")]).of("/usr/bin/kubelet"), Installed::Unknown);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let disk = Disk::new(&[]);
        fs::create_dir_all(disk.0.path().join("var/lib/dpkg/status")).unwrap();
        assert!(disk.doubt("/usr/bin/kubelet").contains("cannot be read"));
        let outside = Disk::new(&[(DATABASE, KUBELET)]);
        fs::remove_dir(disk.0.path().join("var/lib/dpkg/status")).unwrap();
        std::os::unix::fs::symlink(outside.0.path().join(&DATABASE[1..]), disk.0.path().join("var/lib/dpkg/status"))
            .unwrap();
        assert_eq!(disk.of("/usr/bin/kubelet"), Installed::Unknown, "a link that leads out of the root");
    }

    #[test]
    fn a_huge_database_and_endless_lines_cost_little() {
        let long = format!("Depends: {}Package: kubelet\nPackage: a\n", "x".repeat(MAX_LINE as usize - 9));
        let endless = Read::chain(long.as_bytes(), io::repeat(b'y')).take(MAX_DATABASE);
        assert_eq!(entries(endless).unwrap(), []);
        let others = OTHERS.repeat(1 << 16).replace("Version", "Version: 1\n\nVersion");
        assert_eq!(entries(others.as_bytes()).unwrap(), []);
        assert_eq!(entries(format!("{others}\n{KUBELET}").as_bytes()).unwrap().len(), 1);
    }

    #[test]
    fn this_machine_has_a_database_that_can_be_read() {
        if Path::new(DATABASE).exists() {
            let files = Files::new(Root::open(Path::new("/")).unwrap(), vec![]);
            assert!(packages(&files, Language::English).is_ok());
        }
    }

    #[test]
    fn a_path_or_an_argument_may_name_the_version() {
        let told = |installed: Option<Installed>| match installed {
            Some(Installed::Version { version, source }) => format!("{version} by {source}"),
            _ => String::new(),
        };
        for (path, expected) in [
            ("/var/lib/minikube/binaries/v1.28.3/kubelet", "1.28.3"),
            ("/var/lib/rancher/rke2/data/v1.33.4-rke2r1-3fa1c0de/bin/kubelet", "1.33.4"),
            ("/var/lib/minikube/binaries/vX/kubelet", ""),
            ("/home/me/v1.28.3/kubelet", ""),
        ] {
            let expected = if expected.is_empty() { String::new() } else { format!("{expected} by path {path}") };
            assert_eq!(told(of_path(&program(path))), expected);
        }
        for (words, expected) in [
            ("--v=2 --version=v1.30.5-gke.1", "1.30.5 by --version=v1.30.5-gke.1"),
            ("--version=v1.26.5-gke.1", ""),
            ("--version=true", ""),
        ] {
            let words: Vec<_> = words.split(' ').map(|word| word.as_bytes().to_vec()).collect();
            assert_eq!(told(of_arguments(&words)), expected);
        }
    }
}
