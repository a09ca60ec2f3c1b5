using './main.bicep'

// Every parameter, the optional ones with their defaults: deleting such a line changes nothing. main.bicep describes each.
// azd sets AZURE_ENV_NAME; with plain az, pass name=... after the file.

param name = take(readEnvironmentVariable('AZURE_ENV_NAME', 'netsessions'), 12)
// The default of location is the region of the resource group, which cannot be expressed here.
// param location = 'westeurope'
param tags = {}

// Event Hubs

param sourceHubs = [
  { name: 'insights-logs-advancedhunting-devicenetworkevents', partitions: 8 }
]
param eventHubsSku = 'Standard'
param capacityUnits = 1
param maximumThroughputUnits = 10
param retentionHours = 168
param deadLetterHub = 'network-sessions-dead-letters'
param deadLetterRetentionHours = 168
param consumerGroup = 'network-sessions'
param eventHubsLocalAuth = true
param eventHubsAllowedIpRanges = []

// Compute

param nodeVersion = '22'
param instanceMemoryMB = 2048
param maximumInstanceCount = 40
param alwaysReadyInstances = 0
param zoneRedundant = false
param storageSku = 'Standard_ZRS'
param appSettings = {
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

param workspaceResourceId = readEnvironmentVariable('WORKSPACE_RESOURCE_ID', '')
param telemetryWorkspaceResourceId = readEnvironmentVariable('TELEMETRY_WORKSPACE_RESOURCE_ID', '')
param workspaceRetentionDays = 90
param destinationTable = 'NetworkSessions_CL'
param tablePlan = 'Analytics'
param analyticsRetentionDays = 90
param totalRetentionDays = 90
param ruleCount = 1
param rowFilter = ''
param asimParsers = false

// Microsoft Sentinel and hunting

param microsoftSentinel = false
param huntingQueries = false
param analyticsRules = false
param dailyTotals = false

// Network

param network = 'public'
param addressPrefix = '10.90.0.0/24'
param existingSubnets = null
param privateDnsZonesResourceGroupId = ''

// People

// azd knows who deploys. azd env set DEPLOYER_ROLES false leaves people out.
param deployerPrincipalId = readEnvironmentVariable('DEPLOYER_ROLES', 'true') == 'false'
  ? ''
  : readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')

// Alerts

param alertEmails = []
param actionGroupIds = []
param alerts = {
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
