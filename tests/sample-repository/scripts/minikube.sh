#!/bin/sh
minikube start --extra-config=kubelet.read-only-port=10255
