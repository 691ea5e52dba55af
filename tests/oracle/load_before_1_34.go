//go:build !since34

package main

import (
	_ "unsafe" // go:linkname

	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

//go:linkname load k8s.io/kubernetes/cmd/kubelet/app.loadConfigFile
func load(name string) (*kubeletconfig.KubeletConfiguration, error)
