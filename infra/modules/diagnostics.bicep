metadata description = 'Diagnostic settings of DCRs, namespace and app: their error logs and metrics go to the workspace.'

@description('Required. Resource id of the workspace.')
param workspaceId string

@description('Required. Names of the DCRs.')
param ruleNames string[]

@description('Required. Name of the namespace.')
param namespaceName string

@description('Required. Name of the app.')
param appName string

resource rules 'Microsoft.Insights/dataCollectionRules@2024-03-11' existing = [
  for rule in ruleNames: {
    name: rule
  }
]

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName
}

// No stable version of this resource exists.
resource ruleDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = [
  for (rule, i) in ruleNames: {
    name: 'to-workspace'
    scope: rules[i]
    properties: {
      workspaceId: workspaceId
      logs: [{ category: 'LogErrors', enabled: true }]
      metrics: [{ category: 'AllMetrics', enabled: true }]
    }
  }
]

resource namespaceDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'OperationalLogs', enabled: true }
      { category: 'AutoScaleLogs', enabled: true }
      { category: 'EventHubVNetConnectionEvent', enabled: true }
    ]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

// The only place that shows what the worker prints before telemetry starts, such as wrong settings.
resource appDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}
