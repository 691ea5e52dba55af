//! See the form of this name.

use super::prelude::*;

const SCHEMA: &str = "\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\"";

fn sample(resources: &str) -> Sample {
    Sample::new(&format!("{{{SCHEMA},\n\"resources\": {resources}}}")).of_version("")
}

const CLUSTER: &str = "[{\"type\": \"Microsoft.ContainerService/managedClusters\", \"properties\": {\n\"kubernetesVersion\": \"1.33.1\", \"agentPoolProfiles\": [\n{\"name\": \"a\"},\n{\"name\": \"b\", \"kubeletConfig\": {\"podMaxPids\": 4096}}]}}]";

#[test]
fn good() {
    sample(CLUSTER)
        .holds("azure-template/resources[0]/agentPoolProfiles[0] azure-template/resources[0]/agentPoolProfiles[1]")
        .input("azure-template/resources[0]/agentPoolProfiles[1]")
        .of("1.33", "aks")
        .pass("pod-pids-limit", "5:47 4096");
}

#[test]
fn partial() {
    sample(CLUSTER).first().pass(PORT, "4:2 \"name\": \"a\"").fail("seccomp-default", "4:2 \"name\": \"a\"");
}

#[test]
fn bad() {
    sample("[{\"type\": \"Microsoft.ContainerService/managedClusters/agentPools\", \"name\": \"p\", \"properties\": {\"kubeletConfig\": {\"podMaxPids\": -1}}}]")
        .holds("azure-template/resources[0]")
        .first()
        .fail("pod-pids-limit", "2:141 -1")
        .mends("pod-pids-limit", "{\"podMaxPids\": 4096}");
}

#[test]
fn nested() {
    let pool = "{\"type\": \"Microsoft.ContainerService/managedClusters/agentPools\", \"name\": \"p\", \"properties\": {\"kubeletConfig\": {\"seccompDefault\": \"Unconfined\"}}}";
    sample(&format!("{{\"d\": {{\"type\": \"Microsoft.Resources/deployments\", \"properties\": {{\"template\": {{\"resources\": [{pool}]}}}}}}}}"))
        .holds("azure-template/resources.d/resources[0]")
        .first()
        .fail("seccomp-default", "2:236 \"Unconfined\"")
        ;
}

#[test]
fn filled_in_by_a_parameter() {
    sample("[{\"type\": \"Microsoft.ContainerService/managedClusters/agentPools\", \"name\": \"p\", \"properties\": {\"kubeletConfig\": {\"podMaxPids\": \"[parameters('pids')]\"}}}]")
        .first()
        .undetermined("pod-pids-limit", "2:81 \"name\": \"p\"");
}

#[test]
fn mistakes() {
    sample("[{\"type\": \"Microsoft.ContainerService/managedClusters/agentPools\", \"properties\": {\"kubeletConfig\": {\"podPidsLimit\": 5}}}]")
        .first()
        .problem("no-such-key", "2:114 \"podPidsLimit\"");
}

#[test]
fn malformed() {
    sample("[{\"type\": \"Microsoft.ContainerService/managedClusters\", ").first().undetermined(STARTS, "2:68 ,");
}

#[test]
fn unrelated() {
    sample("[{\"type\": \"Microsoft.Storage/storageAccounts\"}]").holds("");
}
