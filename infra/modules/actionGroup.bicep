metadata description = 'Who is notified when an alert fires.'

import { tagsType } from '../types.bicep'

@description('Required. Name of the group.')
param name string

@description('Required. Name in messages, 12 characters at most.')
@maxLength(12)
param shortName string

@description('Required. E-mail addresses.')
param emails string[]

@description('Required. Tags.')
param tags tagsType

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: shortName
    emailReceivers: [
      for (address, i) in emails: { name: 'email-${i + 1}', emailAddress: address, useCommonAlertSchema: true }
    ]
  }
}
