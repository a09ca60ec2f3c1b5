metadata description = 'Application Insights for the app: it accepts telemetry only from identities and stores it in the workspace.'

import { tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the component.')
param name string

@description('Required. Resource id of the workspace that keeps the telemetry.')
param workspaceId string

@description('Required. Whether telemetry may come over the Internet.')
param publicIngestion bool

@description('Required. Tags.')
param tags tagsType

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceId
    DisableLocalAuth: true
    publicNetworkAccessForIngestion: publicIngestion ? 'Enabled' : 'Disabled'
    publicNetworkAccessForQuery: 'Enabled'
  }
}

@description('Connection string. Not a secret: without the identity nothing is accepted.')
output connectionString string = component.properties.ConnectionString
