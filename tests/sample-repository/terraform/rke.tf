resource "rke_cluster" "c" {
  nodes {
    address = "10.0.0.1"
    role    = ["worker"]
  }
  services {
    kubelet {
      extra_args = {
        read-only-port            = "10255"
        make-iptables-util-chains = "false"
      }
    }
  }
}
