#!/bin/sh
exec kubelet --kubeconfig=/etc/kubernetes/kubelet.conf --read-only-port=10255
