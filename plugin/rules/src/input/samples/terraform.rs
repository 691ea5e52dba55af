//! See the form of this name.

use super::prelude::*;

const PIDS: &str = "pod-pids-limit";

fn sample(text: &str) -> Sample {
    Sample::new(text).named("main.tf").survives()
}

fn pool(settings: &str) -> Sample {
    let head = "# pools\nresource \"azurerm_kubernetes_cluster_node_pool\" \"np\" {\n  kubelet_config {\n";
    sample(&[head, settings, "  }\n}\n"].concat())
}

fn google(settings: &str) -> Sample {
    let head = "resource \"google_container_node_pool\" \"np\" {\n  cluster = google_container_cluster.main.id\n  node_config {\n    kubelet_config {\n";
    sample(&[head, settings, "    }\n  }\n}\n"].concat())
}

mod azurerm {
    use super::*;

    #[test]
    fn good() {
        pool("    pod_max_pid = 4096\n    cpu_cfs_quota_enabled = true\n    container_log_max_size_mb = \"50\"\n    container_log_max_line = 5\n")
            .holds("terraform-azurerm/azurerm_kubernetes_cluster_node_pool.np")
            .first()
            .of("1.34", "aks")
            .pass(PIDS, "4:19 4096")
            .pass(STARTS, "2:10 \"azurerm_kubernetes_cluster_node_pool\" \"np\"")
            .has("containerLogMaxSize", "\"50M\"")
            .has("containerLogMaxFiles", "5")
            .without_problems();
    }

    #[test]
    fn bad() {
        pool("    pod_max_pid = -1\n").first().fail(PIDS, "4:19 -1");
    }

    #[test]
    fn overridden() {
        // What a pool says of its version counts more than what the cluster says.
        sample("resource \"azurerm_kubernetes_cluster\" \"a\" {\n  kubernetes_version = \"1.32.4\"\n  default_node_pool {\n    orchestrator_version = \"1.33\"\n    kubelet_config { pod_max_pid = 5000 }\n  }\n}\n")
            .of_version("")
            .holds("terraform-azurerm/azurerm_kubernetes_cluster.a")
            .first()
            .of("1.33", "aks")
            .pass(PIDS, "5:36 5000");
    }

    #[test]
    fn partial() {
        let judged = pool("    cpu_manager_policy = \"static\"\n    image_gc_low_threshold = 0\n");
        judged
            .first()
            .pass(PORT, "2:10 \"azurerm_kubernetes_cluster_node_pool\" \"np\"")
            .lacks("cpuCFSQuota")
            .has("failSwapOn", "false")
            .has("imageGCLowThresholdPercent", "80");
        sample("resource \"azurerm_kubernetes_cluster\" \"a\" {\n  default_node_pool {}\n}\n")
            .holds("terraform-azurerm/azurerm_kubernetes_cluster.a")
            .first()
            .pass(PORT, "1:10 \"azurerm_kubernetes_cluster\" \"a\"");
    }

    #[test]
    fn filled_in() {
        pool("    pod_max_pid = var.pids\n")
            .first()
            .undetermined(PIDS, "2:10 \"azurerm_kubernetes_cluster_node_pool\" \"np\"");
        sample("resource \"azurerm_kubernetes_cluster_node_pool\" \"np\" {\n  dynamic \"kubelet_config\" {\n    for_each = var.x\n    content { pod_max_pid = 4096 }\n  }\n}\n")
            .first()
            .undetermined(PIDS, "2:11 \"kubelet_config\"");
    }

    #[test]
    fn mistakes() {
        pool("    pod_max_pids = 1\n    podPidsLimit = 2\n    make_iptables_util_chains = true\n    pod_max_pid = \"many\"\n")
            .first()
            .problem("no-such-key", "4:5 pod_max_pids")
            .problem("no-such-key", "5:5 podPidsLimit")
            .problem("no-such-key", "6:5 make_iptables_util_chains")
            .fail(STARTS, "7:19 \"many\"");
        pool("    pod_max_pid = 1\n    pod_max_pid = 2\n").first().fail(STARTS, "5:5 pod_max_pid");
        pool("  }\n  kubelet_config {\n").first().fail(STARTS, "5:3 kubelet_config");
    }

    #[test]
    fn as_a_template() {
        let pool = |body: &str| {
            let head = "resource \"azapi_resource\" \"np\" {\n  type = \"Microsoft.ContainerService/managedClusters/agentPools@2024-09-01\"\n  name = \"a\"\n  body = ";
            sample(&[head, body, "\n}\n"].concat()).holds("azure-template/azapi_resource.np")
        };
        pool("{ properties = { kubeletConfig = { podMaxPids = 4096 } } }")
            .first()
            .of("1.34", "aks")
            .pass(PIDS, "4:58 4096");
        pool("jsonencode({\n properties = { kubeletConfig = { podPidsLimit = 4096 } }\n})")
            .first()
            .problem("no-such-key", "5:35 podPidsLimit");
        pool("{ properties = { kubeletConfig = local.kubelet } }").first().undetermined(PIDS, "4:43 local.kubelet");
        sample("resource \"azapi_resource\" \"np\" {\n  type = \"Microsoft.Storage/a@1\"\n  body = { properties = {} }\n}\n").holds("");
    }

    #[test]
    fn malformed() {
        pool("    pod_max_pid = \n").holds("terraform-azurerm").first().undetermined(PIDS, "4:19 \n");
        pool("    pod_max_pid = \"1\n").first().undetermined(PIDS, "4:21 \n");
    }

    #[test]
    fn unrelated() {
        sample("resource \"azurerm_resource_group\" \"r\" {\n  kubelet_config {}\n}\n").holds("");
        sample("resource \"azurerm_resource_group\" \"r\" {\n  name = \n}\n").holds("");
        sample("data \"azurerm_kubernetes_cluster\" \"a\" {\n  default_node_pool {}\n}\n").holds("");
        sample("output \"x\" {\n  value = azurerm_kubernetes_cluster.a.kubelet_config\n}\n").holds("");
    }
}

mod gke {
    use super::*;

    #[test]
    fn good() {
        google("      insecure_kubelet_readonly_port_enabled = \"FALSE\"\n      pod_pids_limit = 4096\n      topology_manager { policy = \"best-effort\" }\n      eviction_soft { memory_available = \"100Mi\" }\n")
            .holds("terraform-google/google_container_node_pool.np")
            .first()
            .of("1.34", "gke")
            .pass(PORT, "5:48 \"FALSE\"")
            .pass(PIDS, "6:24 4096")
            .has("topologyManagerPolicy", "\"best-effort\"")
            .without_problems();
    }

    #[test]
    fn bad() {
        google("      insecure_kubelet_readonly_port_enabled = \"TRUE\"\n").first().fail(PORT, "5:48 \"TRUE\"");
    }

    const CLUSTER: &str = "resource \"google_container_cluster\" \"main\" {\n  remove_default_node_pool = true\n  node_pool_defaults {\n    node_config_defaults {\n      insecure_kubelet_readonly_port_enabled = \"FALSE\"\n    }\n  }\n}\n";

    #[test]
    fn overridden() {
        let pool = |settings: &str| {
            let pool = "resource \"google_container_node_pool\" \"np\" {\n  cluster = google_container_cluster.main.id\n  node_config {\n    kubelet_config {\n";
            sample(&[CLUSTER, pool, settings, "    }\n  }\n}\n"].concat())
                .holds("terraform-google/google_container_node_pool.np")
        };
        pool("").first().pass(PORT, "5:48 \"FALSE\"");
        pool("      insecure_kubelet_readonly_port_enabled = \"TRUE\"\n").first().fail(PORT, "13:48 \"TRUE\"");
    }

    #[test]
    fn pools_of_a_cluster() {
        let text = "resource \"google_container_cluster\" \"c\" {\n  node_pool {\n    node_config {\n      kubelet_config {\n        insecure_kubelet_readonly_port_enabled = \"FALSE\"\n      }\n    }\n  }\n  node_pool {}\n  node_pool_auto_config {\n    node_kubelet_config {\n      insecure_kubelet_readonly_port_enabled = \"TRUE\"\n    }\n  }\n}\n";
        let all = sample(text).holds("terraform-google/google_container_cluster.c/node_pool[0] terraform-google/google_container_cluster.c/node_pool[1] terraform-google/google_container_cluster.c/node_pool_auto_config");
        all.first().pass(PORT, "5:50 \"FALSE\"");
        all.input("terraform-google/google_container_cluster.c/node_pool[1]").undetermined(PORT, "9:3 node_pool");
        all.input("terraform-google/google_container_cluster.c/node_pool_auto_config").fail(PORT, "12:48 \"TRUE\"");
    }

    #[test]
    fn partial() {
        google("")
            .first()
            .undetermined(PORT, "1:10 \"google_container_node_pool\" \"np\"")
            .pass(ANONYMOUS, "1:10 \"google_container_node_pool\" \"np\"");
    }

    #[test]
    fn mistakes() {
        google("      insecure_kubelet_readonly_port_enabled = false\n").first().fail(STARTS, "5:48 false");
        google("      cpuCfsQuota = true\n      pod_pid_limit = 1\n")
            .first()
            .problem("no-such-key", "5:7 cpuCfsQuota")
            .problem("no-such-key", "6:7 pod_pid_limit");
    }

    #[test]
    fn malformed() {
        google("      pod_pids_limit = [\n").holds("terraform-google").first().undetermined(PIDS, "6:5 }");
    }

    #[test]
    fn unrelated() {
        sample(CLUSTER).holds("");
        sample("resource \"google_container_registry\" \"r\" {\n  location = \"EU\"\n}\n").holds("");
    }
}

mod rke {
    use super::*;

    fn cluster(kubelet: &str) -> Sample {
        sample(
            &["resource \"rke_cluster\" \"c\" {\n  services {\n    kubelet {\n", kubelet, "    }\n  }\n}\n"].concat(),
        )
    }

    #[test]
    fn good() {
        cluster("      extra_args = {\n        event-qps = \"5\"\n        protect-kernel-defaults = true\n      }\n")
            .holds("terraform-rke/rke_cluster.c")
            .first()
            .of("1.34", "rke")
            .pass(KERNEL, "6:9 protect-kernel-defaults = true")
            .pass(CHAINS, "1:10 \"rke_cluster\" \"c\"");
    }

    #[test]
    fn bad() {
        cluster("      extra_args = { \"make-iptables-util-chains\" = \"false\" }\n")
            .first()
            .fail(CHAINS, "4:22 \"make-iptables-util-chains\" = \"false\"");
    }

    #[test]
    fn overridden() {
        cluster("      fail_swap_on = true\n      extra_args = { anonymous-auth = \"true\" }\n")
            .first()
            .fail(ANONYMOUS, "5:22 anonymous-auth = \"true\"");
    }

    #[test]
    fn partial() {
        cluster("      cluster_domain = \"a.b\"\n")
            .first()
            .pass(ANONYMOUS, "1:10 \"rke_cluster\" \"c\"")
            .fail(KERNEL, "1:10 \"rke_cluster\" \"c\"");
    }

    #[test]
    fn filled_in() {
        cluster("      extra_args = { anonymous-auth = var.x }\n")
            .first()
            .undetermined(ANONYMOUS, "1:10 \"rke_cluster\" \"c\"");
        cluster("      extra_args = var.x\n").first().undetermined(ANONYMOUS, "4:20 var.x");
    }

    #[test]
    fn malformed() {
        cluster("      extra_args = {\n").holds("terraform-rke").first().undetermined(ANONYMOUS, "8:1 ");
        cluster("      extra_args = [\"a\"]\n").first().fail(STARTS, "4:20 [\"a\"]");
        cluster("      extra_args = { a = {} }\n").first().fail(STARTS, "4:26 {}");
    }

    #[test]
    fn unrelated() {
        sample("resource \"rke_cluster\" \"c\" {\n  nodes {}\n}\n").holds("");
    }
}
