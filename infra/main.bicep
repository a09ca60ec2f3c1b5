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

@description('Required. Beginning of all names, 3 to 12 letters, digits and hyphens. Renaming makes everything anew, checkpoints included: see docs/deploy.md.')
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

@description('Optional. IPv4 addresses or ranges that may reach the namespace. Any entry turns its firewall on, which trusted services of Microsoft pass.')
param eventHubsAllowedIpRanges string[] = []

// Compute

@description('Optional. Major version of Node on the instances.')
param nodeVersion '22' | '24' = '22'

@description('Optional. Memory of an instance in MB. 40% of it has to hold the largest hub: partitions x 48 MB. More memory is more CPU, and costs more a second.')
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
  TELEMETRY_INTERVAL_SECONDS: 60
  BACKLOG_INTERVAL_SECONDS: 60
}

// Where rows go

@description('Optional. Resource id of an existing workspace, in any resource group or subscription of the tenant. Empty: one is created here.')
param workspaceResourceId string = ''

@description('Optional. Days for which a created workspace keeps what has no retention of its own, 30 to 730. An existing workspace is left as it is.')
@minValue(30)
@maxValue(730)
param workspaceRetentionDays int = 90

@description('Optional. Table that the rows end in. NetworkSessions_CL is created with all columns; ASimNetworkSessionLogs belongs to Microsoft Sentinel, which has to be on the workspace, and takes the rows by a transform; NetworkSessions is documented as not open to the Logs Ingestion API today, and the deployment fails with it until that changes.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions' = 'NetworkSessions_CL'

@description('Optional. Plan of NetworkSessions_CL. Basic costs less to store and is paid by query, with 30 days and no analytics rules; Auxiliary costs least, is slow, has no alerts, and AdditionalFields is text in it. Auxiliary cannot be changed later.')
param tablePlan 'Analytics' | 'Basic' | 'Auxiliary' = 'Analytics'

@description('Optional. Days for which NetworkSessions_CL can be queried at full speed, 4 to 730. Analytics plan only; up to 90 days cost nothing more where Microsoft Sentinel is on.')
@minValue(4)
@maxValue(730)
param analyticsRetentionDays int = 90

@description('Optional. Days after which rows are gone, 4 to 730, or whole years to 4383. Beyond the interactive days they are reached by search jobs.')
@minValue(4)
@maxValue(4383)
param totalRetentionDays int = 90

@description('Optional. Data Collection Rules, 1 to 10; the app spreads partitions over them. One takes 2 GB and 12,000 calls a minute.')
@minValue(1)
@maxValue(10)
param ruleCount int = 1

// Network

@description('Optional. private puts the app into a network and its storage, the hubs, the rules and Application Insights behind private endpoints. Defender\'s export still comes in over the Internet. Not in Azure China.')
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
  transformErrors: { threshold: 0, severity: 1 }
  ruleLogErrors: { threshold: 0, severity: 2 }
  hubThrottled: { threshold: 0, severity: 2 }
  hubFull: { threshold: 0, severity: 2 }
  newActionTypes: { threshold: 0, severity: 3 }
  noHeartbeat: { threshold: 0, severity: 1 }
}

var token = uniqueString(resourceGroup().id, name)
var names = {
  identity: 'id-${name}-${token}'
  storage: 'st${take(replace(toLower(name), '-', ''), 9)}${token}'
  namespace: 'evhns-${name}-${token}'
  workspace: 'log-${name}-${token}'
  collectionEndpoint: 'dce-${name}-${token}'
  rules: map(range(1, ruleCount), i => 'dcr-${name}-${token}-${i}')
  applicationInsights: 'appi-${name}-${token}'
  network: 'vnet-${name}-${token}'
  plan: 'plan-${name}-${token}'
  app: 'func-${name}-${token}'
  actionGroup: 'ag-${name}-${token}'
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
var cloud = !isPrivate || !empty(thisCloud.monitorPrivateZones)
  ? thisCloud
  : fail('network: private is not to be had in ${environment().name}: Azure Monitor has no private link there. Use public.')
var hubNames = map(sourceHubs, hub => hub.name)

// For each partition the trigger holds a batch and what it reads ahead, up to 1 MB a message; one instance may have to serve
// all partitions of a hub.
var trigger = loadJsonContent('../host.json', 'extensions.eventHubs')
var memoryNeeded = max(map(sourceHubs, hub => hub.partitions)) * (trigger.maxEventBatchSize + trigger.prefetchCount)
var memoryChecked = memoryNeeded * 10 <= instanceMemoryMB * 4
  ? instanceMemoryMB
  : fail('The largest hub needs ${memoryNeeded} MB for batches, which is more than 40% of instanceMemoryMB (${instanceMemoryMB}). Give instances more memory or the hub fewer partitions.')

var workspacePath = empty(workspaceResourceId) || length(split(workspaceResourceId, '/')) == 9
  ? split(workspaceResourceId, '/')
  : fail('workspaceResourceId is no resource id (/subscriptions/.../resourceGroups/.../providers/Microsoft.OperationalInsights/workspaces/<name>); found ${workspaceResourceId}.')
var createWorkspace = empty(workspaceResourceId)
var workspaceName = createWorkspace ? names.workspace : workspacePath[8]
var workspaceId = createWorkspace
  ? resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
  : workspaceResourceId
var workspaceSubscription = createWorkspace ? subscription().subscriptionId : workspacePath[2]
var workspaceGroup = createWorkspace ? resourceGroup().name : workspacePath[4]

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
    destinationTable: destinationTable
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
    destinationTable: destinationTable
    tablePlan: tablePlan
    dataCollectionEndpointId: isPrivate ? ids.collectionEndpoint : null
    tags: tags
  }
  dependsOn: [collectionEndpoint]
}

module applicationInsights 'modules/applicationInsights.bicep' = {
  params: {
    location: location
    name: names.applicationInsights
    workspaceId: workspaceId
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
    appSettings: appSettings
    subnetId: isPrivate ? subnets.app : null
    tags: tags
  }
  // A host that starts before its roles and endpoints are there fails, and waits long before it tries again.
  dependsOn: [roles, privateAccess]
}

module diagnostics 'modules/diagnostics.bicep' = {
  params: {
    workspaceId: workspaceId
    ruleNames: names.rules
    namespaceName: names.namespace
    appName: names.app
  }
  dependsOn: [rules, eventHubs, app]
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
    ruleIds: ids.rules
    alerts: alerts
    actionGroupIds: allActionGroupIds
    tags: tags
  }
  dependsOn: [eventHubs, rules, actionGroup]
}

module logAlerts 'modules/logAlerts.bicep' = {
  params: {
    location: destination.outputs.workspaceLocation
    name: name
    workspaceId: workspaceId
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

@description('Id by which queries name the workspace.')
output WORKSPACE_CUSTOMER_ID string = destination.outputs.workspaceCustomerId

@description('Resource id of the workbook.')
output WORKBOOK_RESOURCE_ID string = workbook.outputs.id
