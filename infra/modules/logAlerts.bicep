metadata description = 'Alerts on queries over the workspace: the app\'s metrics and the DCRs\' errors. None reads the destination table, so all work with every table plan.'

import { alertsType, filledIn, resourcesType, tagsType, withoutComments } from '../types.bicep'

@description('Required. Region of the workspace.')
param location string

@description('Required. Prefix of the names of the alerts.')
param name string

@description('Required. Resource id of the workspace.')
param workspaceId string

@description('Required. Resource ids that replace the placeholders in the queries.')
param resources resourcesType

@description('Required. Hours for which the source hubs keep events. The age of the oldest event is compared with them.')
param retentionHours int

@description('Required. Threshold and severity of each alert.')
param alerts alertsType

@description('Required. Resource ids of the action groups.')
param actionGroupIds string[]

@description('Required. Tags.')
param tags tagsType

// Each query returns the column Value and one column per dimension; an alert fires separately for each of their values.
var all = [
  {
    name: 'nothing-stored'
    text: 'Events arrive but no row is stored. Read the code in the log line BatchHeld, then docs/runbook.md.'
    query: loadTextContent('../queries/alerts/nothing-stored.kql')
    dimensions: []
    window: 'PT30M'
    threshold: alerts.nothingStored.threshold
    severity: alerts.nothingStored.severity
  }
  {
    name: 'oldest-event'
    text: 'The oldest waiting event approaches the retention of its hub; past it, events are lost. Raise the retention first, then fix the cause: docs/reliability.md, "What to do when".'
    query: loadTextContent('../queries/alerts/oldest-event.kql')
    dimensions: ['Hub', 'Partition']
    window: 'PT6H'
    threshold: retentionHours * 36 * alerts.oldestEvent.threshold
    severity: alerts.oldestEvent.severity
  }
  {
    name: 'dead-letters'
    text: 'Records could not become rows and are in the dead-letter hub. Run "npm run replay -- list", then look up the reason in docs/runbook.md.'
    query: loadTextContent('../queries/alerts/dead-letters.kql')
    dimensions: ['Hub', 'Reason', 'Table']
    window: 'PT15M'
    threshold: alerts.deadLetters.threshold
    severity: alerts.deadLetters.severity
  }
  {
    name: 'held-partition'
    text: 'A batch cannot be delivered and its partition waits. Look up the code in docs/runbook.md.'
    query: loadTextContent('../queries/alerts/held-partition.kql')
    dimensions: ['Hub', 'Partition', 'Code']
    window: 'PT15M'
    threshold: alerts.heldPartition.threshold
    severity: alerts.heldPartition.severity
  }
  {
    name: 'ingestion-errors'
    text: 'Calls to the Logs Ingestion API fail. Most are retried and succeed. Look up the code in docs/runbook.md.'
    query: loadTextContent('../queries/alerts/ingestion-errors.kql')
    dimensions: ['Rule', 'Status', 'Code']
    window: 'PT15M'
    threshold: alerts.ingestionErrors.threshold
    severity: alerts.ingestionErrors.severity
  }
  {
    name: 'dcr-log-errors'
    text: 'A DCR accepted calls and then dropped rows or failed in its transform. Query DCRLogErrors for the error.'
    query: loadTextContent('../queries/alerts/dcr-log-errors.kql')
    dimensions: ['Stream', 'Operation']
    window: 'PT15M'
    threshold: alerts.ruleLogErrors.threshold
    severity: alerts.ruleLogErrors.severity
  }
  {
    name: 'schema-news'
    text: 'Defender sends columns, action types or envelope fields that the mapping does not know, or values that it cannot read. Rows are still stored. Update the app, or silence a name with KNOWN_NEWS.'
    query: loadTextContent('../queries/alerts/schema-news.kql')
    dimensions: ['Kind', 'Name']
    window: 'P1D'
    threshold: alerts.schemaNews.threshold
    severity: alerts.schemaNews.severity
  }
  {
    name: 'no-heartbeat'
    text: 'Messages reach the hubs but the app sends no heartbeat. FunctionAppLogs shows what the app prints at start: docs/runbook.md, "A hub is not read".'
    query: loadTextContent('../queries/alerts/no-heartbeat.kql')
    dimensions: []
    window: 'PT30M'
    threshold: alerts.noHeartbeat.threshold
    severity: alerts.noHeartbeat.severity
  }
  {
    name: 'books-unbalanced'
    text: 'A batch was settled, but its books do not balance: a record was lost or counted twice. This is a bug in the app: docs/runbook.md, "BooksDoNotBalance".'
    query: loadTextContent('../queries/alerts/books-unbalanced.kql')
    dimensions: ['Hub', 'Partition']
    window: 'PT30M'
    threshold: alerts.booksUnbalanced.threshold
    severity: alerts.booksUnbalanced.severity
  }
  {
    name: 'worker-starts'
    text: 'The worker keeps restarting. A batch may crash it each time, and its partition waits. FunctionAppLogs shows its last lines: docs/runbook.md, "The worker ends again and again".'
    query: loadTextContent('../queries/alerts/worker-starts.kql')
    dimensions: []
    window: 'PT30M'
    threshold: alerts.workerStarts.threshold
    severity: alerts.workerStarts.severity
  }
  {
    name: 'unread-messages'
    text: 'Some messages in the hubs were not read, by the hubs\' own count: a partition is held, or no instance works on it. "npm run doctor" shows which.'
    query: loadTextContent('../queries/alerts/unread-messages.kql')
    dimensions: []
    window: 'PT6H'
    threshold: alerts.unreadMessages.threshold
    severity: alerts.unreadMessages.severity
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for item in all: {
    name: '${name}-${item.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}-${item.name}'
      description: item.text
      severity: item.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT15M'
      windowSize: item.window
      // The tables are created with their first row, after the deployment.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: filledIn(withoutComments(item.query), resources)
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: item.threshold
            dimensions: map(item.dimensions, dimension => { name: dimension, operator: 'Include', values: ['*'] })
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: actionGroupIds }
    }
  }
]
