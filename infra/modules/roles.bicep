metadata description = 'All roles of the app\'s identity, each on the one resource that needs it.'

import { roleIds } from '../types.bicep'

@description('Required. Resource id of the identity; part of the names of the assignments.')
param identityId string

@description('Required. Object id of the identity.')
param principalId string

@description('Required. Name of the namespace.')
param namespaceName string

@description('Required. Hubs that the app reads.')
param sourceHubNames string[]

@description('Required. Hub that the app writes dead letters to.')
param deadLetterHubName string

@description('Required. DCRs that the app sends rows to.')
param ruleNames string[]

@description('Required. Name of the Application Insights component for the app\'s telemetry.')
param applicationInsightsName string

@description('Required. Name of the storage account of the host.')
param storageAccountName string

var roles = 'Microsoft.Authorization/roleDefinitions'

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: namespaceName

  resource deadLetterHub 'eventhubs' existing = {
    name: deadLetterHubName
  }
}

resource sourceHubs 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' existing = [
  for hub in sourceHubNames: {
    parent: namespace
    name: hub
  }
]

resource rules 'Microsoft.Insights/dataCollectionRules@2024-03-11' existing = [
  for rule in ruleNames: {
    name: rule
  }
]

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

// On the hub, not on its consumer group (Azure has that scope too): the host and the app's telemetry also ask the hub for its
// partitions and where they end.
resource receivers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (hub, i) in sourceHubNames: {
    name: guid(sourceHubs[i].id, identityId, roleIds.azureEventHubsDataReceiver)
    scope: sourceHubs[i]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(roles, roleIds.azureEventHubsDataReceiver)
    }
  }
]

resource deadLetterSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::deadLetterHub.id, identityId, roleIds.azureEventHubsDataSender)
  scope: namespace::deadLetterHub
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(roles, roleIds.azureEventHubsDataSender)
  }
}

resource rulePublishers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (rule, i) in ruleNames: {
    name: guid(rules[i].id, identityId, roleIds.monitoringMetricsPublisher)
    scope: rules[i]
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(roles, roleIds.monitoringMetricsPublisher)
    }
  }
]

resource telemetryPublisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(applicationInsights.id, identityId, roleIds.monitoringMetricsPublisher)
  scope: applicationInsights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(roles, roleIds.monitoringMetricsPublisher)
  }
}

// Owner, not Contributor: the host takes leases and makes changes that only this role allows.
resource blobOwner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, identityId, roleIds.storageBlobDataOwner)
  scope: storage
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(roles, roleIds.storageBlobDataOwner)
  }
}
