metadata description = 'Summary rules: once a day they keep totals of NetworkSessions_CL in tables of their own, with the Analytics plan. Deployed into the resource group of the workspace.'

import { withoutComments } from '../types.bicep'

@description('Required. Name of the workspace, in the resource group that this module is deployed to.')
param workspaceName string

// Each reads one table and calls no saved function: with the plans Basic and Auxiliary nothing else is allowed.
var all = [
  {
    name: 'network-sessions-daily-totals'
    text: 'Network sessions of a day by device, action type, direction and outcome.'
    query: loadTextContent('../queries/summaries/daily-totals.kql')
    table: 'NetworkSessionsDailyTotals_CL'
  }
  {
    name: 'network-sessions-daily-destinations'
    text: 'Destinations of a day with the number of devices that reached them.'
    query: loadTextContent('../queries/summaries/daily-destinations.kql')
    table: 'NetworkSessionsDailyDestinations_CL'
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource summaries 'Microsoft.OperationalInsights/workspaces/summaryLogs@2025-07-01' = [
  for item in all: {
    parent: workspace
    name: item.name
    properties: {
      ruleType: 'User'
      displayName: item.name
      description: item.text
      ruleDefinition: {
        query: withoutComments(item.query)
        binSize: 1440
        // Rows that arrive later than six hours after the end of the day are not counted.
        binDelay: 360
        timeSelector: 'TimeGenerated'
        destinationTable: item.table
      }
    }
  }
]
