use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kubevet_rules::model::Want;
use rustix::fs::CWD;
use tempfile::TempDir;

use super::*;
use crate::collect::Source;
use crate::collect::node::Node;
use crate::collect::testing::{as_nobody, directory, is_root};

/// A real process whose program is called `kubelet`: a copy of the shell, which waits for commands that never come.
struct Kubelet {
    process: Child,
    directory: TempDir,
}

/// What the shell needs before the arguments that are tested.
const SHELL: [&str; 2] = ["-s", "--"];

impl Kubelet {
    fn start(arguments: &[&[u8]]) -> Self {
        Self::start_with(arguments, |_| {})
    }

    fn start_with(arguments: &[&[u8]], change: impl FnOnce(&mut Command)) -> Self {
        let directory = directory();
        let program = directory.path().join("kubelet");
        fs::copy("/bin/sh", &program).unwrap();
        let mut command = Command::new(program);
        command.args(SHELL).args(arguments.iter().map(|word| OsStr::from_bytes(word))).current_dir(directory.path());
        change(&mut command);
        let process = spawn(&mut command);
        wait_for_arguments(&process);
        Self { process, directory }
    }

    fn pid(&self) -> u32 {
        self.process.id()
    }

    fn found(&self) -> RunningProcess {
        let search = machine().find("kubelet").unwrap();
        let own = search.found.into_iter().find(|process| process.pid() == self.pid());
        own.expect("the process is found by its name")
    }

    fn end(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Kubelet {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Another test may just be starting a process, which for a moment holds our copy of the shell open for writing.
fn spawn(command: &mut Command) -> Child {
    command.stdin(Stdio::piped());
    loop {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            process => return process.unwrap(),
        }
    }
}

/// A process is there a moment before the kernel has laid out its arguments, and until then its command line is empty.
fn wait_for_arguments(process: &Child) {
    let line = format!("/proc/{}/cmdline", process.id());
    for _ in 0..1_000 {
        if fs::read(&line).is_ok_and(|line| !line.is_empty()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn machine() -> Processes {
    Processes::open(&Root::open(Path::new("/")).unwrap()).unwrap()
}

fn arguments(process: &RunningProcess) -> Vec<Vec<u8>> {
    match process.outcome() {
        Outcome::Found(Content::Process(process)) => process.arguments.clone(),
        other => panic!("{other:?}"),
    }
}

fn fact(process: &RunningProcess, key: &str) -> Vec<String> {
    let of_key = process.facts().iter().filter(|(name, _)| name == key);
    of_key.map(|(_, value)| value.clone()).collect()
}

fn failed(outcome: &Outcome, said: &str) -> bool {
    matches!(outcome, Outcome::Failed(reason) if reason.contains(said))
}

#[test]
fn a_running_kubelet_is_found_with_its_exact_arguments() {
    let words: &[&[u8]] = &[
        b"--config=/etc/a b.yaml",
        b"",
        b"--node-labels=x=--make-iptables-util-chains=false",
        b"--v",
        b"\xff\xfe\n\x1b",
        b"--config=2",
        b"--config=2",
        b"",
    ];
    let kubelet = Kubelet::start(words);
    let process = kubelet.found();
    assert_eq!(arguments(&process)[SHELL.len()..], *words);
    assert_eq!(process.cwd(), fs::canonicalize(kubelet.directory.path()).unwrap().as_os_str().as_bytes());
    assert_eq!(fact(&process, "pid"), [kubelet.pid().to_string()]);
    assert!(fact(&process, "exe")[0].ends_with("/kubelet"));
    assert_eq!(fact(&process, "exe-deleted"), Vec::<String>::new());
    assert_eq!(fact(&process, "parent").len(), 1);
    let expected: &[&str] = if is_root() { &[] } else { &["not as root"] };
    let suspicious = fact(&process, "suspicious");
    assert_eq!(suspicious.len(), expected.len(), "{suspicious:?}");
}

#[test]
fn a_command_line_of_nearly_two_mebibytes() {
    let word = [b"--node-labels=".to_vec(), vec![b'x'; 120 << 10]].concat();
    let words: Vec<&[u8]> = vec![&word; 15];
    let kubelet = Kubelet::start(&words);
    assert_eq!(arguments(&kubelet.found())[SHELL.len()..], words);
}

#[test]
fn two_kubelets_are_both_found() {
    let (one, other) = (Kubelet::start(&[b"--one"]), Kubelet::start(&[b"--other"]));
    assert_eq!(arguments(&one.found()).last().unwrap(), b"--one");
    assert_eq!(arguments(&other.found()).last().unwrap(), b"--other");
}

#[test]
fn a_replaced_program_is_noted() {
    let kubelet = Kubelet::start(&[]);
    fs::remove_file(kubelet.directory.path().join("kubelet")).unwrap();
    let process = kubelet.found();
    assert_eq!(fact(&process, "exe-deleted"), ["true"]);
    assert!(fact(&process, "exe")[0].ends_with("/kubelet"));
}

#[test]
fn a_process_that_only_calls_itself_kubelet_is_suspicious() {
    let mut command = Command::new("/bin/sh");
    let mut process = spawn(command.arg0("/usr/bin/kubelet").args(SHELL));
    let found = machine().find("kubelet").unwrap().found;
    let own = found.iter().find(|found| found.pid() == process.id()).unwrap();
    assert!(fact(own, "suspicious").iter().any(|reason| reason.contains("its program is /")), "{:?}", own.facts());
    process.kill().unwrap();
    process.wait().unwrap();
}

#[test]
fn a_process_can_be_named_by_its_number() {
    let this = machine().get(std::process::id(), "kubelet").unwrap();
    assert_eq!(arguments(&this).len(), std::env::args_os().count() - 1);
    assert!(fact(&this, "suspicious").iter().any(|reason| reason.contains("its program is")));
    assert_eq!(machine().get(u32::MAX, "kubelet").unwrap_err(), NoProcess::Gone);
}

#[test]
fn a_process_that_has_ended_gives_no_answers() {
    let mut kubelet = Kubelet::start(&[]);
    let process = kubelet.found();
    let node = Node::new("kubelet", kubelet.found(), None);
    kubelet.process.kill().unwrap();
    while kubelet.process.try_wait().unwrap().is_none() {}
    assert_eq!(machine().get(kubelet.pid(), "kubelet").unwrap_err(), NoProcess::Gone);
    assert!(failed(&process.has_environment("PATH"), "ended"), "{:?}", process.has_environment("PATH"));
    assert!(failed(&process.root().unwrap_err(), "ended"));
    // What was open stays the same process's, even if its number is given to another one.
    assert!(failed(&node.answer(&Want::EnvironmentHas("PATH".into())), "ended"));
    assert!(matches!(node.answer(&Want::Metadata(b"/".to_vec())), Outcome::Found(_)));
}

#[test]
fn a_process_that_was_not_collected_runs_no_program() {
    let mut kubelet = Kubelet::start(&[]);
    kubelet.process.kill().unwrap();
    let pid = kubelet.pid();
    let ended = || machine().proc.look(pid, "kubelet", Only::Any).err();
    while ended().is_none() {
        std::thread::yield_now();
    }
    assert_eq!(ended(), Some(NoProcess::NoProgram));
    kubelet.end();
}

#[test]
fn whether_a_variable_exists_and_never_its_value() {
    let kubelet = Kubelet::start_with(&[], |command| {
        command.env_clear().env("SET", "canary").env("EMPTY", "").env("LONGER_NAME", "x\nOTHER=y");
    });
    let process = kubelet.found();
    let present = |name: &str| process.has_environment(name);
    for (name, expected) in [
        ("SET", true),
        ("EMPTY", true),
        ("LONGER_NAME", true),
        ("LONGER", false),
        ("OTHER", false),
        ("", false),
        ("canary", false),
    ] {
        assert_eq!(present(name), Outcome::Found(Content::Present(expected)), "{name}");
    }
    assert!(!format!("{process:?}").contains("canary"));
}

#[test]
fn a_node_answers_for_its_process() {
    let kubelet = Kubelet::start(&[b"--config=k.yaml"]);
    fs::write(kubelet.directory.path().join("k.yaml"), "kind: KubeletConfiguration").unwrap();
    let node = Node::new("kubelet", kubelet.found(), None);
    let file = |path: &[u8]| node.answer(&Want::File(path.to_vec()));
    let content = Outcome::Found(Content::File(b"kind: KubeletConfiguration".to_vec()));
    assert_eq!(file(b"k.yaml"), content, "relative to the process's working directory");
    assert_eq!(file(kubelet.directory.path().join("k.yaml").as_os_str().as_bytes()), content);
    assert_eq!(file(b"/nowhere/k.yaml"), Outcome::Absent);
    assert!(matches!(node.answer(&Want::Processes("kubelet".into())), Outcome::Found(Content::Process(_))));
    assert_eq!(node.answer(&Want::Processes("other".into())), Outcome::Unavailable);
    assert_eq!(node.answer(&Want::LiveConfiguration), Outcome::Unavailable);
}

/// A kubelet in a container of its own: the same path holds another file there.
#[test]
fn files_are_those_that_the_process_sees() {
    if !is_root() {
        return;
    }
    let directory = directory();
    let path = |name: &str| directory.path().join(name);
    fs::copy("/bin/sh", path("kubelet")).unwrap();
    fs::write(path("config"), "ours").unwrap();
    fs::write(path("other"), "theirs").unwrap();
    let script = r#"mount --bind other config && echo ready && exec ./kubelet -s"#;
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", script]).current_dir(directory.path()).stdout(Stdio::piped());
    let mut process = spawn(&mut command);
    let mut said = String::new();
    let reader = process.stdout.as_mut().unwrap();
    io::BufRead::read_line(&mut io::BufReader::new(reader), &mut said).unwrap();
    if said.is_empty() {
        // Not allowed here, as in an unprivileged container; a process of a made-up `/proc` is tested below.
        process.wait().unwrap();
        return;
    }
    let found = loop {
        let found = machine().find("kubelet").unwrap().found;
        if let Some(found) = found.into_iter().find(|found| found.pid() == process.id()) {
            break found;
        }
    };
    assert!(fact(&found, "suspicious").iter().any(|reason| reason.contains("mount namespace")), "{:?}", found.facts());
    let node = Node::new("kubelet", found, None);
    let file = node.answer(&Want::File(b"config".to_vec()));
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(file, Outcome::Found(Content::File(b"theirs".to_vec())));
}

/// Another user's process: its command line can be read, its files, its environment and its root cannot.
#[test]
fn without_privileges_files_are_denied_unless_the_user_names_a_root() {
    if !is_root() && std::env::var_os("KUBEVET_TEST_DIRECTORY").is_none() {
        return;
    }
    let mut kubelet = None;
    as_nobody(
        "collect::process::tests::without_privileges_files_are_denied_unless_the_user_names_a_root",
        |directory| {
            let started = kubelet.insert(Kubelet::start(&[b"--config=/pid"]));
            fs::write(directory.join("pid"), started.pid().to_string()).unwrap();
        },
        |directory| {
            let pid = fs::read_to_string(directory.join("pid")).unwrap();
            let process = || machine().get(pid.parse().unwrap(), "kubelet").unwrap();
            assert_eq!(arguments(&process()).last().unwrap(), b"--config=/pid");
            assert!(fact(&process(), "suspicious").iter().any(|reason| reason.contains("cannot be seen")));
            assert_eq!(process().root().unwrap_err(), Outcome::Denied);
            assert_eq!(process().has_environment("PATH"), Outcome::Denied);

            let config = Want::File(b"/pid".to_vec());
            assert_eq!(Node::new("kubelet", process(), None).answer(&config), Outcome::Denied);
            let instead = Node::new("kubelet", process(), Some(Root::open(directory).unwrap()));
            assert_eq!(instead.answer(&config), Outcome::Found(Content::File(pid.clone().into_bytes())));
        },
    );
}

/// `hidepid`: "cannot see" is not "there is none".
#[test]
fn hidden_processes_are_not_taken_for_none() {
    let in_child = std::env::var_os("KUBEVET_TEST_DIRECTORY").is_some();
    let mut mounts = Vec::new();
    if !is_root() && !in_child {
        return;
    }
    as_nobody(
        "collect::process::tests::hidden_processes_are_not_taken_for_none",
        |directory| {
            for hidepid in ["1", "2"] {
                let proc = directory.join(hidepid).join("proc");
                fs::create_dir_all(&proc).unwrap();
                let option = format!("hidepid={hidepid}");
                let mut mount = Command::new("mount");
                mount.args(["-t", "proc", "-o", &option, "proc"]).arg(&proc);
                if mount.output().is_ok_and(|output| output.status.success()) {
                    mounts.push(Unmount(proc));
                } else {
                    // Not allowed here; a made-up `/proc` is tested below.
                    fs::remove_dir(proc).unwrap();
                }
            }
        },
        |directory| {
            for hidepid in ["1", "2"] {
                let Ok(processes) = Processes::open(&Root::open(&directory.join(hidepid)).unwrap()) else { continue };
                let search = processes.find("kubelet").unwrap();
                assert_eq!((search.sight, search.found.len()), (Sight::Hidden, 0), "{hidepid}");
                assert_eq!(search.hidden > 0, hidepid == "1", "{search:?}");
                assert!(search.looked_at > 0, "its own process");
            }
        },
    );
}

struct Unmount(PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().unwrap();
    }
}

#[test]
fn a_directory_that_is_no_process_file_system_is_not_believed() {
    let image = directory();
    let entry = image.path().join("proc/7");
    fs::create_dir_all(&entry).unwrap();
    symlink("/", entry.join("root")).unwrap();
    let error = Processes::open(&Root::open(image.path()).unwrap()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);

    let linked = directory();
    symlink("/proc", linked.path().join("proc")).unwrap();
    assert!(Processes::open(&Root::open(linked.path()).unwrap()).is_err(), "a link that leads out of the root");
}

/// A `/proc` as it would look elsewhere.
struct Elsewhere {
    directory: TempDir,
}

/// A process there; what is not said is as for the node's own kubelet.
struct Entry {
    comm: &'static str,
    line: &'static [u8],
    exe: &'static str,
    uid: u32,
    namespace: &'static str,
    state: &'static str,
    flags: u64,
    root: PathBuf,
    cwd: PathBuf,
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            comm: "kubelet",
            line: b"/usr/bin/kubelet\0--v=2\0",
            exe: "/usr/bin/kubelet",
            uid: 0,
            namespace: "mnt:[1]",
            state: "S",
            flags: 0x0040_0100,
            root: "/".into(),
            cwd: "/".into(),
        }
    }
}

impl Elsewhere {
    fn new() -> Self {
        let elsewhere = Self { directory: directory() };
        elsewhere.add(
            1,
            Entry { comm: "systemd", line: b"/sbin/init\0", exe: "/usr/lib/systemd/systemd", ..Entry::default() },
        );
        elsewhere
    }

    fn add(&self, pid: u32, entry: Entry) {
        let Entry { comm, line, exe, uid, namespace, state, flags, root, cwd } = entry;
        let directory = self.directory.path().join(pid.to_string());
        fs::create_dir_all(directory.join("ns")).unwrap();
        let rest = format!("0 0 0 -1 {flags} 0 0 0 0 0 0 0 0 20 0 1 0 {pid}77 0 0");
        fs::write(directory.join("stat"), format!("{pid} ({comm}) {state} 1 {rest}\n")).unwrap();
        fs::write(directory.join("status"), format!("Name:\t{comm}\nUid:\t0\t{uid}\t0\t0\n")).unwrap();
        fs::write(directory.join("cmdline"), line).unwrap();
        fs::write(directory.join("environ"), "").unwrap();
        for (link, target) in
            [("exe", Path::new(exe)), ("root", &root), ("cwd", &cwd), ("ns/mnt", Path::new(namespace))]
        {
            if !target.as_os_str().is_empty() {
                symlink(target, directory.join(link)).unwrap();
            }
        }
    }

    fn find(&self) -> Search {
        let flags = HANDLE | OFlags::DIRECTORY;
        Processes::at(openat(CWD, self.directory.path(), flags, Mode::empty()).unwrap()).find("kubelet").unwrap()
    }

    /// The process 7 like this, if it counts as a kubelet.
    fn kubelet(entry: Entry) -> Option<RunningProcess> {
        let elsewhere = Self::new();
        elsewhere.add(7, entry);
        elsewhere.find().found.pop()
    }
}

#[test]
fn what_counts_as_a_kubelet_and_what_are_its_arguments() {
    let kubelet = |comm, line, exe| Elsewhere::kubelet(Entry { comm, line, exe, ..Entry::default() });
    let flags: Vec<Vec<u8>> = vec![b"--v=2".to_vec()];
    for (comm, line, exe) in [
        ("kubelet", &b"/usr/bin/kubelet\0--v=2\0"[..], "/usr/bin/kubelet"),
        ("kubelet", b"kubelet\0--v=2\0", ""),
        ("kubelet", b"\0--v=2\0", "/usr/bin/kubelet"),
        ("main", b"node-agent\0--v=2\0", "/opt/bin/kubelet"),
        ("main", b"/x/kubelet\0--v=2\0", "/x/y"),
        ("hyperkube", b"/usr/bin/hyperkube\0kubelet\0--v=2\0", "/usr/bin/hyperkube"),
        ("kubelet", b"/usr/bin/kubelet\0--v=2\0", "/usr/bin/hyperkube"),
        ("exe", b"/usr/bin/hyperkube\0kubelet\0--v=2\0", ""),
    ] {
        let process = kubelet(comm, line, exe).unwrap_or_else(|| panic!("{comm} {exe}"));
        assert_eq!(arguments(&process), flags, "{comm} {exe}");
    }
    for (comm, line, exe) in [
        ("hyperkube", &b"hyperkube\0proxy\0--v=2\0"[..], "/usr/bin/hyperkube"),
        ("kubelet", b"/bin/sh\0/usr/local/bin/kubelet\0--v=2\0", "/bin/dash"),
        ("kubelet-wrapper", b"kubelet-wrapper\0", "/usr/bin/kubelet-wrapper"),
        ("vi", b"vi\0/usr/bin/kubelet\0", "/usr/bin/vi"),
        ("cat", b"cat\0--x=/kubelet\0", "/bin/cat"),
    ] {
        assert!(kubelet(comm, line, exe).is_none(), "{comm} {exe}");
    }
    let tricky = kubelet("kubelet", b"x\0--config=/var/lib/kubelet/config/kubelet\0", "/x").unwrap();
    assert_eq!(arguments(&tricky), [b"--config=/var/lib/kubelet/config/kubelet"], "a path in a flag makes no script");
}

#[test]
fn a_command_line_that_tells_nothing_is_not_taken_for_one_without_flags() {
    for line in [
        &b""[..],
        b"kubelet: working",
        b"kubelet --config=/x\0",
        b"kubelet --config=/x\0\0\0\0",
        b"/usr/bin/kubelet\0--v=2",
    ] {
        let process = Elsewhere::kubelet(Entry { line, ..Entry::default() }).unwrap();
        assert!(failed(process.outcome(), "not known"), "{:?}", process.outcome());
        assert_eq!(fact(&process, "pid"), ["7"], "the facts are there all the same");
    }
    let exe = "/opt/my tools/kubelet";
    let process = Elsewhere::kubelet(Entry { line: b"/opt/my tools/kubelet\0", exe, ..Entry::default() }).unwrap();
    assert_eq!(arguments(&process), Vec::<Vec<u8>>::new());
}

#[test]
fn a_command_line_over_the_limit_is_too_large() {
    let elsewhere = Elsewhere::new();
    elsewhere.add(7, Entry::default());
    let line = fs::OpenOptions::new().write(true).open(elsewhere.directory.path().join("7/cmdline")).unwrap();
    line.set_len(1 << 40).unwrap();
    let process = elsewhere.find().found.pop().unwrap();
    assert_eq!(*process.outcome(), Outcome::TooLarge(MAX_COMMAND_LINE));
}

#[test]
fn threads_of_the_kernel_and_ended_processes_are_no_kubelets() {
    assert!(Elsewhere::kubelet(Entry { flags: 0x0020_8040, line: b"", exe: "", ..Entry::default() }).is_none());
    assert!(Elsewhere::kubelet(Entry { state: "Z", line: b"", ..Entry::default() }).is_none());
}

#[test]
fn what_is_suspicious_about_a_kubelet() {
    let reasons = |entry| fact(&Elsewhere::kubelet(entry).unwrap(), "suspicious");
    assert_eq!(reasons(Entry::default()), Vec::<String>::new());
    for (entry, said) in [
        (Entry { uid: 1000, ..Entry::default() }, "user 1000"),
        (Entry { namespace: "mnt:[2]", ..Entry::default() }, "another mount namespace"),
        (Entry { namespace: "", ..Entry::default() }, "mount namespace cannot be seen"),
        (Entry { root: "/srv/jail".into(), ..Entry::default() }, "/srv/jail"),
        (Entry { exe: "/tmp/miner", ..Entry::default() }, "/tmp/miner"),
    ] {
        let reasons = reasons(entry);
        assert!(reasons.len() == 1 && reasons[0].contains(said), "{said}: {reasons:?}");
    }
}

#[test]
fn a_name_with_parentheses_and_spaces_is_read_to_its_end() {
    let stat = b"12 (a) S 9 (b) ) R 34 0 0 0 -1 64 0 0 0 0 0 0 0 0 20 0 1 0 5678 0";
    let stat = Stat::parse(stat).unwrap();
    assert_eq!((&*stat.comm, stat.parent), (&b"a) S 9 (b) "[..], 34));
    for broken in [&b""[..], b"12", b"12 )a( S 1", b"12 (a", b"12 (a) S 1 2 3", b"12 (a) \xff"] {
        assert!(Stat::parse(broken).is_none());
    }
}

/// In a container or after `chroot`, paths and the working directory start at the process's own root.
#[test]
fn a_process_in_another_root_reads_its_own_files() {
    let jail = directory();
    fs::create_dir_all(jail.path().join("etc/work")).unwrap();
    fs::write(jail.path().join("etc/work/config"), "theirs").unwrap();
    symlink("/etc/work/config", jail.path().join("link")).unwrap();
    let (root, cwd) = (jail.path().to_owned(), jail.path().join("etc/work"));
    let elsewhere = Elsewhere::new();
    elsewhere.add(7, Entry { root, cwd, ..Entry::default() });
    let process = elsewhere.find().found.pop().unwrap();
    assert_eq!(process.cwd(), b"/etc/work");
    let node = Node::new("kubelet", process, None);
    for path in [&b"/etc/work/config"[..], b"config", b"/link", b"../../link"] {
        assert_eq!(node.answer(&Want::File(path.to_vec())), Outcome::Found(Content::File(b"theirs".to_vec())));
    }
    assert_eq!(node.answer(&Want::File(b"/etc/passwd".to_vec())), Outcome::Absent);

    let outside = Entry { root: jail.path().to_owned(), cwd: "/etc".into(), ..Entry::default() };
    assert_eq!(Elsewhere::kubelet(outside).unwrap().cwd(), b"", "a working directory outside of the root");
    let similar = OsString::from_vec([jail.path().as_os_str().as_bytes(), b"-2"].concat());
    let similar = Entry { root: jail.path().to_owned(), cwd: similar.into(), ..Entry::default() };
    assert_eq!(Elsewhere::kubelet(similar).unwrap().cwd(), b"");
}

/// A thread gives the number back and forth between two processes.
#[test]
fn a_number_that_goes_to_another_process_never_mixes_two() {
    let elsewhere = Elsewhere::new();
    let entry = |line, cwd: &str, uid| Entry { line, cwd: cwd.into(), uid, ..Entry::default() };
    elsewhere.add(7, entry(b"/usr/bin/kubelet\0--one\0", "/one", 1));
    elsewhere.add(8, entry(b"/usr/bin/kubelet\0--other\0", "/other", 2));
    let path = |name: &str| elsewhere.directory.path().join(name);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                for (from, to) in [("7", "spare"), ("8", "7"), ("spare", "8")] {
                    fs::rename(path(from), path(to)).unwrap();
                }
            }
        });
        let (mut seen, until) = ([0, 0], Instant::now() + Duration::from_millis(500));
        while Instant::now() < until {
            for process in elsewhere.find().found {
                let (word, uid) = (&arguments(&process)[0], fact(&process, "uid"));
                let which = usize::from(word == b"--other");
                assert_eq!(process.cwd(), [&b"/one"[..], b"/other"][which]);
                assert_eq!(uid, [["1"], ["2"]][which]);
                seen[which] += 1;
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        seen
    });
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

/// What its packages say about the program, in its own root; and nothing about a program beside them.
#[test]
fn a_process_has_the_version_of_its_package() {
    let jail = directory();
    let write = |path: &str, text: &str| {
        let path = jail.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for program in ["usr/bin/kubelet", "opt/kubelet"] {
        write(program, "");
    }
    write("var/lib/dpkg/status", "Package: kubelet\nStatus: install ok installed\nVersion: 1.34.4-1.1\n");
    write("var/lib/dpkg/info/kubelet.list", "/usr/bin/kubelet\n");
    let look_up = |exe: &'static str, gone: bool| {
        let elsewhere = Elsewhere::new();
        elsewhere.add(7, Entry { root: jail.path().to_owned(), exe: "", ..Entry::default() });
        let name = format!("{}{}", jail.path().join(exe).display(), if gone { " (deleted)" } else { "" });
        symlink(name, elsewhere.directory.path().join("7/exe")).unwrap();
        let mut node = Node::new("kubelet", elsewhere.find().found.pop().unwrap(), None);
        let version = node.look_up_version(Language::English);
        let Outcome::Found(Content::Process(process)) = node.answer(&Want::Processes("kubelet".into())) else {
            panic!("the process is there");
        };
        let told = process.facts.into_iter().filter(|(key, _)| key.starts_with("version"));
        (version, told.map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("; "))
    };
    let (version, told) = look_up("usr/bin/kubelet", false);
    assert_eq!(version.as_deref(), Some("1.34.4"));
    assert_eq!(told, "version: 1.34.4; version-source: package kubelet 1.34.4-1.1");
    for (exe, gone, reason) in [("opt/kubelet", false, "/opt/kubelet is none"), ("usr/bin/kubelet", true, "replaced")] {
        let (version, told) = look_up(exe, gone);
        assert_eq!(version, None);
        assert!(told.starts_with("version-doubt: package kubelet 1.34.4-1.1") && told.contains(reason), "{told}");
    }
}

#[test]
fn programs_that_run_a_kubelet_inside_themselves_are_told() {
    let elsewhere = Elsewhere::new();
    for (pid, comm, line) in [
        (10, "k3s-server", &b"/usr/local/bin/k3s server\0\0\0\0"[..]),
        (11, "kubelite", b"/snap/microk8s/1/kubelite\0--kubelet-args-file=/x\0"),
        (12, "rke2", b"/usr/local/bin/rke2 server"),
        (13, "k0s", b"k0s\0worker\0"),
        (14, "containerd", b"containerd\0-c\0/var/lib/rancher/k3s\0"),
    ] {
        elsewhere.add(pid, Entry { comm, line, exe: "/x", ..Entry::default() });
    }
    let search = elsewhere.find();
    let inside: Vec<_> = search.inside.iter().map(|one| (fact(one, "embeds").join(""), arguments(one))).collect();
    assert_eq!(inside[0], ("k3s-server".into(), vec![]), "what was written over its arguments tells nothing");
    assert_eq!(inside[1], ("kubelite".into(), vec![b"--kubelet-args-file=/x".to_vec()]));
    let starting: Vec<_> = search.embedded.iter().map(|one| (one.pid, &*one.program)).collect();
    assert_eq!((inside.len(), starting), (2, vec![(12, "rke2"), (13, "k0s")]));
    assert_eq!((search.found.len(), search.looked_at, search.hidden), (0, 6, 0));
}

#[test]
fn how_much_can_be_seen() {
    let elsewhere = Elsewhere::new();
    assert_eq!(elsewhere.find().sight, Sight::Namespace, "as in a container");
    elsewhere.add(2, Entry { comm: "kthreadd", line: b"", exe: "", flags: 0x0020_8040, ..Entry::default() });
    assert_eq!(elsewhere.find().sight, Sight::Machine);
    fs::remove_dir_all(elsewhere.directory.path().join("1")).unwrap();
    assert_eq!(elsewhere.find().sight, Sight::Hidden);
    fs::remove_dir_all(elsewhere.directory.path().join("2")).unwrap();
    assert_eq!(elsewhere.find().sight, Sight::Nothing);
}

#[test]
fn a_process_without_readable_files_counts_as_hidden() {
    as_nobody(
        "collect::process::tests::a_process_without_readable_files_counts_as_hidden",
        |directory| {
            let elsewhere = Elsewhere::new();
            elsewhere.add(7, Entry::default());
            let closed = if is_root() { 0o400 } else { 0 };
            let line = elsewhere.directory.path().join("7/cmdline");
            fs::set_permissions(line, fs::Permissions::from_mode(closed)).unwrap();
            fs::rename(elsewhere.directory.path(), directory.join("proc")).unwrap();
        },
        |directory| {
            let proc = openat(CWD, directory.join("proc"), HANDLE | OFlags::DIRECTORY, Mode::empty()).unwrap();
            let search = Processes::at(proc).find("kubelet").unwrap();
            assert_eq!((search.found.len(), search.looked_at, search.hidden), (0, 1, 1));
        },
    );
}
