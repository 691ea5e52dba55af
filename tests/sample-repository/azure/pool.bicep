resource pool 'Microsoft.ContainerService/managedClusters/agentPools@2024-02-01' = {
  name: 'system'
  properties: {
    kubeletConfig: {
      podMaxPids: 4096
      readOnlyPort: 10255
    }
  }
}
