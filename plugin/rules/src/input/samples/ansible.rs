//! See the form of this name.

use super::prelude::*;

/// A play with a task.
fn task(text: &str) -> Sample {
    Sample::new(&["- hosts: nodes\n  tasks:\n  - name: a task\n", text].concat()).named("playbook.yml").survives()
}

#[test]
fn good() {
    task("    ansible.builtin.copy:\n      dest: /var/lib/kubelet/config.yaml\n      content: |\n        kind: KubeletConfiguration\n        apiVersion: kubelet.config.k8s.io/v1beta1\n        readOnlyPort: 0\n")
        .holds("kubelet-configuration")
        .first()
        .pass(PORT, "9:23 0")
        .without_problems();
}

#[test]
fn bad() {
    // A map becomes a file of JSON; tasks stand in blocks, and in roles alone.
    task("    block:\n    - copy:\n        content:\n          kind: KubeletConfiguration\n          apiVersion: kubelet.config.k8s.io/v1beta1\n          readOnlyPort: 10255\n        dest: /etc/kubernetes/kubelet.json\n")
        .holds("kubelet-configuration")
        .first()
        .fail(PORT, "9:25 10255");
    Sample::new("- copy: {dest: /etc/k, content: {kind: KubeletConfiguration, apiVersion: kubelet.config.k8s.io/v1beta1, readOnlyPort: 10255}}\n")
        .holds("kubelet-configuration")
        .first()
        .fail(PORT, "1:119 10255");
}

#[test]
fn overridden() {
    task("    copy:\n      dest: /etc/rancher/rke2/config.yaml\n      content: |\n        kubelet-arg: [anonymous-auth=false, anonymous-auth=true]\n")
        .holds("k3s-config")
        .first()
        .of("1.34", "rke2")
        .fail(ANONYMOUS, "7:45 anonymous-auth=true");
}

#[test]
fn partial() {
    for told in [
        "lineinfile: {path: /var/lib/kubelet/config.yaml, regexp: '^makeIPTables', line: 'makeIPTablesUtilChains: false'}",
        "ansible.builtin.replace: {path: /etc/kubernetes/kubelet-config.yaml, regexp: a, replace: b}",
        "blockinfile: {path: /etc/systemd/system/kubelet.service.d/10-kubeadm.conf, block: 'a'}",
    ] {
        task(&format!("    {told}\n")).holds("ansible");
    }
    task("    lineinfile:\n      path: /var/lib/kubelet/config.yaml\n      line: 'makeIPTablesUtilChains: false'\n")
        .first()
        .undetermined(CHAINS, "6:13 'makeIPTablesUtilChains: false'")
        .undetermined(STARTS, "6:13 'makeIPTablesUtilChains: false'");
    task("    community.general.ini_file: {path: /etc/systemd/system/kubelet.service, section: Service}\n")
        .first()
        .undetermined(CHAINS, "4:5 community.general.ini_file");
}

/// What a task writes, another changes.
#[test]
fn changed_by_another_task() {
    let copy = "    copy:\n      dest: /etc/k.yaml\n      content: |\n        kind: KubeletConfiguration\n        apiVersion: kubelet.config.k8s.io/v1beta1\n        readOnlyPort: 0\n";
    for (other, place) in [
        (
            "  - lineinfile: {path: /etc/k.yaml, regexp: 'readOnlyPort', line: 'readOnlyPort: 10255'}\n",
            "10:5 lineinfile",
        ),
        (
            "  - block:\n    - ansible.builtin.replace: {path: /etc/./k.yaml, regexp: '0', replace: '1'}\n",
            "11:7 ansible.builtin.replace",
        ),
        ("  - template: {dest: /etc/k.yaml, src: k.j2}\n", "10:5 template"),
        ("  - copy: {dest: '{{ dir }}/k.yaml', src: k}\n", "10:5 copy"),
        ("  - shell: sed -i s/0/1/ /etc/k.yaml\n", "10:26 /etc/k.yaml"),
    ] {
        task(&[copy, other].concat()).holds("kubelet-configuration").first().undetermined(PORT, place);
    }
    for other in ["  - lineinfile: {path: /etc/motd, line: k}\n", "  - template: {dest: /etc/k.yml, src: k.j2}\n"] {
        task(&[copy, other].concat()).first().pass(PORT, "9:23 0");
    }
}

#[test]
fn variables_and_units() {
    task("    lineinfile:\n      path: /etc/default/kubelet\n      regexp: '^KUBELET'\n      line: KUBELET_EXTRA_ARGS=--anonymous-auth=true --event-qps={{ qps }}\n")
        .holds("kubelet-environment")
        .first()
        .fail(ANONYMOUS, "7:32 --anonymous-auth=true")
        .undetermined("event-qps", "7:13 KUBELET_EXTRA_ARGS");
    task("    copy:\n      dest: /etc/systemd/system/kubelet.service.d/20-args.conf\n      content: |\n        [Service]\n        Environment=KUBELET_EXTRA_ARGS=--anonymous-auth=true\n")
        .holds("systemd-unit")
        .first()
        .fail(ANONYMOUS, "8:40 --anonymous-auth=true");
}

#[test]
fn commands() {
    for module in ["shell: ", "ansible.builtin.command:\n      cmd: ", "shell: |\n      "] {
        let line = "/etc/eks/bootstrap.sh {{ cluster }} --kubelet-extra-args '--read-only-port=10255'";
        let text = ["    ", module, line, "\n"].concat();
        let row = if module.contains('\n') { 5 } else { 4 };
        let column = 1 + text.lines().last().unwrap().find("--read-only").unwrap();
        task(&text).holds("eks-bootstrap").first().fail(PORT, &format!("{row}:{column} --read-only-port=10255"));
    }
    task("    command: [systemctl, restart, kubelet]\n").holds("");
    task("    shell: sed -i s/a/b/ /etc/kubernetes/kubelet/kubelet-config.json\n")
        .holds("shell-script")
        .first()
        .undetermined(PORT, "4:26 /etc/kubernetes/kubelet/kubelet-config.json");
}

#[test]
fn filled_in() {
    task("    copy:\n      dest: /var/lib/kubelet/config.yaml\n      content: |\n        kind: KubeletConfiguration\n        apiVersion: kubelet.config.k8s.io/v1beta1\n        readOnlyPort: {{ port }}\n        protectKernelDefaults: false\n")
        .first()
        .undetermined(PORT, "7:9 kind: KubeletConfiguration")
        .fail(KERNEL, "10:32 false");
    task("    copy: {dest: /var/lib/kubelet/config.yaml, content: '{{ kubelet_config | to_yaml }}'}\n")
        .holds("ansible")
        .first()
        .undetermined(PORT, "4:57 '{{ kubelet_config | to_yaml }}'");
    task("    template:\n      src: kubelet.j2\n      dest: '{{ dir }}/kubelet-config.yaml'\n")
        .holds("ansible")
        .first()
        .undetermined(PORT, "4:5 template");
}

#[test]
fn malformed() {
    task("    copy:\n      dest: /var/lib/kubelet/config.yaml\n      content: |\n        kind: KubeletConfiguration\n        apiVersion: kubelet.config.k8s.io/v1beta1\n        a: [\n")
        .holds("kubelet-configuration")
        .first()
        .undetermined(PORT, "10:1 ");
    task("    copy: [1]\n    template:\n    lineinfile: x\n    block: {}\n").holds("");
}

#[test]
fn unrelated() {
    task("    copy: {dest: /etc/motd, content: hello}\n").holds("");
    task("    copy: {dest: /etc/motd, content: '{{ motd }}'}\n").holds("");
    task("    template: {dest: /etc/kubernetes/bootstrap-kubelet.conf, src: a.j2}\n").holds("");
    task("    template: {dest: /etc/kubernetes/manifests/kubelet-proxy.yaml, src: a.j2}\n").holds("");
    task("    copy: {src: kubelet, dest: /usr/local/bin/kubelet}\n").holds("");
    Sample::new("tasks:\n- copy: {dest: /etc/k, content: {kind: KubeletConfiguration, apiVersion: kubelet.config.k8s.io/v1beta1}}\n").holds("");
}
