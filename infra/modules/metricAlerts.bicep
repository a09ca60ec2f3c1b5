metadata description = 'Alerts on metrics of Azure services: they work with every table plan, and when the app is down.'

import { alertsType, tagsType } from '../types.bicep'

@description('Required. Prefix of the names of the alerts.')
param name string

@description('Required. Resource id of the namespace.')
param namespaceId string

@description('Required. Names of the source hubs.')
param hubNames string[]

@description('Required. Resource ids of the DCRs.')
param ruleIds string[]

@description('Required. Whether the DCRs filter rows. Their metric of dropped rows counts those too, so it says nothing then.')
param filtersRows bool

@description('Required. Threshold and severity of each alert.')
param alerts alertsType

@description('Required. Resource ids of the action groups.')
param actionGroupIds string[]

@description('Required. Tags.')
param tags tagsType

var namespaceMetrics = 'Microsoft.EventHub/namespaces'
var ruleMetrics = 'Microsoft.Insights/dataCollectionRules'
var namespaceAlerts = [
  {
    name: 'hub-throttled'
    text: 'Event Hubs throttles requests. Give the namespace more throughput units, or raise maximumThroughputUnits.'
    serviceId: namespaceId
    window: 'PT15M'
    severity: alerts.hubThrottled.severity
    criteria: [above(namespaceMetrics, 'ThrottledRequests', 'Total', alerts.hubThrottled.threshold)]
  }
  {
    name: 'hub-full'
    text: 'Event Hubs rejects requests because a quota is used up: connections, consumer groups or storage.'
    serviceId: namespaceId
    window: 'PT15M'
    severity: alerts.hubFull.severity
    criteria: [above(namespaceMetrics, 'QuotaExceededErrors', 'Total', alerts.hubFull.threshold)]
  }
]
// One per hub: an alert with two conditions accepts a single value of a dimension. It does not depend on the app.
var hubAlerts = map(range(0, length(hubNames)), i => {
  name: 'hub-not-read-${i + 1}'
  text: 'Messages reach the hub ${hubNames[i]} but nobody reads them: the app does not start, or cannot reach the hub. Run "npm run doctor" and read FunctionAppLogs: docs/runbook.md, "A hub is not read".'
  serviceId: namespaceId
  window: 'PT1H'
  severity: alerts.hubNotRead.severity
  criteria: [
    {
      ...above(namespaceMetrics, 'IncomingMessages', 'Total', alerts.hubNotRead.threshold)
      dimensions: [{ name: 'EntityName', operator: 'Include', values: [hubNames[i]] }]
    }
    {
      ...above(namespaceMetrics, 'OutgoingMessages', 'Total', 0)
      name: 'none'
      operator: 'LessThanOrEqual'
      dimensions: [{ name: 'EntityName', operator: 'Include', values: [hubNames[i]] }]
    }
  ]
})
var ruleAlerts = flatten(map(range(0, length(ruleIds)), i => [
  {
    name: 'rows-dropped-${i + 1}'
    text: 'The DCR accepted rows and dropped them. Compare its columns with those of the table.'
    serviceId: ruleIds[i]
    window: 'PT15M'
    severity: alerts.rowsDropped.severity
    criteria: [above(ruleMetrics, 'RowsDropped_Count', 'Total', alerts.rowsDropped.threshold)]
  }
  {
    name: 'columns-dropped-${i + 1}'
    text: 'The DCR accepted columns and dropped them; they are billed all the same. Compare the columns of the stream with those of the table: docs/deploy.md, "Adding columns".'
    serviceId: ruleIds[i]
    window: 'PT15M'
    severity: alerts.columnsDropped.severity
    // The portal calls it Log Columns Dropped per Min. Its API name is not documented; this one follows the pattern of the others.
    // A name that does not exist must not make the deployment fail.
    criteria: [
      {
        ...above(ruleMetrics, 'ColumnsDropped_Count', 'Total', alerts.columnsDropped.threshold)
        skipMetricValidation: true
      }
    ]
  }
  {
    name: 'transform-errors-${i + 1}'
    text: 'The transform of the DCR fails. DCRLogErrors in the workspace has the error.'
    serviceId: ruleIds[i]
    window: 'PT15M'
    severity: alerts.transformErrors.severity
    criteria: [above(ruleMetrics, 'TransformationErrors_Count', 'Count', alerts.transformErrors.threshold)]
  }
]))

@description('A condition on one metric.')
type conditionType = {
  @description('A fixed threshold, not a learned one.')
  criterionType: 'StaticThresholdCriterion'

  @description('Unique in the alert.')
  name: string

  @description('Type of the resource.')
  metricNamespace: string

  @description('Name of the metric in the API.')
  metricName: string

  @description('Comparison operator.')
  operator: 'GreaterThan' | 'LessThanOrEqual'

  @description('Value to compare with.')
  threshold: int

  @description('How the values in the window are aggregated.')
  timeAggregation: 'Total' | 'Count'
}

@description('The metric is above the threshold.')
func above(metricNamespace string, metricName string, timeAggregation 'Total' | 'Count', threshold int) conditionType => {
  criterionType: 'StaticThresholdCriterion'
  name: 'above'
  metricNamespace: metricNamespace
  metricName: metricName
  operator: 'GreaterThan'
  threshold: threshold
  timeAggregation: timeAggregation
}

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for item in concat(namespaceAlerts, hubAlerts, ruleAlerts): {
    name: '${name}-${item.name}'
    location: 'global'
    tags: tags
    properties: {
      description: item.text
      severity: item.severity
      enabled: !(filtersRows && startsWith(item.name, 'rows-dropped'))
      scopes: [item.serviceId]
      evaluationFrequency: 'PT5M'
      windowSize: item.window
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: item.criteria
      }
      actions: [for (id, i) in actionGroupIds: { actionGroupId: actionGroupIds[i] }]
    }
  }
]
