metadata description = 'Alerts on what the services of Azure count themselves: they fire with every table plan, and when the app is dead.'

import { alertsType, tagsType } from '../types.bicep'

@description('Required. Beginning of the names of the alerts.')
param name string

@description('Required. Resource id of the namespace.')
param namespaceId string

@description('Required. Resource ids of the rules.')
param ruleIds string[]

@description('Required. When each fires, and how loudly.')
param alerts alertsType

@description('Required. Resource ids of the action groups.')
param actionGroupIds string[]

@description('Required. Tags.')
param tags tagsType

var namespaceAlerts = [
  {
    name: 'hub-throttled'
    text: 'Event Hubs throttles: the namespace needs more throughput units, or a higher ceiling of auto-inflate.'
    serviceId: namespaceId
    metricNamespace: 'Microsoft.EventHub/namespaces'
    metricName: 'ThrottledRequests'
    timeAggregation: 'Total'
    alert: alerts.hubThrottled
  }
  {
    name: 'hub-full'
    text: 'Event Hubs refuses requests because a quota is used up: connections, consumer groups or storage.'
    serviceId: namespaceId
    metricNamespace: 'Microsoft.EventHub/namespaces'
    metricName: 'QuotaExceededErrors'
    timeAggregation: 'Total'
    alert: alerts.hubFull
  }
]
var ruleAlerts = flatten(map(range(0, length(ruleIds)), i => [
  {
    name: 'rows-dropped-${i + 1}'
    text: 'The rule took rows and dropped them. Compare its columns with those of the table.'
    serviceId: ruleIds[i]
    metricNamespace: 'Microsoft.Insights/dataCollectionRules'
    metricName: 'RowsDropped_Count'
    timeAggregation: 'Total'
    alert: alerts.rowsDropped
  }
  {
    name: 'transform-errors-${i + 1}'
    text: 'The transform of the rule fails. DCRLogErrors in the workspace says why.'
    serviceId: ruleIds[i]
    metricNamespace: 'Microsoft.Insights/dataCollectionRules'
    metricName: 'TransformationErrors_Count'
    timeAggregation: 'Count'
    alert: alerts.transformErrors
  }
]))
var all = concat(namespaceAlerts, ruleAlerts)

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for item in all: {
    name: '${name}-${item.name}'
    location: 'global'
    tags: tags
    properties: {
      description: item.text
      severity: item.alert.severity
      enabled: true
      scopes: [item.serviceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'above'
            metricNamespace: item.metricNamespace
            metricName: item.metricName
            operator: 'GreaterThan'
            threshold: item.alert.threshold
            timeAggregation: item.timeAggregation
          }
        ]
      }
      actions: [for (id, i) in actionGroupIds: { actionGroupId: actionGroupIds[i] }]
    }
  }
]
