//go:build since28 && !since36

package main

import (
	_ "unsafe" // go:linkname

	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

//go:linkname mergeKubeletConfigurations k8s.io/kubernetes/cmd/kubelet/app.mergeKubeletConfigurations
func mergeKubeletConfigurations(kc *kubeletconfig.KubeletConfiguration, folder string) error

func dropInFolder(kf *options.KubeletFlags) string { return kf.KubeletDropinConfigDirectory }

func merge(kc *kubeletconfig.KubeletConfiguration, folder string) error {
	if err := guard(folder); err != nil {
		return err
	}
	return mergeKubeletConfigurations(kc, folder)
}
