metadata description = 'A data collection endpoint that cannot be reached from the Internet. Private link needs one in front of the DCRs.'

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
    description: 'Entry to the DCRs of the network sessions app, only through private link.'
    networkAcls: { publicNetworkAccess: 'Disabled' }
  }
}

@description('Address that rows are sent to.')
output logsIngestion string = endpoint.properties.logsIngestion.endpoint
