//! See the forms of this name.

use super::prelude::*;

fn unit(text: &str) -> Sample {
    Sample::new(&["[Service]\n", text].concat()).named("kubelet.service")
}

fn drop_in(text: &str) -> Sample {
    Sample::new(&["[Service]\n", text].concat()).named("etc/systemd/system/kubelet.service.d/10-kubeadm.conf")
}

fn environment(text: &str) -> Sample {
    Sample::new(text).named("etc/default/kubelet")
}

#[test]
fn good() {
    unit("ExecStart=/usr/bin/kubelet --read-only-port=0 \\\n  --anonymous-auth=false \\\n  # words\n  --protect-kernel-defaults\n")
        .holds("systemd-unit")
        .first()
        .pass(PORT, "2:28 --read-only-port=0")
        .pass(ANONYMOUS, "3:3 --anonymous-auth=false")
        .pass(KERNEL, "5:3 --protect-kernel-defaults")
        .pass(HOSTNAME, "2:11 /usr/bin/kubelet")
        .without_problems();
}

#[test]
fn bad() {
    unit("ExecStart=-/usr/bin/hyperkube kubelet '--read-only-port=10255'\n")
        .first()
        .fail(PORT, "2:39 '--read-only-port=10255'")
        .fail(ANONYMOUS, "2:11 -/usr/bin/hyperkube");
}

#[test]
fn variables() {
    unit("Environment=\"KUBELET_EXTRA_ARGS=--read-only-port=0 --node-ip='1.2.3.4'\" PORT=5\nExecStart=/usr/bin/kubelet --read-only-port=${PORT} $KUBELET_EXTRA_ARGS\n")
        .first()
        .pass(PORT, "2:33 --read-only-port=0")
        .without_problems();
}

#[test]
fn overridden() {
    unit("ExecStart=/bin/true\nExecStart=\nExecStart=/usr/bin/kubelet --read-only-port=1 --read-only-port 0\n")
        .first()
        .pass(PORT, "4:47 --read-only-port");
}

#[test]
fn partial() {
    let judged = unit(
        "EnvironmentFile=-/etc/default/kubelet\nEnvironment=KUBELET_EXTRA_ARGS=--v=2\nExecStart=/usr/bin/kubelet --read-only-port=0 --anonymous-auth=false $KUBELET_EXTRA_ARGS --read-only-port=0\n",
    );
    judged
        .first()
        .pass(PORT, "4:90 --read-only-port=0")
        .undetermined(ANONYMOUS, "4:70 $KUBELET_EXTRA_ARGS")
        .undetermined(CHAINS, "4:70 $KUBELET_EXTRA_ARGS")
        .undetermined(HOSTNAME, "4:70 $KUBELET_EXTRA_ARGS");
}

#[test]
fn malformed() {
    unit("ExecStart=/usr/bin/kubelet\nExecStart=/usr/bin/kubelet --v=2\n").first().fail(STARTS, "3:1 ExecStart");
    unit("ExecStart=/usr/bin/kubelet \"--v=2\n").first().fail(STARTS, "2:28 \"--v=2");
}

#[test]
fn unrelated() {
    unit("ExecStart=/usr/bin/kubelet\n").holds("");
    unit("ExecStart=/usr/bin/k3s agent --kubelet-arg=v=2\n").holds("");
    unit("Slice=kubelet.slice\n").holds("");
}

#[test]
fn refused() {
    unit("ExecStart=/usr/bin/kubelet --v=2\nExecStart=/usr/bin/kubelet --v=3\n").first().fail(STARTS, "X");
    unit("Type=oneshot\nExecStart=/bin/true\nExecStart=/usr/bin/kubelet --read-only-port=0\n").first().pass(PORT, "X");
    unit("ExecStart=/bin/true ; /usr/bin/kubelet --read-only-port=0\n").first().fail(STARTS, "X");
}

#[test]
fn kubeadms_drop_in() {
    drop_in("Environment=\"KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml\"\nEnvironmentFile=-/etc/default/kubelet\nExecStart=\nExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_EXTRA_ARGS\n")
        .holds("systemd-unit")
        .first()
        .undetermined(PORT, "X")
        .without_problems();
    drop_in("Environment=\"KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml\"\nExecStart=/usr/bin/kubelet --anonymous-auth=false $KUBELET_CONFIG_ARGS\n")
        .first()
        .problem("no-reset", "X")
        .pass(ANONYMOUS, "X")
        .undetermined(PORT, "X");
}

#[test]
fn drop_ins_with_nothing_but_variables() {
    drop_in("Environment=\"KUBELET_EXTRA_ARGS=--read-only-port=1 --v=2\" \"A=b\"\n")
        .holds("systemd-unit")
        .first()
        .fail(PORT, "X")
        .undetermined(ANONYMOUS, "X")
        .without_problems();
    drop_in("Environment=\"KUBELET_KUBEADM_ARGS=--read-only-port=1\"\n").first().undetermined(PORT, "X");
    drop_in("Environment=KUBELET_EXTRA_ARGS=--v=2 --read-only-port=1\n").first().problem("no-assignment", "X");
    drop_in("Environment=\"KUBELET_EXTRA_ARGS=--v=2\n").holds("");
    drop_in("Environment=KUBELET_CONFIG_DROPIN_DIR_ALPHA=yes\nCPUAccounting=true\n").holds("");
}

#[test]
fn mistakes() {
    let text = "Environment=\"KUBELET_EXTRA_ARGS=--v=2 --read-only-port=0\" KUBELET_OPTS=--v=3\nExecStart=/usr/bin/kubelet ${KUBELET_EXTRA_ARGS}\n";
    unit(text).first().problem("one-word", "X").problem("unmentioned", "X").fail(STARTS, "X");
    let text = "ExecStart=/usr/bin/kubelet --node-ip=$IP $A$B --root-dir=$(pwd) && echo\n--read-only-port=0\n";
    unit(text)
        .first()
        .problem("not-expanded", "X")
        .problem("bad-name", "X")
        .problem("no-shell", "X")
        .problem("no-shell", "X")
        .problem("lost-line", "X");
}

#[test]
fn templates() {
    unit("ExecStart={{ bin_dir }}/kubelet --read-only-port={{ port | default(\"0\") }} \\\n{% if secure %}\n --anonymous-auth=false \\\n{% endif %}\n --make-iptables-util-chains=true\n")
        .first()
        .pass(CHAINS, "X")
        .undetermined(ANONYMOUS, "X")
        .undetermined(PORT, "X");
    unit("{% if a %}\nNice=1\n{% endif %}\nExecStart=/usr/bin/kubelet --read-only-port=0\n")
        .first()
        .undetermined(PORT, "X");
    unit("ExecStart=/usr/bin/kubelet --hostname-override=%H --read-only-port=${PORT} --anonymous-auth=false\n")
        .first()
        .undetermined(HOSTNAME, "X")
        .undetermined(PORT, "X")
        .pass(ANONYMOUS, "X");
}

#[test]
fn secrets() {
    unit("Environment=BOOTSTRAP_TOKEN=abc \"A=b\"\nExecStart=/usr/bin/kubelet --authentication-token-webhook=true\n")
        .first()
        .withholds("X");
}

#[test]
fn environment_file() {
    environment("# flags\nKUBELET_EXTRA_ARGS=\"--read-only-port=0 \\\n  --anonymous-auth=true\"\n")
        .holds("kubelet-environment")
        .first()
        .pass(PORT, "X")
        .fail(ANONYMOUS, "X")
        .undetermined(CHAINS, "X")
        .without_problems();
}

#[test]
fn environment_file_overridden() {
    environment("DAEMON_ARGS=--read-only-port=1\nDAEMON_ARGS='--read-only-port=1 --read-only-port=0'\n")
        .first()
        .pass(PORT, "X");
    environment("KUBELET_KUBEADM_ARGS=--read-only-port=0\nKUBELET_EXTRA_ARGS=--read-only-port=1\n")
        .first()
        .fail(PORT, "X");
    environment("KUBELET_EXTRA_ARGS=--read-only-port=1\nKUBELET_KUBEADM_ARGS=--read-only-port=0\n")
        .first()
        .fail(PORT, "X");
    environment("KUBELET_ARGS=--read-only-port=1\nKUBELET_ADDRESS=--read-only-port=0\n")
        .first()
        .undetermined(PORT, "X");
    environment("KUBELET_KUBEADM_ARGS=--read-only-port=0\n").first().undetermined(PORT, "X");
}

#[test]
fn environment_file_mistakes() {
    environment("KUBELET_EXTRA_ARGS=--v=2 # words\nexport KUBELET_EXTRA_ARGS=--read-only-port=0\n")
        .first()
        .problem("inline-comment", "X")
        .problem("dropped-line", "X")
        .fail(STARTS, "X");
    environment("KUBELET_EXTRA_ARGS=--node-ip=$(hostname)\n").first().problem("no-shell", "X");
    environment("KUBELET_EXTRA_ARGS=--no-such-flag=1\n").first().fail(STARTS, "X");
}

#[test]
fn environment_file_templates() {
    environment("KUBELET_EXTRA_ARGS={{ args }} --read-only-port=0\n")
        .first()
        .pass(PORT, "X")
        .undetermined(ANONYMOUS, "X");
    environment("KUBELET_EXTRA_ARGS=\"--read-only-port=0 {{ args | default(\"\") }}\"\n")
        .first()
        .undetermined(PORT, "X");
    environment("{% if a %}\nKUBELET_EXTRA_ARGS=--read-only-port=0\n{% endif %}\n").first().undetermined(PORT, "X");
}

#[test]
fn no_environment_file() {
    environment("KUBELET_VERSION=1.30\nKUBELET_EXTRA_ARGS=\n").holds("");
    environment("#!/bin/sh\nKUBELET_EXTRA_ARGS=--v=2\n").holds("");
    environment("KUBELET_EXTRA_ARGS=--v=2\nkubelet $KUBELET_EXTRA_ARGS\n").holds("");
    environment("KUBELET_ARGS := --v=2\n").holds("");
    environment("KUBELET_EXTRA_ARGS: --v=2\n").holds("");
}

const CARRIED: &str = "#cloud-config
write_files:
- path: /etc/systemd/system/kubelet.service.d/20-b.conf
  content: |
    [Service]
    Environment=\"KUBELET_B=--v=3\"
    ExecStart=
    ExecStart=/usr/bin/kubelet $KUBELET_A $KUBELET_B
- path: /etc/default/kubelet
  content: |
    KUBELET_A=\"--config=/etc/kubernetes/kubelet.yaml --anonymous-auth=false\"
- path: /etc/kubernetes/kubelet.yaml
  content: |
    kind: KubeletConfiguration
    apiVersion: kubelet.config.k8s.io/v1beta1
    readOnlyPort: 10255
    authentication: {anonymous: {enabled: true}}
- path: /etc/systemd/system/kubelet.service
  content: |
    [Service]
    ExecStart=/usr/bin/kubelet
    EnvironmentFile=/etc/default/kubelet
";

#[test]
fn carried() {
    Sample::new(CARRIED).holds("systemd-unit").first().fail(PORT, "X").pass(ANONYMOUS, "X").without_problems();
    let without = CARRIED.replace("/etc/kubernetes/kubelet.yaml\n", "/etc/kubernetes/other.yaml\n");
    Sample::new(&without)
        .holds("kubelet-configuration systemd-unit")
        .input("systemd-unit")
        .undetermined(PORT, "X")
        .pass(ANONYMOUS, "X");
    let broken = CARRIED.replace("    kind: KubeletConfiguration\n", "    kind: Other\n");
    Sample::new(&broken).holds("systemd-unit").first().undetermined(PORT, "X");
}
