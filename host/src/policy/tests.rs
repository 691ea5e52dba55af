use kubevet_report::Notice;
use kubevet_rules::Language;
use kubevet_rules::model::{Evidence, Finding, Message, Place, Section, Severity, Status};

use super::*;

const POLICY: &str = r#"baseline = "known.json"

[default]
benchmark = "aks-1.8"
skip = ["event-qps"]
strict = true

[path."pools/gpu/"]
version = "1.34"
skip = ["3.2.1"]

[path."pools/gpu/old.json"]
version = "1.30"
strict = false

[files]
exclude = ["testdata/**"]

[[waiver]]
check = "read-only-port"
path = "legacy/*.yaml"
reason = "metrics of the old agent"
owner = "team-net"
expires = 2999-12-31

[[waiver]]
check = "3.2.9"
node = "node-?"
reason = "being replaced"
owner = "team-net"
expires = 2020-01-31
"#;

fn policy(text: &str) -> Result<Policy, PolicyError> {
    Policy::parse(Path::new("kubevet.toml"), "/repo".into(), text)
}

fn refusal(text: &str) -> String {
    policy(text).unwrap_err().to_string()
}

fn finding(check: &str, section: &str, status: Status) -> Finding {
    let message = || Message { id: String::new(), params: vec![], text: String::new() };
    let section = Section { benchmark: "aks-1.8".into(), number: section.into(), level: 1, automated: true };
    Finding {
        check: check.into(),
        status,
        severity: Severity::High,
        message: message(),
        primary: Evidence { place: Place::Target, label: message() },
        related: vec![],
        notes: vec![],
        remedies: vec![],
        sections: vec![section],
    }
}

#[test]
fn a_later_path_overrides_and_what_is_skipped_adds_up() {
    let policy = policy(POLICY).unwrap();
    let settings = policy.settings(Path::new("/repo/pools/gpu/old.json"));
    assert_eq!(settings.version.as_deref(), Some("1.30"));
    assert_eq!(settings.skip, ["event-qps", "3.2.1"]);
    assert_eq!((settings.benchmark, settings.strict), (vec!["aks-1.8".to_owned()], Some(false)));
    assert_eq!(policy.settings(Path::new("/repo/pools/cpu/a.json")), policy.default);
    assert_eq!(policy.settings(Path::new("/repo/pools/gpu/deep/a.json")).version.as_deref(), Some("1.34"));
    assert!(policy.excludes(Path::new("/repo/testdata/a/b.yaml")) && !policy.excludes(Path::new("/repo/a.yaml")));
    assert_eq!(policy.baseline(), Some(Path::new("/repo/known.json")));
}

#[test]
fn settings_become_the_options_of_the_same_names() {
    let own = Settings { level: Some(1), strict: Some(false), ..Settings::default() };
    let stronger = Settings { level: Some(2), require_explicit: Some(true), ..Settings::default() };
    let values = own.overridden_by(&stronger).values();
    let expected = [("level", "2"), ("require-explicit", "true")];
    assert_eq!(values, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[test]
fn a_waiver_holds_for_its_check_and_its_files_until_it_expires() {
    let policy = policy(POLICY).unwrap();
    let find = |path: Option<&str>, target, finding: &Finding| {
        policy.waivers().find(path.map(Path::new), target, finding).map(|waiver| waiver.owner.as_str())
    };
    let port = finding("read-only-port", "3.2.4", Status::Fail);
    assert_eq!(find(Some("legacy/a.yaml"), "legacy/a.yaml", &port), Some("team-net"));
    assert_eq!(find(Some("legacy/deep/a.yaml"), "x", &port), None);
    assert_eq!(find(None, "legacy/a.yaml", &port), None);
    assert_eq!(find(Some("legacy/a.yaml"), "x", &finding("anonymous-auth", "3.2.1", Status::Fail)), None);
    assert_eq!(find(Some("legacy/a.yaml"), "x", &finding("read-only-port", "3.2.4", Status::Pass)), None);
    // Expired.
    assert_eq!(find(None, "node-7", &finding("event-qps", "3.2.9", Status::Fail)), None);
}

#[test]
fn expired_and_unused_waivers_are_told_with_their_lines() {
    let told = |policy: &Policy, is_everything| {
        let scope = Scope { is_everything, is_selected: &|check| check != "skipped", folder: Path::new("/no-such") };
        let notices: Vec<Notice> = policy.waivers().notices(&scope, Language::English);
        notices.iter().map(|notice| (notice.id, notice.line.unwrap())).collect::<Vec<_>>()
    };
    let policy = policy(POLICY).unwrap();
    assert_eq!(told(&policy, true), [("waiver-unused", 19), ("waiver-expired", 26)]);
    assert_eq!(told(&policy, false), [("waiver-expired", 26)]);
    let find =
        |status| policy.waivers().find(Some(Path::new("legacy/a.yaml")), "x", &finding("read-only-port", "", status));
    find(Status::Pass);
    assert_eq!(told(&policy, false), [("waiver-expired", 26)], "another file may need it");
    assert_eq!(told(&policy, true), [("waiver-unused", 19), ("waiver-expired", 26)]);
    find(Status::Fail);
    assert_eq!(told(&policy, true), [("waiver-expired", 26)]);
}

#[test]
fn a_waiver_is_unused_only_where_the_run_has_looked() {
    let waiver = |of: &str| {
        let waiver = format!("[[waiver]]\n{of}\nreason = 'r'\nowner = 'o'\nexpires = 2999-01-01");
        policy(&waiver).unwrap()
    };
    let told = |policy: &Policy, is_everything| {
        let scope = Scope { is_everything, is_selected: &|check| check != "skipped", folder: Path::new("/no-such") };
        !policy.waivers().notices(&scope, Language::English).is_empty()
    };
    let judge = |policy: &Policy, file: &str, check: &str| {
        policy.waivers().find(Some(Path::new(file)), file, &finding(check, "3.2.4", Status::Pass));
    };
    let one = waiver("check = 'read-only-port'\npath = 'a.yaml'");
    assert!(told(&one, true) && !told(&one, false), "the file is gone");
    judge(&one, "a.yaml", "anonymous-auth");
    assert!(!told(&one, true) && !told(&one, false), "its check was not run");
    judge(&one, "a.yaml", "read-only-port");
    assert!(told(&one, true) && told(&one, false), "the one file that it is for passes");
    let all = waiver("check = '3.2.4'");
    judge(&all, "a.yaml", "read-only-port");
    assert!(told(&all, true) && !told(&all, false), "other files may need it");
    assert!(!told(&waiver("check = 'skipped'"), true));
    assert!(!told(&waiver("check = 'read-only-port'\nnode = 'a'"), true), "no run over files looks at nodes");
}

#[test]
fn what_cannot_be_used_says_where() {
    let waiver = |rest: &str| format!("\n[[waiver]]\ncheck = \"read-only-port\"\n{rest}");
    for (text, said) in [
        ("[default]\nbenchmarks = 1", "kubevet.toml:2: unknown field `benchmarks`"),
        ("[default]\nlevel = \"x\"", "kubevet.toml:2: invalid type"),
        ("[default\n", "kubevet.toml:1: "),
        ("[default]\nlevel = 5", "kubevet.toml:2: `level` is 1 or 2, not 5"),
        ("\n[path.\"a\"]\nlevel = 300", "kubevet.toml:3: `level` is 1 or 2, not 300"),
        ("[path.\"a\"]\nstict = true", "kubevet.toml:2: unknown field `stict`"),
        ("\n[path.\"[\"]\n", "kubevet.toml:2: [path.\"[\"]: "),
        ("[files]\nexclude = [\"{\"]", "kubevet.toml:2: "),
        ("\n[path.\"\"]\n", "kubevet.toml:2: [path.\"\"]: a pattern is not empty"),
        ("[files]\nexclude = [\"\"]", "kubevet.toml:2: a pattern is not empty"),
        (
            &waiver("path = ''\nreason = 'r'\nowner = 'a'\nexpires = 2030-01-01"),
            "kubevet.toml:4: a pattern is not empty",
        ),
        (&waiver("owner = 'a'\nexpires = 2030-01-01"), "kubevet.toml:2: missing field `reason`"),
        (&waiver("reason = ' '\nowner = 'a'\nexpires = 2030-01-01"), "kubevet.toml:2: a waiver has a reason"),
        (&waiver("reason = 'r'\nowner = 'a'\nexpires = 2030-13-01"), "kubevet.toml:6: "),
        (&waiver("reason = 'r'\nowner = 'a'\nexpires = 10:00:00"), "kubevet.toml:2: `expires` is a day"),
    ] {
        assert!(refusal(text).starts_with(said), "{text}: {}", refusal(text));
    }
}

#[test]
fn a_repository_has_one_policy_and_nothing_above_it_counts() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("repo");
    fs::create_dir_all(repository.join("a/b")).unwrap();
    fs::write(folder.path().join(NAME), "").unwrap();
    let found = |folder: &Path| Policy::of_repository(folder).unwrap().map(|policy| policy.path);
    assert_eq!(found(&repository.join("a/b")), None, "no repository");
    fs::create_dir(repository.join(".git")).unwrap();
    assert_eq!(found(&repository.join("a/b")), None, "that one is above the repository");
    fs::write(repository.join(NAME), "").unwrap();
    assert_eq!(found(&repository.join("a/b")), Some(repository.join(NAME)));
    assert_eq!(found(folder.path()), Some(folder.path().join(NAME)), "the folder itself");
}
