metadata description = 'Private endpoints for storage, hubs and Azure Monitor, and the DNS zones that resolve to them.'

import { cloudType, tagsType } from '../types.bicep'

@description('Required. Region of the network.')
param location string

@description('Required. Suffix of the names of the endpoints.')
param name string

@description('Required. Resource id of the subnet for private endpoints.')
param subnetId string

@description('Required. Resource group that already holds the zones, or empty to create them here.')
param zonesResourceGroupId string

@description('Required. Differences between clouds.')
param cloud cloudType

@description('Required. Resource id of the storage account.')
param storageId string

@description('Required. Resource id of the namespace.')
param namespaceId string

@description('Required. Resource ids of the Azure Monitor resources that the app uses.')
param monitorResourceIds string[]

@description('Required. Tags.')
param tags tagsType

var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var zoneNames = concat([blobZone, cloud.eventHubsPrivateZone], cloud.monitorPrivateZones)
var networkId = take(subnetId, lastIndexOf(subnetId, '/subnets/'))

module zones 'privateDnsZones.bicep' = if (empty(zonesResourceGroupId)) {
  params: {
    zones: zoneNames
    networkId: networkId
    tags: tags
  }
}

var zoneIds = empty(zonesResourceGroupId)
  ? zones!.outputs.ids
  : map(zoneNames, zone => '${zonesResourceGroupId}/providers/Microsoft.Network/privateDnsZones/${zone}')

module blobs 'privateEndpoint.bicep' = {
  params: {
    location: location
    name: 'pe-blob-${name}'
    serviceId: storageId
    groupId: 'blob'
    subnetId: subnetId
    zoneIds: [zoneIds[0]]
    tags: tags
  }
}

module hubs 'privateEndpoint.bicep' = {
  params: {
    location: location
    name: 'pe-hubs-${name}'
    serviceId: namespaceId
    groupId: 'namespace'
    subnetId: subnetId
    zoneIds: [zoneIds[1]]
    tags: tags
  }
}

module linkScope 'privateLinkScope.bicep' = {
  params: {
    name: 'ampls-${name}'
    resourceIds: monitorResourceIds
    tags: tags
  }
}

// Azure Monitor keeps some of its data in its own storage, so its endpoint also needs the zone of blobs.
module monitor 'privateEndpoint.bicep' = {
  params: {
    location: location
    name: 'pe-monitor-${name}'
    serviceId: linkScope.outputs.id
    groupId: 'azuremonitor'
    subnetId: subnetId
    zoneIds: concat(skip(zoneIds, 2), [zoneIds[0]])
    tags: tags
  }
}
