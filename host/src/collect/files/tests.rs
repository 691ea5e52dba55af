use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::mknodat;

use super::*;
use crate::collect::testing::{as_nobody, directory, directory_in_memory, is_root};

const OUTSIDE: &[u8] = b"outside";

/// The same directory as a root with both ways to follow a path.
fn roots(path: &Path) -> [Root; 2] {
    [Resolver::Kernel, Resolver::Walk].map(|resolver| Root { resolver, ..Root::open(path).unwrap() })
}

fn content(bytes: &[u8]) -> Outcome {
    Outcome::Found(Content::File(bytes.to_vec()))
}

fn kind(outcome: &Outcome) -> Option<FileKind> {
    match outcome {
        Outcome::Found(Content::Metadata(metadata)) => Some(metadata.kind),
        _ => None,
    }
}

#[test]
fn openat2_is_chosen_where_it_works() {
    let works = resolve::Resolver::Kernel.resolve(
        Root::open(Path::new("/")).unwrap().directory.as_fd(),
        b".",
        LastLink::Follow,
    );
    let chosen = Root::open(Path::new("/")).unwrap().resolver;
    assert_eq!(works.is_ok(), matches!(chosen, Resolver::Kernel));
}

/// A node's root with a file next to it that must never be read.
#[test]
fn paths_stay_inside_the_root() {
    let directory = directory();
    let node = directory.path().join("node");
    fs::create_dir_all(node.join("etc/k8s/deep")).unwrap();
    fs::create_dir_all(node.join("var")).unwrap();
    fs::write(directory.path().join("secret"), OUTSIDE).unwrap();
    fs::write(node.join("etc/k8s/config.yaml"), "inside").unwrap();
    fs::write(node.join(OsStr::from_bytes(b"etc/\xff\x1b\n")), "odd name").unwrap();
    fs::write(node.join("secret"), "the root's own").unwrap();
    let link = |target: &[u8], name: &str| symlink(OsStr::from_bytes(target), node.join(name)).unwrap();
    link(b"/etc/k8s/config.yaml", "etc/absolute");
    link(b"k8s/config.yaml", "etc/relative");
    link(b"../../../../etc/k8s/config.yaml", "etc/up");
    link(b"/etc/k8s", "var/directory");
    link(b"/etc/k8s/", "var/slash");
    link(b"../secret", "escape");
    link(directory.path().join("secret").as_os_str().as_bytes(), "escape-absolute");
    link(b"/etc/shadow", "shadow");
    link(b"loop-b", "loop-a");
    link(b"loop-a", "loop-b");
    link(b"/missing/x", "dangling");
    link(b"self/x", "self");
    let long = [b"/".repeat(4_090), b"etc/k8s/config.yaml".to_vec()].concat();
    let below = b"etc/../".repeat(200);

    let cases: &[(&[u8], Outcome)] = &[
        (b"/etc/k8s/config.yaml", content(b"inside")),
        (b"etc/k8s/config.yaml", content(b"inside")),
        (b"//etc/./k8s//config.yaml", content(b"inside")),
        (b"/etc/k8s/deep/../config.yaml", content(b"inside")),
        (b"/../../etc/k8s/config.yaml", content(b"inside")),
        (b"/etc/absolute", content(b"inside")),
        (b"/etc/relative", content(b"inside")),
        (b"/etc/up", content(b"inside")),
        (b"/var/directory/config.yaml", content(b"inside")),
        (b"/var/slash/config.yaml", content(b"inside")),
        (b"/var/directory/../absolute", content(b"inside")),
        (b"/etc/\xff\x1b\n", content(b"odd name")),
        (&[&below[..], b"etc/relative"].concat(), content(b"inside")),
        // What would be outside is inside, or not there.
        (b"/escape", content(b"the root's own")),
        (b"/../secret", content(b"the root's own")),
        (b"/escape-absolute", Outcome::Absent),
        (b"/shadow", Outcome::Absent),
        (b"/dangling", Outcome::Absent),
        (b"/missing", Outcome::Absent),
        (b"", Outcome::Absent),
        (b"/etc/k8s/config.yaml/", Outcome::Absent),
        (b"/etc/k8s/config.yaml/x", Outcome::Absent),
        (b"/etc/k8s/config.yaml/..", Outcome::Absent),
        (b"/etc/k8s/config.yaml/.", Outcome::Absent),
        (b"/loop-a", unread(Errno::LOOP)),
        (b"/self", unread(Errno::LOOP)),
        (&long, unread(Errno::NAMETOOLONG)),
        (&[b'n'; 300], unread(Errno::NAMETOOLONG)),
    ];
    for root in roots(&node) {
        for (path, expected) in cases {
            assert_eq!(root.read_file(path), *expected, "{:?} {}", root.resolver, String::from_utf8_lossy(path));
        }
        let Outcome::Failed(reason) = root.read_file(b"/etc/k8s\0/config.yaml") else { panic!("a NUL byte") };
        assert!(reason.contains("NUL"), "{reason}");
    }
}

#[test]
fn forty_links_are_followed_and_no_more() {
    let directory = directory();
    fs::write(directory.path().join("0"), "end").unwrap();
    for number in 1..=41 {
        symlink(format!("{}", number - 1), directory.path().join(number.to_string())).unwrap();
    }
    for root in roots(directory.path()) {
        assert_eq!(root.read_file(b"40"), content(b"end"), "{:?}", root.resolver);
        assert_eq!(root.read_file(b"41"), unread(Errno::LOOP), "{:?}", root.resolver);
    }
}

#[test]
fn many_levels_of_directories() {
    let directory = directory();
    let deep = "d/".repeat(resolve::MAX_DEPTH);
    fs::create_dir_all(directory.path().join(&deep)).unwrap();
    fs::write(directory.path().join(&deep).join("file"), "deep").unwrap();
    for root in roots(directory.path()) {
        assert_eq!(root.read_file(format!("{deep}file").as_bytes()), content(b"deep"), "{:?}", root.resolver);
    }
    let deeper = format!("{deep}d/file");
    fs::create_dir_all(directory.path().join(&deep).join("d")).unwrap();
    fs::write(directory.path().join(&deeper), "deeper").unwrap();
    let [kernel, walk] = roots(directory.path());
    assert_eq!(kernel.read_file(deeper.as_bytes()), content(b"deeper"));
    assert_eq!(walk.read_file(deeper.as_bytes()), unread(Errno::NAMETOOLONG));
}

#[test]
fn a_directory_is_listed_in_byte_order_with_the_kinds_of_its_entries() {
    let directory = directory();
    let node = directory.path().join("d");
    fs::create_dir_all(node.join("10.conf")).unwrap();
    for name in [&b"9.conf"[..], b"a.conf", b"Z.conf", b".hidden.conf", b"\xff.conf"] {
        fs::write(node.join(OsStr::from_bytes(name)), "").unwrap();
    }
    symlink("/nowhere", node.join("link.conf")).unwrap();
    UnixListener::bind(node.join("socket")).unwrap();
    symlink("d", directory.path().join("to-d")).unwrap();

    for root in roots(directory.path()) {
        let Outcome::Found(Content::Directory(entries)) = root.list_directory(b"/d") else { panic!("{root:?}") };
        let expected: Vec<(&[u8], FileKind)> = vec![
            (b".hidden.conf", FileKind::Regular),
            (b"10.conf", FileKind::Directory),
            (b"9.conf", FileKind::Regular),
            (b"Z.conf", FileKind::Regular),
            (b"a.conf", FileKind::Regular),
            (b"link.conf", FileKind::Symlink),
            (b"socket", FileKind::Other),
            (b"\xff.conf", FileKind::Regular),
        ];
        let entries: Vec<_> = entries.iter().map(|entry| (&*entry.name, entry.kind)).collect();
        assert_eq!(entries, expected);
        // The kubelet does not descend into a link either, unless a slash follows it.
        assert_eq!(kind(&root.list_directory(b"/to-d")), Some(FileKind::Symlink));
        assert!(
            matches!(root.list_directory(b"/to-d/"), Outcome::Found(Content::Directory(entries)) if entries.len() == 8)
        );
        assert_eq!(kind(&root.list_directory(b"/d/a.conf")), Some(FileKind::Regular));
        assert_eq!(kind(&root.list_directory(b"/d/socket")), Some(FileKind::Other));
        assert_eq!(root.list_directory(b"/missing"), Outcome::Absent);
        assert_eq!(kind(&root.read_file(b"/d")), Some(FileKind::Directory));
        assert_eq!(kind(&root.read_file(b"/to-d")), Some(FileKind::Directory));
    }
}

#[test]
fn a_huge_directory_is_too_large_and_costs_little() {
    let directory = directory_in_memory();
    for number in 0..100_000 {
        fs::File::create(directory.path().join(number.to_string())).unwrap();
    }
    for root in roots(directory.path()) {
        let start = Instant::now();
        assert_eq!(root.list_directory(b"/"), Outcome::TooLarge(MAX_ENTRIES as u64));
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}

#[test]
fn as_many_entries_as_allowed_are_listed() {
    let directory = directory_in_memory();
    for number in 0..MAX_ENTRIES {
        fs::File::create(directory.path().join(number.to_string())).unwrap();
    }
    let root = Root::open(directory.path()).unwrap();
    assert!(
        matches!(root.list_directory(b"."), Outcome::Found(Content::Directory(entries)) if entries.len() == MAX_ENTRIES)
    );
}

#[test]
fn nothing_but_files_is_opened_and_nothing_blocks() {
    let directory = directory();
    mknodat(CWD, directory.path().join("pipe"), FileType::Fifo, Mode::RWXU, 0).unwrap();
    let _listener = UnixListener::bind(directory.path().join("socket")).unwrap();
    for root in roots(directory.path()) {
        for (path, reason) in
            [(&b"pipe"[..], "a pipe, not a regular file"), (b"socket", "a socket, not a regular file")]
        {
            assert_eq!(root.read_file(path), Outcome::Refused(reason.into()));
            assert_eq!(kind(&root.metadata(path)), Some(FileKind::Other));
        }
    }
    for root in roots(Path::new("/")) {
        for device in [&b"/dev/zero"[..], b"/dev/tty", b"/dev/null"] {
            assert_eq!(root.read_file(device), Outcome::Refused("a device, not a regular file".into()));
        }
    }
}

/// A writer that waits at the pipe for a reader must go on waiting.
#[test]
fn a_writer_at_a_pipe_does_not_notice() {
    let directory = directory();
    let path = directory.path().join("pipe");
    mknodat(CWD, &path, FileType::Fifo, Mode::RWXU, 0).unwrap();
    let opened = thread::spawn({
        let path = path.clone();
        move || fs::OpenOptions::new().write(true).open(path)
    });
    thread::sleep(Duration::from_millis(50));
    for root in roots(directory.path()) {
        assert!(matches!(root.read_file(b"pipe"), Outcome::Refused(_)));
        assert!(matches!(root.list_directory(b"pipe"), Outcome::Found(_)));
    }
    thread::sleep(Duration::from_millis(50));
    assert!(!opened.is_finished());
    drop(fs::File::open(path).unwrap());
    opened.join().unwrap().unwrap();
}

#[test]
fn links_of_proc_lead_nowhere_and_files_of_the_kernel_are_not_read() {
    let directory = directory();
    fs::write(directory.path().join("file"), OUTSIDE).unwrap();
    let open = fs::File::open(directory.path().join("file")).unwrap();
    let by_descriptor = format!("/proc/self/fd/{}", open.as_raw_fd());
    let by_root = format!("/proc/{}/root/etc/passwd", std::process::id());
    for root in roots(Path::new("/")) {
        for path in [&*by_descriptor, &by_root, "/proc/thread-self/cwd/Cargo.toml", "/dev/stdin"] {
            let outcome = root.read_file(path.as_bytes());
            assert!(matches!(outcome, Outcome::Failed(_)), "{:?} {path}: {outcome:?}", root.resolver);
        }
        for path in ["/proc/version", "/proc/kmsg", "/sys/kernel/uevent_seqnum"] {
            let outcome = root.read_file(path.as_bytes());
            assert!(
                matches!(outcome, Outcome::Refused(_) | Outcome::Absent),
                "{:?} {path}: {outcome:?}",
                root.resolver
            );
        }
    }
}

#[test]
fn large_files_are_too_large_without_being_read() {
    let directory = directory();
    let make = |name: &str, size: u64| fs::File::create(directory.path().join(name)).unwrap().set_len(size).unwrap();
    make("sparse", 1 << 40);
    make("limit", MAX_FILE);
    make("over", MAX_FILE + 1);
    make("empty", 0);
    for root in roots(directory.path()) {
        let start = Instant::now();
        assert_eq!(root.read_file(b"sparse"), Outcome::TooLarge(MAX_FILE));
        assert!(start.elapsed() < Duration::from_secs(1));
        assert_eq!(root.read_file(b"over"), Outcome::TooLarge(MAX_FILE));
        assert!(
            matches!(root.read_file(b"limit"), Outcome::Found(Content::File(bytes)) if bytes.len() as u64 == MAX_FILE)
        );
        assert_eq!(root.read_file(b"empty"), content(b""));
    }
}

/// Half a file is worse than none.
#[test]
fn a_growing_file_is_never_read_in_part() {
    let directory = directory();
    let path = directory.path().join("log");
    fs::write(&path, "").unwrap();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            while !stop.load(Ordering::Relaxed) && file.metadata().unwrap().len() <= 2 * MAX_FILE {
                file.write_all(&[b'x'; 4096]).unwrap();
            }
            stop.store(true, Ordering::Relaxed);
        });
        let root = Root::open(directory.path()).unwrap();
        while !stop.load(Ordering::Relaxed) {
            match root.read_file(b"log") {
                Outcome::Found(Content::File(bytes)) => assert_eq!(bytes.len() % 4096, 0),
                Outcome::TooLarge(limit) => assert_eq!(limit, MAX_FILE),
                Outcome::Failed(reason) => assert!(reason.contains("changing"), "{reason}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(root.read_file(b"log"), Outcome::TooLarge(MAX_FILE));
    });
}

/// A thread puts one whole file in the place of the other.
#[test]
fn a_replaced_file_is_the_one_or_the_other_and_never_both() {
    let directory = directory();
    let path = |name: &str| directory.path().join(name);
    let stop = AtomicBool::new(false);
    let write = |byte: u8| {
        fs::write(path("new"), vec![byte; 256 << 10]).unwrap();
        fs::rename(path("new"), path("config")).unwrap();
    };
    write(b'a');
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                write(b'a');
                write(b'b');
            }
        });
        let mut seen = [0, 0];
        let until = Instant::now() + Duration::from_millis(500);
        let root = Root::open(directory.path()).unwrap();
        while Instant::now() < until {
            let Outcome::Found(Content::File(bytes)) = root.read_file(b"config") else { panic!("it is always there") };
            assert!(bytes.len() == 256 << 10 && bytes.iter().all(|byte| *byte == bytes[0]));
            seen[usize::from(bytes[0] - b'a')] += 1;
        }
        stop.store(true, Ordering::Relaxed);
        assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    });
}

/// A thread swaps a file for links that lead outside, and a directory on the way, too.
#[test]
fn a_race_between_file_and_link_never_shows_the_outside() {
    let directory = directory();
    let node = directory.path().join("node");
    fs::create_dir_all(node.join("etc")).unwrap();
    fs::create_dir_all(node.join("real")).unwrap();
    fs::create_dir_all(directory.path().join("elsewhere")).unwrap();
    fs::write(directory.path().join("elsewhere/config"), OUTSIDE).unwrap();
    fs::write(node.join("real/config"), "inside").unwrap();
    let absolute = directory.path().join("elsewhere");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let replace = |make: &dyn Fn(&Path), name: &str| {
                let new = node.join("etc/new");
                make(&new);
                fs::rename(new, node.join("etc").join(name)).unwrap();
            };
            while !stop.load(Ordering::Relaxed) {
                replace(&|new| fs::write(new, "inside").unwrap(), "config");
                replace(&|new| symlink(absolute.join("config"), new).unwrap(), "config");
                replace(&|new| symlink("../../elsewhere/config", new).unwrap(), "config");
                replace(&|new| symlink("/real", new).unwrap(), "directory");
                replace(&|new| symlink("../../elsewhere", new).unwrap(), "directory");
                replace(&|new| symlink(&absolute, new).unwrap(), "directory");
            }
        });
        let mut inside = 0;
        let until = Instant::now() + Duration::from_millis(700);
        let roots = roots(&node);
        while Instant::now() < until {
            for root in &roots {
                for path in [&b"/etc/config"[..], b"/etc/directory/config"] {
                    match root.read_file(path) {
                        Outcome::Found(Content::File(bytes)) => {
                            assert_eq!(bytes, b"inside", "{:?}", root.resolver);
                            inside += 1;
                        }
                        Outcome::Absent | Outcome::Failed(_) => {}
                        other => panic!("{other:?}"),
                    }
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
        assert!(inside > 0);
    });
}

/// A directory that is moved out of the root while paths go down into it and up again.
#[test]
fn a_race_with_a_moved_directory_never_shows_the_outside() {
    let directory = directory();
    let node = directory.path().join("node");
    fs::create_dir_all(node.join("a/b")).unwrap();
    fs::write(directory.path().join("secret"), OUTSIDE).unwrap();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                fs::rename(node.join("a/b"), directory.path().join("b")).unwrap();
                fs::rename(directory.path().join("b"), node.join("a/b")).unwrap();
            }
        });
        let until = Instant::now() + Duration::from_millis(500);
        let roots = roots(&node);
        while Instant::now() < until {
            for root in &roots {
                for path in [&b"/a/b/../secret"[..], b"/a/b/../../secret"] {
                    let outcome = root.read_file(path);
                    assert!(matches!(outcome, Outcome::Absent | Outcome::Failed(_)), "{:?} {outcome:?}", root.resolver);
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn metadata_of_what_a_link_leads_to() {
    let directory = directory();
    fs::write(directory.path().join("file"), "").unwrap();
    fs::set_permissions(directory.path().join("file"), fs::Permissions::from_mode(0o4640)).unwrap();
    symlink("file", directory.path().join("link")).unwrap();
    for root in roots(directory.path()) {
        let Outcome::Found(Content::Metadata(metadata)) = root.metadata(b"/link") else { panic!("{root:?}") };
        assert_eq!((metadata.mode, metadata.kind), (0o4640, FileKind::Regular));
        assert_eq!(kind(&root.metadata(b"/")), Some(FileKind::Directory));
        assert_eq!(root.metadata(b"/missing"), Outcome::Absent);
    }
}

#[test]
fn what_may_not_be_read_is_denied_and_not_absent() {
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    as_nobody(
        "collect::files::tests::what_may_not_be_read_is_denied_and_not_absent",
        |directory| {
            fs::write(directory.join("private"), "secret").unwrap();
            mode(&directory.join("private"), if is_root() { 0o600 } else { 0o000 });
            fs::create_dir(directory.join("closed")).unwrap();
            fs::write(directory.join("closed/file"), "secret").unwrap();
            mode(&directory.join("closed"), if is_root() { 0o700 } else { 0o000 });
            fs::write(directory.join("public"), "public").unwrap();
        },
        |directory| {
            for root in roots(directory) {
                assert_eq!(root.read_file(b"/private"), Outcome::Denied, "{:?}", root.resolver);
                assert_eq!(root.read_file(b"/closed/file"), Outcome::Denied, "{:?}", root.resolver);
                assert_eq!(root.read_file(b"/closed/missing"), Outcome::Denied, "{:?}", root.resolver);
                assert_eq!(root.list_directory(b"/closed"), Outcome::Denied, "{:?}", root.resolver);
                assert_eq!(root.metadata(b"/closed/file"), Outcome::Denied, "{:?}", root.resolver);
                assert!(matches!(root.metadata(b"/private"), Outcome::Found(_)), "{:?}", root.resolver);
                assert_eq!(root.read_file(b"/public"), content(b"public"), "{:?}", root.resolver);
            }
        },
    );
}

#[test]
fn errors_stay_apart() {
    assert_eq!([Errno::NOENT, Errno::NOTDIR].map(unread), [Outcome::Absent, Outcome::Absent]);
    assert_eq!([Errno::ACCESS, Errno::PERM].map(unread), [Outcome::Denied, Outcome::Denied]);
    for error in [Errno::IO, Errno::LOOP, Errno::NAMETOOLONG, Errno::STALE, Errno::MFILE, Errno::NOMEM] {
        assert!(matches!(unread(error), Outcome::Failed(_)), "{error}");
    }
}

#[test]
fn relative_paths_start_at_the_working_directory() {
    let directory = directory();
    fs::create_dir(directory.path().join("work")).unwrap();
    fs::write(directory.path().join("work/config"), "relative").unwrap();
    let root = || Root::open(directory.path()).unwrap();
    let files = Files::new(root(), b"/work".to_vec());
    for path in [&b"config"[..], b"./config", b"../work/config", b"/work/config"] {
        assert_eq!(files.answer(&Want::File(path.to_vec())), content(b"relative"));
    }
    assert!(matches!(files.answer(&Want::Directory(b".".to_vec())), Outcome::Found(Content::Directory(_))));
    assert!(matches!(files.answer(&Want::Metadata(b"config".to_vec())), Outcome::Found(Content::Metadata(_))));
    assert_eq!(files.answer(&Want::File(vec![])), Outcome::Absent);
    assert_eq!(files.answer(&Want::LiveConfiguration), Outcome::Unavailable);

    let lost = Files::new(root(), vec![]);
    let Outcome::Failed(reason) = lost.answer(&Want::File(b"config".to_vec())) else { panic!("no working directory") };
    assert!(reason.contains("working directory"), "{reason}");
    assert_eq!(lost.answer(&Want::File(b"/work/config".to_vec())), content(b"relative"));
}

#[test]
fn a_root_must_be_a_directory() {
    let directory = directory();
    fs::write(directory.path().join("file"), "").unwrap();
    assert!(Root::open(&directory.path().join("file")).is_err());
    assert!(Root::open(&directory.path().join("missing")).is_err());
}
