metadata description = 'Alerts on queries over the workspace: the app\'s metrics, the rules\' own errors. None reads the destination table, so all work with every table plan.'

import { alertsType, filledIn, resourcesType, tagsType, withoutComments } from '../types.bicep'

@description('Required. Region of the workspace.')
param location string

@description('Required. Beginning of the names of the alerts.')
param name string

@description('Required. Resource id of the workspace.')
param workspaceId string

@description('Required. Resource ids that stand in the queries as placeholders.')
param resources resourcesType

@description('Required. Hours for which the source hubs keep events: the age of the oldest event is held against them.')
param retentionHours int

@description('Required. When each fires, and how loudly.')
param alerts alertsType

@description('Required. Resource ids of the action groups.')
param actionGroupIds string[]

@description('Required. Tags.')
param tags tagsType

// Each query returns the column Value, and one column for each dimension; an alert fires for each of their values alone.
var all = [
  {
    name: 'nothing-stored'
    text: 'Events arrive and no row is stored. The log names the cause: docs/reliability.md, "What to do when".'
    query: loadTextContent('../queries/alerts/nothing-stored.kql')
    dimensions: []
    window: 'PT30M'
    threshold: alerts.nothingStored.threshold
    severity: alerts.nothingStored.severity
  }
  {
    name: 'oldest-event'
    text: 'The oldest waiting event comes near the retention of its hub, where it is lost. Raise the retention first, then solve the cause.'
    query: loadTextContent('../queries/alerts/oldest-event.kql')
    dimensions: ['Hub', 'Partition']
    window: 'PT6H'
    threshold: retentionHours * 36 * alerts.oldestEvent.threshold
    severity: alerts.oldestEvent.severity
  }
  {
    name: 'dead-letters'
    text: 'Records could not become rows and wait in the dead-letter hub. "npm run replay -- list" shows them: docs/replay.md.'
    query: loadTextContent('../queries/alerts/dead-letters.kql')
    dimensions: ['Hub', 'Reason', 'Table']
    window: 'PT15M'
    threshold: alerts.deadLetters.threshold
    severity: alerts.deadLetters.severity
  }
  {
    name: 'held-partition'
    text: 'A batch cannot be delivered and its partition waits. The code says why: docs/reliability.md, "What to do when".'
    query: loadTextContent('../queries/alerts/held-partition.kql')
    dimensions: ['Hub', 'Partition', 'Code']
    window: 'PT15M'
    threshold: alerts.heldPartition.threshold
    severity: alerts.heldPartition.severity
  }
  {
    name: 'ingestion-errors'
    text: 'Calls to the Logs Ingestion API fail. Most are repeated and succeed; the status says whose fault it is.'
    query: loadTextContent('../queries/alerts/ingestion-errors.kql')
    dimensions: ['Rule', 'Status', 'Code']
    window: 'PT15M'
    threshold: alerts.ingestionErrors.threshold
    severity: alerts.ingestionErrors.severity
  }
  {
    name: 'dcr-log-errors'
    text: 'A rule reports errors after it accepted the call: rows dropped, or a transform that failed.'
    query: loadTextContent('../queries/alerts/dcr-log-errors.kql')
    dimensions: ['Stream', 'Operation']
    window: 'PT15M'
    threshold: alerts.ruleLogErrors.threshold
    severity: alerts.ruleLogErrors.severity
  }
  {
    name: 'schema-news'
    text: 'Defender sends columns, action types or envelope fields that the mapping does not know, or values that it cannot read. Rows are stored all the same; an update may know them. KNOWN_NEWS silences a name.'
    query: loadTextContent('../queries/alerts/schema-news.kql')
    dimensions: ['Kind', 'Name']
    window: 'P1D'
    threshold: alerts.schemaNews.threshold
    severity: alerts.schemaNews.severity
  }
  {
    name: 'no-heartbeat'
    text: 'Messages reach the hubs and the app gives no sign of life. FunctionAppLogs shows what it prints when it starts.'
    query: loadTextContent('../queries/alerts/no-heartbeat.kql')
    dimensions: []
    window: 'PT30M'
    threshold: alerts.noHeartbeat.threshold
    severity: alerts.noHeartbeat.severity
  }
  {
    name: 'books-unbalanced'
    text: 'A batch was settled and its books do not balance: a record was lost or counted twice, a fault of the app. docs/runbook.md, "BooksDoNotBalance".'
    query: loadTextContent('../queries/alerts/books-unbalanced.kql')
    dimensions: ['Hub', 'Partition']
    window: 'PT30M'
    threshold: alerts.booksUnbalanced.threshold
    severity: alerts.booksUnbalanced.severity
  }
  {
    name: 'worker-starts'
    text: 'The worker ends and starts again and again: a batch may end it each time, and its partition waits. FunctionAppLogs has its last words: docs/runbook.md, "The worker ends again and again".'
    query: loadTextContent('../queries/alerts/worker-starts.kql')
    dimensions: []
    window: 'PT30M'
    threshold: alerts.workerStarts.threshold
    severity: alerts.workerStarts.severity
  }
  {
    name: 'unread-messages'
    text: 'Part of what came into the hubs was not read, by their own count: a partition is held, or nobody works on it. "npm run doctor" says which.'
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
      // The tables come into being with their first row, which is after the deployment.
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
