metadata description = 'The Flex Consumption plan and the Function App with all of its settings.'

import { appSettingsType, functionNameOf, tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the plan.')
param planName string

@description('Required. Name of the app, unique in the cloud.')
param name string

@description('Required. Value of the tag azd-service-name, by which azd finds the app.')
param serviceName string

@description('Required. Major version of Node.')
param nodeVersion '22' | '24'

@description('Required. Memory of an instance in MB.')
param instanceMemoryMB 512 | 2048 | 4096

@description('Required. Most instances.')
param maximumInstanceCount int

@description('Required. Instances for each hub that are always running.')
param alwaysReadyInstances int

@description('Required. Whether instances are spread over availability zones.')
param zoneRedundant bool

@description('Required. The identity: resource id and client id.')
param identity { id: string, clientId: string }

@description('Required. Storage of the host: address of its blobs, and of the container for the package.')
param storage { blobEndpoint: string, packageContainer: string }

@description('Required. Where events come from and dead letters go to.')
param eventHubs { host: string, names: string[], consumerGroup: string, deadLetterHub: string }

@description('Required. Where rows go to.')
param ingestion { endpoint: string, ruleIds: string[], stream: string, audience: string }

@description('Required. Connection string of Application Insights.')
param applicationInsightsConnectionString string

@description('Required. Settings that change how the app works.')
param appSettings appSettingsType

@description('Required. Resource id of the subnet that the app reaches the network through; null without one.')
param subnetId string?

@description('Required. Tags.')
param tags tagsType

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: subnetId
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: storage.packageContainer
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : map(eventHubs.names, hub => {
              name: 'function:${functionNameOf(hub)}'
              instanceCount: alwaysReadyInstances
            })
      }
    }
  }

  // Every setting that the app reads, by the names of shared/settings.ts; `npm run check:infra` compares the two lists.
  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__blobServiceUri: storage.blobEndpoint
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
      AZURE_CLIENT_ID: identity.clientId
      EventHub__fullyQualifiedNamespace: eventHubs.host
      EventHub__credential: 'managedidentity'
      EventHub__clientId: identity.clientId
      EVENT_HUB_NAMES: join(eventHubs.names, ',')
      EVENT_HUB_CONSUMER_GROUP: eventHubs.consumerGroup
      DEAD_LETTER_EVENT_HUB: eventHubs.deadLetterHub
      LOGS_INGESTION_ENDPOINT: ingestion.endpoint
      LOGS_INGESTION_RULE_IDS: join(ingestion.ruleIds, ',')
      LOGS_INGESTION_STREAM: ingestion.stream
      LOGS_INGESTION_AUDIENCE: ingestion.audience
      LOGS_INGESTION_CONCURRENCY: string(appSettings.LOGS_INGESTION_CONCURRENCY)
      LOGS_INGESTION_TIMEOUT_SECONDS: string(appSettings.LOGS_INGESTION_TIMEOUT_SECONDS)
      DELIVERY_BUDGET_SECONDS: string(appSettings.DELIVERY_BUDGET_SECONDS)
      ADDITIONAL_FIELDS: appSettings.ADDITIONAL_FIELDS
      URL_REDACTION: appSettings.URL_REDACTION
      TELEMETRY_INTERVAL_SECONDS: string(appSettings.TELEMETRY_INTERVAL_SECONDS)
      BACKLOG_INTERVAL_SECONDS: string(appSettings.BACKLOG_INTERVAL_SECONDS)
    }
  }

  resource noPasswordForFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noPasswordForDeployment 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

@description('Name of the app.')
output name string = app.name
