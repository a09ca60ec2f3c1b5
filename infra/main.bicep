metadata name = 'Defender network sessions'
metadata description = 'From Event Hubs, through a Functions app and Data Collection Rules, to a table in Log Analytics, with its alerts and its workbook. Deployed into one resource group.'

targetScope = 'resourceGroup'

import {
  alertsType
  appSettingsType
  clouds
  sourceHubType
  subnetsType
  tagsType
} from 'types.bicep'

// Names and places

@description('Required. Beginning of all names, 3 to 12 letters, digits and hyphens (no underscore: most services refuse it). Renaming makes everything anew, checkpoints included: see docs/deploy.md.')
@minLength(3)
@maxLength(12)
param name string

@description('Optional. Region of hubs, app and storage; Flex Consumption has to be there. The rules are put where the workspace is.')
param location string = resourceGroup().location

@description('Optional. Tags of every resource.')
param tags tagsType = {}

// Event Hubs

@description('Optional. The hubs that Defender streams to, 1 to 9 on Standard. One for each table when Defender\'s setting leaves the hub name empty.')
@minLength(1)
@maxLength(99)
param sourceHubs sourceHubType[] = [
  { name: 'insights-logs-advancedhunting-devicenetworkevents', partitions: 8 }
]

@description('Optional. Standard: 1 MB/s a unit in, 7 days, 10 hubs. Premium: more of all, at several times the price; the choice cannot be changed in place.')
param eventHubsSku 'Standard' | 'Premium' = 'Standard'

@description('Optional. Throughput units to begin with (Standard, 1 to 40), or processing units (Premium: 1, 2, 4, 8 or 16). Each is paid for by the hour.')
@minValue(1)
@maxValue(40)
param capacityUnits int = 1

@description('Optional. Most throughput units that auto-inflate goes to by itself; 0 turns it off. It never goes down by itself. Standard only.')
@minValue(0)
@maxValue(40)
param maximumThroughputUnits int = 10

@description('Optional. Hours for which source hubs keep events: 1 to 168 on Standard, to 2160 on Premium. This is how long everything may be down without loss.')
@minValue(1)
@maxValue(2160)
param retentionHours int = 168

@description('Optional. Name of the hub for records that cannot become a row.')
@minLength(1)
@maxLength(256)
param deadLetterHub string = 'network-sessions-dead-letters'

@description('Optional. Hours for which dead letters are kept, within the same bounds: how long you have to replay or export them.')
@minValue(1)
@maxValue(2160)
param deadLetterRetentionHours int = 168

@description('Optional. Consumer group of the app in each source hub. Another name begins with the oldest event that the hub keeps.')
@minLength(1)
@maxLength(50)
param consumerGroup string = 'network-sessions'

@description('Optional. Whether keys open the namespace too. Defender\'s export signs in with one, so false stops it. The app itself uses its identity alone.')
param eventHubsLocalAuth bool = true

@description('Optional. IPv4 addresses or ranges that may reach the namespace. Any entry turns its firewall on. Whether Defender\'s export passes it as a trusted service is not documented: see docs/deploy.md.')
param eventHubsAllowedIpRanges string[] = []

// Compute

@description('Optional. Major version of Node on the instances.')
param nodeVersion '22' | '24' = '22'

@description('Optional. Memory of an instance in MB. 80% of it has to hold the largest hub: partitions x 48 MB in the host, and the worker at its peak (infra/workerMemory.json). More memory is more CPU, and costs more a second.')
param instanceMemoryMB 512 | 2048 | 4096 = 2048

@description('Optional. Most instances, for all hubs together. More than there are partitions never run.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Optional. Instances for each hub that are always running, paid for by the hour; 0 starts them when events arrive.')
@minValue(0)
@maxValue(32)
param alwaysReadyInstances int = 0

@description('Optional. Whether instances are spread over availability zones; the region has to have them. Cannot be changed in place everywhere.')
param zoneRedundant bool = false

@description('Optional. Redundancy of the storage that holds package and checkpoints. LRS where the region has no zones.')
param storageSku 'Standard_ZRS' | 'Standard_LRS' = 'Standard_ZRS'

@description('Optional. Settings that change how the app works; docs/settings.md says what each does.')
param appSettings appSettingsType = {
  LOGS_INGESTION_CONCURRENCY: 4
  LOGS_INGESTION_TIMEOUT_SECONDS: 30
  DELIVERY_BUDGET_SECONDS: 90
  ADDITIONAL_FIELDS: 'full'
  URL_REDACTION: 'credentials'
  PROXY_ADDRESSES: ''
  KNOWN_NEWS: ''
  TELEMETRY_INTERVAL_SECONDS: 60
  BACKLOG_INTERVAL_SECONDS: 60
}

// Where rows go

@description('Optional. Resource id of an existing workspace, in any resource group or subscription of the tenant. Empty: one is created here.')
param workspaceResourceId string = ''

@description('Optional. Resource id of another workspace for what the deployment tells of itself: telemetry of the app, diagnostic logs and metrics. Empty: the workspace of the rows, at its price, which is Microsoft Sentinel\'s where that is on.')
param telemetryWorkspaceResourceId string = ''

@description('Optional. Days for which a created workspace keeps what has no retention of its own, 30 to 730. An existing workspace is left as it is.')
@minValue(30)
@maxValue(730)
param workspaceRetentionDays int = 90

@description('Optional. Table that the rows end in. NetworkSessions_CL is created with all columns; ASimNetworkSessionLogs belongs to Microsoft Sentinel, which has to be on the workspace (so workspaceResourceId has to name one), and takes the rows by a transform; NetworkSessions is documented as not open to the Logs Ingestion API today, and the deployment fails with it until that changes.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions' = 'NetworkSessions_CL'

@description('Optional. Plan of NetworkSessions_CL. Basic costs less to store and is paid by query, with 30 days and no analytics rules; Auxiliary costs least, is slow and has no alerts. Auxiliary cannot be changed later.')
param tablePlan 'Analytics' | 'Basic' | 'Auxiliary' = 'Analytics'

@description('Optional. Days for which NetworkSessions_CL can be queried at full speed, 4 to 730. Analytics plan only; up to 90 days cost nothing more where Microsoft Sentinel is on.')
@minValue(4)
@maxValue(730)
param analyticsRetentionDays int = 90

@description('Optional. Days after which rows are gone: 4 to 730 (30 at least with Basic and Auxiliary), or whole years to 4383. Beyond the interactive days they are reached by search jobs.')
@minValue(4)
@maxValue(4383)
param totalRetentionDays int = 90

@description('Optional. Data Collection Rules, 1 to 10; the app spreads partitions over them. One takes 2 GB and 12,000 calls a minute.')
@minValue(1)
@maxValue(10)
param ruleCount int = 1

// Network

@description('Optional. private puts the app into a network and its storage, the hubs, the rules and Application Insights behind private endpoints, and lets nobody call the app. Defender\'s export still comes in over the Internet. Not in Azure China.')
param network 'public' | 'private' = 'public'

@description('Optional. Address range of the network that is created when network is private, /25 or larger.')
param addressPrefix string = '10.90.0.0/24'

@description('Optional. Subnets of a network of yours, instead of a new one. Null creates one.')
param existingSubnets subnetsType?

@description('Optional. Resource id of a resource group that holds the private DNS zones already, linked to the network. Empty: the zones are created here.')
param privateDnsZonesResourceGroupId string = ''

// Alerts

@description('Optional. E-mail addresses that are told when an alert fires. Empty: no action group is created.')
param alertEmails string[] = []

@description('Optional. Resource ids of action groups of yours that are told too.')
param actionGroupIds string[] = []

@description('Optional. Threshold and severity of each alert.')
param alerts alertsType = {
  nothingStored: { threshold: 0, severity: 1 }
  oldestEvent: { threshold: 25, severity: 1 }
  deadLetters: { threshold: 0, severity: 2 }
  heldPartition: { threshold: 900, severity: 1 }
  ingestionErrors: { threshold: 50, severity: 2 }
  rowsDropped: { threshold: 0, severity: 1 }
  columnsDropped: { threshold: 0, severity: 2 }
  transformErrors: { threshold: 0, severity: 1 }
  ruleLogErrors: { threshold: 0, severity: 2 }
  hubThrottled: { threshold: 0, severity: 2 }
  hubFull: { threshold: 0, severity: 2 }
  hubNotRead: { threshold: 10, severity: 1 }
  unreadMessages: { threshold: 2, severity: 1 }
  schemaNews: { threshold: 0, severity: 3 }
  noHeartbeat: { threshold: 0, severity: 1 }
  workerStarts: { threshold: 3, severity: 1 }
  booksUnbalanced: { threshold: 0, severity: 1 }
}

// Bicep has no patterns for parameters: every character is looked at.
var otherCharacters = filter(
  map(range(0, length(name)), i => substring(name, i, 1)),
  character => !contains('abcdefghijklmnopqrstuvwxyz0123456789-', toLower(character))
)
var checkedName = empty(otherCharacters)
  ? name
  : fail('name takes letters, digits and hyphens, which is what all services take; found "${name}". With azd it is the name of the environment: azd env new <name>.')
var token = uniqueString(resourceGroup().id, name)
var names = {
  identity: 'id-${checkedName}-${token}'
  storage: 'st${take(replace(toLower(checkedName), '-', ''), 9)}${token}'
  namespace: 'evhns-${checkedName}-${token}'
  workspace: 'log-${checkedName}-${token}'
  collectionEndpoint: 'dce-${checkedName}-${token}'
  rules: map(range(1, ruleCount), i => 'dcr-${checkedName}-${token}-${i}')
  applicationInsights: 'appi-${checkedName}-${token}'
  network: 'vnet-${checkedName}-${token}'
  plan: 'plan-${checkedName}-${token}'
  app: 'func-${checkedName}-${token}'
  actionGroup: 'ag-${checkedName}-${token}'
}
// Ids by name, where a module's output would do: what-if can tell what will change only from what is known beforehand.
var ids = {
  identity: resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', names.identity)
  storage: resourceId('Microsoft.Storage/storageAccounts', names.storage)
  namespace: resourceId('Microsoft.EventHub/namespaces', names.namespace)
  collectionEndpoint: resourceId('Microsoft.Insights/dataCollectionEndpoints', names.collectionEndpoint)
  rules: map(names.rules, rule => resourceId('Microsoft.Insights/dataCollectionRules', rule))
  applicationInsights: resourceId('Microsoft.Insights/components', names.applicationInsights)
  actionGroup: resourceId('Microsoft.Insights/actionGroups', names.actionGroup)
}
var resources = {
  applicationInsights: ids.applicationInsights
  eventHubsNamespace: ids.namespace
  dataCollectionRules: ids.rules
}
var isPrivate = network == 'private'
var thisCloud = clouds[environment().name]
var cloud = isPrivate && empty(thisCloud.monitorPrivateZones)
  ? fail('network: private is not to be had in ${environment().name}: Azure Monitor has no private link there. Use public.')
  : tablePlan == 'Auxiliary' && !thisCloud.hasAuxiliaryPlan
      ? fail('tablePlan: ${environment().name} has no Auxiliary plan. Take Analytics or Basic.')
      : thisCloud
var hubNames = map(sourceHubs, hub => hub.name)

// One instance may have to serve all partitions of a hub. The host then holds a batch and what it reads ahead for each, up to
// 1 MB a message; beside it stands the worker, with its measured peak.
var hostJson = loadJsonContent('../host.json')
var trigger = hostJson.extensions.eventHubs
var worker = loadJsonContent('workerMemory.json')
var mostPartitions = max(map(sourceHubs, hub => hub.partitions))
var hostMemory = mostPartitions * (trigger.maxEventBatchSize + trigger.prefetchCount)
var workerMemory = worker.baseMB + mostPartitions * worker.partitionMB
var memoryChecked = (hostMemory + workerMemory) * 10 <= instanceMemoryMB * 8
  ? instanceMemoryMB
  : fail('The largest hub (${mostPartitions} partitions) needs ${hostMemory} MB in the host and ${workerMemory} MB in the worker, together more than 80% of instanceMemoryMB (${instanceMemoryMB}). Give instances more memory or the hub fewer partitions.')

// The last attempt may begin when the budget is nearly spent, and an attempt also reads, maps and logs. When functionTimeout
// is over, the host ends the worker with every batch in flight. The app refuses the same at start.
var timeout = map(split(hostJson.functionTimeout, ':'), part => int(part))
var timeoutSeconds = timeout[0] * 3600 + timeout[1] * 60 + timeout[2]
var longestDelivery = appSettings.DELIVERY_BUDGET_SECONDS + appSettings.LOGS_INGESTION_TIMEOUT_SECONDS
var settingsChecked = longestDelivery <= timeoutSeconds - 30
  ? appSettings
  : fail('DELIVERY_BUDGET_SECONDS (${appSettings.DELIVERY_BUDGET_SECONDS}) and LOGS_INGESTION_TIMEOUT_SECONDS (${appSettings.LOGS_INGESTION_TIMEOUT_SECONDS}) are together ${longestDelivery} s; they have to stay 30 s below functionTimeout of host.json (${timeoutSeconds} s), or the host ends the worker with every batch in flight.')

var createWorkspace = empty(workspaceResourceId)
var tableChecked = !createWorkspace || destinationTable != 'ASimNetworkSessionLogs'
  ? destinationTable
  : fail('ASimNetworkSessionLogs is there only where Microsoft Sentinel is on, which it is not on a workspace that is created here. Name the workspace of Sentinel in workspaceResourceId, or take NetworkSessions_CL.')
var workspacePath = pathOf(workspaceResourceId, 'workspaceResourceId')
var workspaceName = createWorkspace ? names.workspace : workspacePath[8]
var workspaceId = createWorkspace
  ? resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
  : workspaceResourceId
var workspaceSubscription = createWorkspace ? subscription().subscriptionId : workspacePath[2]
var workspaceGroup = createWorkspace ? resourceGroup().name : workspacePath[4]
var ownTelemetryWorkspace = !empty(telemetryWorkspaceResourceId)
var telemetryPath = pathOf(
  ownTelemetryWorkspace ? telemetryWorkspaceResourceId : workspaceId,
  'telemetryWorkspaceResourceId'
)
var telemetryWorkspaceId = ownTelemetryWorkspace ? telemetryWorkspaceResourceId : workspaceId

resource telemetryWorkspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = if (ownTelemetryWorkspace) {
  name: telemetryPath[8]
  scope: resourceGroup(telemetryPath[2], telemetryPath[4])
}

@description('The parts of the resource id of a workspace; none of an empty one.')
func pathOf(id string, parameter string) string[] =>
  empty(id) || (length(split(id, '/')) == 9 && contains(
      toLower(id),
      '/providers/microsoft.operationalinsights/workspaces/'
    ))
    ? split(id, '/')
    : fail('${parameter} is no resource id of a workspace (/subscriptions/.../resourceGroups/.../providers/Microsoft.OperationalInsights/workspaces/<name>); found ${id}.')

module identity 'modules/identity.bicep' = {
  params: {
    location: location
    name: names.identity
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    location: location
    name: names.storage
    sku: storageSku
    publicAccess: !isPrivate
    tags: tags
  }
}

module eventHubs 'modules/eventHubs.bicep' = {
  params: {
    location: location
    name: names.namespace
    sku: eventHubsSku
    capacity: capacityUnits
    maximumThroughputUnits: maximumThroughputUnits
    sourceHubs: sourceHubs
    retentionHours: retentionHours
    deadLetterHub: deadLetterHub
    deadLetterRetentionHours: deadLetterRetentionHours
    consumerGroup: consumerGroup
    localAuth: eventHubsLocalAuth
    firewall: isPrivate || !empty(eventHubsAllowedIpRanges)
    allowedIpRanges: eventHubsAllowedIpRanges
    tags: tags
  }
}

module workspace 'modules/workspace.bicep' = if (createWorkspace) {
  params: {
    location: location
    name: workspaceName
    retentionInDays: workspaceRetentionDays
    tags: tags
  }
}

module destination 'modules/destination.bicep' = {
  scope: resourceGroup(workspaceSubscription, workspaceGroup)
  params: {
    workspaceName: workspaceName
    destinationTable: tableChecked
    plan: tablePlan
    analyticsRetentionDays: analyticsRetentionDays
    totalRetentionDays: totalRetentionDays
  }
  dependsOn: [workspace]
}

module collectionEndpoint 'modules/collectionEndpoint.bicep' = if (isPrivate) {
  params: {
    location: destination.outputs.workspaceLocation
    name: names.collectionEndpoint
    tags: tags
  }
}

module rules 'modules/rules.bicep' = {
  params: {
    location: destination.outputs.workspaceLocation
    names: names.rules
    workspaceId: workspaceId
    destinationTable: tableChecked
    dataCollectionEndpointId: isPrivate ? ids.collectionEndpoint : null
    tags: tags
  }
  dependsOn: [collectionEndpoint]
}

module applicationInsights 'modules/applicationInsights.bicep' = {
  params: {
    location: location
    name: names.applicationInsights
    workspaceId: telemetryWorkspaceId
    publicIngestion: !isPrivate
    tags: tags
  }
  dependsOn: [workspace]
}

module privateNetwork 'modules/network.bicep' = if (isPrivate && existingSubnets == null) {
  params: {
    location: location
    name: names.network
    addressPrefix: addressPrefix
    tags: tags
  }
}

var subnets = existingSubnets ?? {
  app: resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'app')
  endpoints: resourceId('Microsoft.Network/virtualNetworks/subnets', names.network, 'endpoints')
}

module privateAccess 'modules/privateAccess.bicep' = if (isPrivate) {
  params: {
    location: location
    name: '${name}-${token}'
    subnetId: subnets.endpoints
    zonesResourceGroupId: privateDnsZonesResourceGroupId
    cloud: cloud
    storageId: ids.storage
    namespaceId: ids.namespace
    monitorResourceIds: [ids.collectionEndpoint, ids.applicationInsights]
    tags: tags
  }
  dependsOn: [storage, eventHubs, collectionEndpoint, applicationInsights, privateNetwork]
}

module roles 'modules/roles.bicep' = {
  params: {
    identityId: ids.identity
    principalId: identity.outputs.principalId
    namespaceName: names.namespace
    sourceHubNames: hubNames
    deadLetterHubName: deadLetterHub
    ruleNames: names.rules
    applicationInsightsName: names.applicationInsights
    storageAccountName: names.storage
  }
  dependsOn: [eventHubs, rules, applicationInsights, storage]
}

module app 'modules/app.bicep' = {
  params: {
    location: location
    planName: names.plan
    name: names.app
    serviceName: 'app'
    nodeVersion: nodeVersion
    instanceMemoryMB: memoryChecked
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    zoneRedundant: zoneRedundant
    identity: { id: ids.identity, clientId: identity.outputs.clientId }
    storage: {
      accountName: thisCloud.hostFindsStorageByName ? names.storage : ''
      blobEndpoint: storage.outputs.blobEndpoint
      packageContainer: storage.outputs.packageContainer
    }
    eventHubs: {
      host: eventHubs.outputs.host
      names: hubNames
      consumerGroup: consumerGroup
      deadLetterHub: deadLetterHub
    }
    ingestion: {
      endpoint: collectionEndpoint.?outputs.logsIngestion ?? rules.outputs.endpoint
      ruleIds: rules.outputs.immutableIds
      stream: rules.outputs.streamName
      audience: cloud.ingestionAudience
    }
    applicationInsightsConnectionString: applicationInsights.outputs.connectionString
    appSettings: settingsChecked
    subnetId: isPrivate ? subnets.app : null
    publicAccess: !isPrivate
    tags: tags
  }
  // A host that starts before its roles and endpoints are there fails, and waits long before it tries again.
  dependsOn: [roles, privateAccess]
}

module diagnostics 'modules/diagnostics.bicep' = {
  params: {
    workspaceId: telemetryWorkspaceId
    ruleNames: names.rules
    namespaceName: names.namespace
    appName: names.app
  }
  dependsOn: [workspace, rules, eventHubs, app]
}

module actionGroup 'modules/actionGroup.bicep' = if (!empty(alertEmails)) {
  params: {
    name: names.actionGroup
    shortName: name
    emails: alertEmails
    tags: tags
  }
}

var allActionGroupIds = concat(actionGroupIds, empty(alertEmails) ? [] : [ids.actionGroup])

module metricAlerts 'modules/metricAlerts.bicep' = {
  params: {
    name: name
    namespaceId: ids.namespace
    hubNames: hubNames
    ruleIds: ids.rules
    alerts: alerts
    actionGroupIds: allActionGroupIds
    tags: tags
  }
  dependsOn: [eventHubs, rules, actionGroup]
}

module logAlerts 'modules/logAlerts.bicep' = {
  params: {
    location: telemetryWorkspace.?location ?? destination.outputs.workspaceLocation
    name: name
    workspaceId: telemetryWorkspaceId
    resources: resources
    retentionHours: retentionHours
    alerts: alerts
    actionGroupIds: allActionGroupIds
    tags: tags
  }
  dependsOn: [workspace, actionGroup]
}

module workbook 'modules/workbook.bicep' = {
  params: {
    location: location
    title: 'Network sessions (${name})'
    workspaceId: workspaceId
    telemetryWorkspaceId: telemetryWorkspaceId
    resources: resources
    destinationTable: destinationTable
    tablePlan: destinationTable == 'NetworkSessions_CL' ? tablePlan : 'Analytics'
    tags: tags
  }
  dependsOn: [workspace]
}

@description('What Defender\'s streaming setting asks for as "Event Hub Namespace resource ID".')
output EVENT_HUB_NAMESPACE_RESOURCE_ID string = eventHubs.outputs.id

@description('Host name of the namespace, for replay and other commands.')
output EVENT_HUB_HOST string = eventHubs.outputs.host

@description('The source hubs, separated by commas.')
output EVENT_HUB_NAMES string = join(eventHubs.outputs.sourceHubNames, ',')

@description('The dead-letter hub.')
output DEAD_LETTER_EVENT_HUB string = eventHubs.outputs.deadLetterHubName

@description('Name of the Function App.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('Name of the storage account, which holds the checkpoints.')
output STORAGE_ACCOUNT_NAME string = storage.outputs.name

@description('Where rows are sent to.')
output LOGS_INGESTION_ENDPOINT string = collectionEndpoint.?outputs.logsIngestion ?? rules.outputs.endpoint

@description('Immutable ids of the rules, separated by commas.')
output LOGS_INGESTION_RULE_IDS string = join(rules.outputs.immutableIds, ',')

@description('Who is told when an alert fires. azd shows it at the end of the deployment.')
output ALERT_RECEIVERS string = empty(allActionGroupIds)
  ? 'NOBODY is told when an alert fires: set alertEmails or actionGroupIds and deploy again.'
  : 'Alerts are told to ${empty(alertEmails) ? '' : '${join(alertEmails, ', ')} and '}${length(actionGroupIds)} action groups of yours.'

@description('Id by which queries name the workspace.')
output WORKSPACE_CUSTOMER_ID string = destination.outputs.workspaceCustomerId

@description('Resource id of the workbook.')
output WORKBOOK_RESOURCE_ID string = workbook.outputs.id
