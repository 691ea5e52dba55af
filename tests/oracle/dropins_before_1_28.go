//go:build !since28

package main

import (
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

// There were no drop-ins.
func dropInFolder(*options.KubeletFlags) string { return "" }

func merge(*kubeletconfig.KubeletConfiguration, string) error { return nil }
