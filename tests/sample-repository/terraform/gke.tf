resource "google_container_node_pool" "pool" {
  name    = "pool"
  cluster = "c"

  node_config {
    kubelet_config {
      cpu_manager_policy                     = "static"
      insecure_kubelet_readonly_port_enabled = "TRUE"
    }
  }
}
