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
        .fail(ANONYMOUS, "2:12 /usr/bin/hyperkube");
}

#[test]
fn variables() {
    unit("Environment=\"KUBELET_EXTRA_ARGS=--read-only-port=0 --node-ip='1.2.3.4'\" PORT=5\nExecStart=/usr/bin/kubelet --read-only-port=${PORT} $KUBELET_EXTRA_ARGS\n")
        .first()
        .pass(PORT, "2:33 --read-only-port=0")
        .without_problems();
}

#[test]
fn unset_variables() {
    let text = "Environment='KUBELET_A=--read-only-port=0 --v=2' KUBELET_B=--anonymous-auth=false\n";
    let start = "ExecStart=/usr/bin/kubelet $KUBELET_A $KUBELET_B --event-qps=5\n";
    let with = |lines: &str| unit(&[text, lines, start].concat());
    with("UnsetEnvironment=KUBELET_A KUBELET_B=\n")
        .first()
        .fail(PORT, "4:11 /usr/bin/kubelet")
        .pass(ANONYMOUS, "2:60 --anonymous-auth=false");
    with("UnsetEnvironment='KUBELET_A=--read-only-port=0 --v=2'\n").first().fail(PORT, "4:11 /usr/bin/kubelet");
    with("UnsetEnvironment=KUBELET_A\nUnsetEnvironment=\n").first().pass(PORT, "2:24 --read-only-port=0");
    // It wins over files that are not here, too, unless it depends on what they say.
    let file = "EnvironmentFile=/etc/default/kubelet\n";
    with(&[file, "UnsetEnvironment=KUBELET_A KUBELET_B\n"].concat()).first().fail(PORT, "5:11 /usr/bin/kubelet");
    with(&[file, "UnsetEnvironment=KUBELET_B=--anonymous-auth=false\n"].concat())
        .first()
        .undetermined(ANONYMOUS, "5:39 $KUBELET_B");
    let text = "Environment=KUBELET_EXTRA_ARGS=--read-only-port=0\nUnsetEnvironment=KUBELET_EXTRA_ARGS\n";
    drop_in(text).holds("");
    drop_in("Environment=KUBELET_EXTRA_ARGS=--v=2\nEnvironment=KUBELET_EXTRA_ARGS=\n").holds("");
}

#[test]
fn unset_in_a_drop_in() {
    let text = CARRIED.replace("    ExecStart=\n", "    UnsetEnvironment=KUBELET_A\n    ExecStart=\n");
    Sample::new(&text).first().fail(PORT, "9:15 /usr/bin/kubelet");
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
    unit("ExecStart=/usr/bin/k3s agent\n").named("k3s.service").holds("");
    unit("ExecStart=/bin/sh -c 'until systemctl is-active kubelet; do sleep 1; done'\n")
        .named("wait.service")
        .holds("");
    unit("Slice=kubelet.slice\n").holds("");
}

#[test]
fn by_way_of_others() {
    unit("ExecStart=/usr/bin/env PATH=/opt/kubelet /usr/bin/nice -n -5 /usr/bin/kubelet --read-only-port=10255\n")
        .holds("systemd-unit")
        .first()
        .fail(PORT, "2:79 --read-only-port=10255")
        .pass(HOSTNAME, "2:11 /usr/bin/env");
    unit("ExecStart=/bin/bash -ec \"exec /usr/bin/kubelet --read-only-port=10255 --node-ip=$(hostname -i)\"\n")
        .first()
        .fail(PORT, "2:48 --read-only-port=10255")
        .without_problems();
    unit("ExecStart=/bin/sh -c 'exec /usr/bin/kubelet'\n")
        .first()
        .fail(PORT, "2:11 /bin/sh")
        .fail(ANONYMOUS, "2:11 /bin/sh");
    // What stands before a variable that is not known may count for nothing.
    let text = "Environment=KUBELET_A=--read-only-port=0\nExecStart=/bin/sh -c 'exec kubelet --anonymous-auth=false $$B $KUBELET_A'\n";
    unit(text).first().pass(PORT, "2:23 --read-only-port=0").undetermined(ANONYMOUS, "3:59 $$B").without_problems();
    // systemd fills these in, and the shell reads them.
    unit("Environment='A=--read-only-port=1; rm' B=c\nExecStart=sh -c '. /etc/kube; exec kubelet ${A} ${B}'\n")
        .first()
        .fail(PORT, "2:16 --read-only-port=1");
    unit("Environment=KUBELET_A=--v=2\nExecStart=sh -c '. /etc/kube; exec kubelet $KUBELET_A'\n")
        .first()
        .undetermined(PORT, "3:44 $KUBELET_A")
        .without_problems();
}

#[test]
fn unclear() {
    for (text, name, place) in [
        ("ExecStart=/opt/start-it $KUBELET_ARGS\n", "kubelet.service", "2:11 /opt/start-it"),
        ("ExecStart=/bin/sh -c '/opt/wrap kubelet --v=2'\n", "node.service", "2:11 /bin/sh"),
        ("ExecStart=/usr/bin/k3s agent --kubelet-arg=v=2\n", "k3s.service", "2:11 /usr/bin/k3s"),
    ] {
        unit(text).named(name).holds("systemd-unit").first().undetermined(PORT, place).undetermined(STARTS, place);
    }
}

#[test]
fn refused() {
    unit("ExecStart=/usr/bin/kubelet --v=2\nExecStart=/usr/bin/kubelet --v=3\n").first().fail(STARTS, "3:1 ExecStart");
    unit("Type=oneshot\nExecStart=/bin/true\nExecStart=/usr/bin/kubelet --read-only-port=0\n")
        .first()
        .pass(PORT, "4:28 --read-only-port=0");
    unit("ExecStart=/bin/true ; /usr/bin/kubelet --read-only-port=0\n").first().fail(STARTS, "2:1 ExecStart");
}

#[test]
fn kubeadms_drop_in() {
    drop_in("Environment=\"KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml\"\nEnvironmentFile=-/etc/default/kubelet\nExecStart=\nExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_EXTRA_ARGS\n")
        .holds("systemd-unit")
        .first()
        .undetermined(PORT, "5:49 $KUBELET_EXTRA_ARGS")
        .without_problems();
    drop_in("Environment=\"KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml\"\nExecStart=/usr/bin/kubelet --anonymous-auth=false $KUBELET_CONFIG_ARGS\n")
        .first()
        .problem("no-reset", "3:1 ExecStart")
        .pass(ANONYMOUS, "3:28 --anonymous-auth=false")
        .undetermined(PORT, "2:34 --config=/var/lib/kubelet/config.yaml");
}

#[test]
fn drop_ins_with_nothing_but_variables() {
    drop_in("Environment=\"KUBELET_EXTRA_ARGS=--read-only-port=1 --v=2\" \"A=b\"\n")
        .holds("systemd-unit")
        .first()
        .fail(PORT, "2:33 --read-only-port=1")
        .undetermined(ANONYMOUS, "2:14 KUBELET_EXTRA_ARGS")
        .without_problems();
    drop_in("Environment=\"KUBELET_KUBEADM_ARGS=--read-only-port=1\"\n")
        .first()
        .undetermined(PORT, "2:14 KUBELET_KUBEADM_ARGS");
    drop_in("Environment=KUBELET_EXTRA_ARGS=--v=2 --read-only-port=1\n")
        .first()
        .problem("no-assignment", "2:38 --read-only-port=1");
    drop_in("Environment=\"KUBELET_EXTRA_ARGS=--v=2\n")
        .first()
        .problem("open-quote", "2:13 \"KUBELET_EXTRA_ARGS=--v=2")
        .undetermined(PORT, "2:1 Environment");
    drop_in("Environment=KUBELET_CONFIG_DROPIN_DIR_ALPHA=yes\nCPUAccounting=true\n").holds("");
}

#[test]
fn mistakes() {
    let text = "Environment=\"KUBELET_EXTRA_ARGS=--v=2 --read-only-port=0\" KUBELET_OPTS=--v=3\nExecStart=/usr/bin/kubelet ${KUBELET_EXTRA_ARGS}\n";
    unit(text)
        .first()
        .problem("one-word", "3:28 ${KUBELET_EXTRA_ARGS}")
        .problem("unmentioned", "2:59 KUBELET_OPTS")
        .fail(STARTS, "2:33 --v=2 --read-only-port=0");
    let text = "ExecStart=/usr/bin/kubelet --node-ip=$IP $A$B --root-dir=$(pwd) && echo\n--read-only-port=0\n";
    unit(text)
        .first()
        .problem("not-expanded", "2:28 --node-ip=$IP")
        .problem("bad-name", "2:42 $A$B")
        .problem("no-shell", "2:47 --root-dir=$(pwd)")
        .problem("no-shell", "2:65 &&")
        .problem("lost-line", "3:1 --read-only-port");
}

#[test]
fn templates() {
    unit("ExecStart={{ bin_dir }}/kubelet --read-only-port={{ port | default(\"0\") }} \\\n{% if secure %}\n --anonymous-auth=false \\\n{% endif %}\n --make-iptables-util-chains=true\n")
        .first()
        .pass(CHAINS, "6:2 --make-iptables-util-chains=true")
        .undetermined(ANONYMOUS, "5:1 {% endif %}")
        .undetermined(PORT, "5:1 {% endif %}");
    unit("{% if a %}\nNice=1\n{% endif %}\nExecStart=/usr/bin/kubelet --read-only-port=0\n")
        .first()
        .undetermined(PORT, "2:1 {% if a %}");
    unit("ExecStart=/usr/bin/kubelet --hostname-override=%H --read-only-port=${PORT} --anonymous-auth=false\n")
        .first()
        .undetermined(HOSTNAME, "2:11 /usr/bin/kubelet")
        .undetermined(PORT, "2:11 /usr/bin/kubelet")
        .pass(ANONYMOUS, "2:76 --anonymous-auth=false");
}

#[test]
fn secrets() {
    unit("Environment=BOOTSTRAP_TOKEN=abc \"A=b\"\nExecStart=/usr/bin/kubelet --authentication-token-webhook=true\n")
        .first()
        .withholds("2:29 abc");
    unit("Environment=HTTPS_PROXY=http://user:hush@proxy:3128 NO_PROXY=a@b\nExecStart=/usr/bin/kubelet --v=1\n")
        .first()
        .withholds("2:25 http://user:hush@proxy:3128");
}

#[test]
fn environment_file() {
    environment("# flags\nKUBELET_EXTRA_ARGS=\"--read-only-port=0 \\\n  --anonymous-auth=true\"\n")
        .holds("kubelet-environment")
        .first()
        .pass(PORT, "2:21 --read-only-port=0")
        .fail(ANONYMOUS, "3:3 --anonymous-auth=true")
        .undetermined(CHAINS, "2:1 KUBELET_EXTRA_ARGS")
        .without_problems();
}

#[test]
fn environment_file_overridden() {
    environment("DAEMON_ARGS=--read-only-port=1\nDAEMON_ARGS='--read-only-port=1 --read-only-port=0'\n")
        .first()
        .pass(PORT, "2:33 --read-only-port=0");
    environment("KUBELET_KUBEADM_ARGS=--read-only-port=0\nKUBELET_EXTRA_ARGS=--read-only-port=1\n")
        .first()
        .fail(PORT, "2:20 --read-only-port=1");
    environment("KUBELET_EXTRA_ARGS=--read-only-port=1\nKUBELET_KUBEADM_ARGS=--read-only-port=0\n")
        .first()
        .fail(PORT, "1:20 --read-only-port=1");
    environment("KUBELET_ARGS=--read-only-port=1\nKUBELET_ADDRESS=--read-only-port=0\n")
        .first()
        .undetermined(PORT, "1:1 KUBELET_ARGS");
    environment("KUBELET_ARGS=--read-only-port=1\nKUBELET_ADDRESS=--anonymous-auth=false\n")
        .first()
        .fail(PORT, "1:14 --read-only-port=1");
    environment("KUBELET_ARGS=--read-only-port=1\nKUBELET_OPTS={{ opts }} --v=2\n")
        .first()
        .undetermined(PORT, "2:14 {{ opts }} --v=2");
    environment("KUBELET_KUBEADM_ARGS=--read-only-port=0\n").first().undetermined(PORT, "1:1 KUBELET_KUBEADM_ARGS");
}

#[test]
fn environment_file_mistakes() {
    environment("KUBELET_EXTRA_ARGS=--v=2 # words\nexport KUBELET_EXTRA_ARGS=--read-only-port=0\n")
        .first()
        .problem("inline-comment", "1:26 # words")
        .problem("dropped-line", "2:1 export KUBELET_EXTRA_ARGS")
        .fail(STARTS, "1:26 #");
    environment("KUBELET_EXTRA_ARGS=--node-ip=$(hostname)\n").first().problem("no-shell", "1:20 --node-ip=$(hostname)");
    environment("KUBELET_EXTRA_ARGS=--no-such-flag=1\n").first().fail(STARTS, "1:20 --no-such-flag=1");
}

#[test]
fn environment_file_templates() {
    environment("KUBELET_EXTRA_ARGS={{ args }} --read-only-port=0\n")
        .first()
        .pass(PORT, "1:31 --read-only-port=0")
        .undetermined(ANONYMOUS, "1:20 {{ args }}");
    environment("KUBELET_EXTRA_ARGS=\"--read-only-port=0 {{ args | default(\"\") }}\"\n")
        .first()
        .undetermined(PORT, "1:40 {{ args | default(\"\") }}");
    environment("{% if a %}\nKUBELET_EXTRA_ARGS=--read-only-port=0\n{% endif %}\n")
        .first()
        .undetermined(PORT, "1:1 {% if a %}");
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
    Sample::new(CARRIED)
        .holds("systemd-unit")
        .first()
        .fail(PORT, "16:19 10255")
        .pass(ANONYMOUS, "11:54 --anonymous-auth=false")
        .without_problems();
    let without = CARRIED.replace("/etc/kubernetes/kubelet.yaml\n", "/etc/kubernetes/other.yaml\n");
    Sample::new(&without)
        .holds("systemd-unit kubelet-configuration")
        .input("systemd-unit")
        .undetermined(PORT, "11:16 --config=/etc/kubernetes/kubelet.yaml")
        .pass(ANONYMOUS, "11:54 --anonymous-auth=false");
    let broken = CARRIED.replace("    kind: KubeletConfiguration\n", "    kind: Other\n");
    Sample::new(&broken)
        .holds("systemd-unit")
        .first()
        .undetermined(PORT, "11:16 --config=/etc/kubernetes/kubelet.yaml");
}

#[test]
fn too_many_words() {
    let text = ["ExecStart=/usr/bin/kubelet", &" --v=2".repeat(6_000), "\n"].concat();
    unit(&text).first().undetermined(PORT, "2:11 /usr/bin/kubelet").undetermined(HOSTNAME, "2:11 /usr/bin/kubelet");
}

#[test]
fn carried_and_packed() {
    // printf '[Service]\nExecStart=/usr/bin/kubelet --read-only-port=0 $KUBELET_EXTRA_ARGS\n' | base64 -w0
    let packed =
        "W1NlcnZpY2VdCkV4ZWNTdGFydD0vdXNyL2Jpbi9rdWJlbGV0IC0tcmVhZC1vbmx5LXBvcnQ9MCAkS1VCRUxFVF9FWFRSQV9BUkdTCg==";
    let head = "#cloud-config\nwrite_files:\n- path: /etc/systemd/system/kubelet.service.d/90-a.conf\n  content: |\n    [Service]\n    Environment='KUBELET_EXTRA_ARGS=--anonymous-auth=false'\n- path: /etc/systemd/system/kubelet.service\n  encoding: b64\n  content: ";
    Sample::new(&[head, packed].concat())
        .holds("systemd-unit")
        .first()
        .pass(PORT, "9:12 W1NlcnZpY2VdCkV4ZWNTdGFydD0vdXNyL2Jpbi9rdWJlbGV0IC0tcmVhZC1vbmx5LXBvcnQ9MCAkS1VCRUxFVF9FWFRSQV9BUkdTCg==")
        .pass(ANONYMOUS, "6:37 --anonymous-auth=false")
        .without_problems();
}

#[test]
fn carried_without_each_other() {
    let text = "#cloud-config\nwrite_files:\n- path: /etc/systemd/system/kubelet.service.d/10-a.conf\n  content: \"[Service]\\nEnvironment=KUBELET_EXTRA_ARGS=--read-only-port=0\\n\"\n- path: /etc/sysconfig/kubelet\n  content: 'KUBELET_EXTRA_ARGS=--read-only-port=1'\n- path: /etc/systemd/system/crio.service\n  content: |\n    [Service]\n    ExecStart=/usr/bin/crio --before=kubelet\n";
    let sample = Sample::new(text).holds("systemd-unit kubelet-environment");
    sample.first().undetermined(PORT, "4:36 KUBELET_EXTRA_ARGS");
    sample.input("kubelet-environment").fail(PORT, "6:32 --read-only-port=1");
}

#[test]
fn kubeadm_as_it_is_installed() {
    let text = "# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment=\"KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf\"
Environment=\"KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml\"
# a file that kubeadm writes
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS --read-only-port=0
";
    Sample::new(text)
        .named("10-kubeadm.conf")
        .holds("systemd-unit")
        .first()
        .pass(PORT, "9:116 --read-only-port=0")
        .undetermined(ANONYMOUS, "9:96 $KUBELET_EXTRA_ARGS")
        .undetermined(STARTS, "9:96 $KUBELET_EXTRA_ARGS")
        .without_problems();
}
