import { readText } from '../../scripts/kql/queryFiles';
import { parseJson } from '../../shared/json';
import { objectOf } from './json';

/** What an operator relies on, on the text of template and documents. */
const query = (name: string): string => readText(`infra/queries/alerts/${name}.kql`).replaceAll(/^\/\/.*$/gm, '');
const guide = readText('docs/deploy.md');

test('an alert asks how often workers start, which is all that a batch that ends its worker leaves behind', () => {
  expect(query('worker-starts')).toContain('"network_sessions.starts"');
});

test('an alert on messages that are not read needs nothing of the app', () => {
  expect(query('unread-messages')).toMatch(/IncomingMessages/);
  expect(query('unread-messages')).toMatch(/OutgoingMessages/);
  expect(query('unread-messages')).not.toMatch(/App(?:Metrics|Traces|Requests|Dependencies)|ApplicationInsights/);
});

test('scaling is asked for on purpose: one instance takes more than eight partitions hold at a time', () => {
  const { extensions } = objectOf(parseJson(readText('host.json')));
  expect(objectOf(objectOf(extensions)['eventHubs'])).toMatchObject({
    maxEventBatchSize: 16,
    prefetchCount: 32,
    targetUnprocessedEventThreshold: 512,
  });
});

test.each([
  'AzureWebJobsStorage__accountName',
  'AzureWebJobsStorage__blobServiceUri',
  'basicPublishingCredentialsPolicies',
  'OTEL_TRACES_SAMPLER',
  'targetUnprocessedEventThreshold',
  'ColumnsDropped_Count',
  'disableLocalAuth',
  'ipSecurityRestrictionsDefaultAction',
])('what to verify first names %s', (setting) => {
  expect(guide.split('## What to verify first')[1]).toContain(setting);
});

test('the guide promises nothing of trusted services that Microsoft does not', () => {
  expect(guide).not.toMatch(/passes as a trusted service|past the firewall as a trusted service/);
  expect(guide).toContain("Microsoft's list of them for Event Hubs does not name Defender");
});

test('a hub that was made again, the group that azd deletes and who hears of alerts are told', () => {
  expect(guide).toContain('## A hub that was deleted and made again');
  expect(readText('docs/runbook.md')).toContain('az storage blob delete-batch');
  expect(guide).toContain('`azd down` deletes the whole group');
  expect(readText('azure.yaml')).toContain('echo "$ALERT_RECEIVERS"');
});
