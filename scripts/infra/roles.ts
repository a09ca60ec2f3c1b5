import { declaration, propertiesAfter } from './bicepText';
import { read } from './files';
import { unless } from './unless';

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const documented: Readonly<Record<string, { role: string; id: string }>> = {
  azureEventHubsDataReceiver: { role: 'Azure Event Hubs Data Receiver', id: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde' },
  azureEventHubsDataSender: { role: 'Azure Event Hubs Data Sender', id: '2b629674-e913-4c01-ae53-ef4638d8f975' },
  monitoringMetricsPublisher: { role: 'Monitoring Metrics Publisher', id: '3913510d-42f4-4e42-8a64-420c390055eb' },
  storageBlobDataOwner: { role: 'Storage Blob Data Owner', id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' },
};

/** Role ids are the documented ones, each is assigned, none on a whole group, and the guide names every role. */
export function roleProblems(root: string): string[] {
  const types = read(root, 'infra/types.bicep');
  const ids = propertiesAfter(declaration(types, 'var', 'roleIds').text, 'var roleIds = {');
  const roles = read(root, 'infra/modules/roles.bicep');
  const guide = read(root, 'docs/deploy.md');
  const assignments = roles.split("'Microsoft.Authorization/roleAssignments@").slice(1);
  return [
    ...[...ids].flatMap(([name, text]) => {
      const known = documented[name];
      if (known === undefined) return [`infra/types.bicep: ${name} is no role that scripts/infra/roles.ts knows`];
      return [
        unless(text === `'${known.id}'`, `infra/types.bicep: ${name} is ${text}, and ${known.role} is ${known.id}`),
        unless(roles.includes(`roleIds.${name}`), `infra/modules/roles.bicep does not assign ${name}`),
        unless(
          guide.includes(`| the app | ${known.role} |`),
          `docs/deploy.md does not say that the app has ${known.role}`,
        ),
      ].flat();
    }),
    ...assignments
      .filter((text) => !/^ +scope: \w/m.test(text.split('\n}')[0] ?? ''))
      .map(() => 'infra/modules/roles.bicep: an assignment without a scope would count for the whole resource group'),
  ];
}
