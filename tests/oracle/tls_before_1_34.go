//go:build !since34

package main

import (
	"k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

func initializeTLS(kf *options.KubeletFlags, kc *kubeletconfig.KubeletConfiguration) error {
	_, err := app.InitializeTLS(kf, kc)
	return err
}
