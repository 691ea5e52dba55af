#!/bin/bash
sed -i 's/readOnlyPort: 0/readOnlyPort: 10255/' /var/lib/kubelet/config.yaml
