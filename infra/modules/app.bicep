metadata description = 'The Flex Consumption plan and the Function App with all of its settings.'

import { appSettingsType, functionNameOf, tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the plan.')
param planName string

@description('Required. Name of the app, unique in the cloud.')
param name string

@description('Required. Value of the tag azd-service-name; azd finds the app by it.')
param serviceName string

@description('Required. Major version of Node.')
param nodeVersion '22' | '24'

@description('Required. Memory of an instance in MB.')
param instanceMemoryMB 512 | 2048 | 4096

@description('Required. Maximum number of instances.')
param maximumInstanceCount int

@description('Required. Instances per hub that always run.')
param alwaysReadyInstances int

@description('Required. Whether instances are spread over availability zones.')
param zoneRedundant bool

@description('Required. The identity: resource id and client id.')
param identity { id: string, clientId: string }

@description('Required. Storage of the host: account name (empty if the suffix of the cloud is not the one that the host adds), address of its blobs, and of the container for the package.')
param storage { accountName: string, blobEndpoint: string, packageContainer: string }

@description('Required. Source hubs and dead-letter hub.')
param eventHubs { host: string, names: string[], consumerGroup: string, deadLetterHub: string }

@description('Required. Destination of the rows.')
param ingestion { endpoint: string, ruleIds: string[], stream: string, audience: string }

@description('Required. Connection string of Application Insights.')
param applicationInsightsConnectionString string

@description('Required. Settings that change how the app works.')
param appSettings appSettingsType

@description('Required. Resource id of the subnet for the app\'s outbound traffic; null without a network.')
param subnetId string?

@description('Required. Whether the app\'s address answers requests. The app has no HTTP function; its deployment endpoint, which accepts only identities, stays open in any case.')
param publicAccess bool

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
    // Not 'Disabled': that would also close the deployment endpoint, and nobody could deploy from outside the network.
    publicNetworkAccess: 'Enabled'
    siteConfig: {
      minTlsVersion: '1.2'
      ipSecurityRestrictionsDefaultAction: publicAccess ? 'Allow' : 'Deny'
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
    }
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

  // Every setting that the app reads, with the names of shared/appSettings.ts; `npm run check:infra` compares the two lists.
  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      // The name as well: with only the address, some starts of the host fail (Azure/azure-functions-host, issue 11787).
      ...(empty(storage.accountName)
        ? {}
        : {
            AzureWebJobsStorage__accountName: storage.accountName
          })
      AzureWebJobsStorage__blobServiceUri: storage.blobEndpoint
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
      // Keeps one host trace in ten seconds per instance. The app samples its own traces itself, when a batch is over.
      OTEL_TRACES_SAMPLER: 'microsoft.rate_limited'
      OTEL_TRACES_SAMPLER_ARG: '0.1'
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
      OMIT_ADDITIONAL_FIELDS: appSettings.OMIT_ADDITIONAL_FIELDS
      KEEP_COLUMNS: appSettings.KEEP_COLUMNS
      OMIT_COLUMNS: appSettings.OMIT_COLUMNS
      URL_REDACTION: appSettings.URL_REDACTION
      PROXY_ADDRESSES: appSettings.PROXY_ADDRESSES
      KNOWN_NEWS: appSettings.KNOWN_NEWS
      DROP_RULES_FILE: appSettings.DROP_RULES_FILE
      TELEMETRY_INTERVAL_SECONDS: string(appSettings.TELEMETRY_INTERVAL_SECONDS)
      BACKLOG_INTERVAL_SECONDS: string(appSettings.BACKLOG_INTERVAL_SECONDS)
    }
  }

  // One after the other: App Service rejects a second change of a site while one is in progress (409). The service requires a
  // location, which Bicep's types do not know.
  resource noPasswordForFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    #disable-next-line BCP187
    location: location
    properties: { allow: false }
    dependsOn: [settings]
  }

  resource noPasswordForDeployment 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    #disable-next-line BCP187
    location: location
    properties: { allow: false }
    dependsOn: [noPasswordForFtp]
  }
}

@description('Name of the app.')
output name string = app.name
