#!/bin/sh
curl -sfL https://get.k3s.io | sh -s - server --kubelet-arg=read-only-port=10255
