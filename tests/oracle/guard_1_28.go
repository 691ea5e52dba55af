//go:build since28 && !since30

package main

import (
	"fmt"
	"os"
)

// guard refuses drop-ins without the variable, as NewKubeletCommand did while they were alpha.
func guard(folder string) error {
	if _, ok := os.LookupEnv("KUBELET_CONFIG_DROPIN_DIR_ALPHA"); !ok {
		return fmt.Errorf("flag %s specified but environment variable KUBELET_CONFIG_DROPIN_DIR_ALPHA not set", folder)
	}
	return nil
}
