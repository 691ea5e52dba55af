#!/bin/sh
k0s worker --token-file /etc/k0s/token --kubelet-extra-args="--read-only-port=10255"
