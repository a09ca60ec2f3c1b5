metadata name = 'Defender network sessions'
metadata description = 'Defender network events from Event Hubs, through a Functions app and Data Collection Rules (DCRs), to a table in Log Analytics, with alerts and a workbook. Deployed into one resource group.'

targetScope = 'resourceGroup'

import {
  alertsType
  appSettingsType
  clouds
  cloudsWithSummaryRules
  sourceHubType
  subnetsType
  tagsType
} from 'types.bicep'

// Names and regions

@description('Required. Prefix of all names, 3 to 12 letters, digits and hyphens (most services reject underscores). Renaming creates everything again, including checkpoints: see docs/deploy.md.')
@minLength(3)
@maxLength(12)
param name string

@description('Optional. Region of hubs, app and storage; it must offer Flex Consumption. The DCRs are created in the region of the workspace.')
param location string = resourceGroup().location

@description('Optional. Tags of every resource.')
param tags tagsType = {}

// Event Hubs

@description('Optional. The hubs that Defender streams to, 1 to 9 on Standard. One per table if the hub name in Defender\'s setting is empty.')
@minLength(1)
@maxLength(99)
param sourceHubs sourceHubType[] = [
  { name: 'insights-logs-advancedhunting-devicenetworkevents', partitions: 8 }
]

@description('Optional. Standard: 1 MB/s in per unit, 7 days, 10 hubs. Premium: more of each, at several times the price. It cannot be changed in place.')
param eventHubsSku 'Standard' | 'Premium' = 'Standard'

@description('Optional. Initial throughput units (Standard, 1 to 40), or processing units (Premium: 1, 2, 4, 8 or 16). Each is billed by the hour.')
@minValue(1)
@maxValue(40)
param capacityUnits int = 1

@description('Optional. Maximum throughput units for auto-inflate; 0 turns it off. Auto-inflate never goes down. Standard only.')
@minValue(0)
@maxValue(40)
param maximumThroughputUnits int = 10

@description('Optional. Hours for which source hubs keep events: 1 to 168 on Standard, up to 2160 on Premium. An outage shorter than this loses nothing.')
@minValue(1)
@maxValue(2160)
param retentionHours int = 168

@description('Optional. Name of the hub for records that cannot become a row.')
@minLength(1)
@maxLength(256)
param deadLetterHub string = 'network-sessions-dead-letters'

@description('Optional. Hours for which dead letters are kept, within the same limits: the time you have to replay or export them.')
@minValue(1)
@maxValue(2160)
param deadLetterRetentionHours int = 168

@description('Optional. Consumer group of the app in each source hub. With another name the app starts again at the oldest event in the hub.')
@minLength(1)
@maxLength(50)
param consumerGroup string = 'network-sessions'

@description('Optional. Whether keys also give access to the namespace. Defender\'s export signs in with a key, so false stops it. The app itself uses only its identity.')
param eventHubsLocalAuth bool = true

@description('Optional. IPv4 addresses or ranges that may reach the namespace. Any entry turns on its firewall. It is not documented whether Defender\'s export passes it as a trusted service: see docs/deploy.md.')
param eventHubsAllowedIpRanges string[] = []

// Compute

@description('Optional. Major version of Node on the instances.')
param nodeVersion '22' | '24' = '22'

@description('Optional. Memory of an instance in MB. The largest hub must fit into 80% of it: partitions x 48 MB in the host, plus the worker at its peak (infra/workerMemory.json). More memory means more CPU and a higher price per second.')
param instanceMemoryMB 512 | 2048 | 4096 = 2048

@description('Optional. Maximum number of instances, for all hubs together. There are never more than partitions.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Optional. Instances per hub that always run, billed by the hour; with 0 they start when events arrive.')
@minValue(0)
@maxValue(32)
param alwaysReadyInstances int = 0

@description('Optional. Whether instances are spread over availability zones; the region must have them. Some regions cannot change it in place.')
param zoneRedundant bool = false

@description('Optional. Redundancy of the storage for package and checkpoints. Use LRS if the region has no zones.')
param storageSku 'Standard_ZRS' | 'Standard_LRS' = 'Standard_ZRS'

@description('Optional. Settings that change how the app works; docs/settings.md describes each.')
param appSettings appSettingsType = {
  LOGS_INGESTION_CONCURRENCY: 4
  LOGS_INGESTION_TIMEOUT_SECONDS: 30
  DELIVERY_BUDGET_SECONDS: 90
  ADDITIONAL_FIELDS: 'full'
  OMIT_ADDITIONAL_FIELDS: ''
  KEEP_COLUMNS: ''
  OMIT_COLUMNS: ''
  URL_REDACTION: 'credentials'
  MERGE_FLOWS: 'off'
  PROXY_ADDRESSES: ''
  KNOWN_NEWS: ''
  DROP_RULES_FILE: ''
  TELEMETRY_INTERVAL_SECONDS: 60
  BACKLOG_INTERVAL_SECONDS: 60
}

// Where rows go

@description('Optional. Resource id of an existing workspace, in any resource group or subscription of the tenant. Empty: one is created here.')
param workspaceResourceId string = ''

@description('Optional. Resource id of another workspace for telemetry of the app, diagnostic logs and metrics. Empty: the workspace of the rows, at its price (Microsoft Sentinel\'s price if that is on).')
param telemetryWorkspaceResourceId string = ''

@description('Optional. Days for which a created workspace keeps tables without their own retention, 30 to 730. An existing workspace is not changed.')
@minValue(30)
@maxValue(730)
param workspaceRetentionDays int = 90

@description('Optional. Destination table of the rows. NetworkSessions_CL is created with all columns. ASimNetworkSessionLogs belongs to Microsoft Sentinel, which must be on the workspace (so set workspaceResourceId); a transform converts the rows. NetworkSessions is documented as closed to the Logs Ingestion API; the deployment fails with it until that changes.')
param destinationTable 'NetworkSessions_CL' | 'ASimNetworkSessionLogs' | 'NetworkSessions' = 'NetworkSessions_CL'

@description('Optional. Plan of NetworkSessions_CL. Basic costs less to store, is billed per query, and has 30 days and no analytics rules. Auxiliary costs least, is slow and has no alerts; it cannot be changed later.')
param tablePlan 'Analytics' | 'Basic' | 'Auxiliary' = 'Analytics'

@description('Optional. Days for which NetworkSessions_CL can be queried at full speed, 4 to 730. Analytics plan only. With Microsoft Sentinel on, up to 90 days cost nothing extra.')
@minValue(4)
@maxValue(730)
param analyticsRetentionDays int = 90

@description('Optional. Days after which rows are deleted: 4 to 730 (at least 30 with Basic and Auxiliary), or whole years up to 4383. After the interactive days, search jobs can read them.')
@minValue(4)
@maxValue(4383)
param totalRetentionDays int = 90

@description('Optional. Number of DCRs, 1 to 10; the app spreads partitions over them. One takes 2 GB and 12,000 calls a minute.')
@minValue(1)
@maxValue(10)
param ruleCount int = 1

@description('Optional. Condition in KQL that a row must meet to be stored, such as EventSubType != "ListeningConnectionCreated"; empty for all rows. The DCR drops the others after they were sent, which is not always free: docs/cost.md. It turns the alert rows-dropped off. Check it first: npm run check:kql -- --filter.')
param rowFilter string = ''

@description('Optional. Whether the parsers of ASIM are saved in the workspace: functions that return the rows in Microsoft Sentinel\'s common schema. It changes nothing that exists; docs/sentinel.md says how Sentinel calls them.')
param asimParsers bool = false

// Microsoft Sentinel and hunting

@description('Optional. Whether Microsoft Sentinel is on the workspace of the rows: the workbook then goes to its gallery, and analytics rules are possible. A template cannot find out.')
param microsoftSentinel bool = false

@description('Optional. Saves the hunting queries of docs/hunting.md in the workspace. Sentinel shows them under Hunting.')
param huntingQueries bool = false

@description('Optional. Creates the analytics rules of docs/hunting.md, all of them on. They need microsoftSentinel and a table of plan Analytics.')
param analyticsRules bool = false

@description('Optional. Creates two summary rules that keep daily totals of NetworkSessions_CL, for the plans Basic and Auxiliary above all. They read all rows once a day, each at the price of a query.')
param dailyTotals bool = false

// Network

@description('Optional. private puts the app into a network, puts its storage, the hubs, the DCRs and Application Insights behind private endpoints, and rejects all requests to the app. Defender\'s export still arrives over the Internet. Not available in Azure China.')
param network 'public' | 'private' = 'public'

@description('Optional. Address range of the network that is created when network is private, /25 or larger.')
param addressPrefix string = '10.90.0.0/24'

@description('Optional. Subnets of an existing network. Null creates a network.')
param existingSubnets subnetsType?

@description('Optional. Resource id of a resource group that already holds the private DNS zones, linked to the network. Empty: the zones are created here.')
param privateDnsZonesResourceGroupId string = ''

// People

@description('Optional. Object id of whoever deploys, or of a group, which may then read and send in all hubs, read the checkpoints, and query a workspace that is created here. Empty: the template assigns nothing to people.')
param deployerPrincipalId string = ''

// Alerts

@description('Optional. E-mail addresses that are notified when an alert fires. Empty: no action group is created.')
param alertEmails string[] = []

@description('Optional. Resource ids of your action groups that are also notified.')
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

// Bicep has no patterns for parameters, so each character is checked.
var otherCharacters = filter(
  map(range(0, length(name)), i => substring(name, i, 1)),
  character => !contains('abcdefghijklmnopqrstuvwxyz0123456789-', toLower(character))
)
var checkedName = empty(otherCharacters)
  ? name
  : fail('name accepts letters, digits and hyphens, which all services accept; found "${name}". With azd it is the name of the environment: azd env new <name>.')
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
// Ids made from names instead of module outputs: what-if needs values that are known before the deployment.
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
  ? fail('network: private is not available in ${environment().name}: Azure Monitor has no private link there. Use public.')
  : tablePlan == 'Auxiliary' && !thisCloud.hasAuxiliaryPlan
      ? fail('tablePlan: ${environment().name} has no Auxiliary plan. Use Analytics or Basic.')
      : thisCloud
var hubNames = map(sourceHubs, hub => hub.name)

// One instance may have to serve all partitions of a hub. The host then holds a batch and the prefetch for each partition, up to
// 1 MB a message; in addition there is the worker, at its measured peak.
var hostJson = loadJsonContent('../host.json')
var trigger = hostJson.extensions.eventHubs
var worker = loadJsonContent('workerMemory.json')
var mostPartitions = max(map(sourceHubs, hub => hub.partitions))
var hostMemory = mostPartitions * (trigger.maxEventBatchSize + trigger.prefetchCount)
var workerMemory = worker.baseMB + mostPartitions * worker.partitionMB
var memoryChecked = (hostMemory + workerMemory) * 10 <= instanceMemoryMB * 8
  ? instanceMemoryMB
  : fail('The largest hub (${mostPartitions} partitions) needs ${hostMemory} MB in the host and ${workerMemory} MB in the worker, together more than 80% of instanceMemoryMB (${instanceMemoryMB}). Give instances more memory or the hub fewer partitions.')

// The last attempt may begin when the budget is nearly used up, and an attempt also reads, maps and logs. At functionTimeout the
// host ends the worker with every batch in flight. The app makes the same check at start.
var timeout = map(split(hostJson.functionTimeout, ':'), part => int(part))
var timeoutSeconds = timeout[0] * 3600 + timeout[1] * 60 + timeout[2]
var longestDelivery = appSettings.DELIVERY_BUDGET_SECONDS + appSettings.LOGS_INGESTION_TIMEOUT_SECONDS
var settingsChecked = longestDelivery <= timeoutSeconds - 30
  ? appSettings
  : fail('DELIVERY_BUDGET_SECONDS (${appSettings.DELIVERY_BUDGET_SECONDS}) and LOGS_INGESTION_TIMEOUT_SECONDS (${appSettings.LOGS_INGESTION_TIMEOUT_SECONDS}) are together ${longestDelivery} s; they must stay 30 s below functionTimeout of host.json (${timeoutSeconds} s), or the host ends the worker with every batch in flight.')

var createWorkspace = empty(workspaceResourceId)
var tableChecked = !createWorkspace || destinationTable != 'ASimNetworkSessionLogs'
  ? destinationTable
  : fail('ASimNetworkSessionLogs exists only if Microsoft Sentinel is on, and a workspace that is created here does not have it. Set workspaceResourceId to the workspace of Sentinel, or use NetworkSessions_CL.')
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
    : fail('${parameter} is not the resource id of a workspace (/subscriptions/.../resourceGroups/.../providers/Microsoft.OperationalInsights/workspaces/<name>); found ${id}.')

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
    asimParsers: asimParsers
  }
  dependsOn: [workspace]
}

var huntingChecked = !huntingQueries && !analyticsRules
  ? false
  : destinationTable == 'NetworkSessions'
      ? fail('huntingQueries and analyticsRules read NetworkSessions_CL or ASimNetworkSessionLogs; destinationTable is NetworkSessions, which nothing can write to yet.')
      : true
var rulesChecked = !analyticsRules
  ? false
  : !microsoftSentinel
      ? fail('analyticsRules are rules of Microsoft Sentinel: turn Sentinel on for the workspace and set microsoftSentinel, or leave analyticsRules off.')
      : destinationTable == 'NetworkSessions_CL' && tablePlan != 'Analytics'
          ? fail('analyticsRules need tablePlan Analytics; found ${tablePlan}, whose tables analytics rules cannot read.')
          : true
var totalsChecked = !dailyTotals
  ? false
  : destinationTable != 'NetworkSessions_CL'
      ? fail('dailyTotals reads NetworkSessions_CL; destinationTable is ${destinationTable}.')
      : !contains(cloudsWithSummaryRules, environment().name)
          ? fail('dailyTotals: ${environment().name} has no summary rules. Leave it off.')
          : true

module hunting 'modules/hunting.bicep' = if (huntingChecked) {
  scope: resourceGroup(workspaceSubscription, workspaceGroup)
  params: {
    workspaceName: workspaceName
    destinationTable: destinationTable
    huntingQueries: huntingQueries
    analyticsRules: rulesChecked
  }
  dependsOn: [destination]
}

module summaryRules 'modules/summaryRules.bicep' = if (totalsChecked) {
  scope: resourceGroup(workspaceSubscription, workspaceGroup)
  params: {
    workspaceName: workspaceName
  }
  dependsOn: [destination]
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
    rowFilter: rowFilter
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

module deployerRoles 'modules/deployerRoles.bicep' = if (!empty(deployerPrincipalId)) {
  params: {
    principalId: deployerPrincipalId
    namespaceName: names.namespace
    storageAccountName: names.storage
    workspaceName: createWorkspace ? names.workspace : ''
  }
  dependsOn: [eventHubs, storage, workspace]
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
  // A host that starts before its roles and endpoints exist fails, and waits long before it retries.
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
    filtersRows: !empty(rowFilter)
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
    gallery: microsoftSentinel ? 'sentinel' : 'workbook'
    tags: tags
  }
  dependsOn: [workspace]
}

@description('"Event Hub Namespace resource ID" in Defender\'s streaming setting.')
output EVENT_HUB_NAMESPACE_RESOURCE_ID string = eventHubs.outputs.id

@description('Host name of the namespace, for replay and other commands.')
output EVENT_HUB_HOST string = eventHubs.outputs.host

@description('The source hubs, separated by commas.')
output EVENT_HUB_NAMES string = join(eventHubs.outputs.sourceHubNames, ',')

@description('Consumer group of the app in each source hub.')
output EVENT_HUB_CONSUMER_GROUP string = consumerGroup

@description('The dead-letter hub.')
output DEAD_LETTER_EVENT_HUB string = eventHubs.outputs.deadLetterHubName

@description('Name of the Function App.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('Name of the storage account, which holds the checkpoints.')
output STORAGE_ACCOUNT_NAME string = storage.outputs.name

@description('Address of its blobs.')
output STORAGE_BLOB_ENDPOINT string = storage.outputs.blobEndpoint

@description('Endpoint that rows are sent to.')
output LOGS_INGESTION_ENDPOINT string = collectionEndpoint.?outputs.logsIngestion ?? rules.outputs.endpoint

@description('Immutable ids of the DCRs, separated by commas.')
output LOGS_INGESTION_RULE_IDS string = join(rules.outputs.immutableIds, ',')

@description('Stream that the DCRs declare.')
output LOGS_INGESTION_STREAM string = rules.outputs.streamName

@description('Audience of the tokens for the DCRs.')
output LOGS_INGESTION_AUDIENCE string = cloud.ingestionAudience

@description('Who is notified when an alert fires. azd prints it at the end of the deployment.')
output ALERT_RECEIVERS string = empty(allActionGroupIds)
  ? 'NOBODY is notified when an alert fires: set alertEmails or actionGroupIds and deploy again.'
  : 'Alerts notify ${empty(alertEmails) ? '' : '${join(alertEmails, ', ')} and '}${length(actionGroupIds)} of your action groups.'

@description('Id of the workspace for queries.')
output WORKSPACE_CUSTOMER_ID string = destination.outputs.workspaceCustomerId

@description('Resource id of the workspace of the rows, for npm run doctor -- --asim. Not named like the parameter: azd would take the workspace that is created here for an existing one at the next deployment.')
output ROWS_WORKSPACE_RESOURCE_ID string = workspaceId

@description('Resource id of the workbook.')
output WORKBOOK_RESOURCE_ID string = workbook.outputs.id
