metadata description = 'The workbook: is everything stored that arrived, how late, what is wrong, what it costs, and what is in the sessions. Its JSON is generated (cli/reference/workbook.ts); here it learns which resources it reads.'

@description('Required. Region.')
param location string

@description('Required. Title of the workbook.')
param title string

@description('Required. Resource id of the workspace that it reads.')
param workspaceId string

@description('Required. Resource id of the Application Insights component whose metrics it reads.')
param applicationInsightsId string

@description('Required. Resource id of the Event Hubs namespace: its metric of incoming messages is the first step of the books.')
param eventHubsNamespaceId string

@description('Required. Resource ids of the Data Collection Rules, whose errors it shows.')
param dataCollectionRuleIds string[]

@description('Required. Table that the rows end in. For NetworkSessions, which nothing can write to yet, the part about the sessions is left out.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions'

@description('Required. Plan of the table. With Basic and Auxiliary the part about the sessions is left out: each look would be billed by what it scans.')
param tablePlan 'Analytics' | 'Basic' | 'Auxiliary'

@description('Required. Tags.')
param tags resourceInput<'Microsoft.Insights/workbooks@2023-06-01'>.tags

var withoutSessions = loadTextContent('../workbooks/withoutSessions.json')
var byTable = {
  NetworkSessions_CL: loadTextContent('../workbooks/NetworkSessions_CL.json')
  ASimNetworkSessionLogs: loadTextContent('../workbooks/ASimNetworkSessionLogs.json')
  NetworkSessions: withoutSessions
}
var template = tablePlan == 'Analytics' ? byTable[destinationTable] : withoutSessions

var resources = {
  __WORKSPACE__: workspaceId
  __APPLICATION_INSIGHTS__: applicationInsightsId
  __EVENT_HUBS_NAMESPACE__: eventHubsNamespaceId
  __DATA_COLLECTION_RULES__: join(dataCollectionRuleIds, ',')
}

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
      items(resources),
      template,
      (text, resource) => replace(string(text), resource.key, resource.value)
    )
  }
}

@description('Resource id.')
output id string = workbook.id
