metadata description = 'Hunting queries, and the scheduled analytics rules among them. infra/hunting.json is generated from infra/queries/hunting. Deployed into the resource group of the workspace.'

import { withoutComments } from '../types.bicep'

@description('Required. Name of the workspace, in the resource group that this module is deployed to.')
param workspaceName string

@description('Required. Destination table of the rows, which the queries read. Not NetworkSessions: nothing can write to it yet.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions'

@description('Required. Whether to save the hunting queries.')
param huntingQueries bool

@description('Required. Whether to create the analytics rules. Microsoft Sentinel must be on the workspace.')
param analyticsRules bool

var all = loadJsonContent('../hunting.json')
var addresses = withoutComments(loadTextContent('../queries/hunting/beginnings/addresses.kql'))
var sessions = withoutComments({
  NetworkSessions_CL: loadTextContent('../queries/hunting/beginnings/NetworkSessions_CL.kql')
  ASimNetworkSessionLogs: loadTextContent('../queries/hunting/beginnings/ASimNetworkSessionLogs.kql')
  NetworkSessions: ''
}[destinationTable])
var beginning = '${addresses}\n${sessions}\n'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

// One after the other, so that the workspace does not get twenty changes at once.
@batchSize(1)
resource saved 'Microsoft.OperationalInsights/workspaces/savedSearches@2025-07-01' = [
  for item in huntingQueries ? all : []: {
    parent: workspace
    name: 'network-sessions-${item.name}'
    // Without it a second deployment is rejected, because the query already exists.
    etag: '*'
    properties: {
      category: 'Hunting Queries'
      displayName: item.title
      // Sentinel reads the entities of a hunting query from columns with these names.
      query: '${beginning}${item.query}\n| extend ${item.entityColumns}'
      version: 2
      tags: [
        { name: 'description', value: item.description }
        { name: 'tactics', value: join(item.tactics, ',') }
        { name: 'techniques', value: join(item.techniques, ',') }
      ]
    }
  }
]

resource rules 'Microsoft.SecurityInsights/alertRules@2025-09-01' = [
  for item in filter(all, one => analyticsRules && contains(one, 'rule')): {
    scope: workspace
    name: guid(workspace.id, item.name)
    kind: 'Scheduled'
    properties: {
      displayName: item.title
      description: item.description
      enabled: true
      severity: item.rule.severity
      tactics: item.tactics
      techniques: item.techniques
      query: '${beginning}${item.query}'
      queryFrequency: item.rule.every
      queryPeriod: item.rule.over
      triggerOperator: 'GreaterThan'
      triggerThreshold: 0
      suppressionEnabled: false
      suppressionDuration: 'PT5H'
      // Every row is an alert, and the alerts of one entity in a day are one incident.
      eventGroupingSettings: { aggregationKind: 'AlertPerResult' }
      entityMappings: item.entities
      incidentConfiguration: {
        createIncident: true
        groupingConfiguration: {
          enabled: true
          reopenClosedIncident: false
          lookbackDuration: 'P1D'
          matchingMethod: 'Selected'
          groupByEntities: [item.rule.groupBy]
        }
      }
    }
  }
]
