metadata description = 'A workspace of the deployment\'s own, for those who name no existing one.'

import { tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the workspace.')
param name string

@description('Required. Days for which tables keep data that name no retention of their own, such as the app\'s metrics.')
param retentionInDays int

@description('Required. Tags.')
param tags tagsType

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionInDays
    features: {
      enableLogAccessUsingOnlyResourcePermissions: true
      // The keys of the workspace open it for agents and for an API that are both retired; rules, diagnostic settings and
      // Application Insights need none.
      disableLocalAuth: true
    }
  }
}
