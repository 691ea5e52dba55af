//go:build since36

package main

import (
	_ "unsafe" // go:linkname

	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

//go:linkname mergeKubeletConfigurations k8s.io/kubernetes/cmd/kubelet/app.mergeKubeletConfigurations
func mergeKubeletConfigurations(kc *kubeletconfig.KubeletConfiguration, folder string) ([]string, error)

func dropInFolder(kf *options.KubeletFlags) string { return kf.KubeletDropinConfigDirectory }

func merge(kc *kubeletconfig.KubeletConfiguration, folder string) error {
	_, err := mergeKubeletConfigurations(kc, folder)
	return err
}
