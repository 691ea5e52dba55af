//! Shell scripts.

use super::prelude::*;

fn sample(text: &str) -> Sample {
    Sample::new(&["#!/bin/bash\n", text].concat()).named("run.sh")
}

const KC: &str = "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n";

#[test]
fn good() {
    sample("set -ex # don't\n/etc/eks/bootstrap.sh c --kubelet-extra-args '--event-qps=5 --v=\"2\"' --dns-cluster-ip $IP\n")
        .holds("eks-bootstrap")
        .first()
        .of("1.34", "eks-al2")
        .pass("event-qps", "3:47 --event-qps=5")
        .pass(PORT, "3:1 /etc/eks/bootstrap.sh")
        .without_problems();
    sample("exec /usr/bin/kubelet \\\n  --read-only-port=0 \\\n  --v 2\n")
        .holds("kubelet-command")
        .first()
        .pass(PORT, "3:3 --read-only-port=0");
}

#[test]
fn bad() {
    sample("if true; then sudo bash -x /etc/eks/bootstrap.sh c --kubelet-extra-args \"--read-only-port=10255\"; fi\n")
        .holds("eks-bootstrap")
        .first()
        .fail(PORT, "2:74 --read-only-port=10255");
    sample("minikube start --kubernetes-version=v1.33.1 --extra-config=kubelet.read-only-port=1 --extra-config apiserver.v=1\n")
        .of_version("")
        .holds("minikube")
        .first()
        .of("1.33", "kubeadm")
        .fail(PORT, "2:68 read-only-port=1");
    sample("nohup k0s worker --kubelet-extra-args=\"--v=1 --read-only-port=1\" T &\n")
        .holds("k0s-worker")
        .first()
        .fail(PORT, "2:46 --read-only-port=1")
        .pass("tls-cipher-suites", "2:7 k0s");
    sample("kubelet --v=2 --read-only-port=10255 2>&1 | tee log\n").first().fail(PORT, "2:15 --read-only-port=10255");
}

#[test]
fn inside_of_others() {
    sample("curl -sfL https://get.k3s.io | INSTALL_K3S_EXEC='server --kubelet-arg=event-qps=5 --kubelet-arg read-only-port=1' sh -\n")
        .holds("k3s-command")
        .first()
        .of("1.34", "k3s")
        .fail(PORT, "2:97 read-only-port=1");
    sample("curl -sfL https://get.k3s.io | sh -s - agent --kubelet-arg=anonymous-auth=$A --kubelet-arg=event-qps=5\n")
        .first()
        .undetermined(ANONYMOUS, "2:32 sh")
        .pass("event-qps", "2:92 event-qps=5");
    sample("rke2 server --kubelet-arg=v=1 $MORE\n").first().of("1.34", "rke2").undetermined(ANONYMOUS, "2:31 $MORE");
}

#[test]
fn files() {
    for (text, place) in [
        ("cat <<'EOF' > /etc/k.yaml\n{}readOnlyPort: 10255\nEOF\nls\n", "5:15 10255"),
        ("cat <<EOF | sudo tee /etc/k.yaml > /dev/null\n{}readOnlyPort: 10255\nEOF\n", "5:15 10255"),
        ("tee /etc/k.yaml <<-\"EOF\"\n\t{}\treadOnlyPort: 10255\n\t\tEOF\n", "5:16 10255"),
        ("kubectl apply -f - <<EOF\n{}readOnlyPort: 10255\nclusterDomain: $DOMAIN\nEOF\n", "5:15 10255"),
        ("echo \"{}readOnlyPort: 10255\" > /etc/k.yaml\n", "4:15 10255"),
    ] {
        let text = text.replace(
            "{}",
            if text.contains('\t') {
                "kind: KubeletConfiguration\n\tapiVersion: kubelet.config.k8s.io/v1beta1\n"
            } else {
                KC
            },
        );
        sample(&text).holds("kubelet-configuration").first().fail(PORT, place);
    }
    // "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nreadOnlyPort: 1\n", by `base64`.
    let packed = "a2luZDogS3ViZWxldENvbmZpZ3VyYXRpb24KYXBpVmVyc2lvbjoga3ViZWxldC5jb25maWcuazhzLmlvL3YxYmV0YTEKcmVhZE9ubHlQb3J0OiAxCg==";
    sample(&["echo ", packed, " | base64 -d > /etc/k.yaml\n"].concat())
        .holds("kubelet-configuration")
        .first()
        .fail(PORT, &["2:6 ", packed].concat());
}

#[test]
fn a_configuration_for_a_command() {
    let written = ["cat > /etc/k.yaml <<EOF\n", KC, "readOnlyPort: 10255\neventRecordQPS: 7\nEOF\n"].concat();
    sample(&[&written, "kubelet --config=/etc/k.yaml --read-only-port=0\n"].concat())
        .holds("kubelet-command")
        .first()
        .pass(PORT, "8:30 --read-only-port=0")
        .pass("event-qps", "6:17 7");
    sample(&[&written, "kubelet --config /etc/other.yaml --read-only-port=0\n"].concat())
        .holds("kubelet-command kubelet-configuration")
        .first()
        .pass(PORT, "8:34 --read-only-port=0")
        .undetermined("event-qps", "8:18 /etc/other.yaml");
}

#[test]
fn scripts_of_scripts() {
    sample("ssh \"$NODE\" \"sudo bash -s\" <<'EOS'\ncat > /etc/k.yaml <<'YAML'\nkind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nreadOnlyPort: 10255\nYAML\nEOS\n")
        .holds("kubelet-configuration")
        .first()
        .fail(PORT, "6:15 10255");
    sample("sudo sh -ec 'kubelet --read-only-port=10255'\n").first().fail(PORT, "2:22 --read-only-port=10255");
    sample("sh -c \"sh -c 'sh -c \\\"sh -c \\\\\\\"kubelet\\\\\\\" \\\"'\"; kubelet --v=1\n")
        .first()
        .undetermined(PORT, "2:33 k");
}

#[test]
fn units() {
    let unit = "cat > /etc/systemd/system/kubelet.service <<'EOF'\n[Service]\nEnvironmentFile=-/etc/default/kubelet\nExecStart=/usr/bin/kubelet --config=/etc/k.yaml $KUBELET_EXTRA_ARGS\nEOF\n";
    let variables = "cat <<EOF | sudo tee /etc/default/kubelet\nKUBELET_EXTRA_ARGS=--read-only-port=10255\nEOF\n";
    let file = ["cat > /etc/k.yaml <<EOF\n", KC, "eventRecordQPS: 7\nEOF\n"].concat();
    sample(&[unit, variables, &file, "systemctl daemon-reload\n"].concat())
        .holds("systemd-unit")
        .first()
        .fail(PORT, "8:20 --read-only-port=10255")
        .pass("event-qps", "13:17 7");
    sample(&unit.replace("'EOF'", "EOF").replace("--config=/etc/k.yaml", "--anonymous-auth=false"))
        .holds("systemd-unit")
        .first()
        .undetermined(PORT, "5:51 $KUBELET_EXTRA_ARGS");
    sample("echo \"[Service]\nExecStart=/usr/bin/kubelet --v=1 $MORE\" > /etc/systemd/system/kubelet.service\n")
        .holds("shell-script")
        .first()
        .undetermined(PORT, "3:43 /etc/systemd/system/kubelet.service");
    sample("echo 'KUBELET_EXTRA_ARGS=--read-only-port=10255' > /etc/default/kubelet\n")
        .holds("kubelet-environment")
        .first()
        .fail(PORT, "2:26 --read-only-port=10255");
    sample("echo \"KUBELET_EXTRA_ARGS=--read-only-port=$PORT\" > /etc/default/kubelet\n")
        .first()
        .undetermined(PORT, "2:7 KUBELET_EXTRA_ARGS");
}

#[test]
fn partial() {
    sample("/etc/eks/bootstrap.sh $CLUSTER --apiserver-endpoint \"$URL\"\n")
        .holds("eks-bootstrap")
        .first()
        .pass(ANONYMOUS, "2:1 /etc/eks/bootstrap.sh")
        .fail("seccomp-default", "2:1 /etc/eks/bootstrap.sh");
    sample("export KUBELET_EXTRA_ARGS=--read-only-port=1\n/etc/eks/bootstrap.sh c\n")
        .first()
        .fail(PORT, "2:27 --read-only-port=1");
}

#[test]
fn variables() {
    sample("KUBELET_EXTRA_ARGS=--read-only-port=1 /etc/eks/bootstrap.sh c\n")
        .first()
        .fail(PORT, "2:20 --read-only-port=1");
    sample("KUBELET_EXTRA_ARGS=--read-only-port=1 ls\n/etc/eks/bootstrap.sh c\n")
        .first()
        .pass(PORT, "3:1 /etc/eks/bootstrap.sh");
    sample("KUBELET_EXTRA_ARGS=--read-only-port=1\n/etc/eks/bootstrap.sh c\n")
        .first()
        .undetermined(PORT, "2:20 --read-only-port=1");
    sample("KUBELET_EXTRA_ARGS=--read-only-port=1\nexport KUBELET_EXTRA_ARGS\nsudo -u root /etc/eks/bootstrap.sh c\n")
        .first()
        .fail(PORT, "2:20 --read-only-port=1");
    sample("KUBELET_EXTRA_ARGS=--read-only-port=1\n/etc/eks/bootstrap.sh c --kubelet-extra-args --read-only-port=0\n")
        .first()
        .pass(PORT, "3:46 --read-only-port=0");
}

#[test]
fn overridden() {
    sample("/etc/eks/bootstrap.sh c --kubelet-extra-args '--read-only-port=1' --kubelet-extra-args '--read-only-port=1 --read-only-port=0'\n")
        .first()
        .pass(PORT, "2:108 --read-only-port=0");
}

#[test]
fn filled_in() {
    sample("/etc/eks/bootstrap.sh c --kubelet-extra-args \"--read-only-port=$PORT --event-qps $(nproc) --anonymous-auth=false\"\n")
        .first()
        .undetermined(PORT, "2:1 /etc/eks/bootstrap.sh")
        .undetermined("event-qps", "2:1 /etc/eks/bootstrap.sh")
        .pass(ANONYMOUS, "2:91 --anonymous-auth=false");
    sample("/etc/eks/bootstrap.sh c --kubelet-extra-args \"--anonymous-auth=false ${MORE} --read-only-port=0\"\n")
        .first()
        .undetermined(ANONYMOUS, "2:70 ${MORE}")
        .undetermined("hostname-override", "2:70 ${MORE}")
        .undetermined(STARTS, "2:70 ${MORE}")
        .lacks("maxPods")
        .pass(PORT, "2:78 --read-only-port=0");
    sample("/etc/eks/bootstrap.sh ${ARGS} c\n").first().undetermined(PORT, "2:23 ${ARGS}");
    sample("kubelet --hostname-override=$(hostname -f) --v=2\n")
        .first()
        .undetermined("hostname-override", "2:1 kubelet");
    sample(
        &["cat <<EOF > k.yaml\n", KC, "readOnlyPort: $PORT\neventRecordQPS: 5\nclusterDomain: a.`x`\nEOF\n"].concat(),
    )
    .first()
    .undetermined(PORT, "3:1 kind: KubeletConfiguration")
    .pass("event-qps", "6:17 5")
    .lacks("clusterDomain");
}

#[test]
fn what_is_not_evaluated() {
    let bootstrap = "/etc/eks/bootstrap.sh c --kubelet-extra-args --event-qps=5\n";
    sample(&["sed -i s/0/1/ /etc/kubernetes/kubelet/kubelet-config.json\n", bootstrap].concat())
        .holds("eks-bootstrap")
        .first()
        .undetermined(PORT, "2:15 /etc/kubernetes/kubelet/kubelet-config.json")
        .pass("event-qps", "3:46 --event-qps=5")
        .problem("not-evaluated", "2:15 /etc/kubernetes/kubelet/kubelet-config.json");
    sample(&["echo \"$(jq .x=1 $F)\" > /etc/kubernetes/kubelet/kubelet-config.json\n", bootstrap].concat())
        .first()
        .undetermined(PORT, "2:24 /etc/kubernetes/kubelet/kubelet-config.json");
    sample(&["sed -i s/a/b/ /etc/eks/bootstrap.sh\n", bootstrap].concat())
        .first()
        .undetermined("event-qps", "2:15 /etc/eks/bootstrap.sh");
    sample("sed -i s/--hostname-override=//g /etc/eks/kubelet/environment\n").holds("shell-script");
    sample("sed -i s/a/b/ /etc/default/kubelet\n")
        .holds("shell-script")
        .first()
        .undetermined(PORT, "2:15 /etc/default/kubelet");
    sample(&["cat <<'EOF' >> /var/lib/kubelet/config.yaml\n", KC, "readOnlyPort: 0\nEOF\n"].concat())
        .holds("kubelet-configuration")
        .first()
        .undetermined(PORT, "3:1 kind: KubeletConfiguration");
}

/// A file that is written for a kubelet, and then changed in another way.
#[test]
fn what_is_changed_besides() {
    let written = |path: &str| ["cat > ", path, " <<EOF\n", KC, "readOnlyPort: 0\nEOF\n"].concat();
    let run = "\nkubelet --config /etc/kubelet.yaml --event-qps=5 --container-runtime-endpoint=x\n";
    for (change, place) in [
        ("sed -i 's/Port: 0/Port: 10255/' /etc/kubelet.yaml", "7:33 /etc/kubelet.yaml"),
        ("sed -Ei.bak s/0/1/ /etc/./kubelet.yaml", "7:20 /etc/./kubelet.yaml"),
        ("yq -i '.readOnlyPort=1' /etc/kubelet.yaml", "7:25 /etc/kubelet.yaml"),
        ("yq eval --inplace .a=1 \"$DIR/kubelet.yaml\"", "7:25 $DIR/kubelet.yaml"),
        ("perl -pi -e s/0/1/ /etc/kubelet.yaml", "7:20 /etc/kubelet.yaml"),
        ("cp /tmp/x /etc/kubelet.yaml", "7:11 /etc/kubelet.yaml"),
        ("cp -r /tmp/kubelet.yaml /etc/", "7:25 /etc/"),
        ("cp -t /etc /tmp/kubelet.yaml", "7:7 /etc"),
        ("mv /tmp/kubelet.yaml /etc", "7:22 /etc"),
        ("install -m 600 x --target-directory=/etc kubelet.yaml", "7:18 --target-directory=/etc"),
        ("ln -sf /tmp/x /etc/kubelet.yaml", "7:15 /etc/kubelet.yaml"),
        ("dd if=/tmp/x of=/etc/kubelet.yaml", "7:14 of=/etc/kubelet.yaml"),
        ("curl -o /etc/kubelet.yaml https://a/b", "7:9 /etc/kubelet.yaml"),
        ("curl -o/etc/kubelet.yaml https://a/b", "7:6 -o/etc/kubelet.yaml"),
        ("cd /etc; curl -sLO https://a/kubelet.yaml?x=y", "7:20 https://a/kubelet.yaml?x=y"),
        ("wget -P /etc https://a/kubelet.yaml", "7:14 https://a/kubelet.yaml"),
        ("aws s3 cp s3://a/kubelet.yaml /etc/", "7:31 /etc/"),
        ("echo a: 1 | tee -a /etc/kubelet.yaml", "7:20 /etc/kubelet.yaml"),
        ("echo 'readOnlyPort: 10255' >> /etc/kubelet.yaml", "7:31 /etc/kubelet.yaml"),
        ("echo 'readOnlyPort: 10255' > /etc/kubelet.yaml", "7:30 /etc/kubelet.yaml"),
        ("jq . /tmp/x > /etc/kubelet.yaml", "7:15 /etc/kubelet.yaml"),
        ("cd /etc && sed -i s/0/1/ kubelet.yaml", "7:26 kubelet.yaml"),
        ("sed -i s/0/1/ /etc/kube*.yaml", "7:15 /etc/kube*.yaml"),
        ("bash -c 'sed -i s/0/1/ /etc/kubelet.yaml'", "7:24 /etc/kubelet.yaml"),
    ] {
        let text = [&written("/etc/kubelet.yaml"), change, run].concat();
        sample(&text)
            .holds("kubelet-command")
            .first()
            .undetermined(PORT, place)
            .pass("event-qps", "8:36 --event-qps=5");
        let text = [&written("/etc/kubelet.yaml"), change, "\n"].concat();
        sample(&text).holds("kubelet-configuration").first().undetermined(PORT, place);
    }
    // By way of variables.
    for (change, place) in [
        ("F=/etc/kubelet.yaml\nsed -i s/0/1/ \"$F\"", "8:16 $F"),
        ("D=/etc; export F=${D}/kubelet; F=$F.yaml; echo 'readOnlyPort: 1' >> $F", "7:69 $F"),
        ("if a; then local F=/tmp/x; else F=/etc/kubelet.yaml; fi; cp x ${F}", "7:63 ${F}"),
        ("for f in a /etc/kubelet.yaml; do sed -i s/0/1/ $f; done", "7:48 $f"),
        ("D=/etc/\ncd $D; sed -i s/0/1/ kubelet.yaml", "8:22 kubelet.yaml"),
    ] {
        let text = [&written("/etc/kubelet.yaml"), change, run].concat();
        sample(&text).first().undetermined(PORT, place);
        let text = ["K=/etc/kubelet.yaml\n", &written("$K"), change, "\n"].concat();
        sample(&text).holds("kubelet-configuration").first().lacks("readOnlyPort");
    }
    sample("F=/var/lib/kubelet/config.yaml; sed -i s/0/1/ $F\n")
        .holds("shell-script")
        .first()
        .undetermined(PORT, "2:47 $F");
    let unit = "cat > /etc/systemd/system/kubelet.service <<'EOF'\n[Service]\nExecStart=/usr/bin/kubelet --config=/etc/k.yaml --event-qps=5\nEOF\n";
    sample(&[unit, &written("/etc/k.yaml"), "sed -i s/0/1/ /etc/k.yaml\n"].concat())
        .holds("systemd-unit")
        .first()
        .undetermined(PORT, "11:15 /etc/k.yaml")
        .pass("event-qps", "4:49 --event-qps=5");
    for change in [
        "sed -n s/0/1/p /etc/kubelet.yaml",
        "sed -i s/0/1/ /etc/$X/*.conf",
        "sed -i s/0/1/ /tmp/kubelet.yaml",
        "F=/tmp/x; sed -i s/0/1/ $F",
        "sed -i s/0/1/ $F",
        "cp /etc/kubelet.yaml /root/backup.yaml",
        "curl -d x https://a/kubelet.yaml",
        "curl https://a/kubelet.yaml > /dev/null",
        "sed -i s/0/1/ /etc/yum.repos.d/kubernetes.repo",
        "echo kube >> /etc/motd",
    ] {
        let text = [&written("/etc/kubelet.yaml"), change, run].concat();
        sample(&text).holds("kubelet-command").first().pass(PORT, "5:15 0");
    }
}

/// A file that is written and brought elsewhere says what it said.
#[test]
fn what_is_copied() {
    let written = ["cat > kubelet-config.yaml <<EOF\n", KC, "readOnlyPort: 10255\nEOF\n"].concat();
    for copies in [
        "mv kubelet-config.yaml /var/lib/kubelet/",
        "install -m 600 kubelet-config.yaml /etc/k.yaml",
        "scp kubelet-config.yaml root@node:~/",
        "scp kubelet-config.yaml root@node:/etc/kubelet-config.yaml",
        "aws s3 cp kubelet-config.yaml s3://a/kubelet-config.yaml",
    ] {
        let text = [&written, copies, "\n"].concat();
        sample(&text).holds("kubelet-configuration").first().fail(PORT, "5:15 10255");
    }
    let other = written.replace("kubelet-config.yaml", "/etc/k.yaml");
    sample(&[&written, &other, "cp kubelet-config.yaml /etc/k.yaml\nkubelet --config=/etc/k.yaml\n"].concat())
        .first()
        .undetermined(PORT, "12:24 /etc/k.yaml");
}

/// A path that kubelets are known to read, from the folder that a script is in.
#[test]
fn relative_paths() {
    let bootstrap = "/etc/eks/bootstrap.sh c --kubelet-extra-args --event-qps=5\n";
    for (change, place) in [
        ("cd /var/lib/kubelet; sed -i s/0/10255/ config.yaml\n", "2:40 config.yaml"),
        ("echo 'kubeReserved: {}' >> /var/lib/kubelet/config.yaml\n", "2:28 /var/lib/kubelet/config.yaml"),
        ("cd /var/lib\npushd kubelet/ && jq . x > config.yaml\n", "3:28 config.yaml"),
        ("cd /var/lib/kubelet/pki; cd ..; cp x ./config.yaml\n", "2:38 ./config.yaml"),
        ("cd /var/lib; cd /tmp; cd /var/lib; cd kubelet; mv x config.yaml\n", "2:53 config.yaml"),
        ("sed -i s/0/1/ /var/lib/x/..//kubelet/config.yaml\n", "2:15 /var/lib/x/..//kubelet/config.yaml"),
    ] {
        let text = [change, bootstrap].concat();
        sample(&text).first().undetermined(PORT, place);
    }
    sample(&["cd /etc/app; sed -i s/0/1/ config.yaml\n", bootstrap].concat())
        .first()
        .pass(PORT, "3:1 /etc/eks/bootstrap.sh");
}

#[test]
fn mistakes() {
    sample("/etc/eks/bootstrap.sh c --kubelet-extra-args=--read-only-port=1\n")
        .first()
        .problem("no-such-option", "2:25 --kubelet-extra-args=--read-only-port=1");
    sample("/etc/eks/bootstrap.sh c --kubelet-extra-args \"--v=1 --node-labels='a=b'\"\n")
        .first()
        .undetermined(PORT, "2:47 --v=1 --node-labels='a=b'");
    sample("k0s worker --profile p --kubelet-extra-args --v=1\n").first().undetermined(PORT, "2:22 p");
}

#[test]
fn malformed() {
    sample("/etc/eks/bootstrap.sh c\nx='kubelet").holds("eks-bootstrap").first().undetermined(PORT, "3:11 ");
    sample(&["cat <<EOF > k.yaml\n", KC, "readOnlyPort: [\nEOF\n"].concat())
        .holds("kubelet-configuration")
        .first()
        .undetermined(PORT, "6:1 ");
    for text in ["kubelet --v=$(", "kubelet > ", "cat <<EOF\nkubelet", "kubelet ${", "kubelet <("] {
        sample(text).holds("");
    }
}

#[test]
fn secrets() {
    sample("export TOKEN=abc\nk0s worker --kubelet-extra-args=--v=1\n").first().withholds("2:14 abc");
}

#[test]
fn unrelated() {
    for text in [
        "k3s server --node-name kube\n",
        "systemctl enable --now kubelet\nkubelet --version\napt-get install -y kubelet kubeadm\n",
        "echo 'kubelet --read-only-port=1'\n# kubelet --read-only-port=1\nminikube start\nk0s worker\n",
        "cp /etc/kubernetes/kubelet.conf /tmp\nsed -i s/a/b/ /etc/kubernetes/kubelet.conf\ninstall kubelet /usr/bin/kubelet\n",
        "cat /var/lib/kubelet/config.yaml | grep kubelet; sed s/a/b/ /var/lib/kubelet/config.yaml\n",
    ] {
        sample(text).holds("");
    }
    for first in ["", "#!/usr/bin/python3\n", "#!/usr/bin/env perl\n", "# #!/bin/sh\n", "#!/usr/bin/fish\n"] {
        Sample::new(&[first, "/etc/eks/bootstrap.sh c\nkubelet --v=1\n"].concat()).holds("");
    }
}

/// Places stay within the file, and nothing ends the program.
#[test]
fn whatever_the_text_is() {
    let seeds = [
        "#!/bin/sh\ncat <<-EOF | sudo tee -a /etc/kubelet.yaml\n\t$(a `b` \"c\" ${d:-'e'}) \\$ \\\\ kube\nEOF\n/etc/eks/bootstrap.sh ${x} c --kubelet-extra-args \"--v=2 $A '--b c' {{ x }} %{ y }\" && kubelet --config=/x --v=$'a' <(b) <<< \"kube\" 2>&1\nTOKEN=x k0s worker --kubelet-extra-args '' --profile\n",
        "Content-Type: multipart/mixed;\n boundary=B\n\n--B\nContent-Type: application/node.eks.aws\nContent-Transfer-Encoding: base64\n\nYXBp\n--B\n\n#!/bin/sh\nkubelet --v=1\n--B\nContent-Type: multipart/mixed; boundary=C\n\n--C\n\n#cloud-config\nruncmd: [kubelet --v=1, [kubelet, 1, --v]]\n--C--\n--B--\n",
    ];
    let bits = [
        "\"", "'", "\\", "\n", "$(", "${", "`", "<<EOF\n", "\t", "é", "{{", "}}", "|", ">", "&", "#", "--B", "\r", "=",
        ")",
    ];
    let mut state = 1;
    let mut next = |below: usize| {
        state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
        (state >> 8) % below
    };
    for seed in seeds.iter().cycle().take(1_000) {
        let mut bytes = seed.as_bytes().to_vec();
        for _ in 0..=next(5) {
            let at = next(bytes.len());
            bytes.splice(at..(at + next(6)).min(bytes.len()), bits[next(bits.len())].bytes());
        }
        for input in crate::input::recognise(b"user-data", &bytes) {
            let notes = input.problems.iter().chain(&input.unknown).chain(&input.refused).chain(&input.files_unknown);
            let spans = notes.map(|note| &note.span).chain(input.words.iter().map(|word| &word.span));
            for span in spans.chain([&input.span, &input.head]) {
                assert!(bytes.get(span.clone()).is_some(), "{span:?} {}", bytes.escape_ascii());
            }
        }
    }
}
