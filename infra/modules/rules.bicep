metadata description = 'The Data Collection Rules (DCRs) that accept the rows. They must be in the region of the workspace.'

import { streamColumns } from '../columns.bicep'
import { tagsType, withoutComments } from '../types.bicep'

@description('Required. Region of the workspace.')
param location string

@description('Required. Names of the DCRs, one per 2 GB or 12,000 calls a minute.')
param names string[]

@description('Required. Resource id of the workspace.')
param workspaceId string

@description('Required. Destination table of the rows.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions'

@description('Required. Resource id of the data collection endpoint in front of the DCRs; null if each DCR uses its own endpoint.')
param dataCollectionEndpointId string?

@description('Required. Condition that a row must meet to be stored; empty for all rows.')
param rowFilter string

@description('Required. Tags.')
param tags tagsType

var streamName = 'Custom-NetworkSessions'
var where = empty(rowFilter) ? '' : '\n| where ${rowFilter}'
var mostCharacters = 15360
var flows = {
  NetworkSessions_CL: {
    outputStream: 'Custom-NetworkSessions_CL'
    transform: 'source${where}'
  }
  ASimNetworkSessionLogs: {
    outputStream: 'Microsoft-ASimNetworkSessionLogs'
    // Before the transform, so that the condition has the same columns whatever the table is.
    transform: replace(
      withoutComments(loadTextContent('../transforms/asimNetworkSessionLogs.kql')),
      '\nsource\n',
      '\nsource${where}\n'
    )
  }
  NetworkSessions: {
    outputStream: 'Microsoft-NetworkSessions'
    transform: 'source${where}'
  }
}
var transform = contains(rowFilter, '\n')
  ? fail('rowFilter is one line: a condition, without "where" and without other operators.')
  : length(flows[destinationTable].transform) <= mostCharacters
      ? flows[destinationTable].transform
      : fail('rowFilter makes the transform of the DCR ${length(flows[destinationTable].transform)} characters long; Azure takes ${mostCharacters}.')

resource rules 'Microsoft.Insights/dataCollectionRules@2024-03-11' = [
  for name in names: {
    name: name
    location: location
    tags: tags
    kind: 'Direct'
    properties: {
      description: 'Accepts the rows of the network sessions app.'
      dataCollectionEndpointId: dataCollectionEndpointId
      streamDeclarations: { '${streamName}': { columns: streamColumns } }
      destinations: {
        logAnalytics: [{ name: 'workspace', workspaceResourceId: workspaceId }]
      }
      dataFlows: [
        {
          streams: [streamName]
          destinations: ['workspace']
          transformKql: transform
          outputStream: flows[destinationTable].outputStream
        }
      ]
    }
  }
]

@description('Immutable ids; the app names the DCRs by them.')
output immutableIds string[] = [for (name, i) in names: rules[i].properties.immutableId]

@description('Logs ingestion endpoint of the first DCR; all DCRs of one region and workspace answer there.')
output endpoint string = rules[0].properties.endpoints.logsIngestion

@description('Stream that the DCRs declare.')
output streamName string = streamName
