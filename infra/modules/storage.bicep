metadata description = 'Storage of the host: package, checkpoints, leases and keys, all in blobs. Shared keys are disabled.'

import { tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the account: 3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Redundancy. Checkpoints are stored here; if they are lost, the app reads everything in the hubs again.')
param sku 'Standard_ZRS' | 'Standard_LRS'

@description('Required. Whether the account can be reached from the Internet; access needs the identity in any case.')
param publicAccess bool

@description('Required. Tags.')
param tags tagsType

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      defaultAction: publicAccess ? 'Allow' : 'Deny'
      bypass: 'None'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: 'app-package'
      properties: { publicAccess: 'None' }
    }
  }
}

@description('Name of the account.')
output name string = account.name

@description('Address of the blob service, with a slash at the end.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('Address of the container that holds the package.')
output packageContainer string = '${account.properties.primaryEndpoints.blob}${account::blobs::packages.name}'
