//! Checks of files: mode and owner of what the kubelet reads. Their contents are not looked at.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, Verdict, evidence, remedy};
use crate::digits;
use crate::kubelet::config::Leaf;
use crate::kubelet::{Documents, Kubelet, clipped, effective, paths, values};
use crate::message::{Said, Text, Words, message};
use crate::model::{Content, FileKind, Metadata, Outcome, Place, Status, Want};
use crate::platform::Platform;

/// What all checks of a mode ask for.
pub const ABOUT_MODE: Words = words!(
    "Its permissions are to be no wider than the edition allows: 0600, or 0644 in older editions and those of managed \
    services. The mode is taken as the bits that it is: 0640 is within 0644, and not within 0600.",
    "パーミッションは、版が許容する範囲を超えてはなりません。許容範囲は 0600 で、古い版とマネージドサービスの版では 0644 です。\
    モードはビットとして比較します。0640 は 0644 の範囲内ですが、0600 の範囲内ではありません。"
);

/// What all checks of an owner ask for.
pub const ABOUT_OWNER: Words = words!(
    "It is to belong to root, user and group 0. kubevet compares the numbers: names can be changed.",
    "所有者は root（ユーザー 0、グループ 0）でなければなりません。名前は変更できるため、kubevet は番号を比較します。"
);

/// The remedy of most checks of a mode.
pub const CHMOD_600: Words = words!("`chmod 600` the file", "ファイルに対して `chmod 600` を実行します");

/// The remedy of all checks of an owner.
pub const CHOWN: Words = words!("`chown root:root` the file", "ファイルに対して `chown root:root` を実行します");

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
    /// What no edition names may have the mode that those have who write it: it may be read, but not changed.
    most: u32,
}

/// Where the unit's drop-ins are.
const DROP_INS: [&str; 2] = ["/etc/systemd/system/kubelet.service.d", "/usr/lib/systemd/system/kubelet.service.d"];

/// Where kubeadm, and those who install its packages, put flags for the unit.
const VARIABLES: [&str; 3] = ["/var/lib/kubelet/kubeadm-flags.env", "/etc/default/kubelet", "/etc/sysconfig/kubelet"];

/// Whether the kubelet has a unit of its own, with drop-ins.
fn has_unit(platform: &Platform) -> bool {
    platform.service_files.iter().any(|path| path.contains("/kubelet.service"))
}

/// The unit, its drop-ins, and the files that it takes flags from.
fn of_service(documents: Documents, platform: &Platform) -> Vec<Named> {
    let mut files = optional(platform.service_files.iter().copied());
    if !has_unit(platform) {
        return files;
    }
    for directory in DROP_INS {
        let want = Want::Directory(directory.into());
        let Some(Outcome::Found(Content::Directory(entries))) = documents.outcome(&want) else { continue };
        for entry in entries.iter().filter(|entry| entry.name.ends_with(b".conf")) {
            add(&mut files, [directory.as_bytes(), b"/", &entry.name].concat(), 0);
        }
    }
    for path in VARIABLES {
        add(&mut files, path.into(), 0o644);
    }
    files
}

/// One more, unless it is known.
fn add(files: &mut Vec<Named>, path: Vec<u8>, most: u32) {
    if !files.iter().any(|file| file.path == path) {
        files.push(Named { path, needed: false, by: Place::Target, most });
    }
}

const CLIENT_CA: &str = "authentication.x509.clientCAFile";

/// `--config-dir`; empty where it is not given.
fn config_dir(kubelet: &Kubelet) -> &[u8] {
    kubelet.flags.as_ref().map_or(&b""[..], |flags| &flags.config_dir)
}

impl Files {
    const ALL: [Files; 5] = [Files::Service, Files::Kubeconfig, Files::ClientCa, Files::Config, Files::ProxyKubeconfig];

    fn of(self, kubelet: &Kubelet, documents: Documents, platform: &Platform) -> Vec<Named> {
        match self {
            Files::Service => of_service(documents, platform),
            Files::ProxyKubeconfig => optional(platform.proxy_kubeconfigs.iter().copied()),
            Files::Kubeconfig => of_flag(kubelet, documents, "kubeconfig"),
            Files::ClientCa => {
                let leaf = kubelet.config.as_ref().and_then(|config| config.at(CLIENT_CA));
                named(documents, leaf)
            }
            Files::Config => {
                let mut files = of_flag(kubelet, documents, "config");
                // This path the kubelet cleans before it opens it (`filepath.Abs`); those of other flags it opens as they are.
                files.iter_mut().for_each(|file| file.path = paths::clean(&file.path));
                let directory = config_dir(kubelet);
                if !directory.is_empty() {
                    let (drop_ins, _) = documents.drop_ins(directory);
                    files.extend(drop_ins.map(|path| Named { path, needed: true, by: Place::Target, most: 0 }));
                }
                files
            }
        }
    }

    /// Why it is not known which files these are, or whether these are all: something that says so was not read.
    fn doubt(self, kubelet: &Kubelet, documents: Documents) -> Option<Said> {
        match self {
            Files::ClientCa => effective::setting(kubelet, CLIENT_CA).err(),
            Files::Config if config_dir(kubelet).is_empty() || documents.drop_ins(config_dir(kubelet)).1 => None,
            Files::Config => kubelet.unknown.as_ref().map(|unknown| unknown.message.clone()),
            _ => None,
        }
    }

    /// What it means that there are none.
    fn none(self, case: &Case) -> Text {
        match self {
            Files::Service => words!(
                "no service of the kubelet is among the files of this node",
                "このノードのファイルに kubelet のサービスはありません"
            ),
            Files::Kubeconfig => words!(
                "the kubelet has no kubeconfig: it runs without an API server",
                "kubelet に kubeconfig がありません（API サーバーなしで動作しています）"
            ),
            Files::ClientCa => {
                words!("the kubelet has no file of client CAs", "kubelet にクライアント認証局のファイルがありません")
            }
            Files::Config => {
                words!("the kubelet reads no configuration file", "kubelet は設定ファイルを読み込んでいません")
            }
            Files::ProxyKubeconfig => return no_proxy_kubeconfig(case),
        }
        .into()
    }
}

/// That there is none, as far as it was looked for.
fn no_proxy_kubeconfig(case: &Case) -> Text {
    let paths = case.platform.proxy_kubeconfigs.iter().copied().chain(extra(case.asked.expect));
    let paths = paths.collect::<Vec<_>>().join(", ");
    match &*paths {
        "" => text!(
            "no path is known of a kubeconfig of kube-proxy on a node of {platform}",
            "{platform} のノードにある kube-proxy の kubeconfig のパスは知られていません",
            platform = case.platform.name
        ),
        paths => text!(
            "there is no kubeconfig of kube-proxy at {paths}, where it was looked for",
            "確認したパス（{paths}）に kube-proxy の kubeconfig はありません",
            paths
        ),
    }
}

fn optional<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<Named> {
    let named = |path: &str| Named { path: path.as_bytes().to_vec(), needed: false, by: Place::Target, most: 0 };
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
    vec![Named { path: documents.absolute(path.as_bytes()), needed: true, by, most: 0 }]
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
    let directories = DROP_INS.iter().filter(|_| has_unit(platform)).map(|path| Want::Directory((*path).into()));
    let mut wants: Vec<Want> = directories.collect();
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
    fault: &'a dyn Fn(&Named, &Metadata) -> Option<Text>,
    /// The command that mends it, before the path.
    mend: &'a str,
}

/// Judges the mode of files: what is expected is the widest one that is fine, and paths that are looked at besides.
pub fn judge_mode(case: &Case, files: Files) -> Verdict {
    let widest = case.asked.expect.split(' ').next().unwrap_or_default();
    let bits = i64::from_str_radix(widest, 8).map_or(0o600, |bits| bits as u32);
    let fault = |file: &Named, metadata: &Metadata| {
        let (mode, bits) = (metadata.mode & 0o777, bits | file.most);
        (mode & !bits != 0).then(|| {
            text!(
                "has mode {mode}, which allows more than {most}",
                "のパーミッションは {mode} で、{most} より広くなっています",
                mode = octal(mode),
                most = octal(bits)
            )
        })
    };
    judge(case, files, &Rule { fault: &fault, mend: &["chmod ", &digits::padded(bits.into(), 8, 1)].concat() })
}

/// Judges the owner of files.
pub fn judge_owner(case: &Case, files: Files) -> Verdict {
    let fault = |_: &Named, metadata: &Metadata| {
        let Metadata { uid, gid, .. } = metadata;
        ((*uid, *gid) != (0, 0)).then(|| {
            text!(
                "belongs to user {uid} and group {gid}, not to root",
                "の所有者は root ではなく、ユーザー {uid}、グループ {gid} です",
                uid = digits::unsigned((*uid).into()),
                gid = digits::unsigned((*gid).into())
            )
        })
    };
    judge(case, files, &Rule { fault: &fault, mend: "chown root:root" })
}

/// The paths that an edition names besides.
fn extra(expect: &str) -> impl Iterator<Item = &str> {
    expect.split(' ').filter(|word| word.starts_with('/'))
}

fn judge(case: &Case, files: Files, rule: &Rule) -> Verdict {
    if !case.documents.is_running() {
        return Verdict::not_applicable(words!(
            "there is no node here whose files have a mode and an owner: `kubevet scan` looks at one",
            "ここにはパーミッションと所有者を調べるノードがありません。ノードは `kubevet scan` で調べます"
        ));
    }
    if case.kubelet.flags.is_none() && !matches!(files, Files::Service | Files::ProxyKubeconfig) {
        let text = words!(
            "not decided: which files it reads is not known",
            "どのファイルを読み込むか分からないため判定できません"
        );
        let message = message("kubelet-does-not-start", text);
        return Verdict::undetermined(message, Place::Target);
    }
    let mut looked_at = vec![];
    let (mut failed, mut unknown) = (None, None);
    for directory in DROP_INS.iter().filter(|_| files == Files::Service && has_unit(case.platform)) {
        if let Look::Unknown(reason, place) = look(case, Want::Directory((*directory).into()), Place::Target) {
            let message = message("file-unknown", about(directory, reason));
            unknown = unknown.or(Some(Verdict::undetermined(message, place)));
        }
    }
    let place = || case.kubelet.unknown.as_ref().map_or(Place::Target, |unknown| unknown.place);
    match files.doubt(case.kubelet, case.documents).map(|message| Verdict::undetermined(message, place())) {
        // Another file may be it.
        Some(doubt) if files == Files::ClientCa => return doubt,
        doubt => unknown = unknown.or(doubt),
    }
    for file in
        files.of(case.kubelet, case.documents, case.platform).into_iter().chain(optional(extra(case.asked.expect)))
    {
        let path = clipped(&values::text(&file.path));
        match look(case, Want::Metadata(file.path.clone()), file.by) {
            Look::Absent if files == Files::Kubeconfig && bootstraps(case.kubelet) => {
                let message = message("file-unknown", about(&path, NOT_YET_WRITTEN));
                unknown = unknown.or(Some(Verdict::undetermined(message, file.by)));
            }
            Look::Absent if file.needed => {
                failed = failed.or_else(|| Some(missing(case, &file, &path)));
            }
            Look::Absent => {}
            Look::Found(metadata, place) => match (rule.fault)(&file, &metadata) {
                None => looked_at.push((path, metadata, place)),
                Some(fault) => failed = failed.or_else(|| Some(faulty(case, &path, place, fault, rule.mend))),
            },
            Look::Unknown(reason, place) => {
                let message = message("file-unknown", about(&path, reason));
                unknown = unknown.or(Some(Verdict::undetermined(message, place)));
            }
        }
    }
    failed.or(unknown).unwrap_or_else(|| match looked_at.as_slice() {
        [] => Verdict::not_applicable(files.none(case)),
        [(first, metadata, place), others @ ..] => {
            let text = match others {
                [] => text!(
                    "{path} (mode {mode}, owner {uid}:{gid})",
                    "{path}（パーミッション {mode}、所有者 {uid}:{gid}）",
                    path = &**first,
                    mode = octal(metadata.mode),
                    uid = digits::unsigned(metadata.uid.into()),
                    gid = digits::unsigned(metadata.gid.into())
                ),
                others => others.iter().fold(first.clone(), |all, (path, ..)| all + ", " + path).into(),
            };
            Verdict::new(Status::Pass, "as-asked", text, evidence(*place, words!("this file", "このファイル")))
        }
    })
}

/// A kubelet that is new to its cluster (`LoadClientCert`, pkg/kubelet/certificate/bootstrap/bootstrap.go).
const NOT_YET_WRITTEN: Words = words!(
    "does not exist yet: the kubelet writes it itself once it has a certificate (`--bootstrap-kubeconfig`)",
    "はまだ存在しません。kubelet が証明書を取得した後に自分で書き込みます（`--bootstrap-kubeconfig`）"
);

/// Whether the kubelet asks for a certificate where it has no kubeconfig.
fn bootstraps(kubelet: &Kubelet) -> bool {
    let leaf = kubelet.flags.as_ref().and_then(|flags| flags.get("bootstrap-kubeconfig"));
    leaf.and_then(|leaf| leaf.value.as_ref()?.as_text()).is_some_and(|path| !path.is_empty())
}

fn faulty(case: &Case, path: &str, place: Place, fault: Text, mend: &str) -> Verdict {
    let label = text!("{fault}", "このファイル{fault}", fault = fault.clone());
    let mut verdict = Verdict::new(Status::Fail, "file", about(path, fault), evidence(place, label));
    let (path, by_hand) = (quoted(path), case.platform.by_hand);
    verdict.remedies.push(remedy::plain(match by_hand.is_none() {
        true => text!(
            "run `{mend} {path}`; it takes effect at once",
            "`{mend} {path}` を実行します。すぐに反映されます",
            mend,
            path
        ),
        false => text!(
            "`{mend} {path}` takes effect at once, but {by_hand}",
            "`{mend} {path}` はすぐに反映されますが、{by_hand}",
            mend,
            path,
            by_hand
        ),
    }));
    verdict
}

/// A path as a word for a POSIX shell. Who starts the kubelet names the path, and root may run the command.
fn quoted(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+:@%,=".contains(&byte);
    match path.bytes().all(is_plain) {
        true => path.to_owned(),
        false => ["'", &path.replace('\'', "'\\''"), "'"].concat(),
    }
}

/// What there is to say of a file.
fn about(path: &str, what: impl Into<Text>) -> Text {
    text!("`{path}` {what}", "`{path}` {what}", path, what = what.into())
}

/// A mode as `chmod` takes it.
fn octal(mode: u32) -> String {
    digits::padded(mode.into(), 8, 4)
}

fn missing(case: &Case, file: &Named, path: &str) -> Verdict {
    let text = text!(
        "`{path}` does not exist, and the kubelet is told to read it",
        "kubelet が読み込むよう指定されている `{path}` が存在しません",
        path
    );
    let named_here = evidence(file.by, words!("it is named here", "ここで指定されています"));
    let mut verdict = Verdict::new(Status::Fail, "file-missing", text, named_here);
    let mend = text!(
        "put the file there, or name the right one; on a node that runs, look whether `{path}` was moved",
        "ファイルを配置するか、正しいパスを指定します。稼働中のノードでは `{path}` が移動されていないか確認します",
        path
    );
    verdict.remedies.push(remedy::in_words(case.platform, mend));
    verdict
}

enum Look {
    Found(Metadata, Place),
    Absent,
    Unknown(Text, Place),
}

fn look(case: &Case, want: Want, by: Place) -> Look {
    let place = case.documents.id(&want).map_or(by, Place::Whole);
    let reason: Text = match case.documents.outcome(&want) {
        Some(Outcome::Found(Content::Metadata(metadata))) if metadata.kind == FileKind::Regular => {
            return Look::Found(*metadata, place);
        }
        Some(Outcome::Absent | Outcome::Found(Content::Directory(_))) => return Look::Absent,
        Some(Outcome::Found(_)) => words!("is no regular file", "は通常ファイルではありません").into(),
        Some(Outcome::Denied) => words!(
            "may not be looked at by this scanner; run it as root",
            "を調べる権限がスキャナーにありません。root で実行してください"
        )
        .into(),
        Some(Outcome::Refused(reason)) => {
            text!("was not looked at: {reason}", "は調べませんでした: {reason}", reason = &**reason)
        }
        Some(Outcome::Failed(error)) => {
            text!("could not be looked at: {error}", "を調べられませんでした: {error}", error = &**error)
        }
        Some(Outcome::TooLarge(_) | Outcome::Unavailable) | None => {
            words!("could not be looked at here", "をここでは調べられません").into()
        }
    };
    Look::Unknown(reason, place)
}

#[test]
fn paths_are_words_for_a_shell() {
    for (path, word) in [
        ("/etc/a-b_c.d+e:f@g%h,i=1", "/etc/a-b_c.d+e:f@g%h,i=1"),
        ("/tmp/a b; touch pwn$(id)'/k.json", r"'/tmp/a b; touch pwn$(id)'\''/k.json'"),
        ("/tmp/`id`", "'/tmp/`id`'"),
        ("/etc/é", "'/etc/é'"),
    ] {
        assert_eq!(quoted(path), word);
    }
}

/// What was not read may name another file of client CAs, and a directory that was not read may hold drop-ins.
#[test]
fn files_are_not_known_where_what_names_them_was_not_read() {
    use crate::support::Node;
    let node = |flags: &str| Node::new(flags).running().option("version", "1.34").looks("/d/a.conf 600 0:0");
    let with_directory = || {
        let config = "authentication: {x509: {clientCAFile: /ca}}";
        let node = node("--config=/k --config-dir=/d").kubelet_file("/k", config);
        node.looks("/k 600 0:0").looks("/ca 600 0:0")
    };
    for (node, of_config, of_ca) in [
        (with_directory().kubelet_file("/d/a.conf", ""), Status::Pass, Status::Pass),
        (with_directory().denied("/d"), Status::Undetermined, Status::Undetermined),
        (with_directory().denied("/d").looks("/k 666 0:0"), Status::Undetermined, Status::Undetermined),
        (with_directory().denied("/d/a.conf"), Status::Pass, Status::Undetermined),
        (node("--config=/k").denied("/k"), Status::Undetermined, Status::Undetermined),
        (
            node("--config=/k --client-ca-file=/ca").denied("/k").looks("/ca 600 0:0"),
            Status::Undetermined,
            Status::Pass,
        ),
    ] {
        assert_eq!(node.status("kubelet-config-file-perms"), of_config);
        assert_eq!(node.status("client-ca-file-perms"), of_ca);
        assert_eq!(node.status("client-ca-file-owner"), of_ca);
    }
}

#[test]
fn a_remedy_says_where_a_change_by_hand_does_not_last() {
    use crate::support::Node;
    let node = Node::new("--kubeconfig=/k").running().looks("/k 666 0:0").option("version", "1.34");
    for (platform, words) in [
        ("kubeadm", "run `chmod 600 /k`; it takes effect at once"),
        ("openshift", "but on OpenShift it is reported as drift: set it in the MachineConfig that has the file"),
        ("talos", "but on Talos there is no shell to run it in"),
        ("eks-al2023", "but nodeadm writes its files anew at every start of the node"),
        ("gke", "takes effect at once, but a node that is replaced does not have it"),
    ] {
        let finding = node.clone().option("platform", platform).finding("kubelet-kubeconfig-file-perms");
        let text = &finding.remedies[0].text.text;
        assert!(text.contains(words), "{platform}: {text}");
    }
}

#[test]
fn it_is_said_where_kube_proxys_kubeconfig_was_looked_for() {
    use crate::support::Node;
    for (platform, words) in [("gke", "at /var/lib/kube-proxy/kubeconfig, where"), ("talos", "no path is known")] {
        let node = Node::new("").running().option("version", "1.34").option("platform", platform);
        let text = node.finding("proxy-kubeconfig-file-perms").message.text;
        assert!(text.contains(words), "{platform}: {text}");
    }
}
