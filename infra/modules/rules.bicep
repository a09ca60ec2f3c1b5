metadata description = 'The Data Collection Rules that take the rows. They have to be in the region of the workspace.'

import { streamColumns } from '../columns.bicep'
import { tagsType, withoutComments } from '../types.bicep'

@description('Required. Region of the workspace.')
param location string

@description('Required. Names of the rules, one for each 2 GB or 12,000 calls a minute.')
param names string[]

@description('Required. Resource id of the workspace.')
param workspaceId string

@description('Required. Table that the rows end in.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions'

@description('Required. Resource id of the data collection endpoint that the rules are reached through; null for endpoints of their own.')
param dataCollectionEndpointId string?

@description('Required. Tags.')
param tags tagsType

var streamName = 'Custom-NetworkSessions'
var flows = {
  NetworkSessions_CL: {
    outputStream: 'Custom-NetworkSessions_CL'
    transform: 'source'
  }
  ASimNetworkSessionLogs: {
    outputStream: 'Microsoft-ASimNetworkSessionLogs'
    transform: withoutComments(loadTextContent('../transforms/asimNetworkSessionLogs.kql'))
  }
  NetworkSessions: {
    outputStream: 'Microsoft-NetworkSessions'
    transform: 'source'
  }
}

resource rules 'Microsoft.Insights/dataCollectionRules@2024-03-11' = [
  for name in names: {
    name: name
    location: location
    tags: tags
    kind: 'Direct'
    properties: {
      description: 'Takes the rows of the network sessions app.'
      dataCollectionEndpointId: dataCollectionEndpointId
      streamDeclarations: { '${streamName}': { columns: streamColumns } }
      destinations: {
        logAnalytics: [{ name: 'workspace', workspaceResourceId: workspaceId }]
      }
      dataFlows: [
        {
          streams: [streamName]
          destinations: ['workspace']
          transformKql: flows[destinationTable].transform
          outputStream: flows[destinationTable].outputStream
        }
      ]
    }
  }
]

@description('Immutable ids, by which the app names the rules.')
output immutableIds string[] = [for (name, i) in names: rules[i].properties.immutableId]

@description('Logs ingestion endpoint of the first rule; all rules of one region and workspace answer there.')
output endpoint string = rules[0].properties.endpoints.logsIngestion

@description('Stream that the rules declare.')
output streamName string = streamName
