metadata description = 'What the deployment puts into the workspace: the table, and the function that removes repeated rows. Deployed into the resource group of the workspace.'

import { tableColumns } from '../columns.bicep'
import { withoutComments } from '../types.bicep'

@description('Required. Name of the workspace, in the resource group that this module is deployed to.')
param workspaceName string

@description('Required. Destination table of the rows. NetworkSessions_CL is created; the others are tables of the platform.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions'

@description('Required. Plan of the table.')
param plan 'Analytics' | 'Basic' | 'Auxiliary'

@description('Required. Days of interactive retention. Analytics only: Basic has 30; with Auxiliary it is the total retention.')
param analyticsRetentionDays int

@description('Required. Days after which rows are deleted.')
param totalRetentionDays int

@description('Required. Whether the parsers of ASIM are saved too.')
param asimParsers bool

var tableName = 'NetworkSessions_CL'
var createTable = destinationTable == tableName
var years = [1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383]
var leastDays = plan == 'Analytics' ? 4 : 30
var longEnough = totalRetentionDays >= leastDays
  ? totalRetentionDays
  : fail('totalRetentionDays (${totalRetentionDays}) is shorter than the ${leastDays} days that a table of plan ${plan} keeps at least.')
var checkedTotal = totalRetentionDays <= 730 || contains(years, totalRetentionDays)
  ? longEnough
  : fail('totalRetentionDays takes 4 to 730 days or whole years (${join(map(years, year => string(year)), ', ')}); found ${totalRetentionDays}.')
var checkedAnalytics = analyticsRetentionDays <= totalRetentionDays
  ? analyticsRetentionDays
  : fail('analyticsRetentionDays (${analyticsRetentionDays}) is longer than totalRetentionDays (${totalRetentionDays}).')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource table 'Microsoft.OperationalInsights/workspaces/tables@2025-07-01' = if (createTable) {
  parent: workspace
  name: tableName
  properties: {
    plan: plan
    retentionInDays: plan == 'Analytics' ? checkedAnalytics : null
    totalRetentionInDays: checkedTotal
    schema: {
      name: tableName
      description: 'Network sessions of Defender XDR, one row per session, in the ASIM schema 0.1.'
      columns: tableColumns
    }
  }
}

// Not for NetworkSessions: rows cannot be sent there yet.
var uniqueQuery = {
  NetworkSessions_CL: loadTextContent('../functions/NetworkSessionsUnique.kql')
  ASimNetworkSessionLogs: loadTextContent('../functions/NetworkSessionsUnique.asim.kql')
  NetworkSessions: ''
}[destinationTable]

resource unique 'Microsoft.OperationalInsights/workspaces/savedSearches@2025-07-01' = if (!empty(uniqueQuery)) {
  parent: workspace
  name: 'NetworkSessionsUnique'
  // Without it a second deployment is rejected, because the function already exists.
  etag: '*'
  properties: {
    category: 'Network sessions'
    displayName: 'NetworkSessionsUnique'
    functionAlias: 'NetworkSessionsUnique'
    functionParameters: trim(loadTextContent('../functions/NetworkSessionsUnique.parameters.txt'))
    query: withoutComments(uniqueQuery)
    version: 2
  }
  dependsOn: [table]
}

var parsers = asimParsers
  ? [
      {
        name: 'vimNetworkSessionMicrosoftDefenderStream'
        parameters: loadTextContent('../functions/vimNetworkSessionMicrosoftDefenderStream.parameters.txt')
        query: loadTextContent('../functions/vimNetworkSessionMicrosoftDefenderStream.kql')
      }
      {
        name: 'ASimNetworkSessionMicrosoftDefenderStream'
        parameters: loadTextContent('../functions/ASimNetworkSessionMicrosoftDefenderStream.parameters.txt')
        query: loadTextContent('../functions/ASimNetworkSessionMicrosoftDefenderStream.kql')
      }
      {
        name: 'NetworkSessionsAll'
        parameters: loadTextContent('../functions/NetworkSessionsAll.parameters.txt')
        query: loadTextContent('../functions/NetworkSessionsAll.kql')
      }
    ]
  : []

@batchSize(1)
resource functions 'Microsoft.OperationalInsights/workspaces/savedSearches@2025-07-01' = [
  for parser in parsers: {
    parent: workspace
    name: parser.name
    etag: '*'
    properties: {
      category: 'Network sessions'
      displayName: parser.name
      functionAlias: parser.name
      functionParameters: trim(parser.parameters)
      query: withoutComments(parser.query)
      version: 2
    }
    dependsOn: [table]
  }
]

@description('Region of the workspace: the DCRs and the log alerts must be in it.')
output workspaceLocation string = workspace.location

@description('Id of the workspace in the query API.')
output workspaceCustomerId string = workspace.properties.customerId
