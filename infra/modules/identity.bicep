metadata description = 'The one identity of the app: user-assigned, so that its roles outlive the app and stand in one place (roles.bicep).'

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

@description('Client id: which identity a setting names.')
output clientId string = identity.properties.clientId

@description('Object id: whom a role is assigned to.')
output principalId string = identity.properties.principalId
