metadata description = 'What whoever deploys may do with the commands: read and send in all hubs, see the checkpoints, and query a workspace that is created here.'

import { readerRoleIds, roleIds } from '../types.bicep'

@description('Required. Object id of the user, group or service principal.')
param principalId string

@description('Required. Name of the namespace.')
param namespaceName string

@description('Required. Name of the storage account of the host.')
param storageAccountName string

@description('Required. Name of the workspace that is created here; empty for an existing one, on which nothing is assigned.')
param workspaceName string

var roles = 'Microsoft.Authorization/roleDefinitions'

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = if (!empty(workspaceName)) {
  name: workspaceName
}

// No principalType: azd also deploys as a service principal. Azure looks the type up, which fails only for a principal made just now.
resource hubRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [roleIds.azureEventHubsDataReceiver, roleIds.azureEventHubsDataSender]: {
    name: guid(namespace.id, principalId, role)
    scope: namespace
    properties: {
      principalId: principalId
      roleDefinitionId: subscriptionResourceId(roles, role)
    }
  }
]

resource checkpointReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, principalId, readerRoleIds.storageBlobDataReader)
  scope: storage
  properties: {
    principalId: principalId
    roleDefinitionId: subscriptionResourceId(roles, readerRoleIds.storageBlobDataReader)
  }
}

resource workspaceReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(workspaceName)) {
  name: guid(
    resourceId('Microsoft.OperationalInsights/workspaces', workspaceName),
    principalId,
    readerRoleIds.logAnalyticsReader
  )
  scope: workspace
  properties: {
    principalId: principalId
    roleDefinitionId: subscriptionResourceId(roles, readerRoleIds.logAnalyticsReader)
  }
}
