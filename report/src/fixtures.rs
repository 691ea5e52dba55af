//! What the tests of the reports are made of.

use kubevet_rules::model::*;

pub(crate) const CONFIG: u32 = 1;

pub(crate) fn process(id: u32, arguments: &[&str]) -> Document {
    let arguments = arguments.iter().map(|argument| argument.as_bytes().to_vec()).collect();
    let facts = vec![("pid".into(), "1187".into())];
    let process = Process { arguments, cwd: b"/".to_vec(), facts };
    Document { id, answers: Want::Processes("kubelet".into()), outcome: Outcome::Found(Content::Process(process)) }
}

pub(crate) fn file(id: u32, path: &str, text: impl AsRef<[u8]>) -> Document {
    Document { id, answers: Want::File(path.into()), outcome: Outcome::Found(Content::File(text.as_ref().to_vec())) }
}

/// The bytes of a document: of a file, or of one argument.
fn bytes(documents: &[Document], id: u32, part: u32) -> &[u8] {
    match &documents.iter().find(|document| document.id == id).unwrap().outcome {
        Outcome::Found(Content::File(bytes)) => bytes,
        Outcome::Found(Content::Process(process)) => &process.arguments[part as usize],
        other => panic!("{other:?} has no text"),
    }
}

/// The place of a text in a file.
pub(crate) fn span(documents: &[Document], id: u32, text: &str) -> Place {
    let start =
        bytes(documents, id, 0).windows(text.len()).position(|window| window == text.as_bytes()).unwrap() as u32;
    Place::At(Span { document: id, part: 0, start, end: start + text.len() as u32 })
}

/// The place of a whole argument.
pub(crate) fn argument(documents: &[Document], id: u32, part: u32) -> Place {
    Place::At(Span { document: id, part, start: 0, end: bytes(documents, id, part).len() as u32 })
}

pub(crate) fn message(text: &str) -> Message {
    Message { id: "test".into(), params: vec![], text: text.into() }
}

pub(crate) fn evidence(place: Place, label: &str) -> Evidence {
    Evidence { place, label: message(label) }
}

pub(crate) fn section(benchmark: &str, number: &str) -> Section {
    Section { benchmark: benchmark.into(), number: number.into(), level: 1, automated: true }
}

pub(crate) fn finding(check: &str, status: Status, text: &str) -> Finding {
    Finding {
        check: check.into(),
        status,
        severity: Severity::Medium,
        message: message(text),
        primary: evidence(Place::Target, ""),
        related: vec![],
        notes: vec![],
        remedies: vec![],
        sections: vec![],
    }
}

pub(crate) fn remedy(text: &str) -> Remedy {
    Remedy { text: message(text), edits: vec![], blocked: None }
}

pub(crate) fn problem(text: &str, place: Place) -> Problem {
    Problem { severity: Severity::Low, message: message(text), place, edits: vec![] }
}

pub(crate) fn source(origin: Origin, value: &str, place: Place, detail: &str) -> Source {
    Source { origin, value: value.into(), place, detail: detail.into() }
}

pub(crate) fn decided(by: Source) -> Decided {
    Decided { value: by.value.clone(), omitted: false, by, keys: vec![], overridden: vec![] }
}

pub(crate) fn setting(name: &str, effective: Effective) -> Setting {
    Setting { name: name.into(), in_file: true, branches: vec![Branch { versions: report().versions, effective }] }
}

pub(crate) fn flag(name: &str, decided: Decided) -> Setting {
    Setting { in_file: false, ..setting(name, Effective::Known(decided)) }
}

/// A report in which nothing was found, for 1.37.
pub(crate) fn report() -> Report {
    Report {
        versions: vec!["1.37".into()],
        context: vec![Message {
            id: "sources".into(),
            params: vec![],
            text: "/etc/kubernetes/kubelet-config.json".into(),
        }],
        refusals: vec![],
        settings: vec![],
        findings: vec![],
        problems: vec![],
        unmet: vec![],
        withheld: vec![],
    }
}
