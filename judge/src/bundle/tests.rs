//! What bundles answer, and that a recording answers the same.

use super::*;

fn bundle(text: &str) -> Bundle {
    Bundle::parse(text).unwrap()
}

fn file(path: &str) -> Want {
    Want::File(path.into())
}

fn directory(path: &str) -> Want {
    Want::Directory(path.into())
}

fn text(outcome: Outcome) -> Result<String, Outcome> {
    match outcome {
        Outcome::Found(Content::File(bytes)) => Ok(String::from_utf8(bytes).unwrap()),
        other => Err(other),
    }
}

fn kind(outcome: Outcome) -> Option<FileKind> {
    match outcome {
        Outcome::Found(Content::Metadata(metadata)) => Some(metadata.kind),
        _ => None,
    }
}

/// The entries of a listing as `name:kind`.
fn listing(outcome: Outcome) -> String {
    let Outcome::Found(Content::Directory(entries)) = outcome else { panic!("{outcome:?}") };
    let entry = |entry: &Entry| format!("{}:{:?}", String::from_utf8_lossy(&entry.name), entry.kind);
    entries.iter().map(entry).collect::<Vec<_>>().join(" ").replace("FileKind::", "")
}

#[test]
fn a_process_with_everything_by_default() {
    let process = |text: &str| match bundle(text).answer(&Want::Processes("kubelet".into())) {
        Outcome::Found(Content::Process(process)) => process,
        other => panic!("{other:?}"),
    };
    let plain = process(r#"{"id":"a"}"#);
    assert_eq!(plain, Process { arguments: vec![], cwd: b"/".to_vec(), facts: vec![] });
    let full = process(r#"{"id":"a","args64":["LS3/"],"cwd":"","facts":{"pid":"7","b":"","a":""}}"#);
    assert_eq!(full.arguments, [b"--\xff"]);
    assert_eq!(full.cwd, b"");
    assert_eq!(full.facts.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["pid", "b", "a"]);
}

#[test]
fn paths_are_followed_as_the_kernel_does() {
    let bundle = bundle(
        r#"{"id":"a","cwd":"/w","files":{"/etc/k.json":"K","/w/rel.json":"R","/d/real/x.conf":"X"},
        "links":{"/l":"/etc/k.json","/etc/up":"../l","/d/cur":"real","/loop":"/loop2","/loop2":"loop","/dangling":"/no"}}"#,
    );
    for (path, expected) in [
        ("/etc/k.json", "K"),
        ("/etc//./k.json", "K"),
        ("/etc/../etc/k.json", "K"),
        ("/../etc/k.json", "K"),
        ("rel.json", "R"),
        ("../w/rel.json", "R"),
        ("/l", "K"),
        ("/etc/up", "K"),
        ("/d/cur/x.conf", "X"),
        ("/d/cur/../real/x.conf", "X"),
    ] {
        assert_eq!(text(bundle.answer(&file(path))).as_deref(), Ok(expected), "{path}");
    }
    for path in ["/dangling", "/no", "/etc/no/../k.json", "", "/w/l"] {
        assert_eq!(bundle.answer(&file(path)), Outcome::Absent, "{path}");
    }
    for path in ["/etc/k.json/", "/l/", "/etc/k.json/x", "/etc/k.json/../k.json"] {
        assert_eq!(bundle.answer(&file(path)), Outcome::Failed("not a directory".into()), "{path}");
    }
    assert_eq!(bundle.answer(&file("/loop")), Outcome::Failed("too many levels of symbolic links".into()));
    assert_eq!(kind(bundle.answer(&file("/etc"))), Some(FileKind::Directory));
    assert_eq!(kind(bundle.answer(&file("/"))), Some(FileKind::Directory));
}

#[test]
fn forty_links_and_no_more() {
    let chain = |length: usize| {
        let links: Vec<_> = (0..length).map(|n| format!(r#""/{n}":"{}""#, n + 1)).collect();
        bundle(&format!(r#"{{"id":"a","files":{{"/{length}":"x"}},"links":{{{}}}}}"#, links.join(",")))
    };
    assert_eq!(text(chain(40).answer(&file("/0"))).as_deref(), Ok("x"));
    assert!(matches!(chain(41).answer(&file("/0")), Outcome::Failed(_)));
}

#[test]
fn directories_list_their_own_entries_by_kind() {
    let bundle = bundle(
        r#"{"id":"a","files":{"/k.d/10.conf":"","/k.d/9/x.conf":""},"files64":{"/k.d/b":"/w=="},"dirs":["/k.d/empty/"],
        "links":{"/k.d/l":"/nowhere","/to":"k.d"},"other":["/k.d/pipe"],"unread":["/k.d/README"],"symlinks":["/k.d/s"],
        "denied":["/k.d/secret.conf"]}"#,
    );
    let expected = "10.conf:Regular 9:Directory README:Regular b:Regular empty:Directory l:Symlink pipe:Other s:Symlink \
                    secret.conf:Regular";
    for path in ["/k.d", "/k.d/", "/to/"] {
        assert_eq!(listing(bundle.answer(&directory(path))), expected, "{path}");
    }
    assert_eq!(listing(bundle.answer(&directory("/k.d/empty"))), "");
    assert_eq!(listing(bundle.answer(&directory("/"))), "k.d:Directory to:Symlink");
    assert_eq!(kind(bundle.answer(&directory("/to"))), Some(FileKind::Symlink));
    assert_eq!(kind(bundle.answer(&directory("/k.d/10.conf"))), Some(FileKind::Regular));
    assert_eq!(kind(bundle.answer(&directory("/k.d/pipe"))), Some(FileKind::Other));
    assert_eq!(kind(bundle.answer(&file("/k.d/pipe"))), Some(FileKind::Other));
    assert_eq!(bundle.answer(&file("/k.d/README")), Outcome::Unavailable);
    assert_eq!(bundle.answer(&directory("/k.d/none")), Outcome::Absent);
}

#[test]
fn errors_metadata_environment_and_live_configuration() {
    let full = bundle(
        r#"{"id":"a","files":{"/k":"x"},"denied":["/d","/s"],"failed":{"/f":"input/output error"},"env":["A"],
        "metadata":{"/k":{"mode":384,"uid":0,"gid":5,"kind":"regular"},"/s":{"mode":384,"uid":0,"gid":0,"kind":"regular"}},
        "live":{"kubeletconfig": {}}}"#,
    );
    for want in [file("/d"), file("/d/x"), directory("/d"), Want::Metadata("/d".into()), file("/s")] {
        assert_eq!(full.answer(&want), Outcome::Denied, "{want:?}");
    }
    assert_eq!(full.answer(&file("/f")), Outcome::Failed("input/output error".into()));
    let metadata =
        |mode, gid| Outcome::Found(Content::Metadata(Metadata { mode, uid: 0, gid, kind: FileKind::Regular }));
    assert_eq!(full.answer(&Want::Metadata("/k".into())), metadata(0o600, 5));
    assert_eq!(full.answer(&Want::Metadata("/s".into())), metadata(0o600, 0));
    assert_eq!(full.answer(&Want::Metadata("/none".into())), Outcome::Absent);
    assert_eq!(full.answer(&Want::EnvironmentHas("A".into())), Outcome::Found(Content::Present(true)));
    assert_eq!(full.answer(&Want::EnvironmentHas("B".into())), Outcome::Found(Content::Present(false)));
    assert_eq!(text(full.answer(&Want::LiveConfiguration)).as_deref(), Ok(r#"{"kubeletconfig": {}}"#));

    let bare = bundle(r#"{"id":"a","files":{"/k":"x"}}"#);
    assert_eq!(bare.answer(&Want::EnvironmentHas("A".into())), Outcome::Unavailable);
    assert_eq!(bare.answer(&Want::LiveConfiguration), Outcome::Unavailable);
    assert_eq!(bare.answer(&Want::Metadata("/k".into())), Outcome::Unavailable);
}

#[test]
fn errors_say_what_and_where_in_one_line() {
    for (text, expected) in [
        ("", "line 1, column 0: EOF while parsing a value"),
        ("{}", "line 1, column 1: the bundle has no `id`"),
        (r#"{"id":"a","schema":2}"#, "line 1, column 1: this is a bundle of another schema than 1"),
        ("{\"id\":\n\"a\",\"args\":3}", "line 2, column 12: invalid type: integer `3`, expected a sequence"),
        (r#"{"id":"a","args64":["?"]}"#, "line 1, column 24: no base64: Invalid symbol 63, offset 0."),
        (r#"{"id":"a","files":"SECRET"}"#, "line 1, column 26: invalid type: string, expected a map"),
        (r#"{"id":"a","id":"b"}"#, "line 1, column 14: duplicate field `id`"),
        (r#"{"id":"a","args":["a"],"args64":["YQ=="]}"#, "line 1, column 1: `args` and `args64` exclude each other"),
        (
            r#"{"id":"a","files":{"/k\u001b":""},"files64":{"/k\u001b":""}}"#,
            "line 1, column 1: /k\\u{1b} stands in `files` and in `files64`",
        ),
    ] {
        assert_eq!(Bundle::parse(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn many_bundles_one_a_line_or_over_several_lines() {
    let ids = |text: &str| -> Vec<String> {
        let bundles = Bundle::parse_all(text);
        bundles.iter().map(|b| b.as_ref().map_or_else(|error| error.to_string(), |b| b.id().to_owned())).collect()
    };
    assert_eq!(ids(""), [""; 0]);
    assert_eq!(ids("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n"), ["a", "b"]);
    assert_eq!(ids("{\n  \"id\": \"a\"\n}\n{\n  \"id\": \"b\"\n}"), ["a", "b"]);
    assert_eq!(ids("{\"id\":\"a\"}\n{\"id\"\n{\"id\":\"c\"}").len(), 3);
    assert_eq!(
        ids("{\"id\":\"a\"}\n{\"id\":5}\n{\"id\":\"c\"}")[1],
        "line 2, column 7: invalid type: integer `5`, expected a string"
    );
    assert_eq!(ids("{\n  \"id\": \"a\",\n}"), ["line 3, column 1: key must be a string"]);
}

#[test]
fn unknown_keys_are_noted_and_those_of_goldens_are_known() {
    let bundle = bundle(r#"{"id":"a","why":"x","expect":{"effective":{"a":null}},"file":{},"x\u001b":[1]}"#);
    let notes = ["unknown key `file` in the bundle is ignored", "unknown key `x\\u{1b}` in the bundle is ignored"];
    assert_eq!(bundle.notes(), notes);
}

#[test]
fn a_version_is_kept() {
    let line = bundle(r#"{"id":"a"}"#).with_version("1.37.2").to_line().unwrap();
    assert_eq!(line, r#"{"id":"a","version":"1.37.2"}"#);
    assert_eq!(bundle(&line).version(), Some("1.37.2"));
}

#[test]
fn a_bundle_over_several_lines_is_written_as_one() {
    let original = bundle("{\n\"id\": \"a\",\n\"live\": {\n  \"a\": 1\n}\n}");
    let line = original.to_line().unwrap();
    assert!(!line.contains('\n'), "{line}");
    assert_eq!(bundle(&line).answer(&Want::LiveConfiguration), original.answer(&Want::LiveConfiguration));
    assert_eq!(text(original.answer(&Want::LiveConfiguration)).as_deref(), Ok("{\n  \"a\": 1\n}"));
}

/// Records the answers to these wants, writes and reads the recording, and asks again.
fn assert_replays(wants_and_outcomes: Vec<(Want, Outcome)>) -> Bundle {
    let documents: Vec<Document> = wants_and_outcomes
        .into_iter()
        .zip(0..)
        .map(|((answers, outcome), id)| Document { id, answers, outcome })
        .collect();
    let recorded = Bundle::record("node-7", &documents);
    let line = recorded.to_line().unwrap();
    let replayed = Bundle::parse(&line).unwrap();
    assert_eq!(replayed.to_line().unwrap(), line);
    for document in &documents {
        assert_eq!(replayed.answer(&document.answers), document.outcome, "{:?} in {line}", document.answers);
    }
    replayed
}

#[test]
fn what_a_host_saw_is_recorded_in_words() {
    let process = Process {
        arguments: vec![b"--config=/etc/k.json".to_vec()],
        cwd: b"/".to_vec(),
        facts: vec![("pid".into(), "7".into()), ("exe".into(), "/usr/bin/kubelet".into())],
    };
    let entry = |name: &str, kind| Entry { name: name.into(), kind };
    let entries = vec![
        entry("10-a.conf", FileKind::Regular),
        entry("20-l.conf", FileKind::Symlink),
        entry("README", FileKind::Regular),
        entry("pipe", FileKind::Other),
        entry("sub", FileKind::Directory),
    ];
    let metadata = Metadata { mode: 0o644, uid: 0, gid: 0, kind: FileKind::Regular };
    let replayed = assert_replays(vec![
        (Want::Processes("kubelet".into()), Outcome::Found(Content::Process(process))),
        (file("/etc/k.json"), Outcome::Found(Content::File(b"{}\n".to_vec()))),
        (directory("/etc/k.d/"), Outcome::Found(Content::Directory(entries))),
        (directory("/etc/k.d/sub"), Outcome::Found(Content::Directory(vec![]))),
        (file("/etc/k.d/10-a.conf"), Outcome::Found(Content::File(b"a: \xff".to_vec()))),
        (file("/etc/k.d/20-l.conf"), Outcome::Found(Content::File(b"b: 1".to_vec()))),
        (Want::Metadata("/etc/k.json".into()), Outcome::Found(Content::Metadata(metadata))),
        (file("/etc/shadow"), Outcome::Denied),
        (file("/etc/none"), Outcome::Absent),
        (Want::EnvironmentHas("A".into()), Outcome::Found(Content::Present(true))),
        (Want::EnvironmentHas("B".into()), Outcome::Found(Content::Present(false))),
    ]);
    assert_eq!(
        replayed.to_line().unwrap(),
        concat!(
            r#"{"schema":1,"id":"node-7","args":["--config=/etc/k.json"],"facts":{"pid":"7","exe":"/usr/bin/kubelet"},"env":["A"],"#,
            r#""files":{"/etc/k.d/20-l.conf":"b: 1","/etc/k.json":"{}\n"},"files64":{"/etc/k.d/10-a.conf":"YTog/w=="},"#,
            r#""dirs":["/etc/k.d","/etc/k.d/sub"],"symlinks":["/etc/k.d/20-l.conf"],"unread":["/etc/k.d/README"],"#,
            r#""other":["/etc/k.d/pipe"],"metadata":{"/etc/k.json":{"mode":420,"uid":0,"gid":0,"kind":"regular"}},"#,
            r#""denied":["/etc/shadow"]}"#
        )
    );
}

#[test]
fn what_no_key_can_say_is_recorded_as_an_answer() {
    let entry = |name: &[u8], kind| Entry { name: name.to_vec(), kind };
    let unsorted =
        vec![entry(b"b", FileKind::Regular), entry(b"\xff", FileKind::Symlink), entry(b"a", FileKind::Other)];
    let symlink = Metadata { mode: 0o777, uid: 1, gid: 2, kind: FileKind::Symlink };
    let regular = Metadata { mode: 0o600, kind: FileKind::Regular, ..symlink };
    let process = Process { arguments: vec![], cwd: b"/\xff".to_vec(), facts: vec![] };
    assert_replays(vec![
        (Want::Processes("kubelet".into()), Outcome::Found(Content::Process(process))),
        (file("/big"), Outcome::TooLarge(1 << 40)),
        (file("/policy"), Outcome::Refused("outside of --root".into())),
        (Want::File(b"/\xff".to_vec()), Outcome::Found(Content::File(b"\xfe".to_vec()))),
        (directory("/d"), Outcome::Found(Content::Directory(unsorted))),
        (directory("/l"), Outcome::Found(Content::Metadata(symlink))),
        (Want::Metadata("/l".into()), Outcome::Found(Content::Metadata(regular))),
        (directory("/l/"), Outcome::Failed("not a directory".into())),
        (directory("/both"), Outcome::Denied),
        (Want::Metadata("/both".into()), Outcome::Found(Content::Metadata(regular))),
        (Want::EnvironmentHas("A".into()), Outcome::Denied),
        (Want::LiveConfiguration, Outcome::Failed("404".into())),
    ]);
    for body in [&b"{\"a\": 1}\n"[..], b"{\"a\": 1}", b"<html>", b"\xff", b"", b"{\"a\":"] {
        assert_replays(vec![(Want::LiveConfiguration, Outcome::Found(Content::File(body.to_vec())))]);
    }
}

/// A small generator of numbers, so that the cases are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices[self.below(choices.len())]
    }
}

const PATHS: [&str; 11] = ["/a", "/a/b", "/a/b/c", "/a/é.conf", "/b", "/b/c", "a", "../b", "/a/../b", "/a//b", "/c"];

/// A bundle of anything, consistent or not.
fn any_bundle(numbers: &mut Numbers) -> Bundle {
    let mut form = Form { id: "x".into(), ..Form::default() };
    form.cwd = [None, Some(String::new()), Some("/a".into())][numbers.below(3)].clone();
    for _ in 0..numbers.below(6) {
        let path = numbers.pick(&PATHS).to_owned();
        match numbers.below(8) {
            0 | 1 => drop(form.files.insert(path, numbers.pick(&["", "x: 1\n", "{}"]).into())),
            2 => form.dirs.push(path),
            3 => drop(form.links.insert(path, numbers.pick(&PATHS).into())),
            4 => form.denied.push(path),
            5 => form.other.push(path),
            6 => form.symlinks.push(path),
            _ => drop(form.failed.insert(path, "input/output error".into())),
        }
    }
    Bundle::new(form).unwrap()
}

#[test]
fn recordings_of_anything_replay() {
    let mut numbers = Numbers(7);
    for _ in 0..3000 {
        let original = any_bundle(&mut numbers);
        let mut answers: Vec<(Want, Outcome)> = vec![];
        for _ in 0..numbers.below(8) {
            let path = numbers.pick(&PATHS).to_owned() + numbers.pick(&["", "", "/"]);
            let want = [file(&path), directory(&path), Want::Metadata(path.into())][numbers.below(3)].clone();
            if answers.iter().all(|(asked, _)| *asked != want) {
                answers.push((want.clone(), original.answer(&want)));
            }
        }
        let process = Want::Processes("kubelet".into());
        answers.push((process.clone(), original.answer(&process)));
        assert_replays(answers);
    }
}
