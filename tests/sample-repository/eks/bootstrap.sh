#!/bin/bash
set -o errexit
/etc/eks/bootstrap.sh my-cluster --kubelet-extra-args '--read-only-port=10255 --make-iptables-util-chains=false'
