metadata description = 'A data collection endpoint that cannot be reached from the Internet: private link needs one before the rules.'

import { tagsType } from '../types.bicep'

@description('Required. Region of the workspace.')
param location string

@description('Required. Name of the endpoint.')
param name string

@description('Required. Tags.')
param tags tagsType

resource endpoint 'Microsoft.Insights/dataCollectionEndpoints@2024-03-11' = {
  name: name
  location: location
  tags: tags
  properties: {
    description: 'The way into the rules of the network sessions app, by private link alone.'
    networkAcls: { publicNetworkAccess: 'Disabled' }
  }
}

@description('Address that rows are sent to.')
output logsIngestion string = endpoint.properties.logsIngestion.endpoint
