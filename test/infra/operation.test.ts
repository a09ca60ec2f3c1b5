import { readAzureYaml, scriptOf } from '../../scripts/infra/azureYaml';
import { readText, root } from '../../scripts/kql/queryFiles';
import { parseJson } from '../../shared/json';
import { objectOf } from './json';

test('the scaling threshold is larger than what one instance with eight partitions holds', () => {
  const { extensions } = objectOf(parseJson(readText('host.json')));
  const trigger = objectOf(objectOf(extensions)['eventHubs']);
  const held = 8 * (Number(trigger['maxEventBatchSize']) + Number(trigger['prefetchCount']));
  expect(Number(trigger['targetUnprocessedEventThreshold'])).toBeGreaterThan(held);
});

test('the guide has a row of a table for each setting that only a deployment can verify', () => {
  const cells = Array.from(readText('docs/deploy.md').matchAll(/^\| (.*?) \|/gm), ([, cell = '']) => cell);
  const named = cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name]) => name));
  expect(named).toEqual(
    expect.arrayContaining([
      'AzureWebJobsStorage__accountName',
      'AzureWebJobsStorage__blobServiceUri',
      'basicPublishingCredentialsPolicies',
      'OTEL_TRACES_SAMPLER',
      'targetUnprocessedEventThreshold',
      'ColumnsDropped_Count',
      'disableLocalAuth',
      'ipSecurityRestrictionsDefaultAction',
    ]),
  );
});

test.each(['posix', 'windows'])(
  'after it has deployed the template, azd prints on %s who receives alerts',
  (system) => {
    const { postprovision } = objectOf(readAzureYaml(root)['hooks']);
    expect(scriptOf(postprovision, system)).toContain('ALERT_RECEIVERS');
  },
);
