metadata description = 'The namespace, the hubs that Defender streams to, the consumer group of the app, and the dead-letter hub.'

import { sourceHubType, tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the namespace, unique in the cloud.')
param name string

@description('Required. Standard or Premium; Basic has no consumer groups.')
param sku 'Standard' | 'Premium'

@description('Required. Throughput units (Standard) or processing units (Premium: 1, 2, 4, 8 or 16).')
param capacity int

@description('Required. Maximum throughput units for auto-inflate; 0 turns it off. Standard only.')
param maximumThroughputUnits int

@description('Required. The source hubs.')
param sourceHubs sourceHubType[]

@description('Required. Hours for which source hubs keep events.')
param retentionHours int

@description('Required. Name of the dead-letter hub.')
param deadLetterHub string

@description('Required. Hours for which dead letters are kept.')
param deadLetterRetentionHours int

@description('Required. Consumer group of the app.')
param consumerGroup string

@description('Required. Whether keys give access to the namespace, besides identities.')
param localAuth bool

@description('Required. Whether the firewall is on: then only the ranges, private endpoints and Microsoft\'s trusted services have access.')
param firewall bool

@description('Required. IPv4 addresses or ranges that the firewall allows.')
param allowedIpRanges string[]

@description('Required. Tags.')
param tags tagsType

var limits = {
  Standard: { hubs: 10, partitions: 32, retentionHours: 168, capacities: range(1, 40) }
  Premium: { hubs: 100, partitions: 100, retentionHours: 2160, capacities: [1, 2, 4, 8, 16] }
}
var limit = limits[sku]
var mostPartitions = max(map(sourceHubs, hub => hub.partitions))
var longestRetention = max(retentionHours, deadLetterRetentionHours)
var problems = filter(
  [
    length(sourceHubs) + 1 > limit.hubs
      ? 'A ${sku} namespace takes ${limit.hubs} hubs; sourceHubs and the dead-letter hub are ${length(sourceHubs) + 1}.'
      : ''
    mostPartitions > limit.partitions
      ? 'A hub on ${sku} takes ${limit.partitions} partitions; sourceHubs asks for ${mostPartitions}.'
      : ''
    longestRetention > limit.retentionHours
      ? '${sku} keeps events for ${limit.retentionHours} hours at most; retentionHours or deadLetterRetentionHours asks for ${longestRetention}.'
      : ''
    !contains(limit.capacities, capacity) ? '${sku} takes no capacity of ${capacity}; see capacityUnits.' : ''
    sku == 'Standard' && maximumThroughputUnits > 0 && maximumThroughputUnits < capacity
      ? 'maximumThroughputUnits (${maximumThroughputUnits}) is less than capacityUnits (${capacity}).'
      : ''
    contains(map(sourceHubs, hub => toLower(hub.name)), toLower(deadLetterHub))
      ? 'deadLetterHub (${deadLetterHub}) is one of sourceHubs: dead letters would be read again as events.'
      : ''
    length(union(map(sourceHubs, hub => toLower(hub.name)), [])) < length(sourceHubs) ? 'sourceHubs names a hub twice: ${join(map(sourceHubs, hub => hub.name), ', ')}.' : ''
  ],
  problem => !empty(problem)
)
var checkedName = empty(problems) ? name : fail(join(problems, ' '))
var autoInflate = sku == 'Standard' && maximumThroughputUnits > 0

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: checkedName
  location: location
  tags: tags
  sku: { name: sku, tier: sku, capacity: capacity }
  properties: {
    isAutoInflateEnabled: autoInflate
    maximumThroughputUnits: autoInflate ? maximumThroughputUnits : 0
    minimumTlsVersion: '1.2'
    // Defender connects from the Internet, so public access must stay on. It is not documented whether its export passes the
    // firewall as a trusted service: Microsoft's list for Event Hubs does not name it.
    publicNetworkAccess: 'Enabled'
    disableLocalAuth: !localAuth
  }
}

resource networkRules 'Microsoft.EventHub/namespaces/networkRuleSets@2024-01-01' = {
  parent: namespace
  name: 'default'
  properties: {
    publicNetworkAccess: 'Enabled'
    defaultAction: firewall ? 'Deny' : 'Allow'
    trustedServiceAccessEnabled: true
    ipRules: [for ipRange in allowedIpRanges: { action: 'Allow', ipMask: ipRange }]
  }
}

resource hubs 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = [
  for hub in sourceHubs: {
    parent: namespace
    name: hub.name
    properties: {
      partitionCount: hub.partitions
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: retentionHours }
    }
  }
]

resource groups 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = [
  for (hub, i) in sourceHubs: {
    parent: hubs[i]
    name: consumerGroup
    properties: { userMetadata: 'Read by the network sessions app alone.' }
  }
]

resource deadLetters 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: deadLetterHub
  properties: {
    partitionCount: 2
    retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: deadLetterRetentionHours }
  }
}

@description('Resource id, for Defender\'s streaming setting.')
output id string = namespace.id

@description('Host name of the namespace, in any cloud.')
output host string = split(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':')[0]

@description('Names of the source hubs, after they were created.')
output sourceHubNames string[] = [for (hub, i) in sourceHubs: hubs[i].name]

@description('Name of the dead-letter hub, after it was created.')
output deadLetterHubName string = deadLetters.name
