//! See the carrier `terraform`.

use super::prelude::*;

fn sample(text: &str) -> Sample {
    Sample::new(text).named("main.tf").survives()
}

const KUBELET: &str = "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n";
const NODE: &str =
    "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config:\n      readOnlyPort: ";

/// Lines with so many blanks before each.
fn indented(text: &str, blanks: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(blanks))).collect()
}

fn template(heredoc: &str) -> Sample {
    sample(
        &[
            "resource \"aws_launch_template\" \"t\" {\n  user_data = base64encode(<<-EOT\n",
            heredoc,
            "    EOT\n  )\n}\n",
        ]
        .concat(),
    )
}

#[test]
fn good() {
    template(&indented(&[NODE, "0\n"].concat(), 6))
        .holds("node-config")
        .first()
        .pass(PORT, "8:27 0")
        .without_problems();
    let text = [KUBELET, "readOnlyPort: 0\n"].concat();
    sample(
        &["resource \"local_file\" \"f\" {\n  filename = \"kubelet.yaml\"\n  content = <<EOF\n", &text, "EOF\n}\n"]
            .concat(),
    )
    .holds("kubelet-configuration")
    .first()
    .pass(PORT, "6:15 0");
}

#[test]
fn bad() {
    let config = [
        "#cloud-config\nwrite_files:\n- path: /etc/k\n  content: |\n",
        &indented(KUBELET, 4),
        "    readOnlyPort: 10255\n",
    ]
    .concat();
    template(&indented(&config, 8)).holds("kubelet-configuration").first().fail(PORT, "9:27 10255");
    sample("resource \"aws_instance\" \"i\" {\n  user_data = \"apiVersion: node.eks.aws/v1alpha1\\nkind: NodeConfig\\nspec: {kubelet: {config: {readOnlyPort: 10255}}}\"\n}\n")
        .holds("node-config")
        .first()
        .fail(PORT, "2:109 10255");
}

#[test]
fn objects() {
    sample("resource \"kubernetes_manifest\" \"m\" {\n  manifest = {\n    apiVersion = \"karpenter.k8s.aws/v1\"\n    kind = \"EC2NodeClass\"\n    metadata = { name = \"n\" }\n    spec = {\n      kubelet = { maxPods = 5, podPidsLimit = 1 }\n      amiSelectorTerms = [{ alias = \"al2023@latest\" }]\n    }\n  }\n}\n")
        .holds("karpenter")
        .first()
        .problem("no-such-key", "7:32 podPidsLimit");
    sample("resource \"kubectl_manifest\" \"m\" {\n  yaml_body = yamlencode({\n    apiVersion = \"kubelet.config.k8s.io/v1beta1\"\n    kind = \"KubeletConfiguration\"\n    protectKernelDefaults = false\n  })\n}\n")
        .holds("kubelet-configuration")
        .first()
        .fail(KERNEL, "5:29 false");
    sample(
        &[
            "resource \"kubernetes_manifest\" \"m\" {\n  manifest = yamldecode(<<-YAML\n",
            &indented(KUBELET, 4),
            "    readOnlyPort: 10255\n  YAML\n  )\n}\n",
        ]
        .concat(),
    )
    .holds("kubelet-configuration")
    .first()
    .fail(PORT, "5:19 10255");
    sample("data \"talos_machine_configuration\" \"m\" {\n  config_patches = [\n    yamlencode({ machine = { kubelet = { extraArgs = { \"event-qps\" = 5, anonymous-auth = true } } } }),\n    file(\"x.yaml\"),\n  ]\n}\n")
        .holds("talos")
        .first()
        .fail(ANONYMOUS, "3:73 anonymous-auth = true");
}

#[test]
fn config_maps() {
    let map = |name: &str, data: &str| {
        sample(&format!(
            "resource \"kubernetes_config_map\" \"m\" {{\n  metadata {{\n    name = \"{name}\"\n  }}\n  data = {data}\n}}\n"
        ))
    };
    let text = "kind: KubeletConfiguration\\napiVersion: kubelet.config.k8s.io/v1beta1\\nreadOnlyPort: 1";
    map("files", &["{ \"k.yaml\" = \"", text, "\", other = \"kubelet\" }"].concat())
        .holds("kubelet-configuration")
        .first()
        .fail(PORT, "5:109 1");
    map("kubelet-config", &["{ kubelet = \"", text, "\" }"].concat()).holds("kubelet-configuration");
    map("files", "{ k = file(\"KubeletConfiguration\") }").holds("");
}

#[test]
fn parts() {
    sample("data \"cloudinit_config\" \"c\" {\n  part {\n    content_type = \"text/cloud-config\"\n    content = yamlencode({\n      write_files = [{\n        path = \"/etc/kubernetes/k.yaml\"\n        content = jsonencode({\n          kind = \"KubeletConfiguration\", apiVersion = \"kubelet.config.k8s.io/v1beta1\"\n          readOnlyPort = 10255\n        })\n      }]\n    })\n  }\n  part {\n    content_type = \"text/x-shellscript\"\n    content = \"echo\"\n  }\n}\n")
        .holds("kubelet-configuration")
        .first()
        .fail(PORT, "7:19 jsonencode({\n          kind = \"KubeletConfiguration\", apiVersion = \"kubelet.config.k8s.io/v1beta1\"\n          readOnlyPort = 10255\n        })");
    let part = [
        "module \"eks\" {\n  eks_managed_node_groups = {\n    a = {\n      cloudinit_pre_nodeadm = [{\n        content_type = \"application/node.eks.aws\"\n        content = <<-EOT\n",
        &indented(&[NODE, "10255\n"].concat(), 10),
        "        EOT\n      }]\n    }\n  }\n}\n",
    ];
    sample(&part.concat()).holds("node-config").first().fail(PORT, "12:31 10255");
}

#[test]
fn files_of_images() {
    let file = [
        "source \"amazon-ebs\" \"a\" {}\nbuild {\n  provisioner \"file\" {\n    destination = \"/etc/rancher/rke2/config.yaml\"\n    content = \"kubelet-arg: [anonymous-auth=true]\"\n  }\n}\n",
    ];
    sample(&file.concat())
        .of_version("1.31")
        .holds("k3s-config")
        .first()
        .of("1.31", "rke2")
        .fail(ANONYMOUS, "5:30 anonymous-auth=true");
    sample("resource \"rancher2_cluster_v2\" \"r\" {\n  kubernetes_version = \"v1.33.1+rke2r1\"\n  rke_config {\n    machine_global_config = <<EOF\nkubelet-arg: [anonymous-auth=true]\nEOF\n    machine_selector_config {\n      config = yamlencode({ kubelet-arg = [\"anonymous-auth=false\"] })\n    }\n  }\n}\n")
        .holds("k3s-config k3s-config#2")
        .first()
        .of("1.34", "rke2")
        .fail(ANONYMOUS, "5:15 anonymous-auth=true");
}

#[test]
fn settings_of_bottlerocket() {
    sample("module \"eks\" {\n  eks_managed_node_groups = {\n    a = {\n      bootstrap_extra_args = <<-EOT\n        [settings.kubernetes]\n        event-qps = 0\n        pod-pids-limit = ${var.pids}\n      EOT\n    }\n  }\n}\n")
        .holds("bottlerocket")
        .first()
        .pass(ANONYMOUS, "5:9 [settings.kubernetes]")
        .undetermined("pod-pids-limit", "5:9 [settings.kubernetes]");
}

#[test]
fn overridden() {
    template(&indented(&[NODE, "0\n      readOnlyPort: 10255\n"].concat(), 6))
        .first()
        .fail(STARTS, "9:13 readOnlyPort");
}

#[test]
fn partial() {
    template(&indented("apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {}\n", 6))
        .first()
        .pass(PORT, "4:7 kind: NodeConfig");
}

#[test]
fn filled_in() {
    let config =
        [NODE, "${var.port}\n      eventRecordQPS: ${ var.on ? 5 : \"6\" }\n      podPidsLimit: 4096 # $${x}\n"]
            .concat();
    template(&indented(&config, 6))
        .holds("node-config")
        .first()
        .undetermined(PORT, "4:7 kind: NodeConfig")
        .undetermined("event-qps", "4:7 kind: NodeConfig")
        .pass("pod-pids-limit", "10:27 4096");
    sample("resource \"kubectl_manifest\" \"m\" {\n  yaml_body = jsonencode({\n    apiVersion = \"kubelet.config.k8s.io/v1beta1\"\n    kind = \"KubeletConfiguration\"\n    readOnlyPort = local.port\n  })\n}\n")
        .first()
        .undetermined(PORT, "4:5 kind = \"KubeletConfiguration\"");
}

#[test]
fn malformed() {
    sample(&["resource \"x\" \"y\" {\n  user_data = <<EOF\n", KUBELET, "}\n"].concat())
        .holds("kubelet-configuration")
        .first()
        .undetermined(PORT, "2:15 <");
    template("  apiVersion: node.eks.aws/v1alpha1\n  kind: [\n").first().undetermined(PORT, "5:1 ");
    sample("resource \"x\" \"y\" {\n  user_data = [1, {}, null]\n  manifest = 1\n  part {}\n  provisioner \"shell\" { inline = {} }\n}\n").holds("");
}

#[test]
fn unrelated() {
    // Not a key that is known to hold such a text.
    sample(&["resource \"x\" \"y\" {\n  description = <<EOF\n", KUBELET, "EOF\n}\n"].concat()).holds("");
    template("  #!/bin/sh\n  echo hello\n").holds("");
    sample("resource \"aws_instance\" \"i\" {\n  user_data = templatefile(\"x.tpl\", { a = 1 })\n}\n").holds("");
    sample("resource \"kubernetes_manifest\" \"m\" {\n  manifest = { apiVersion = \"v1\", kind = \"Service\" }\n}\n")
        .holds("");
}

#[test]
fn secrets() {
    sample(
        &[
            "variable \"a\" {}\nresource \"x\" \"y\" {\n  password = \"abc\"\n  user_data = <<EOF\n",
            KUBELET,
            "EOF\n}\n",
        ]
        .concat(),
    )
    .first()
    .withholds("3:14 \"abc\"");
    let variables = "variable \"join_token\" {\n  default = \"abc\"\n}\nvariable \"a\" { default = \"b\" }\n";
    sample(&[variables, "resource \"x\" \"y\" {\n  user_data = <<EOF\n", KUBELET, "EOF\n}\n"].concat())
        .first()
        .withholds("2:13 \"abc\"");
}

/// What the module of EKS puts into its own script, or into user data of Bottlerocket.
#[test]
fn module_of_eks() {
    let group = |text: &str| sample(&["module \"eks\" {\n  groups = { a = {\n", text, "  } }\n}\n"].concat());
    group("    bootstrap_extra_args = \"--kubelet-extra-args '--read-only-port=10255'\"\n")
        .holds("eks-bootstrap")
        .first()
        .fail(PORT, "3:51 --read-only-port=10255");
    group("    bootstrap_extra_args = <<-EOT\n      [settings.kubernetes]\n      seccomp-default = true\n    EOT\n")
        .holds("bottlerocket")
        .first()
        .pass("seccomp-default", "5:25 true");
    group("    pre_bootstrap_user_data = <<-EOT\n      sed -i s/a/b/ /etc/kubernetes/kubelet/kubelet-config.json\n    EOT\n")
        .holds("shell-script")
        .first()
        .undetermined(PORT, "4:21 /etc/kubernetes/kubelet/kubelet-config.json");
    group("    pre_bootstrap_user_data = \"yum update\"\n").holds("");
}
