//! Targets as they occur, each shown in every form; the snapshots are what a reader would see.

use crate::fixtures::*;
use crate::{Judged, human, json};
use kubevet_rules::model::*;

/// A target and its judgement.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) documents: Vec<Document>,
    pub(crate) report: Report,
}

const PATH: &str = "/etc/kubernetes/kubelet-config.json";

pub(crate) const CONFIG_TEXT: &str = r#"{
  "kind": "KubeletConfiguration",
  "apiVersion": "kubelet.config.k8s.io/v1beta1",
  "authentication": {
    "anonymous": {
      "enabled": true
    }
  },
  "readOnlyPort": 0,
  "makeIptablesUtilChains": true
}
"#;

fn config() -> Document {
    file(CONFIG, PATH, CONFIG_TEXT)
}

/// Names the benchmark editions of a check, as many as there are in fact.
fn many_sections() -> Vec<Section> {
    let editions = ["aks-1.0", "aks-1.7", "aks-1.8", "cis-1.9", "cis-1.12", "eks-1.7", "gke-1.6", "rke2-1.8"];
    editions.map(|edition| section(edition, if edition.starts_with("cis") { "4.2.1" } else { "3.2.1" })).to_vec()
}

fn replacing(documents: &[Document], text: &str, replacement: &str) -> Vec<Edit> {
    let Place::At(span) = span(documents, CONFIG, text) else { unreachable!() };
    vec![Edit { span, text: replacement.into() }]
}

fn plain_fail() -> Scene {
    let documents = vec![process(0, &["--config=/etc/kubernetes/kubelet-config.json"]), config()];
    let remedy = Remedy {
        edits: replacing(&documents, "true", "false"),
        ..remedy("set `authentication.anonymous.enabled` to `false`, then restart the kubelet")
    };
    let fail = Finding {
        severity: Severity::High,
        primary: evidence(span(&documents, CONFIG, "true"), "must be `false`; nothing later overrides it"),
        remedies: vec![remedy],
        sections: many_sections(),
        ..finding("anonymous-auth", Status::Fail, "anonymous requests reach the kubelet API")
    };
    let pass = Finding {
        primary: evidence(span(&documents, CONFIG, "\"readOnlyPort\": 0"), ""),
        sections: vec![section("cis-1.12", "4.2.4")],
        ..finding("read-only-port", Status::Pass, "the read-only port is closed")
    };
    let manual = Finding {
        primary: evidence(Place::Whole(0), ""),
        remedies: vec![remedy_of_manual()],
        sections: vec![section("cis-1.12", "4.2.8")],
        ..finding("hostname-override", Status::Manual, "a person has to decide whether the name may differ")
    };
    let not_applicable = finding("kubeconfig-mode", Status::NotApplicable, "there is no kubeconfig");
    Scene {
        name: "plain_fail",
        report: Report { findings: vec![fail, pass, manual, not_applicable], ..report() },
        documents,
    }
}

fn remedy_of_manual() -> Remedy {
    remedy("leave `--hostname-override` out, unless the cloud provider asks for it")
}

fn overridden_by_flag() -> Scene {
    let arguments = ["--config=/etc/kubernetes/kubelet-config.json", "--read-only-port=10255", "--v=2"];
    let drop_in = file(2, "/etc/kubernetes/kubelet.conf.d/20-port.conf", "readOnlyPort: 0\n");
    let entry = Entry { name: b"20-port.conf".to_vec(), kind: FileKind::Regular };
    let directory = Document {
        id: 3,
        answers: Want::Directory(b"/etc/kubernetes/kubelet.conf.d".to_vec()),
        outcome: Outcome::Found(Content::Directory(vec![entry])),
    };
    let documents = vec![process(0, &arguments), config(), directory, drop_in];
    let remedy = Remedy {
        edits: replacing(&documents, "0,", "1,"),
        blocked: Some(message("the flag overrides whatever the file says")),
        ..remedy("remove `--read-only-port` from the unit; the file already says 0")
    };
    let fail = Finding {
        primary: evidence(argument(&documents, 0, 1), "this flag wins"),
        related: vec![
            evidence(span(&documents, 2, "readOnlyPort: 0"), "overridden: would have passed"),
            evidence(span(&documents, CONFIG, "\"readOnlyPort\": 0"), "overridden: would have passed"),
        ],
        notes: vec![message("flags are applied after the config file and all drop-ins")],
        remedies: vec![remedy],
        sections: vec![section("cis-1.12", "4.2.4"), section("aks-1.8", "3.2.4")],
        ..finding("read-only-port", Status::Fail, "the read-only port is open on 10255")
    };
    Scene { name: "overridden_by_flag", report: Report { findings: vec![fail], ..report() }, documents }
}

fn broken_json() -> Scene {
    let text = "{\n  \"authentication\": {\n    \"anonymous\": { \"enabled\": false },\n  }\n}\n";
    let documents = vec![process(0, &["--config=/etc/kubernetes/kubelet-config.json"]), file(CONFIG, PATH, text)];
    let place = span(&documents, CONFIG, ",\n  }");
    let Place::At(comma) = place else { unreachable!() };
    let place = Place::At(Span { end: comma.start + 1, ..comma });
    let refusal = Refusal {
        versions: vec!["1.37".into()],
        stage: Stage::Load,
        message: message("trailing comma before `}`"),
        place,
    };
    let mut findings = vec![Finding {
        severity: Severity::Critical,
        primary: evidence(place, "trailing comma before `}`"),
        ..finding("kubelet-starts", Status::Fail, "the kubelet cannot read its configuration, and does not start")
    }];
    let names = ["anonymous-auth", "authorization-mode", "client-ca-file", "event-qps", "make-iptables-util-chains"];
    findings.extend(names.map(|name| finding(name, Status::Undetermined, "the kubelet would not start")));
    Scene { name: "broken_json", report: Report { refusals: vec![refusal], findings, ..report() }, documents }
}

fn minified() -> Scene {
    let filler: String = (0..200).map(|number| format!("\"unknownKey{number}\":{number},")).collect();
    let text = format!("{{{filler}\"readOnlyPort\":10255,{filler}\"kind\":\"KubeletConfiguration\"}}");
    let documents = vec![process(0, &[]), file(CONFIG, PATH, &text)];
    let fail = Finding {
        primary: evidence(span(&documents, CONFIG, "\"readOnlyPort\":10255"), "must be `0`"),
        related: vec![evidence(
            span(&documents, CONFIG, &text),
            "the whole file, of which only the beginning is shown",
        )],
        remedies: vec![Remedy { edits: replacing(&documents, "10255", "0"), ..remedy("set `readOnlyPort` to `0`") }],
        ..finding("read-only-port", Status::Fail, "the read-only port is open on 10255")
    };
    Scene { name: "minified", report: Report { findings: vec![fail], ..report() }, documents }
}

fn huge_command_line() -> Scene {
    let labels = format!("--node-labels={}", "example.org/zone=a,".repeat(2000));
    let arguments =
        [labels.as_str(), "--read-only-port", "10255", &labels, "--bootstrap-kubeconfig", "SECRET-NEIGHBOUR"];
    let documents = vec![process(0, &arguments)];
    let fail = Finding {
        primary: evidence(argument(&documents, 0, 2), "this flag wins"),
        related: vec![evidence(argument(&documents, 0, 0), "a long argument")],
        ..finding("read-only-port", Status::Fail, "the read-only port is open on 10255")
    };
    Scene { name: "huge_command_line", report: Report { findings: vec![fail], ..report() }, documents }
}

/// Bytes that are not UTF-8, terminal escape sequences and bidirectional controls, in names, texts and messages.
fn hostile_text() -> Scene {
    let mut documents = vec![
        process(0, &[""]),
        file(CONFIG, "", "# \u{202e}olleh\n\"\u{1b}[31mreadOnlyPort\u{200b}\": 1\t# \u{9b}2J\n"),
    ];
    documents[0].outcome = Outcome::Found(Content::Process(Process {
        arguments: vec![b"--hostname-override=n\xff\xfe1".to_vec()],
        cwd: vec![],
        facts: vec![],
    }));
    documents[1].answers = Want::File(b"/etc/\xffk\x1b]0;owned\x07/\xe2\x80\xaegpj.json\n".to_vec());
    let fail = Finding {
        primary: evidence(argument(&documents, 0, 0), "a name with\u{1b}[2J control characters"),
        related: vec![
            evidence(span(&documents, CONFIG, "\u{1b}[31mreadOnlyPort\u{200b}"), "an odd key"),
            evidence(span(&documents, CONFIG, "\u{202e}olleh"), "bidirectional"),
        ],
        notes: vec![message("two\nlines, and ::error::\r")],
        remedies: vec![remedy("clear\u{7}")],
        ..finding("hostname-override\u{1b}[0m", Status::Fail, "not a name\u{2066}")
    };
    Scene { name: "hostile_text", report: Report { findings: vec![fail], ..report() }, documents }
}

/// A file of another kind, and a flag that holds a secret: named, and never quoted.
fn withheld() -> Scene {
    let text = "kind: Secret\ndata: {token: CANARY-FILE, port: 1}\n";
    let header = "--manifest-url-header=Authorization:CANARY-FLAG";
    let documents = vec![process(0, &[header, "--v=2"]), file(CONFIG, "/etc/kubernetes/azure.json", text)];
    let Place::At(token) = span(&documents, CONFIG, "CANARY-FILE") else { unreachable!() };
    let flag = Span { document: 0, part: 0, start: 22, end: header.len() as u32 };
    let findings = vec![
        Finding {
            primary: evidence(span(&documents, CONFIG, "token: CANARY-FILE"), "this is no kubelet configuration"),
            related: vec![evidence(argument(&documents, 0, 0), "the header"), evidence(Place::Whole(0), "given here")],
            ..finding("kubelet-starts", Status::Fail, "the configuration is of another kind")
        },
        Finding {
            primary: evidence(span(&documents, CONFIG, "port: 1"), "beside a secret"),
            ..finding("read-only-port", Status::Fail, "open")
        },
    ];
    let by = source(Origin::Flag, "{\"Authorization\":[\"CANARY-FLAG\"]}", argument(&documents, 0, 0), header);
    let keys = vec![("Authorization:CANARY-FLAG".into(), by.clone())];
    let settings = vec![setting("staticPodURLHeader", Effective::Known(Decided { keys, ..decided(by) }))];
    Scene {
        name: "withheld",
        report: Report { findings, settings, withheld: vec![token, flag], ..report() },
        documents,
    }
}

fn did_you_mean() -> Scene {
    let documents = vec![process(0, &["--config=/etc/kubernetes/kubelet-config.json"]), config()];
    let place = span(&documents, CONFIG, "\"makeIptablesUtilChains\"");
    let text = "unknown key `makeIptablesUtilChains` is ignored; did you mean `makeIPTablesUtilChains`?";
    let problem = Problem {
        edits: replacing(&documents, "makeIptablesUtilChains", "makeIPTablesUtilChains"),
        ..problem(text, place)
    };
    let pass = Finding {
        primary: evidence(span(&documents, CONFIG, "\"readOnlyPort\": 0"), ""),
        ..finding("read-only-port", Status::Pass, "the read-only port is closed")
    };
    Scene {
        name: "did_you_mean",
        report: Report { findings: vec![pass], problems: vec![problem], ..report() },
        documents,
    }
}

fn denied() -> Scene {
    let path = "/etc/kubernetes/kubelet-config.json";
    let mut documents = vec![process(0, &["--config", path]), file(CONFIG, path, "")];
    documents[1].outcome = Outcome::Denied;
    let names = ["kubelet-starts", "anonymous-auth", "authorization-mode"];
    let findings = names.map(|name| Finding {
        primary: evidence(Place::Whole(CONFIG), "permission denied"),
        related: vec![evidence(argument(&documents, 0, 1), "named here")],
        ..finding(name, Status::Undetermined, "the configuration file may not be read")
    });
    let unmet = vec![Want::File(path.into()), Want::EnvironmentHas("KUBELET_CONFIG_DROPIN_DIR_ALPHA".into())];
    Scene { name: "denied", report: Report { findings: findings.into(), unmet, ..report() }, documents }
}

fn settings() -> Scene {
    let arguments =
        ["--config=/etc/kubernetes/kubelet-config.json", "--feature-gates=AllAlpha=false", "--read-only-port=10255"];
    let drop_in = file(2, "/etc/kubernetes/kubelet.conf.d/20-port.conf", "readOnlyPort: 0\n");
    let documents = vec![process(0, &arguments), config(), drop_in];
    let flag = argument(&documents, 0, 2);
    let in_file = source(Origin::ConfigFile, "0", span(&documents, CONFIG, "0,\n"), "");
    let in_drop_in = source(Origin::DropIn, "0", span(&documents, 2, "0"), "");
    let port =
        Decided { overridden: vec![in_drop_in, in_file], ..decided(source(Origin::Flag, "10255", flag, arguments[2])) };
    let anonymous = decided(source(Origin::ConfigFile, "true", span(&documents, CONFIG, "true"), ""));
    let default = |value: &str, detail: &str| source(Origin::Default, value, Place::Target, detail);
    let profiling = Decided { omitted: true, ..decided(default("\"\"", "")) };
    let gates = Decided {
        value: "{\n  \"AllAlpha\": false,\n  \"A b\": true\n}".into(),
        keys: vec![
            ("AllAlpha".into(), source(Origin::Flag, "false", argument(&documents, 0, 1), arguments[1])),
            ("A b".into(), source(Origin::ConfigFile, "true", span(&documents, CONFIG, "true"), "")),
        ],
        ..decided(source(Origin::Flag, "{}", argument(&documents, 0, 1), arguments[1]))
    };
    let branch = |versions: &[&str], value: &str| Branch {
        versions: versions.iter().map(|version| version.to_string()).collect(),
        effective: Effective::Known(decided(default(value, ""))),
    };
    let branches = vec![branch(&["1.24", "1.25", "1.26"], "false"), branch(&["1.28"], "true")];
    let ciphers = "[\"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\",\"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\"]";
    let host = decided(source(Origin::Flag, "\"n1\"", flag, "--hostname-override=n1"));
    let mut settings = vec![
        setting("authentication.anonymous.enabled", Effective::Known(anonymous)),
        setting("featureGates", Effective::Known(gates)),
        setting("readOnlyPort", Effective::Known(port)),
        Setting { name: "seccompDefault".into(), in_file: true, branches },
        setting("staticPodPath", Effective::Known(profiling)),
        setting("streamingConnectionIdleTimeout", Effective::Unknown(message("the drop-in directory may not be read"))),
        setting("tlsCipherSuites", Effective::Known(decided(default(ciphers, "of FIPS builds")))),
        crate::fixtures::flag("hostnameOverride", host),
        crate::fixtures::flag("rootDirectory", decided(default("\"/var/lib/kubelet\"", ""))),
    ];
    let versions = ["1.24", "1.25", "1.26", "1.28"].map(String::from).to_vec();
    for setting in settings.iter_mut().filter(|setting| setting.branches.len() == 1) {
        setting.branches[0].versions.clone_from(&versions);
    }
    let refusals = vec![Refusal {
        versions: vec!["1.28".into()],
        stage: Stage::Run,
        message: message("there is no cipher suite of this name"),
        place: Place::Target,
    }];
    Scene { name: "settings", report: Report { versions, settings, refusals, ..report() }, documents }
}

fn refuses() -> Scene {
    let scene = broken_json();
    Scene { name: "refuses", report: Report { findings: vec![], ..scene.report }, ..scene }
}

pub(crate) fn all() -> Vec<Scene> {
    vec![
        plain_fail(),
        overridden_by_flag(),
        broken_json(),
        minified(),
        huge_command_line(),
        hostile_text(),
        withheld(),
        did_you_mean(),
        denied(),
        settings(),
        refuses(),
    ]
}

pub(crate) fn judged(scene: &Scene) -> Judged<'_> {
    Judged::new("kubelet on node-7", &scene.documents, &scene.report)
}

/// Everything, in every form that the scene has something for.
fn every_form(scene: &Scene) -> String {
    let judged = judged(scene);
    let show = vec![Status::Pass, Status::Fail, Status::Manual, Status::NotApplicable, Status::Undetermined];
    let options = human::Options { show, show_borne: true, ..Default::default() };
    let mut forms = vec![];
    if !scene.report.findings.is_empty() {
        forms.extend([human::check(&judged, &options), json::check(&judged).unwrap()]);
    }
    if !scene.report.settings.is_empty() || scene.report.findings.is_empty() {
        forms.extend([human::effective(&judged, &options), json::effective(&judged).unwrap()]);
    }
    forms.join("\n────\n")
}

#[test]
fn snapshots() {
    for scene in all() {
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(scene.name, every_form(&scene));
        });
    }
}

#[test]
fn nothing_deceptive_withheld_or_long_is_shown() {
    for scene in all() {
        let shown = every_form(&scene);
        assert!(!shown.contains(|c| c != '\n' && crate::escape::is_deceptive(c)), "{}", scene.name);
        assert!(!shown.contains("CANARY") && !shown.contains("SECRET-NEIGHBOUR"), "{}", scene.name);
        let human = shown.lines().filter(|line| line.contains(" | "));
        assert!(human.clone().all(|line| line.chars().count() < 130), "{}", scene.name);
        assert!(shown.lines().all(|line| line == line.trim_end()), "{}", scene.name);
    }
}

#[test]
fn json_is_one_valid_line() {
    for scene in all() {
        for line in [json::check(&judged(&scene)).unwrap(), json::effective(&judged(&scene)).unwrap()] {
            assert!(!line.contains('\n'));
            serde_json::from_str::<serde_json::Value>(&line).unwrap();
        }
    }
}

#[test]
fn only_what_is_asked_for_is_shown_and_all_is_counted() {
    let scene = plain_fail();
    let shown = human::check(&judged(&scene), &human::Options { show: vec![Status::Manual], ..Default::default() });
    assert!(shown.contains("manual[hostname-override]") && !shown.contains("[anonymous-auth]"), "{shown}");
    assert!(shown.ends_with("1 failed, 1 passed, 0 undetermined, 1 manual, 1 not applicable\n"), "{shown}");
}

#[test]
fn colors_only_when_asked_for() {
    let scene = plain_fail();
    let plain = human::check(&judged(&scene), &human::Options::default());
    let colored = human::check(&judged(&scene), &human::Options { color: true, ..Default::default() });
    assert!(!plain.contains('\u{1b}') && colored.contains("\u{1b}["));
    let mut stripped = String::new();
    for (number, part) in colored.split("\u{1b}[").enumerate() {
        stripped += if number == 0 { part } else { part.split_once('m').unwrap().1 };
    }
    assert_eq!(stripped, plain);
}

/// A small generator of numbers, so that the cases are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % bound as u32
    }
}

/// A faulty plugin may name any place, and a target may hold any bytes.
#[test]
fn any_place_in_any_bytes_can_be_reported() {
    let pieces: [&[u8]; 12] = [
        b"a",
        b"\n",
        b"\r\n",
        b"\xc3\xa9",
        b"\xe6\xbc\xa2",
        b"\xff",
        b"\t",
        b"\x1b",
        b"\xe2\x80\xae",
        b"CANARY",
        b" ",
        b"\xe6",
    ];
    let mut numbers = Numbers(1);
    for _ in 0..3000 {
        let bytes: Vec<u8> = (0..numbers.below(40)).flat_map(|_| pieces[numbers.below(12) as usize]).copied().collect();
        let mut documents = vec![process(0, &["--a", "", "b"]), file(CONFIG, "/k", "")];
        documents[1].outcome = Outcome::Found(Content::File(bytes.clone()));
        let Outcome::Found(Content::Process(process)) = &mut documents[0].outcome else { unreachable!() };
        process.arguments[2] = bytes.clone();
        let mut place = || {
            let (document, part) = [(1, 0), (0, 2), (0, 1)][numbers.below(3) as usize];
            let start = numbers.below(bytes.len() + 2);
            Place::At(Span { document, part, start, end: start + numbers.below(bytes.len() + 2) })
        };
        let (one, other, Place::At(edit)) = (place(), place(), place()) else { unreachable!() };
        let edits = vec![Edit { span: edit, text: b"new".to_vec() }];
        let fail = Finding {
            primary: evidence(one, "one"),
            related: vec![evidence(other, "other")],
            remedies: vec![Remedy { edits: edits.clone(), ..remedy("do") }],
            ..finding("check", Status::Fail, "text")
        };
        let problem = Problem { edits, ..problem("odd", other) };
        let canaries = bytes.windows(6).zip(0..).filter(|(window, _)| *window == b"CANARY").flat_map(|(_, start)| {
            [(1, 0), (0, 2)].map(|(document, part)| Span { document, part, start, end: start + 6 })
        });
        let withheld = canaries.collect();
        let report = Report { findings: vec![fail], problems: vec![problem], withheld, ..report() };
        let scene = Scene { name: "any", documents, report };
        let shown = every_form(&scene) + &crate::in_formats::in_all(&scene);
        assert!(!shown.contains("CANARY") && !shown.contains('\u{fdd0}'), "{shown}");
        assert!(!shown.contains(|c| c != '\n' && crate::escape::is_deceptive(c)), "{shown}");
    }
}
