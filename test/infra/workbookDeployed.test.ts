import { parseJson } from '../../shared/json';
import { objectOf, textOf } from './json';
import { resources, testWithBicep } from './snapshot';

jest.setTimeout(600_000);

/** The ids that the module fills in. */
const ids = {
  workspaceId: 'id-of-the-rows',
  telemetryWorkspaceId: 'id-of-the-telemetry',
  resources: {
    applicationInsights: 'id-of-application-insights',
    eventHubsNamespace: 'id-of-the-namespace',
    dataCollectionRules: ['id-of-dcr-1', 'id-of-dcr-2'],
  },
};

async function workbookOf(deployed: ReturnType<typeof resources>): Promise<string> {
  const workbook = (await deployed).find(({ type }) => textOf(type).toLowerCase() === 'microsoft.insights/workbooks');
  const text = textOf(objectOf(workbook?.['properties'])['serializedData']);
  expect(objectOf(parseJson(text))['version']).toBe('Notebook/1.0');
  expect(text).not.toMatch(/__[A-Z_]+__/);
  return text;
}

testWithBicep.each([
  ['NetworkSessions_CL', 'Analytics'],
  ['ASimNetworkSessionLogs', 'Analytics'],
  ['NetworkSessions_CL', 'Basic'],
])('the workbook for %s with plan %s is JSON with every resource filled in', async (destinationTable, tablePlan) => {
  const parameters = {
    ...ids,
    location: 'westeurope',
    title: 'own',
    destinationTable,
    tablePlan,
    gallery: 'workbook',
    tags: {},
  };
  const text = await workbookOf(resources(parameters, 'modules/workbook.bicep'));
  const { applicationInsights, eventHubsNamespace, dataCollectionRules } = ids.resources;
  const { workspaceId, telemetryWorkspaceId } = ids;
  for (const id of [workspaceId, telemetryWorkspaceId, applicationInsights, eventHubsNamespace])
    expect(text).toContain(`"${id}"`);
  expect(text).toContain(dataCollectionRules.join());
});

testWithBicep('the deployed workbook names the deployed component', async () => {
  expect(await workbookOf(resources())).toMatch(
    /\/subscriptions\/[^/]+\/resourceGroups\/rg\/providers\/Microsoft.Insights\/components\//,
  );
});
