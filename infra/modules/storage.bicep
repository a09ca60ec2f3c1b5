metadata description = 'Storage of the host: the package, the checkpoints, leases and keys, all in blobs. No shared key opens it.'

import { tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the account: 3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Redundancy. Checkpoints live here; when they are lost, everything that the hubs still keep is read again.')
param sku 'Standard_ZRS' | 'Standard_LRS'

@description('Required. Whether the account can be reached from the Internet; the identity is needed in any case.')
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
