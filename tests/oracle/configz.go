package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	_ "unsafe" // go:linkname

	"k8s.io/component-base/configz"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

//go:linkname setConfigz k8s.io/kubernetes/cmd/kubelet/app.setConfigz
func setConfigz(cz *configz.Config, kc *kubeletconfig.KubeletConfiguration) error

// live gives the body with which a kubelet of this configuration answers /configz. On the way there it fills in the
// certificate, which it makes below --cert-dir. What it would ask the container runtime is not known here.
func live(kf *options.KubeletFlags, kc *kubeletconfig.KubeletConfiguration) (json.RawMessage, error) {
	if err := initializeTLS(kf, kc); err != nil {
		return nil, err
	}
	registered, err := configz.New("kubeletconfig")
	if err != nil {
		return nil, err
	}
	if err := setConfigz(registered, kc); err != nil {
		return nil, err
	}
	mux, recorder := http.NewServeMux(), httptest.NewRecorder()
	configz.InstallHandler(mux)
	mux.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/configz", nil))
	return recorder.Body.Bytes(), nil
}
