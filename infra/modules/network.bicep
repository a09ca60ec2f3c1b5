metadata description = 'A new network: a subnet for the app and one for private endpoints.'

import { tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the network.')
param name string

@description('Required. Address range, /25 or larger: the first /26 is for the app, the /27 after it for private endpoints.')
param addressPrefix string

@description('Required. Tags.')
param tags tagsType

// No custom rule: the built-in ones allow nothing in from the Internet. Add your own here.
resource securityGroup 'Microsoft.Network/networkSecurityGroups@2025-03-01' = {
  name: '${name}-nsg'
  location: location
  tags: tags
  properties: {}
}

resource network 'Microsoft.Network/virtualNetworks@2025-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          networkSecurityGroup: { id: securityGroup.id }
          delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 2)
          networkSecurityGroup: { id: securityGroup.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }
}
