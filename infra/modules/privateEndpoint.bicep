metadata description = 'A private endpoint for one service, with its names in private DNS zones.'

import { tagsType } from '../types.bicep'

@description('Required. Region of the network.')
param location string

@description('Required. Name of the endpoint.')
param name string

@description('Required. Resource id of the service.')
param serviceId string

@description('Required. Azure\'s group id for the part of the service: blob, namespace, azuremonitor.')
param groupId string

@description('Required. Resource id of the subnet for private endpoints.')
param subnetId string

@description('Required. Resource ids of the zones for its names.')
param zoneIds string[]

@description('Required. Tags.')
param tags tagsType

resource endpoint 'Microsoft.Network/privateEndpoints@2025-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    customNetworkInterfaceName: '${name}-nic'
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: { privateLinkServiceId: serviceId, groupIds: [groupId] }
      }
    ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        for (zoneId, i) in zoneIds: {
          name: replace(last(split(zoneId, '/')), '.', '-')
          properties: { privateDnsZoneId: zoneIds[i] }
        }
      ]
    }
  }
}
