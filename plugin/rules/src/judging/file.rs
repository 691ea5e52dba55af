//! Checks of files: mode and owner of what the kubelet reads. Their contents are not looked at.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, Verdict, evidence, remedy};
use crate::kubelet::config::Leaf;
use crate::kubelet::{Documents, Kubelet, clipped, values};
use crate::message::message;
use crate::model::{Content, FileKind, Metadata, Outcome, Place, Status, Want};
use crate::platform::Platform;

/// Which files a check looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// The unit of the kubelet's service, and what it reads flags from.
    Service,
    /// `--kubeconfig`
    Kubeconfig,
    /// `authentication.x509.clientCAFile`
    ClientCa,
    /// `--config`, and the drop-ins.
    Config,
    /// kube-proxy's kubeconfig.
    ProxyKubeconfig,
}

/// A file that is looked at.
struct Named {
    path: Vec<u8>,
    /// Whether the kubelet was told of it, so that it has to be there.
    needed: bool,
    /// Where it was told.
    by: Place,
}

impl Files {
    const ALL: [Files; 5] = [Files::Service, Files::Kubeconfig, Files::ClientCa, Files::Config, Files::ProxyKubeconfig];

    fn of(self, kubelet: &Kubelet, documents: Documents, platform: &Platform) -> Vec<Named> {
        match self {
            Files::Service => optional(platform.service_files.iter().copied()),
            Files::ProxyKubeconfig => optional(platform.proxy_kubeconfigs.iter().copied()),
            Files::Kubeconfig => of_flag(kubelet, documents, "kubeconfig"),
            Files::ClientCa => {
                let leaf = kubelet.config.as_ref().and_then(|config| config.at("authentication.x509.clientCAFile"));
                named(documents, leaf)
            }
            Files::Config => {
                let mut files = of_flag(kubelet, documents, "config");
                let directory = kubelet.flags.as_ref().map_or(&b""[..], |flags| &flags.config_dir);
                if !directory.is_empty() {
                    let directory = documents.absolute(directory);
                    let drop_ins = documents.files_below(&directory);
                    files.extend(drop_ins.map(|path| Named { path: path.to_vec(), needed: true, by: Place::Target }));
                }
                files
            }
        }
    }

    /// What it means that there are none.
    fn none(self) -> &'static str {
        match self {
            Files::Service => "no service of the kubelet is among the files of this node",
            Files::Kubeconfig => "the kubelet has no kubeconfig: it runs without an API server",
            Files::ClientCa => "the kubelet has no file of client CAs",
            Files::Config => "the kubelet reads no configuration file",
            Files::ProxyKubeconfig => "kube-proxy has no kubeconfig among the files of this node",
        }
    }
}

fn optional<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<Named> {
    let named = |path: &str| Named { path: path.as_bytes().to_vec(), needed: false, by: Place::Target };
    paths.into_iter().map(named).collect()
}

fn of_flag(kubelet: &Kubelet, documents: Documents, flag: &str) -> Vec<Named> {
    named(documents, kubelet.flags.as_ref().and_then(|flags| flags.get(flag)))
}

/// The file that a setting or a flag names.
fn named(documents: Documents, leaf: Option<&Leaf>) -> Vec<Named> {
    let Some(leaf) = leaf else { return vec![] };
    let path = leaf.value.as_ref().and_then(|value| value.as_text()).unwrap_or_default();
    if path.is_empty() {
        return vec![];
    }
    let by = leaf.decider().map_or(Place::Target, |claim| claim.place);
    vec![Named { path: documents.absolute(path.as_bytes()), needed: true, by }]
}

/// What is wanted to judge the files of a node.
pub fn wants<'a>(
    kubelet: &Kubelet,
    documents: Documents,
    platform: &Platform,
    expectations: impl Iterator<Item = &'a str>,
) -> Vec<Want> {
    let extra = optional(expectations.flat_map(extra));
    let files = Files::ALL.iter().flat_map(|files| files.of(kubelet, documents, platform)).chain(extra);
    let mut wants: Vec<Want> = vec![];
    for file in files {
        let want = Want::Metadata(file.path);
        if !wants.contains(&want) {
            wants.push(want);
        }
    }
    wants
}

/// What a file is asked to be.
struct Rule<'a> {
    /// What is wrong with it, such as `has mode 0644, which allows more than 0600`.
    fault: &'a dyn Fn(&Metadata) -> Option<String>,
    /// The command that mends it, before the path.
    mend: &'a str,
}

/// Judges the mode of files: what is expected is the widest one that is fine, and paths that are looked at besides.
pub fn judge_mode(case: &Case, files: Files) -> Verdict {
    let widest = case.asked.expect.split(' ').next().unwrap_or_default();
    let bits = u32::from_str_radix(widest, 8).unwrap_or(0o600);
    let fault = |metadata: &Metadata| {
        let mode = metadata.mode & 0o777;
        (mode & !bits != 0).then(|| format!("has mode {mode:04o}, which allows more than {bits:04o}"))
    };
    judge(case, files, &Rule { fault: &fault, mend: &format!("chmod {bits:o}") })
}

/// Judges the owner of files.
pub fn judge_owner(case: &Case, files: Files) -> Verdict {
    let fault = |metadata: &Metadata| {
        let Metadata { uid, gid, .. } = metadata;
        ((*uid, *gid) != (0, 0)).then(|| format!("belongs to user {uid} and group {gid}, not to root"))
    };
    judge(case, files, &Rule { fault: &fault, mend: "chown root:root" })
}

/// The paths that an edition names besides.
fn extra(expect: &str) -> impl Iterator<Item = &str> {
    expect.split(' ').filter(|word| word.starts_with('/'))
}

fn judge(case: &Case, files: Files, rule: &Rule) -> Verdict {
    if !case.documents.is_running() {
        return Verdict::not_applicable(
            "there is no node here whose files have a mode and an owner: `kubevet scan` looks at one",
        );
    }
    if case.kubelet.flags.is_none() && !matches!(files, Files::Service | Files::ProxyKubeconfig) {
        let message = message("kubelet-does-not-start", &[], "not decided: which files it reads is not known");
        return Verdict::undetermined(message, Place::Target);
    }
    let mut looked_at = vec![];
    let (mut failed, mut unknown) = (None, None);
    for file in
        files.of(case.kubelet, case.documents, case.platform).into_iter().chain(optional(extra(case.asked.expect)))
    {
        let path = clipped(&values::text(&file.path));
        match look(case, &file) {
            Look::Absent if file.needed => {
                failed = failed.or_else(|| Some(missing(case, &file, &path)));
            }
            Look::Absent => {}
            Look::Found(metadata, place) => match (rule.fault)(&metadata) {
                None => looked_at.push((path, metadata, place)),
                Some(fault) => failed = failed.or_else(|| Some(faulty(&path, place, &fault, rule.mend))),
            },
            Look::Unknown(reason, place) => {
                let message = message("file-unknown", &[("path", &path)], format!("`{path}` {reason}"));
                unknown = unknown.or(Some(Verdict::undetermined(message, place)));
            }
        }
    }
    failed.or(unknown).unwrap_or_else(|| match looked_at.as_slice() {
        [] => Verdict::not_applicable(files.none()),
        [(first, metadata, place), others @ ..] => {
            let mut text = first.clone();
            if others.is_empty() {
                text += &format!(" (mode {:04o}, owner {}:{})", metadata.mode, metadata.uid, metadata.gid);
            }
            for (path, ..) in others {
                text = text + ", " + path;
            }
            Verdict::new(Status::Pass, "as-asked", text, evidence(*place, "this file"))
        }
    })
}

fn faulty(path: &str, place: Place, fault: &str, mend: &str) -> Verdict {
    let mut verdict = Verdict::new(Status::Fail, "file", format!("`{path}` {fault}"), evidence(place, fault));
    verdict.remedies.push(remedy::plain(format!("run `{mend} {path}`; it takes effect at once")));
    verdict
}

fn missing(case: &Case, file: &Named, path: &str) -> Verdict {
    let text = format!("`{path}` does not exist, and the kubelet is told to read it");
    let mut verdict = Verdict::new(Status::Fail, "file-missing", text, evidence(file.by, "it is named here"));
    let mend =
        format!("put the file there, or name the right one; on a node that runs, look whether `{path}` was moved");
    verdict.remedies.push(remedy::in_words(case.platform, mend));
    verdict
}

enum Look {
    Found(Metadata, Place),
    Absent,
    Unknown(String, Place),
}

fn look(case: &Case, file: &Named) -> Look {
    let want = Want::Metadata(file.path.clone());
    let place = case.documents.id(&want).map_or(file.by, Place::Whole);
    let reason: String = match case.documents.outcome(&want) {
        Some(Outcome::Found(Content::Metadata(metadata))) if metadata.kind == FileKind::Regular => {
            return Look::Found(*metadata, place);
        }
        Some(Outcome::Absent) => return Look::Absent,
        Some(Outcome::Found(_)) => "is no regular file".into(),
        Some(Outcome::Denied) => "may not be looked at by this scanner; run it as root".into(),
        Some(Outcome::Refused(reason)) => format!("was not looked at: {reason}"),
        Some(Outcome::Failed(error)) => format!("could not be looked at: {error}"),
        Some(Outcome::TooLarge(_) | Outcome::Unavailable) | None => "could not be looked at here".into(),
    };
    Look::Unknown(reason, place)
}
