metadata description = 'The app\'s identity: user-assigned, so that its roles outlive the app and are all in roles.bicep.'

import { tagsType } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Name of the identity.')
param name string

@description('Required. Tags.')
param tags tagsType

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Client id, which settings use to name the identity.')
output clientId string = identity.properties.clientId

@description('Object id, for role assignments.')
output principalId string = identity.properties.principalId
