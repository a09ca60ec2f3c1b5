metadata description = 'The private link scope of Azure Monitor: the resources that a network reaches through one private endpoint.'

import { tagsType } from '../types.bicep'

@description('Required. Name of the scope.')
param name string

@description('Required. Resource ids of the data collection endpoint and of Application Insights.')
param resourceIds string[]

@description('Required. Tags.')
param tags tagsType

// No stable version of this resource exists.
resource scope 'microsoft.insights/privateLinkScopes@2021-07-01-preview' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    // The resources themselves block the Internet. PrivateOnly would also cut off every network that shares these DNS zones from
    // all other Azure Monitor resources.
    accessModeSettings: { ingestionAccessMode: 'Open', queryAccessMode: 'Open' }
  }

  resource scoped 'scopedResources' = [
    for (id, i) in resourceIds: {
      name: '${last(split(id, '/'))}-${i}'
      properties: { linkedResourceId: resourceIds[i] }
    }
  ]
}

@description('Resource id.')
output id string = scope.id
