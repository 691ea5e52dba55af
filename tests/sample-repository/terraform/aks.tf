resource "azurerm_kubernetes_cluster_node_pool" "system" {
  name                  = "system"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  vm_size               = "Standard_D2s_v5"

  kubelet_config {
    container_log_max_line = 5
    pod_max_pid            = 4096
    make_iptables_util_chains = false
  }
}
