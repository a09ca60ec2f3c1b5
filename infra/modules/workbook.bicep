metadata description = 'The workbook: is everything stored that arrived, how late, what is wrong, what it costs, and what is in the sessions. Its JSON is generated (scripts/reference/workbook.ts); this module fills in the resources.'

import { resourcesType, tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Title of the workbook.')
param title string

@description('Required. Resource id of the workspace that it reads.')
param workspaceId string

@description('Required. Resource id of the workspace with the telemetry; often the same.')
param telemetryWorkspaceId string

@description('Required. Resources that are selected when it opens.')
param resources resourcesType

@description('Required. Destination table of the rows. For NetworkSessions, which nothing can write to yet, the part about the sessions is left out.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions'

@description('Required. Plan of the table. With Basic and Auxiliary the part about the sessions is left out, because each view would be billed by the data it scans.')
param tablePlan 'Analytics' | 'Basic' | 'Auxiliary'

@description('Required. The gallery that shows it: that of Microsoft Sentinel, or that of Azure Monitor.')
param gallery 'sentinel' | 'workbook'

@description('Required. Tags.')
param tags tagsType

var withoutSessions = loadTextContent('../workbooks/withoutSessions.json')
var byTable = {
  NetworkSessions_CL: loadTextContent('../workbooks/NetworkSessions_CL.json')
  ASimNetworkSessionLogs: loadTextContent('../workbooks/ASimNetworkSessionLogs.json')
  NetworkSessions: withoutSessions
}

// Separate placeholder names, because {ApplicationInsights} and the others are parameters of the workbook itself.
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
    category: gallery
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
