//! See the form of this name.

use super::prelude::*;

fn sample(version: &str, spec: &str) -> Sample {
    Sample::new(&format!(
        "apiVersion: bootstrap.cluster.x-k8s.io/{version}\nkind: KubeadmConfigTemplate\nspec:\n  template:\n    spec:\n{spec}"
    ))
}

#[test]
fn good() {
    sample("v1beta2", "      joinConfiguration:\n        nodeRegistration:\n          kubeletExtraArgs:\n          - {name: event-qps, value: \"5\"}\n")
        .holds("cluster-api/join")
        .first()
        .of("1.34", "kubeadm")
        .pass("event-qps", "9:13 {name: event-qps, value: \"5\"}")
        .without_problems();
}

#[test]
fn bad() {
    sample("v1beta1", "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: {read-only-port: \"1\"}}}\n")
        .first()
        .fail(PORT, "6:65 read-only-port: \"1\"");
}

#[test]
fn partial() {
    let text = "apiVersion: controlplane.cluster.x-k8s.io/v1beta1\nkind: KubeadmControlPlane\nspec: {version: v1.32.0, kubeadmConfigSpec: {initConfiguration: {}, joinConfiguration: {}}}\n";
    Sample::new(text)
        .of_version("")
        .holds("cluster-api/init cluster-api/join")
        .first()
        .of("1.32", "kubeadm")
        .pass(ANONYMOUS, "2:1 kind: KubeadmControlPlane");
}

#[test]
fn bare() {
    sample("v1beta1", "      files: []\n")
        .holds("cluster-api/join")
        .first()
        .pass(ANONYMOUS, "2:1 kind: KubeadmConfigTemplate");
}

#[test]
fn overridden() {
    sample("v1beta1", "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: {anonymous-auth: \"true\"}}}\n")
        .first()
        .fail(ANONYMOUS, "6:65 anonymous-auth: \"true\"");
    sample("v1beta1", "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: {event-qps: \"${QPS}\"}}}\n")
        .first()
        .undetermined("event-qps", "2:1 kind: KubeadmConfigTemplate");
}

#[test]
fn mistakes() {
    sample("v1beta1", "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: [{name: v, value: \"2\"}]}}\n")
        .first()
        .fail(STARTS, "6:64 [{name: v, value: \"2\"}]");
    sample("v1beta1", "      joinConfiguration: {}\n      files:\n      - path: /etc/kubernetes/patches/kubeletconfiguration0+merge.yaml\n").first().undetermined(PORT, "8:9 path: /etc/kubernetes/patches/kubeletconfiguration0+merge.yaml");
}

const ARGS: &str = "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: {config: /etc/k.yaml}}}\n      files:\n      - path: /etc/k.yaml\n";
const PATCHED: &str = "      joinConfiguration: {patches: {directory: /etc/p/}}\n      files:\n";

#[test]
fn a_file_that_a_flag_names() {
    let content = "        content: |\n          kind: KubeletConfiguration\n          apiVersion: kubelet.config.k8s.io/v1beta1\n          readOnlyPort: 10255\n";
    sample("v1beta1", &[ARGS, content].concat())
        .holds("cluster-api/join")
        .first()
        .fail(PORT, "12:25 10255")
        // Nothing of kubeadm's stands in it.
        .pass("event-qps", "2:1 kind: KubeadmConfigTemplate");
    // "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nreadOnlyPort: 1\n", by `base64`.
    let packed = "a2luZDogS3ViZWxldENvbmZpZ3VyYXRpb24KYXBpVmVyc2lvbjoga3ViZWxldC5jb25maWcuazhzLmlvL3YxYmV0YTEKcmVhZE9ubHlQb3J0OiAxCg==";
    sample("v1beta1", &[ARGS, "        encoding: base64\n        content: ", packed, "\n"].concat())
        .first()
        .fail(PORT, &["10:18 ", packed].concat());
    sample("v1beta1", &[ARGS, "        contentFrom: {secret: {name: s, key: k}}\n"].concat())
        .first()
        .undetermined(PORT, "8:9 path: /etc/k.yaml");
    sample("v1beta1", &[ARGS, "        append: true\n", content].concat())
        .first()
        .undetermined(PORT, "8:9 path: /etc/k.yaml");
    sample("v1beta1", &[ARGS, "        content: '['\n"].concat()).first().undetermined(PORT, "9:20 ");
}

#[test]
fn patches() {
    sample("v1beta1", &[PATCHED, "      - {path: /etc/p/kubeletconfiguration1.json, content: '{\"eventRecordQPS\": 7}'}\n      - {path: /etc/p/kubeletconfiguration0+merge.yaml, content: 'readOnlyPort: 10255'}\n      - {path: /etc/p/etcd0.yaml, content: 'x: 1'}\n"].concat())
        .holds("cluster-api/join")
        .first()
        .fail(PORT, "9:81 10255")
        .pass("event-qps", "8:80 7")
        .pass(ANONYMOUS, "2:1 kind: KubeadmConfigTemplate");
    sample("v1beta1", &[PATCHED, "      - {path: /etc/p/kubeletconfiguration+json.json, content: '[{\"op\": \"add\", \"path\": \"/readOnlyPort\", \"value\": 1}]'}\n"].concat())
        .first()
        .fail(PORT, "8:114 1");
    sample(
        "v1beta1",
        &[PATCHED, "      - {path: /etc/q/kubeletconfiguration.yaml, content: 'readOnlyPort: 1'}\n"].concat(),
    )
    .first()
    .undetermined(PORT, "8:10 path: /etc/q/kubeletconfiguration.yaml");
    sample(
        "v1beta1",
        &[PATCHED, "      - {path: /etc/p/kubeletconfiguration.yml, content: 'readOnlyPort: 1'}\n"].concat(),
    )
    .first()
    .pass(PORT, "2:1 kind: KubeadmConfigTemplate")
    .problem("ignored-name", "8:59 readOnlyPort");
    sample(
        "v1beta1",
        &[PATCHED, "      - {path: /etc/p/kubeletconfiguration.yaml, contentFrom: {secret: {}}}\n"].concat(),
    )
    .first()
    .undetermined(PORT, "8:10 path: /etc/p/kubeletconfiguration.yaml");
}

#[test]
fn other_files_and_commands() {
    sample("v1beta1", "      joinConfiguration: {}\n      files:\n      - {path: /etc/default/kubelet, content: KUBELET_EXTRA_ARGS=--v=1}\n")
        .first()
        .undetermined(PORT, "8:10 path: /etc/default/kubelet");
    sample("v1beta1", "      joinConfiguration: {}\n      files:\n      - {path: /etc/n.yaml, content: \"kind: NodeConfig\\napiVersion: node.eks.aws/v1alpha1\"}\n")
        .holds("cluster-api/join node-config")
        .first()
        .pass(PORT, "2:1 kind: KubeadmConfigTemplate");
    sample("v1beta1", "      joinConfiguration: {}\n      preKubeadmCommands:\n      - systemctl enable kubelet\n      postKubeadmCommands:\n      - sed -i s/a/b/ /var/lib/kubelet/config.yaml\n")
        .holds("cluster-api/join")
        .first()
        .undetermined(PORT, "10:23 /var/lib/kubelet/config.yaml")
        .problem("not-evaluated", "10:23 /var/lib/kubelet/config.yaml");
    sample("v1beta1", "      joinConfiguration: {patches: {directory: /etc/p}}\n      files:\n      - {path: /etc/p/kubeletconfiguration.yaml, content: 'readOnlyPort: 0'}\n      preKubeadmCommands: [sed -i s/0/1/ /etc/p/kubeletconfiguration.yaml]\n")
        .first()
        .undetermined(PORT, "9:42 /etc/p/kubeletconfiguration.yaml");
}

#[test]
fn malformed() {
    sample("v1beta1", "      joinConfiguration: [\n").first().undetermined(STARTS, "7:1 ");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: cluster.x-k8s.io/v1beta1\nkind: MachineDeployment\n").holds("");
}
