build {
  sources = ["source.amazon-ebs.node"]

  provisioner "file" {
    content     = <<-EOT
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      readOnlyPort: 10255
    EOT
    destination = "/tmp/kubelet-config.yaml"
  }
}
