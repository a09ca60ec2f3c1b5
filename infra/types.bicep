metadata description = 'Types, role ids and names that several modules share.'

@export()
@description('Tags of every resource.')
type tagsType = resourceInput<'Microsoft.Resources/resourceGroups@2025-04-01'>.tags

@export()
@description('An event hub that Defender streams to.')
type sourceHubType = {
  @description('Required. Name of the hub. If the hub name in Defender\'s setting is empty, Defender uses one hub per table, insights-logs-advancedhunting-<table>. Enter that name, or the one from the setting.')
  @minLength(1)
  @maxLength(256)
  name: string

  @description('Required. Partitions of the hub, 1 to 32 on Standard, up to 100 on Premium. More partitions allow more instances in parallel; on Standard the number can never be changed. One takes about 1 MB/s; Defender sends 1 to 2 KB per event.')
  @minValue(1)
  @maxValue(100)
  partitions: int
}

@export()
@description('App settings that change how the app works, each by its own name (docs/settings.md). The template sets all others itself.')
type appSettingsType = {
  @description('Required. Chunks in flight per instance, 1 to 64, divided evenly between the DCRs. More is faster and takes more memory.')
  @minValue(1)
  @maxValue(64)
  LOGS_INGESTION_CONCURRENCY: int

  @description('Required. Time-out of one attempt to send a chunk, 1 to 300 seconds. Too short a time-out stores rows twice.')
  @minValue(1)
  @maxValue(300)
  LOGS_INGESTION_TIMEOUT_SECONDS: int

  @description('Required. Seconds for all attempts of one invocation, 1 to 540; after that the batch is held and redelivered.')
  @minValue(1)
  @maxValue(540)
  DELIVERY_BUDGET_SECONDS: int

  @description('Required. How much AdditionalFields keeps. Less is cheaper. lean leaves out only what a column of the row holds; what process and minimal leave out is lost.')
  ADDITIONAL_FIELDS: 'full' | 'lean' | 'process' | 'minimal'

  @description('Required. Keys that AdditionalFields goes without, separated by commas; empty for none. What they hold is lost.')
  OMIT_ADDITIONAL_FIELDS: string

  @description('Required. The only columns of a row, beside the required ones, separated by commas; empty for all. Not together with OMIT_COLUMNS.')
  KEEP_COLUMNS: string

  @description('Required. Columns that no row has, separated by commas; empty for none. What they hold is lost.')
  OMIT_COLUMNS: string

  @description('Required. What is removed from URLs: nothing, user and password, or also everything from the query on.')
  URL_REDACTION: 'none' | 'credentials' | 'query'

  @description('Required. message: identical connections within one message become one row, with their number in EventCount. docs/flows.md says what is lost.')
  MERGE_FLOWS: 'off' | 'message'

  @description('Required. Forward proxies, addresses and CIDR ranges separated by commas; empty for none. Their addresses never get the name of a site.')
  PROXY_ADDRESSES: string

  @description('Required. Names of columns, action types and envelope fields that are not reported as new in the schema, separated by commas; empty for none.')
  KNOWN_NEWS: string

  @description('Required. The file of the rules that drop, count or sample records, from the folder of host.json, such as infra/rules/examples.json; empty for none.')
  DROP_RULES_FILE: string

  @description('Required. Seconds between two exports of metrics, 1 to 3600. Alerts cannot be faster than this; fewer exports cost less.')
  @minValue(1)
  @maxValue(3600)
  TELEMETRY_INTERVAL_SECONDS: int

  @description('Required. Seconds between two requests to the hub for the end of its partitions, 0 to 3600. 0 is never; then backlog and oldest event are unknown.')
  @minValue(0)
  @maxValue(3600)
  BACKLOG_INTERVAL_SECONDS: int
}

@export()
@description('Threshold and severity of an alert.')
type alertType = {
  @description('Required. The alert fires above this value; each alert names its unit.')
  @minValue(0)
  threshold: int

  @description('Required. 0 critical, 1 error, 2 warning, 3 informational, 4 verbose.')
  @minValue(0)
  @maxValue(4)
  severity: int
}

@export()
@description('Every alert of the deployment. They work with every table plan, because none reads the destination table.')
type alertsType = {
  @description('Required. Records and events that arrived in 30 minutes without any stored row.')
  nothingStored: alertType

  @description('Required. Age of the oldest waiting event, in percent of its hub\'s retention. At 100, events are lost.')
  oldestEvent: alertType

  @description('Required. Dead letters written in 15 minutes, by hub, reason and table.')
  deadLetters: alertType

  @description('Required. Seconds for which the batch of a partition has been held.')
  heldPartition: alertType

  @description('Required. Failed calls to a DCR in 15 minutes, by status and code. Some are normal: the app retries them.')
  ingestionErrors: alertType

  @description('Required. Rows that a DCR dropped in 15 minutes.')
  rowsDropped: alertType

  @description('Required. Columns that a DCR dropped in 15 minutes. They are billed but not stored.')
  columnsDropped: alertType

  @description('Required. Transform errors of a DCR in 15 minutes.')
  transformErrors: alertType

  @description('Required. Errors in DCRLogErrors in 15 minutes.')
  ruleLogErrors: alertType

  @description('Required. Throttled requests of the namespace in 15 minutes. It needs more throughput units.')
  hubThrottled: alertType

  @description('Required. Requests that the namespace rejected in 15 minutes because a quota was used up.')
  hubFull: alertType

  @description('Required. Messages that arrived in a source hub in an hour in which none was read, by the hub\'s own count.')
  hubNotRead: alertType

  @description('Required. Percent of the messages of the last 6 hours that arrived and were not read, by the namespace\'s own count.')
  unreadMessages: alertType

  @description('Required. Records in a day with the same unknown name, or the same unreadable column.')
  schemaNews: alertType

  @description('Required. Messages that arrived in 30 minutes without a heartbeat of the app.')
  noHeartbeat: alertType

  @description('Required. Starts of the worker in 30 minutes beyond the number of instances.')
  workerStarts: alertType

  @description('Required. Batches settled in 30 minutes whose books do not balance.')
  booksUnbalanced: alertType
}

@export()
@description('Ids of the built-in roles that the app is given: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles')
var roleIds = {
  azureEventHubsDataReceiver: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'
  azureEventHubsDataSender: '2b629674-e913-4c01-ae53-ef4638d8f975'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
}

@export()
@description('Ids of the built-in roles that whoever deploys gets, and the app does not.')
var readerRoleIds = {
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
}

@export()
@description('Differences between clouds that environment() does not cover.')
var clouds = {
  AzureCloud: {
    ingestionAudience: 'https://monitor.azure.com'
    hasAuxiliaryPlan: true
    hostFindsStorageByName: true
    eventHubsPrivateZone: 'privatelink.servicebus.windows.net'
    monitorPrivateZones: [
      'privatelink.monitor.azure.com'
      'privatelink.oms.opinsights.azure.com'
      'privatelink.ods.opinsights.azure.com'
      'privatelink.agentsvc.azure-automation.net'
    ]
  }
  AzureUSGovernment: {
    ingestionAudience: 'https://monitor.azure.us'
    hasAuxiliaryPlan: false
    hostFindsStorageByName: false
    eventHubsPrivateZone: 'privatelink.servicebus.usgovcloudapi.net'
    monitorPrivateZones: [
      'privatelink.monitor.azure.us'
      'privatelink.oms.opinsights.azure.us'
      'privatelink.ods.opinsights.azure.us'
      'privatelink.agentsvc.azure-automation.us'
    ]
  }
  AzureChinaCloud: {
    ingestionAudience: 'https://monitor.azure.cn'
    hasAuxiliaryPlan: false
    hostFindsStorageByName: false
    eventHubsPrivateZone: 'privatelink.servicebus.chinacloudapi.cn'
    monitorPrivateZones: []
  }
}

@export()
@description('Clouds whose Log Analytics has summary rules.')
var cloudsWithSummaryRules = ['AzureCloud']

@export()
@description('The name of the function that reads a hub, as functions/functionNames.ts makes it.')
func functionNameOf(hub string) string =>
  take(
    contains('abcdefghijklmnopqrstuvwxyz', toLower(take(hub, 1)))
      ? replace(hub, '.', '_')
      : 'hub_${replace(hub, '.', '_')}',
    123
  )

@export()
@description('A query without comment lines and surrounding white space: DCRs and alerts take the text as it is.')
func withoutComments(text string) string =>
  trim(join(filter(split(text, '\n'), line => !startsWith(trim(line), '//')), '\n'))

@export()
@description('Existing subnets of one network.')
type subnetsType = {
  @description('Required. Resource id of the subnet of the app: empty, delegated to Microsoft.App/environments, /27 or larger, without an underscore in its name.')
  app: string

  @description('Required. Resource id of the subnet for private endpoints, in the same network.')
  endpoints: string
}

@export()
@description('Differences between clouds that environment() does not cover.')
type cloudType = {
  @description('Audience of the tokens for the Logs Ingestion API.')
  ingestionAudience: string

  @description('Whether Log Analytics has the Auxiliary plan.')
  hasAuxiliaryPlan: bool

  @description('Whether the host can find its storage by account name: it adds the suffix of Azure\'s public cloud.')
  hostFindsStorageByName: bool

  @description('Private DNS zone of Event Hubs.')
  eventHubsPrivateZone: string

  @description('Private DNS zones of Azure Monitor; none if the cloud has no private link.')
  monitorPrivateZones: string[]
}

@export()
@description('Resource ids that replace placeholders in queries and the workbook, {ApplicationInsights} and so on.')
type resourcesType = {
  @description('The Application Insights component.')
  applicationInsights: string

  @description('The Event Hubs namespace.')
  eventHubsNamespace: string

  @description('The Data Collection Rules.')
  dataCollectionRules: string[]
}

@export()
@description('Replaces the placeholders in a text with resource ids.')
func filledIn(text string, resources resourcesType) string =>
  reduce(
    [
      ['{ApplicationInsights}', resources.applicationInsights]
      ['{EventHubsNamespace}', resources.eventHubsNamespace]
      ['{DataCollectionRules}', join(resources.dataCollectionRules, ',')]
    ],
    text,
    (done, pair) => replace(done, pair[0], pair[1])
  )
