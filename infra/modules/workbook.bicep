metadata description = 'The workbook: is everything stored that arrived, how late, what is wrong, what it costs, and what is in the sessions. Its JSON is generated (scripts/reference/workbook.ts); here it learns which resources it reads.'

import { resourcesType, tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Title of the workbook.')
param title string

@description('Required. Resource id of the workspace that it reads.')
param workspaceId string

@description('Required. Resource id of the workspace with the telemetry; often the same.')
param telemetryWorkspaceId string

@description('Required. Resources that are chosen when it is opened.')
param resources resourcesType

@description('Required. Table that the rows end in. For NetworkSessions, which nothing can write to yet, the part about the sessions is left out.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions'

@description('Required. Plan of the table. With Basic and Auxiliary the part about the sessions is left out: each look would be billed by what it scans.')
param tablePlan 'Analytics' | 'Basic' | 'Auxiliary'

@description('Required. Tags.')
param tags tagsType

var withoutSessions = loadTextContent('../workbooks/withoutSessions.json')
var byTable = {
  NetworkSessions_CL: loadTextContent('../workbooks/NetworkSessions_CL.json')
  ASimNetworkSessionLogs: loadTextContent('../workbooks/ASimNetworkSessionLogs.json')
  NetworkSessions: withoutSessions
}

// Names of its own, because the queries go on naming {ApplicationInsights} and the others: the workbook's parameters.
var places = [
  ['__WORKSPACE__', workspaceId]
  ['__TELEMETRY_WORKSPACE__', telemetryWorkspaceId]
  ['__APPLICATION_INSIGHTS__', resources.applicationInsights]
  ['__EVENT_HUBS_NAMESPACE__', resources.eventHubsNamespace]
  ['__DATA_COLLECTION_RULES__', join(resources.dataCollectionRules, ',')]
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, title)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: title
    category: 'workbook'
    sourceId: workspaceId
    serializedData: reduce(
      places,
      tablePlan == 'Analytics' ? byTable[destinationTable] : withoutSessions,
      (text, place) => replace(string(text), place[0], place[1])
    )
  }
}

@description('Resource id.')
output id string = workbook.id
