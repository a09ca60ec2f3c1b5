metadata description = 'Private DNS zones, linked to one network, where service names then resolve to their private endpoints.'

import { tagsType } from '../types.bicep'

@description('Required. Names of the zones.')
param zones string[]

@description('Required. Resource id of the network.')
param networkId string

@description('Required. Tags.')
param tags tagsType

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for name in zones: {
    name: name
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (name, i) in zones: {
    parent: zone[i]
    name: uniqueString(networkId)
    location: 'global'
    tags: tags
    properties: {
      virtualNetwork: { id: networkId }
      registrationEnabled: false
    }
  }
]

@description('Resource ids of the zones, in the order of their names.')
output ids string[] = [for (name, i) in zones: zone[i].id]
