//! See the form `azure-template`.

use super::prelude::*;

const PIDS: &str = "pod-pids-limit";

fn sample(text: &str) -> Sample {
    Sample::new(&["// pools\nparam location string = resourceGroup().location\n", text].concat())
        .named("main.bicep")
        .survives()
}

fn pool(settings: &str) -> Sample {
    let head = "resource np 'Microsoft.ContainerService/managedClusters/agentPools@2024-09-01' = {\n  parent: aks\n  name: 'np1'\n  properties: {\n    kubeletConfig: {\n";
    sample(&[head, settings, "    }\n  }\n}\n"].concat())
}

#[test]
fn good() {
    pool("      podMaxPids: 4096 // enough\n      failSwapOn: false\n      allowedUnsafeSysctls: [\n        'kernel.msg*'\n        'net.core.somaxconn'\n      ]\n")
        .holds("azure-template/resources.np")
        .first()
        .of("1.34", "aks")
        .pass(PIDS, "8:19 4096")
        .pass(PORT, "5:3 name: 'np1'")
        .has("allowedUnsafeSysctls", "[\"kernel.msg*\",\"net.core.somaxconn\"]")
        .without_problems();
}

const CLUSTER: &str = "@description('x')\nresource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' = if (on) {\n  name: '${prefix}-aks'\n  properties: {\n    kubernetesVersion: '1.33'\n    dnsPrefix: empty(dns)\n      ? 'a'\n      : dns\n    agentPoolProfiles: [\n      {\n        name: 'a'\n      }\n      { name: 'b', kubeletConfig: { podMaxPids: -1 } }\n    ]\n  }\n  resource pool 'agentPools@2024-09-01' = {\n    name: 'c'\n    properties: { kubeletConfig: { seccompDefault: 'Unconfined' } }\n  }\n}\n";

#[test]
fn bad() {
    let all = sample(CLUSTER).of_version("").holds("azure-template/resources.aks/agentPoolProfiles[0] azure-template/resources.aks/agentPoolProfiles[1] azure-template/resources.aks/resources.pool");
    all.input("azure-template/resources.aks/agentPoolProfiles[1]").of("1.33", "aks").fail(PIDS, "15:49 -1");
    sample(CLUSTER).input("azure-template/resources.aks/resources.pool").fail("seccomp-default", "20:52 'Unconfined'");
}

#[test]
fn partial() {
    sample(CLUSTER).first().pass(PORT, "13:9 name: 'a'").fail("seccomp-default", "13:9 name: 'a'");
    pool("").first().pass(PORT, "5:3 name: 'np1'");
}

#[test]
fn overridden() {
    // The pool's own version counts more than that of the cluster.
    sample("resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' = {\n  properties: {\n    kubernetesVersion: '1.32'\n    agentPoolProfiles: [{ name: 'a', orchestratorVersion: '1.34' }]\n  }\n}\n")
        .of_version("")
        .first()
        .of("1.34", "aks");
}

#[test]
fn filled_in() {
    pool("      podMaxPids: pids\n").first().undetermined(PIDS, "5:3 name: 'np1'");
    sample("resource np 'Microsoft.ContainerService/managedClusters/agentPools@2024-09-01' = [\n  for (p, i) in pools: {\n  name: p.name\n  properties: {\n    kubeletConfig: p.kubelet\n  }\n}]\n")
        .holds("azure-template/resources.np")
        .first()
        .undetermined(PIDS, "7:20 p.kubelet");
}

#[test]
fn mistakes() {
    pool("      podPidsLimit: 1\n      seccompDefault: true\n")
        .first()
        .problem("no-such-key", "8:7 podPidsLimit")
        .fail(STARTS, "9:23 true");
}

#[test]
fn malformed() {
    pool("      podMaxPids:\n").holds("azure-template").first().undetermined(PIDS, "8:18 \n");
    // What is spread there may be anything.
    pool("      podMaxPids: 4096\n      ...settings\n").first().undetermined(PIDS, "9:7 .");
    pool("      a: '''\n").first().undetermined(PIDS, "8:13 \n");
    sample("resource np 'Microsoft.ContainerService/managedClusters/agentPools@2024-09-01' =")
        .first()
        .undetermined(PIDS, "3:81 ");
}

#[test]
fn unrelated() {
    sample("resource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' existing = {\n  name: 'a'\n}\n")
        .holds("");
    sample("resource s 'Microsoft.Storage/storageAccounts@2024-01-01' = {\n  ...a\n}\nresource aks 'Microsoft.ContainerService/managedClusters@2024-09-01' existing = {}\n").holds("");
    sample("resource s 'Microsoft.Storage/storageAccounts@2024-01-01' = {\n  name: 'a'\n}\n").holds("");
}
