//! The live configuration: what a running kubelet answers to `/configz`.
//!
//! It is the configuration after flags and files, in the kubelet's JSON (`setConfigz`, cmd/kubelet/app/server.go), below the
//! key `kubeletconfig`: an embedded kubelet shows the configurations of what else runs in its process beside it. What that
//! JSON leaves out is the zero value, and not the default.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::config::{Claim, Config, unset};
use super::decode::{self, Keys, Reading};
use super::drift;
use super::file;
use super::problems::Problems;
use super::surface::{FIELDS, Field, Kind, Version};
use super::walk::Failure;
use super::{Documents, Kubelet, Unknown, clipped, next_start, paths, values};
use crate::HAS_LIVE;
use crate::collections;
use crate::digits;
use crate::json::Json;
use crate::message::{Problem, Said, Text as Telling, Words, message};
use crate::model::{Content, Document, Origin, Outcome, Place, Severity, Span, Stage, Want};
use crate::text::{Format, Member, Node, Text, Value};

/// What the live configuration adds to what is known of a kubelet.
#[derive(Default)]
pub struct Live {
    /// Whether there is one.
    pub is_known: bool,
    /// Whether nothing else is known: neither the command line nor files.
    pub is_all: bool,
    /// The kubelet that runs, where it is not as the next one to start.
    pub running: Option<Box<Kubelet>>,
    /// How many settings of the two differ.
    pub drifts: usize,
    /// A field that no kubelet of this version has, or that every one shows: this is the answer of another version.
    pub misfit: Option<String>,
    /// Settings whose value here does not tell enough to judge them.
    pub doubts: Vec<(&'static str, Said)>,
}

/// Where the kubelet lays what it makes itself, unless `--cert-dir` says otherwise.
const CERT_DIR: &str = "/var/lib/kubelet/pki";

/// The key of the kubelet's configuration.
const CONFIGURATION: &str = "kubeletconfig";

const CERTIFICATE: &str = "tlsCertFile";
const KEY: &str = "tlsPrivateKeyFile";

/// A kubelet of this version: what it makes of its command line and files, and what runs.
pub fn with_live(documents: Documents, version: Version) -> Kubelet {
    // A host that has no means to ask says that, and nothing follows.
    let answer = documents.answer(&Want::LiveConfiguration).filter(|answer| answer.outcome != Outcome::Unavailable);
    let Some(answer) = answer else { return next_start(documents, version) };
    let is_all = documents.is_live_alone();
    match Body::read(answer, &documents, version) {
        Ok(body) if is_all => alone(body),
        Ok(mut body) => {
            let mut kubelet = next_start(documents, version);
            kubelet.withheld.append(&mut body.withheld);
            let cert_dir = kubelet.flags.as_ref().and_then(|flags| flags.value("cert-dir", version));
            let known = cert_dir.as_ref().and_then(Json::as_text).filter(|_| documents.flags_are_known());
            let doubts = doubts(&mut body.config, known);
            drift::compare(&mut kubelet, body, doubts, documents);
            kubelet
        }
        Err(unusable) => {
            let Unusable { unknown, misfit, mut withheld } = *unusable;
            let mut kubelet = if is_all { Kubelet::new(version) } else { next_start(documents, version) };
            if is_all {
                kubelet.config = Some(Config::legacy(version));
                kubelet.unknown = Some(Box::new(unknown));
            } else {
                let Unknown { message, place } = unknown;
                kubelet.problems.push(Problem { severity: Severity::Medium, message, place, edits: vec![] });
            }
            kubelet.live.is_all = is_all;
            kubelet.live.misfit = misfit;
            kubelet.withheld.append(&mut withheld);
            kubelet.unmet.push(Want::LiveConfiguration);
            kubelet
        }
    }
}

/// Nothing but the live configuration is known. That it answers means that it has started.
fn alone(mut body: Body) -> Kubelet {
    let doubts = doubts(&mut body.config, None);
    let mut kubelet = body.into_kubelet();
    kubelet.live.is_all = true;
    kubelet.live.doubts = doubts;
    kubelet.problems.extend(other_version(&kubelet.live));
    kubelet
}

/// The answer is that of another version, although there is none that fits better.
pub fn other_version(live: &Live) -> Option<Problem> {
    let field = live.misfit.as_ref()?;
    let text = text!(
        "the live configuration is not of this version of the kubelet: `{setting}` tells",
        "この稼働中の設定は、このバージョンの kubelet のものではありません（`{setting}` から判断）",
        setting = &**field
    );
    let message = message("live-other-version", text);
    Some(Problem { severity: Severity::Medium, message, place: Place::Target, edits: vec![] })
}

/// Without the versions whose kubelets cannot have given this answer; all of them where none can.
pub fn fitting(kubelets: Vec<Kubelet>) -> Vec<Kubelet> {
    let fits = |kubelet: &Kubelet| !HAS_LIVE || kubelet.live.misfit.is_none();
    match kubelets.iter().any(fits) {
        true => kubelets.into_iter().filter(fits).collect(),
        false => kubelets,
    }
}

/// How what runs is read: the kubelet has written it.
const LIVE: Reading = Reading { format: Format::Json, keys: Keys::Exact };

/// What no answer tells.
const NOT_SHOWN: Words =
    words!("flags such as --hostname-override are not in it", "--hostname-override のようなフラグは含まれません");

/// What is to be said of the live configuration, in a line.
pub fn in_words(kubelet: &Kubelet) -> Option<Said> {
    let Live { is_known: true, is_all, drifts, .. } = &kubelet.live else { return None };
    if !HAS_LIVE {
        return None;
    }
    let (count, not_shown) = (digits::unsigned(*drifts as u64), NOT_SHOWN);
    let text = match drifts {
        _ if *is_all => words!(
            "what runs, as /configz shows it: neither files nor flags such as --hostname-override are in it, and what it leaves out is zero",
            "/configz が示す稼働中の設定です。ファイルや、--hostname-override のようなフラグは含まれず、省略された項目はゼロ値です"
        )
        .into(),
        _ if kubelet.refused.is_some() => words!("/configz shows what runs; the next start would be refused", "/configz は稼働中の設定を示します。次の起動は拒否されます").into(),
        _ if kubelet.unknown.is_some() => words!("/configz shows what runs; what the next start gets is not known", "/configz は稼働中の設定を示します。次の起動時の設定は分かりません").into(),
        0 => text!(
            "/configz shows what the next start gets, too; {not_shown}",
            "/configz は次の起動時と同じ設定を示します。{not_shown}",
            not_shown
        ),
        1 => text!(
            "/configz differs from what the next start gets in one setting; {not_shown}",
            "/configz は次の起動時の設定と 1 項目で異なります。{not_shown}",
            not_shown
        ),
        _ => text!(
            "/configz differs from what the next start gets in {count} settings; {not_shown}",
            "/configz は次の起動時の設定と {count} 項目で異なります。{not_shown}",
            count,
            not_shown
        ),
    };
    Some(message("live", text).with("drifts", digits::unsigned(*drifts as u64)))
}

/// What a body of `/configz` says to a version.
pub struct Body {
    /// Every field has a claim of the body: also those that it leaves out.
    pub config: Config,
    /// See [`Live::misfit`].
    pub misfit: Option<String>,
    withheld: Vec<Span>,
}

/// An answer that says nothing of a kubelet.
struct Unusable {
    unknown: Unknown,
    /// See [`Live::misfit`].
    misfit: Option<String>,
    withheld: Vec<Span>,
}

impl Body {
    fn read(answer: &Document, documents: &Documents, version: Version) -> Result<Body, Box<Unusable>> {
        let Outcome::Found(Content::File(bytes)) = &answer.outcome else {
            let message = Failure::new(Stage::Run, &answer.answers, answer).into_message();
            let unknown = Unknown { message, place: Place::Whole(answer.id) };
            return Err(Box::new(Unusable { unknown, misfit: None, withheld: vec![] }));
        };
        let mut problems = Problems::default();
        if !HAS_LIVE {
            problems.withhold(answer.id, bytes.len());
            let message = message(
                "live-unusable",
                words!(
                    "the live configuration is not read: these rules were built without that",
                    "稼働中の設定は読み取りません（その機能なしでビルドされたルールです）"
                ),
            );
            let unknown = Unknown { message, place: Place::Whole(answer.id) };
            return Err(Box::new(Unusable { unknown, misfit: None, withheld: problems.withheld }));
        }
        match Reader::new(answer.id, version, &mut problems).body(documents, bytes) {
            Ok((config, misfit)) => Ok(Body { config, misfit, withheld: problems.withheld }),
            Err(Wrong { place, reason, misfit }) => {
                let text =
                    text!("this is no live configuration: {reason}", "稼働中の設定として使えません: {reason}", reason);
                let unknown = Unknown { message: message("live-unusable", text), place };
                Err(Box::new(Unusable { unknown, misfit, withheld: problems.withheld }))
            }
        }
    }

    /// A kubelet that runs with this; its flags are not known.
    pub fn into_kubelet(self) -> Kubelet {
        let mut kubelet = Kubelet::new(self.config.version);
        // It has taken them.
        let _ = kubelet.gates.set(self.config.get("featureGates"), kubelet.version);
        kubelet.config = Some(self.config);
        kubelet.withheld = self.withheld;
        kubelet.live.is_known = true;
        kubelet.live.misfit = self.misfit;
        kubelet
    }
}

/// What is wrong with a body, and where.
struct Wrong {
    place: Place,
    reason: Telling,
    /// The field that is wrong, where another version may find it right.
    misfit: Option<String>,
}

impl Wrong {
    fn new(place: Place, reason: impl Into<Telling>) -> Wrong {
        Wrong { place, reason: reason.into(), misfit: None }
    }

    fn field(field: &Field, place: Place, what: impl Into<Telling>) -> Wrong {
        let path = field.path();
        Wrong { place, reason: decode::about(path, what.into()), misfit: Some(path.to_owned()) }
    }
}

struct Reader<'a> {
    document: u32,
    config: Config,
    misfit: Option<String>,
    problems: &'a mut Problems,
}

impl<'a> Reader<'a> {
    fn new(document: u32, version: Version, problems: &'a mut Problems) -> Reader<'a> {
        Reader { document, config: Config::empty(version), misfit: None, problems }
    }

    fn at(&self, node: &Node) -> Place {
        self.span(&node.span)
    }

    fn span(&self, span: &Range<usize>) -> Place {
        Place::At(Span { document: self.document, part: 0, start: span.start as u32, end: span.end as u32 })
    }

    fn body(mut self, documents: &Documents, bytes: &[u8]) -> Result<(Config, Option<String>), Wrong> {
        let text = self.text(documents, bytes).inspect_err(|_| {
            // What is broken cannot be looked through for secrets.
            self.problems.withhold(self.document, bytes.len());
        })?;
        let Some(node @ Node { value: Value::Object(_), .. }) = text.root.get(CONFIGURATION) else {
            let (what, told_by) = what_else(&text.root);
            let shown = told_by.map_or(vec![], |member| vec![member.key_span.clone(), member.value.span.clone()]);
            // What is no configuration may be anybody's secret.
            self.problems.withhold_but(self.document, bytes, &shown);
            return Err(Wrong::new(Place::Whole(self.document), what));
        };
        // Other components' configurations are none of our business. A key may be there twice.
        let others = members(&text.root).iter().filter(|member| member.value.span != node.span);
        for member in others.chain(members(node).iter().filter(|member| file::is_secret(member))) {
            self.problems.withhold_span(self.document, &member.value.span);
        }
        self.structure(FIELDS, Some(node))?;
        match node.get("makeIPTablesUtilChains") {
            Some(_) => Ok((self.config, self.misfit)),
            None => Err(Wrong::new(
                self.at(node),
                words!(
                    "it has no `makeIPTablesUtilChains`, which every kubelet shows",
                    "どの kubelet も必ず示す `makeIPTablesUtilChains` がありません"
                ),
            )),
        }
    }

    /// The text of an object.
    fn text(&self, documents: &Documents, bytes: &[u8]) -> Result<Rc<Text>, Wrong> {
        let whole = Place::Whole(self.document);
        if !bytes.trim_ascii_start().starts_with(b"{") {
            let reason = if bytes.is_empty() { words!("it is empty", "空です") } else { NOT_JSON };
            return Err(Wrong::new(whole, reason));
        }
        documents.texts.read(self.document, bytes).map_err(|error| {
            let is_cut = !bytes.trim_ascii_end().ends_with(b"}");
            let reason = if is_cut { words!("it is cut off", "途中で切れています") } else { NOT_JSON };
            let text = text!("{reason} ({why})", "{reason}（{why}）", reason, why = error.words);
            Wrong::new(self.span(&error.span), text)
        })
    }

    fn structure(&mut self, fields: &'static [Field], node: Option<&Node>) -> Result<(), Wrong> {
        let version = self.config.version;
        let known = || fields.iter().filter(|field| version.is_in(field.versions));
        let strange = |member: &&Member| !known().any(|field| field.is(&member.key));
        if let Some(member) = node.and_then(|node| members(node).iter().find(strange)) {
            self.misfit.get_or_insert_with(|| clipped(&member.key));
        }
        for field in known() {
            let node = node.and_then(|node| node.get(field.name())).filter(|node| node.value != Value::Null);
            match (&field.kind, node) {
                (Kind::Struct(below), _) => {
                    if let Some(node) = node
                        && !matches!(node.value, Value::Object(_))
                    {
                        return Err(Wrong::field(field, self.at(node), decode::MUST_BE_OBJECT));
                    }
                    if field.pointer && node.is_some() {
                        self.config.leaf_mut(field).value = Some(Json::Map(collections::map([])));
                    }
                    self.structure(below, node)?;
                }
                (_, Some(node)) => self.given(field, node)?,
                (_, None) => self.left_out(field),
            }
        }
        Ok(())
    }

    fn given(&mut self, field: &'static Field, node: &Node) -> Result<(), Wrong> {
        let version = self.config.version;
        let value = decode::field_value(field, node, LIVE)
            .map_err(|mismatch| Wrong::field(field, self.at(node), mismatch.message))?;
        if is_header(field) && version.minor() < SHOWS_KIND {
            self.misfit.get_or_insert_with(|| field.path().to_owned());
        }
        let Some(value) = value else { return Ok(()) };
        let claim = |node: &Node, value: Json| Claim {
            origin: Origin::Live,
            value,
            place: self.at(node),
            detail: String::new(),
        };
        let keys = match (&value, &node.value) {
            (Json::Map(map), Value::Object(members)) => {
                Some(collections::map(members.iter().filter_map(|member| {
                    Some((member.key.clone(), claim(&member.value, map.get(&member.key)?.clone())))
                })))
            }
            _ => None,
        };
        let claim = claim(node, value);
        let leaf = self.config.leaf_mut(field);
        match keys {
            Some(keys) => leaf.claim_keys(claim, keys),
            None => leaf.claim(claim),
        }
        Ok(())
    }

    /// The kubelet's JSON leaves out what is zero.
    fn left_out(&mut self, field: &'static Field) {
        if is_always_there(field, self.config.version) {
            self.misfit.get_or_insert_with(|| field.path().to_owned());
        }
        let value = unset(field);
        let leaf = self.config.leaf_mut(field);
        leaf.history.push(Claim {
            origin: Origin::Live,
            value,
            place: Place::Whole(self.document),
            detail: "left out, so it is zero".into(),
        });
    }
}

/// Whether the kubelet's JSON never leaves a field out: Go does not take a duration for empty, and a pointer that gets a default
/// is never nil.
fn is_always_there(field: &Field, version: Version) -> bool {
    if is_header(field) {
        return version.minor() >= SHOWS_KIND;
    }
    let is_outermost = field.path() == field.name();
    let is_set = field.pointer && field.default(version).is_some();
    is_outermost && (!field.omit_empty || matches!(field.kind, Kind::Duration) || is_set)
}

/// Since this minor, what `/configz` shows says of itself what it is (`convertToVersionedKubeletConfig`,
/// cmd/kubelet/app/server.go).
const SHOWS_KIND: u8 = 36;

fn is_header(field: &Field) -> bool {
    matches!(field.path(), "apiVersion" | "kind")
}

fn members(node: &Node) -> &[Member] {
    if let Value::Object(members) = &node.value { members } else { &[] }
}

const NOT_JSON: Words = words!("it is not JSON", "JSON ではありません");

/// What a JSON object is that is no body of `/configz`, and the member that says so. It is named, and never quoted.
fn what_else(root: &Node) -> (Words, Option<&Member>) {
    let is_kind = |member: &&Member| !member.shadowed && member.key == "kind";
    let told_by = members(root).iter().rfind(is_kind);
    let what = match told_by.map(|kind| &kind.value.value) {
        Some(Value::String(kind)) if kind == "Status" => {
            words!("it is an error of the API server", "API サーバーのエラー応答です")
        }
        Some(Value::String(kind)) if kind == "KubeletConfiguration" => words!(
            "it is a configuration file, and no answer of /configz",
            "設定ファイルであり、/configz の応答ではありません"
        ),
        _ => return (words!("it has no `kubeletconfig`", "`kubeletconfig` がありません"), None),
    };
    (what, told_by)
}

/// What the kubelet fills in itself becomes unset again: where nothing names a certificate, it makes one below `--cert-dir`, and
/// shows its files (`InitializeTLS`, cmd/kubelet/app/server.go). Gives the settings that do not tell enough to be judged by where
/// the flags are not known: those files may lie elsewhere, and `--seccomp-default` is not shown.
fn doubts(config: &mut Config, cert_dir: Option<&str>) -> Vec<(&'static str, Said)> {
    let mut doubts = vec![];
    if cert_dir.is_none() && !config.is_true("seccompDefault") {
        let text = words!(
            "the live configuration does not tell: it does not show the flag `--seccomp-default`",
            "稼働中の設定だけでは判断できません: フラグ `--seccomp-default` は示されません"
        );
        doubts.push(("seccompDefault", message("live-not-enough", text)));
    }
    let file = |path: &str| config.text(path).unwrap_or_default();
    let (certificate, key) = (file(CERTIFICATE), file(KEY));
    if config.is_true("serverTLSBootstrap") {
        return doubts;
    }
    let own = |folder: &str, name: &str| values::text(&paths::clean(&paths::join(folder.as_bytes(), name.as_bytes())));
    let lie_in = |folder: &str| certificate == own(folder, "kubelet.crt") && key == own(folder, "kubelet.key");
    if lie_in(cert_dir.unwrap_or(CERT_DIR)) {
        for path in [CERTIFICATE, KEY] {
            let Some(leaf) = config.at_mut(path) else { continue };
            leaf.value = None;
            if let Some(claim) = leaf.history.last_mut() {
                claim.value = Json::Text(String::new());
                claim.detail = "the kubelet's own file: nothing names one".into();
            }
        }
    } else if cert_dir.is_none() && certificate.strip_suffix("/kubelet.crt").is_some_and(lie_in) {
        let text = words!(
            "the live configuration does not tell whether this is a certificate that the kubelet has made itself: it does not \
            show `--cert-dir`",
            "kubelet が自分で作った証明書かどうかは、稼働中の設定だけでは判断できません: `--cert-dir` は示されません"
        );
        for path in [CERTIFICATE, KEY] {
            doubts.push((path, message("live-not-enough", text)));
        }
    }
    doubts
}
