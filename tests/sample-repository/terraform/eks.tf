resource "aws_launch_template" "nodes" {
  name_prefix = "nodes"

  user_data = base64encode(<<-EOT
    #!/bin/bash
    /etc/eks/bootstrap.sh ${var.cluster} --kubelet-extra-args "--read-only-port=10255"
  EOT
  )
}
