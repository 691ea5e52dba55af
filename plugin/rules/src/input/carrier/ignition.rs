//! Ignition, Butane, and OpenShift's MachineConfig, which holds Ignition: files and units of systemd.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Carried, MAX_UNPACKED};
use crate::input::base::{NOBODY, OPENSHIFT};
use crate::input::source::{Doc, Places, Source};
use crate::input::{File, Form, Found, Input, MAX_CARRIED, MAX_INPUTS, tree};
use crate::message::Words;
use crate::text::{Node, Value};

pub static FORM: Form = Form { id: "ignition", sign: "", platform: "", find };

const OF_OPENSHIFT: &str = "openshift";

/// Where OpenShift's kubelets look for parts of their configuration.
const DROP_INS: &str = "/kubelet.conf.d/";

const ELSEWHERE: Words = words!(
    "this file comes from elsewhere, and what it says is not evaluated",
    "このファイルの内容は別の場所から取得され、評価していません"
);

const APPENDED: Words = words!(
    "this is appended to a file that is not here, so it is not evaluated",
    "ここにないファイルへの追記のため、評価していません"
);

const NO_URL: Words = words!("this is no `data:` URL", "`data:` URL ではありません");

fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        if let Some((config, platform)) = config_of(doc) {
            let mut unpacked = Unpacked { file, platform, whole: vec![], parts: vec![], room: MAX_CARRIED, found };
            unpacked.files(config);
            unpacked.units(config);
            unpacked.configs(config);
            unpacked.look(doc);
        }
    }
}

/// The configuration of Ignition, or what Butane makes one of, that a document is or holds; and its platform.
fn config_of(doc: &Doc) -> Option<(&Node, &'static str)> {
    let root = doc.root()?;
    if doc.kind_of("machineconfiguration.openshift.io").is_some_and(|(kind, _)| kind == "MachineConfig") {
        return Some((tree::at(root, &["spec", "config"])?, OF_OPENSHIFT));
    }
    let version = tree::at(root, &["ignition", "version"]).and_then(tree::string);
    if version.is_some_and(|version| version.starts_with(['2', '3'])) {
        return Some((root, ""));
    }
    match (tree::text(root, "variant")?, root.get("version")) {
        (OF_OPENSHIFT, Some(_)) => Some((root, OF_OPENSHIFT)),
        ("fcos" | "flatcar" | "r4e" | "fiot", Some(_)) => Some((root, "")),
        _ => None,
    }
}

/// What a configuration carries.
struct Unpacked<'a, 'b> {
    file: &'a File<'b>,
    platform: &'static str,
    whole: Vec<Carried>,
    /// Parts of the kubelet's configuration, which come after what OpenShift sets.
    parts: Vec<Carried>,
    /// How many bytes more are unpacked.
    room: usize,
    found: &'a mut Found,
}

impl Unpacked<'_, '_> {
    fn files(&mut self, config: &Node) {
        let files = tree::at(config, &["storage", "files"]).map_or(&[][..], tree::items);
        // Version 2 has the names of filesystems; all but one are of other roots.
        let is_of_root = |item: &&Node| tree::text(item, "filesystem").is_none_or(|name| name == "root");
        for item in files.iter().filter(is_of_root) {
            let Some(path) = tree::text(item, "path") else { continue };
            let appended = item.get("append").filter(|append| match &append.value {
                Value::Bool(is_appended) => *is_appended,
                _ => !tree::items(append).is_empty(),
            });
            match appended {
                Some(append) => self.doubt(path, append, "appended", APPENDED),
                None => self.file(path, item.get("contents")),
            }
        }
    }

    fn file(&mut self, path: &str, contents: Option<&Node>) {
        let has_room = self.room > 0 && self.whole.len() < MAX_INPUTS;
        let Some(contents) = contents.filter(|contents| has_room && tree::is_object(contents)) else { return };
        let given =
            |key: &str| contents.get(key).filter(|node| tree::string(node).is_some_and(|text| !text.is_empty()));
        let is_url = |node: &Node| tree::string(node).is_some_and(|text| text.starts_with("data:"));
        let text = match (given("inline"), given("source"), given("local")) {
            (Some(inline), ..) => self.file.scalar(inline).map(|text| (inline, Ok(text))),
            (_, Some(source), _) if is_url(source) => self.file.scalar(source).map(|text| (source, of_url(&text))),
            (_, Some(elsewhere), _) | (.., Some(elsewhere)) => {
                return self.doubt(path, elsewhere, "elsewhere", ELSEWHERE);
            }
            _ => None,
        };
        let Some((node, text)) = text else { return };
        let is_gzip = tree::text(contents, "compression") == Some("gzip");
        match text.and_then(|text| if is_gzip { text.gzip() } else { Ok(text) }) {
            Ok(text) => self.carry(path.to_owned(), text),
            Err(reason) => {
                // What grows beyond every limit took its time.
                self.room = self.room.saturating_sub(MAX_CARRIED / 64);
                self.doubt(path, node, "packed", reason);
            }
        }
    }

    fn units(&mut self, config: &Node) {
        for unit in tree::at(config, &["systemd", "units"]).map_or(&[][..], tree::items) {
            let is_masked = unit.get("mask").is_some_and(tree::is_true);
            let Some(name) = tree::text(unit, "name").filter(|_| !is_masked) else { continue };
            let path = ["/etc/systemd/system/", name].concat();
            self.unit(&path, unit);
            for drop_in in unit.get("dropins").map_or(&[][..], tree::items) {
                if let Some(name) = tree::text(drop_in, "name") {
                    self.unit(&[&*path, ".d/", name].concat(), drop_in);
                }
            }
        }
    }

    fn unit(&mut self, path: &str, unit: &Node) {
        if let Some(text) = unit.get("contents").and_then(|contents| self.file.scalar(contents)) {
            self.carry(path.to_owned(), text);
        } else if let Some(local) = unit.get("contents_local").filter(|local| tree::string(local).is_some()) {
            self.doubt(path, local, "elsewhere", ELSEWHERE);
        }
    }

    /// Configurations that this one merges, or that replace it.
    fn configs(&mut self, config: &Node) {
        let Some(configs) = tree::at(config, &["ignition", "config"]) else { return };
        let lists = ["merge", "append"].iter().filter_map(|key| configs.get(key)).flat_map(tree::items);
        for reference in lists.chain(configs.get("replace")) {
            self.file("config.ign", Some(reference));
        }
    }

    fn carry(&mut self, name: String, text: Source<'static>) {
        let Some(room) = self.room.checked_sub(text.bytes.len()) else {
            self.room = 0;
            return;
        };
        let is_part = self.platform == OF_OPENSHIFT && name.contains(DROP_INS);
        let list = if is_part { &mut self.parts } else { &mut self.whole };
        if list.len() < MAX_INPUTS {
            self.room = room;
            list.push(Carried { name, text });
        }
    }

    /// Says what is not known of a file that kubelets read.
    fn doubt(&mut self, path: &str, node: &Node, id: &'static str, reason: Words) {
        // Everywhere but in OpenShift, this is how the kubelet finds the cluster.
        let is_kubeconfig = path == "/etc/kubernetes/kubelet.conf" && self.platform != OF_OPENSHIFT;
        if is_of_kubelet(path) && !is_kubeconfig {
            let line = tree::line(&node.span, self.file.bytes);
            let mut input = Input::new(&FORM, &NOBODY, node.span.clone(), line.clone());
            input.name = path.to_owned();
            input.platform = self.platform;
            input.give_up(id, reason, &line);
            self.found.push(input);
        }
    }

    /// Looks through what is carried, each document's on its own.
    fn look(self, doc: &Doc) {
        let name = doc.root().and_then(|root| tree::text(root.get("metadata")?, "name")).unwrap_or_default();
        for (list, is_part) in [(self.whole, false), (self.parts, true)] {
            let Found { mut inputs, secrets, .. } = self.file.look_into(&list);
            for input in &mut inputs {
                if input.platform.is_empty() {
                    input.platform = self.platform;
                }
                if input.name.is_empty() {
                    input.name = name.to_owned();
                }
                if is_part && input.form == "kubelet-configuration" {
                    input.base = &OPENSHIFT;
                }
            }
            self.found.extend(inputs.into_iter());
            self.found.secrets.extend(secrets);
        }
    }
}

/// Whether kubelets read a file here, or what starts them.
fn is_of_kubelet(path: &str) -> bool {
    let (directory, name) = path.rsplit_once('/').unwrap_or_default();
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    let is_config = matches!(kind, "conf" | "json" | "yaml" | "yml");
    match directory {
        "/etc/default" | "/etc/sysconfig" => name == "kubelet",
        "/etc/rancher/k3s" | "/etc/rancher/rke2" => name == "config.yaml",
        // `config.json` is for registries.
        "/var/lib/kubelet" => matches!(name, "config.yaml" | "kubeadm-flags.env"),
        _ if directory.ends_with("/kubelet.service.d") || directory.ends_with("/kubelet.conf.d") => is_config,
        _ if directory.ends_with("/kubelet") => name.starts_with("config.") && is_config,
        _ if ["bin", ".d", "/manifests"].iter().any(|end| directory.ends_with(end)) => false,
        _ => name.contains("kubelet") && (is_config || matches!(kind, "env" | "service")),
    }
}

/// The text of a URL with the scheme `data` (RFC 2397).
fn of_url(text: &Source) -> Result<Source<'static>, Words> {
    let comma = text.bytes.iter().position(|byte| *byte == b',').ok_or(NO_URL)?;
    let body = text.part(comma + 1..text.bytes.len());
    if text.bytes[..comma].ends_with(b";base64") { body.base64() } else { unescaped(&body) }
}

/// A text without the percents of URLs.
fn unescaped(text: &Source) -> Result<Source<'static>, Words> {
    let mut bytes = vec![];
    let mut runs = vec![];
    let mut next = None;
    let mut rest = &text.bytes[..];
    while let [first, after @ ..] = rest {
        let at = text.bytes.len() - rest.len();
        let outer = text.places.of(&(at..at)).start;
        if next != Some(outer) {
            runs.push((bytes.len(), outer));
        }
        next = Some(outer + 1);
        let (byte, after) = match (first, after) {
            (b'%', [high, low, after @ ..]) => (digit(*high).ok_or(NO_URL)? << 4 | digit(*low).ok_or(NO_URL)?, after),
            (b'%', _) => return Err(NO_URL),
            (byte, after) => (*byte, after),
        };
        bytes.push(byte);
        rest = after;
        if bytes.len() > MAX_UNPACKED {
            return Err(NO_URL);
        }
    }
    match text.places {
        Places::Within(_) => Ok(text.packed(bytes)),
        _ => Ok(Source { places: Places::Runs(runs), bytes: bytes.into() }),
    }
}

fn digit(symbol: u8) -> Option<u8> {
    char::from(symbol).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::*;
    use crate::input::Limits;

    /// The names of what a text carries, and how many problems it has.
    fn carried(text: &str) -> (Vec<String>, usize) {
        let limits = Limits { depth: 0, room: &Cell::new(MAX_CARRIED) };
        let file = File::new("a.ign", text.as_bytes(), Source::file(text.as_bytes()), &[], limits);
        let mut found = Found::default();
        let (config, platform) = file.docs.first().and_then(config_of).unwrap();
        let mut all =
            Unpacked { file: &file, platform, whole: vec![], parts: vec![], room: MAX_CARRIED, found: &mut found };
        all.files(config);
        all.units(config);
        let names = all.whole.iter().chain(&all.parts).map(|carried| carried.name.clone()).collect();
        (names, found.inputs.len())
    }

    #[test]
    fn units_are_files() {
        let text = "variant: openshift\nversion: 4.17.0\nsystemd:\n  units:\n  - name: kubelet.service\n    contents: '[Service]'\n    dropins: [{name: 10-a.conf, contents: '[Service]'}, {name: 20-b.conf}]\n  - {name: a.service, mask: true, contents: x}\n";
        let names = ["/etc/systemd/system/kubelet.service", "/etc/systemd/system/kubelet.service.d/10-a.conf"];
        assert_eq!(carried(text), (names.map(String::from).to_vec(), 0));
    }

    #[test]
    fn parts_of_the_configuration_are_looked_at_apart() {
        let file = |path: &str| ["{path: ", path, ", contents: {inline: a}}, "].concat();
        let files = [file("/etc/openshift/kubelet.conf.d/1.conf"), file("/etc/kubernetes/kubelet.conf")].concat();
        let text = ["variant: openshift\nversion: 4.17.0\nstorage: {files: [", &files, "]}"].concat();
        let names = ["/etc/kubernetes/kubelet.conf", "/etc/openshift/kubelet.conf.d/1.conf"];
        assert_eq!(carried(&text), (names.map(String::from).to_vec(), 0));
    }

    #[test]
    fn unpacked_texts_have_a_limit() {
        let text = ["data:,", &"%20".repeat(MAX_UNPACKED + 1)].concat();
        assert!(of_url(&Source::file(text.as_bytes())).is_err());
    }

    #[test]
    fn paths_of_kubelets() {
        for path in [
            "/etc/default/kubelet",
            "/etc/systemd/system/kubelet.service.d/1.conf",
            "/var/lib/kubelet/config.yaml",
            "/etc/kubernetes/kubelet.conf",
            "/etc/openshift/kubelet.conf.d/1.conf",
            "/etc/kubernetes/kubelet/config.json",
            "/etc/rancher/k3s/config.yaml",
        ] {
            assert!(is_of_kubelet(path), "{path}");
        }
        for path in [
            "",
            "kubelet",
            "/usr/bin/kubelet",
            "/etc/kubernetes/kubelet-ca.crt",
            "/var/lib/kubelet/kubeconfig",
            "/etc/motd.conf",
            "/etc/sysctl.d/90-kubelet.conf",
            "/etc/kubernetes/kubelet/credential-provider-config.yaml",
            "/var/lib/kubelet/config.json",
            "/etc/kubernetes/manifests/kubelet-csr-approver.yaml",
        ] {
            assert!(!is_of_kubelet(path), "{path}");
        }
    }
}
