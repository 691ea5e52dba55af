//! See the form of this name.

use super::prelude::*;

fn instance(user_data: &str) -> Sample {
    let head = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Template:\n    Type: AWS::EC2::LaunchTemplate\n    Properties:\n      LaunchTemplateData:\n        UserData:";
    Sample::new(&[head, user_data].concat()).survives()
}

const NODE: &str = "            apiVersion: node.eks.aws/v1alpha1\n            kind: NodeConfig\n            spec:\n              kubelet:\n                config:\n                  readOnlyPort: ";

#[test]
fn good() {
    instance(&[" !Base64 |\n", NODE, "0\n"].concat())
        .holds("node-config")
        .first()
        .pass(PORT, "13:33 0")
        .without_problems();
}

#[test]
fn bad() {
    instance(&["\n          Fn::Base64: !Sub |\n", NODE, "10255\n"].concat())
        .holds("node-config")
        .first()
        .fail(PORT, "14:33 10255");
    instance(
        &["\n          !Base64\n          Fn::Sub:\n          - |\n", NODE, "10255\n", "          - {A: b}\n"].concat(),
    )
    .first()
    .fail(PORT, "16:33 10255");
}

#[test]
fn joined() {
    let text = "{\"Resources\": {\"I\": {\"Type\": \"AWS::EC2::Instance\", \"Properties\": {\"UserData\": {\"Fn::Base64\": {\"Fn::Join\": [\"\\n\", [\n\"apiVersion: node.eks.aws/v1alpha1\",\n\"kind: NodeConfig\\nspec: {kubelet: {config: {readOnlyPort: 10255,\",\n{\"Fn::Join\": [\"\", [\"podPidsLimit: \", {\"Ref\": \"Pids\"}]]}, \"}}}\"]]}}}}}}";
    Sample::new(text)
        .holds("node-config")
        .first()
        .fail(PORT, "3:60 10255")
        .undetermined("pod-pids-limit", "3:2 kind: NodeConfig");
    instance(" !Base64\n          Fn::Join: ['', ['{\"apiVersion\": \"node.eks.aws/v1alpha1\", \"kind\": \"NodeConfig\", \"spec\": {\"kubelet\": {\"config\": {\"readOnlyPort\": ', '10255', '}}}}']]\n")
        .first()
        .fail(PORT, "8:142 10255");
}

#[test]
fn files() {
    let text = "Resources:\n  I:\n    Type: AWS::EC2::Instance\n    Metadata:\n      AWS::CloudFormation::Init:\n        config:\n          files:\n            /etc/rancher/rke2/config.yaml:\n              content: !Sub |\n                kubelet-arg: [anonymous-auth=true]\n";
    Sample::new(text).holds("k3s-config").first().of("1.34", "rke2").fail(ANONYMOUS, "10:31 anonymous-auth=true");
}

#[test]
fn overridden() {
    instance(&[" !Base64 |\n", NODE, "0\n                flags: [--read-only-port=10255]\n"].concat())
        .first()
        .fail(PORT, "14:25 --read-only-port=10255");
}

#[test]
fn partial() {
    instance(" !Base64 'apiVersion: node.eks.aws/v1alpha1\n\n          kind: NodeConfig'\n")
        .first()
        .pass(PORT, "7:27 'apiVersion: node.eks.aws/v1alpha1\n\n          kind: NodeConfig'");
    // The same, packed by hand.
    instance(" YXBpVmVyc2lvbjogbm9kZS5la3MuYXdzL3YxYWxwaGExCmtpbmQ6IE5vZGVDb25maWcK\n")
        .first()
        .pass(PORT, "7:19 YXBpVmVyc2lvbjogbm9kZS5la3MuYXdzL3YxYWxwaGExCmtpbmQ6IE5vZGVDb25maWcK");
}

#[test]
fn filled_in() {
    instance(&[" !Base64\n          Fn::Sub: |\n", NODE, "${Port}\n"].concat())
        .first()
        .undetermined(PORT, "10:13 kind: NodeConfig");
    instance(" !Ref Data\n").holds("");
    instance(" !Base64 {Ref: Data}\n").holds("");
}

#[test]
fn malformed() {
    instance(" !Base64 |\n            apiVersion: node.eks.aws/v1alpha1\n            kind: [\n")
        .holds("node-config")
        .first()
        .undetermined(PORT, "10:1 ");
    instance(" {'Fn::Join': [a]}\n").holds("");
    instance(" !Join a\n").holds("");
    instance(" !Sub []\n").holds("");
}

#[test]
fn unrelated() {
    instance(" !Base64 |\n          #!/bin/sh\n          echo\n").holds("");
    Sample::new(&["Resources:\n  I:\n    UserData: |\n", NODE, "0\n"].concat()).holds("");
}
