metadata description = 'A new workspace, if no existing one is named.'

import { tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the workspace.')
param name string

@description('Required. Days for which tables without their own retention keep data, such as the app\'s metrics.')
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
      // Only agents and an API, both retired, use the keys of the workspace; DCRs, diagnostic settings and Application Insights
      // need none.
      disableLocalAuth: true
    }
  }
}
