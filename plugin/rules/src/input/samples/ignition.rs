//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata: {name: 99-worker}\nspec:\n  config:\n";
/// Escaped as URLs are: `{kind: KubeletConfiguration, apiVersion: kubelet.config.k8s.io/v1beta1, readOnlyPort: `, up to the number.
const ESCAPED: &str =
    "data:,%7Bkind%3A%20KubeletConfiguration%2C%20apiVersion:%20kubelet.config.k8s.io/v1beta1,%20readOnlyPort:%20";
/// By `base64`: a KubeletConfiguration with `readOnlyPort: 0`.
const PACKED: &str = "a2luZDogS3ViZWxldENvbmZpZ3VyYXRpb24KYXBpVmVyc2lvbjoga3ViZWxldC5jb25maWcuazhzLmlvL3YxYmV0YTEKcmVhZE9ubHlQb3J0OiAwCg==";

fn machine_config(config: &str) -> Sample {
    Sample::new(&[HEADER, config].concat()).survives()
}

/// The same, by `gzip -n | base64`.
const GZIP: &str = "H4sIAAAAAAAAA8vOzEuxUvAuTUrNSS1xzs9Ly0wvLUosyczP40osyAxLLSoGMq0UsiEK9JLBKvSyLYr1MvP1ywyTUksSDbmKUhNT/PNyKgPyi0qsFAy4AHQhOIxVAAAA";

/// A file of a configuration of Ignition.
fn json(file: &str) -> Sample {
    let text = ["{\"ignition\": {\"version\": \"3.4.0\"}, \"storage\": {\"files\": [", file, "]}}"];
    Sample::new(&text.concat()).named("config.ign").survives()
}

fn butane(text: &str) -> Sample {
    Sample::new(&["variant: fcos\nversion: 1.5.0\n", text].concat()).named("config.bu").survives()
}

#[test]
fn good() {
    let text = [
        "    storage:\n      files:\n      - path: /etc/kubernetes/kubelet.conf\n        contents:\n          source: ",
        ESCAPED,
        "0%7D\n",
    ];
    machine_config(&text.concat())
        .holds("kubelet-configuration")
        .first()
        .of("1.34", "openshift")
        .pass(PORT, "10:127 0")
        .without_problems();
    let text = [
        "{\"path\": \"/etc/kubelet.yaml\", \"contents\": {\"source\": \"data:text/plain;charset=utf-8;base64,",
        PACKED,
        "\"}}",
    ];
    json(&text.concat())
        .holds("kubelet-configuration")
        .first()
        .of("1.34", "unknown")
        .pass(PORT, &["1:149 ", PACKED].concat());
}

#[test]
fn bad() {
    let text = ["{\"path\": \"/etc/kubelet.yaml\", \"contents\": {\"source\": \"", ESCAPED, "1\\u00302%355%7D\"}}"];
    json(&text.concat()).first().fail(PORT, "1:220 1\\u00302%355");
    butane("storage:\n  files:\n  - path: /etc/kubelet.yaml\n    contents:\n      inline: |\n        kind: KubeletConfiguration\n        apiVersion: kubelet.config.k8s.io/v1beta1\n        readOnlyPort: 10255\n")
        .holds("kubelet-configuration")
        .first()
        .of("1.34", "unknown")
        .fail(PORT, "10:23 10255");
}

#[test]
fn packed() {
    // `gzip -n | base64` of the text that is `PACKED`.
    let text = [
        "{\"path\": \"/etc/kubelet.yaml\", \"contents\": {\"compression\": \"gzip\", \"source\": \"data:;base64,",
        GZIP,
        "\"}}",
    ];
    json(&text.concat()).holds("kubelet-configuration").first().pass(PORT, &["1:148 ", GZIP].concat());
}

#[test]
fn second_version() {
    let text = [
        "{\"filesystem\": \"root\", \"path\": \"/etc/kubelet.yaml\", \"contents\": {\"source\": \"",
        ESCAPED,
        "0%7D\"}}",
    ]
    .concat();
    json(&text).first().pass(PORT, "1:242 0");
    json(&text.replace("\"root\"", "\"oem\"")).holds("");
}

#[test]
fn partial() {
    machine_config("    storage:\n      files:\n      - path: /etc/openshift/kubelet.conf.d/50-a.conf\n        contents: {source: 'data:,kind:%20KubeletConfiguration%0AapiVersion:%20kubelet.config.k8s.io/v1beta1%0AmaxPods:%205%0A'}\n")
        .holds("kubelet-configuration")
        .first()
        .has("maxPods", "5")
        .has("rotateCertificates", "true")
        .notes(ROTATE, "from-base")
        .pass(ROTATE, "9:35 kind:%20KubeletConfiguration");
}

#[test]
fn overridden() {
    // Each document on its own; the one that is merged says what counts.
    let text = [
        "{\"ignition\": {\"version\": \"3.0.0\", \"config\": {\"merge\": [{\"source\": \"data:,{%22ignition%22:{%22version%22:%223.0.0%22},%22storage%22:{%22files%22:[{%22path%22:%22/a%22,%22contents%22:{%22source%22:%22data:;base64,",
        PACKED,
        "%22}}]}}\"}]}}}",
    ];
    Sample::new(&text.concat())
        .survives()
        .holds("kubelet-configuration")
        .first()
        .pass(PORT, &["1:196 %22data:;base64,", PACKED, "%"].concat());
    let files = "      files:\n      - path: /etc/kubernetes/kubelet.conf\n        contents: {source: 'data:;base64,";
    let one = [HEADER, "    storage:\n", files, PACKED, "'}\n"].concat();
    Sample::new(&[&*one, "---\n", &one].concat()).survives().holds("kubelet-configuration kubelet-configuration#2");
}

#[test]
fn elsewhere() {
    butane("storage:\n  files:\n  - path: /var/lib/kubelet/config.yaml\n    contents:\n      local: kubelet.yaml\n  - path: /etc/motd\n    contents: {local: motd}\n")
        .holds("ignition")
        .first()
        .undetermined(PORT, "7:14 kubelet.yaml");
    json("{\"path\": \"/etc/kubernetes/kubelet-config.yaml\", \"contents\": {\"source\": \"https://example.com/k.yaml\"}}")
        .holds("ignition")
        .first()
        .undetermined(PORT, "1:129 \"https://example.com/k.yaml\"");
    json("{\"path\": \"/opt/bin/kubelet\", \"contents\": {\"source\": \"https://example.com/kubelet\"}}").holds("");
    json(
        "{\"path\": \"/etc/kubernetes/kubelet.conf\", \"contents\": {\"source\": \"https://example.com/kubeconfig\"}}",
    )
    .holds("");
    json("{\"path\": \"/etc/default/kubelet\", \"append\": [{\"source\": \"data:,A=b\"}]}")
        .holds("ignition")
        .first()
        .undetermined(PORT, "1:101 [{\"source\": \"data:,A=b\"}]");
    butane("systemd:\n  units:\n  - name: kubelet.service\n    contents_local: kubelet.service\n")
        .first()
        .undetermined(PORT, "6:21 kubelet.service");
}

#[test]
fn malformed() {
    json("{\"path\": \"/etc/kubernetes/kubelet.yaml\", \"contents\": {\"source\": \"data:,%2\"}}")
        .first()
        .undetermined(PORT, "1:122 \"data:,%2\"");
    json("{\"path\": \"/etc/kubernetes/kubelet.yaml\", \"contents\": {\"source\": \"data:\"}}")
        .first()
        .undetermined(PORT, "1:122 \"data:\"");
    json("{\"path\": \"/etc/kubernetes/kubelet.yaml\", \"contents\": {\"compression\": \"gzip\", \"source\": \"data:,a\"}}").first().undetermined(PORT, "1:145 \"data:,a\"");
    json("{\"path\": \"/etc/motd\", \"contents\": {\"source\": \"data:,%2\"}}, 1, {}, {\"contents\": []}").holds("");
    let text = [ESCAPED, "[1]%7D"].concat();
    json(&["{\"path\": \"/a\", \"contents\": {\"source\": \"", &text, "\"}}"].concat())
        .first()
        .fail(STARTS, "1:205 [1]");
}

#[test]
fn unrelated() {
    json("{\"path\": \"/etc/motd\", \"contents\": {\"source\": \"data:,hello\"}}").holds("");
    json("{\"path\": \"/etc/kubernetes/kubelet.yaml\"}").holds("");
    let text = ["storage: {files: [{path: /a, contents: {source: 'data:;base64,", PACKED, "'}}]}\n"].concat();
    Sample::new(&text).survives().holds("");
    Sample::new(&["variant: dark\nversion: 1\n", &text].concat()).survives().holds("");
    Sample::new(&["variant: flatcar\nversion: 1.0.0\n", &text].concat()).survives().holds("kubelet-configuration");
}
