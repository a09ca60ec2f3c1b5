import { readText } from '../../scripts/kql/queryFiles';
import { parseJson } from '../../shared/json';
import { objectOf } from './json';

/** What operators rely on, checked in the text of template and documents. */
const query = (name: string): string => readText(`infra/queries/alerts/${name}.kql`).replaceAll(/^\/\/.*$/gm, '');
const guide = readText('docs/deploy.md');

test('an alert counts worker starts, the only trace of a batch that crashes its worker', () => {
  expect(query('worker-starts')).toContain('"network_sessions.starts"');
});

test('the alert on unread messages does not depend on the app', () => {
  expect(query('unread-messages')).toMatch(/IncomingMessages/);
  expect(query('unread-messages')).toMatch(/OutgoingMessages/);
  expect(query('unread-messages')).not.toMatch(/App(?:Metrics|Traces|Requests|Dependencies)|ApplicationInsights/);
});

test('the scaling threshold is set: larger than what one instance with eight partitions holds', () => {
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
])('the list of what to verify first names %s', (setting) => {
  expect(guide.split('## What to verify first')[1]).toContain(setting);
});

test('the guide promises no more about trusted services than Microsoft does', () => {
  expect(guide).not.toMatch(/passes as a trusted service|past the firewall as a trusted service/);
  expect(guide).toContain("Microsoft's list of them for Event Hubs does not name Defender");
});

test('the guide covers a recreated hub, the group that azd deletes, and who receives alerts', () => {
  expect(guide).toContain('## A hub that was deleted and made again');
  expect(readText('docs/runbook.md')).toContain('az storage blob delete-batch');
  expect(guide).toContain('`azd down` deletes the whole group');
  expect(readText('azure.yaml')).toContain('echo "$ALERT_RECEIVERS"');
});
