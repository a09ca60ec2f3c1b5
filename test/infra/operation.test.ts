import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
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

const onPosix = process.platform === 'win32' ? test.skip : test;

/** What the script of a hook prints, with an npm that prints its arguments. */
function afterProvisioning(environment: Readonly<Record<string, string>>, hook = 'postprovision'): string {
  const folder = mkdtempSync(join(tmpdir(), 'azd-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "npm $*"\n');
    chmodSync(join(folder, 'npm'), 0o755);
    const { [hook]: script } = objectOf(readAzureYaml(root)['hooks']);
    const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
    const env = { ...environment, PATH: path, ALERT_RECEIVERS: 'nobody', ROWS_WORKSPACE_RESOURCE_ID: '/w' };
    return execFileSync('sh', ['-c', scriptOf(script, 'posix')], { cwd: folder, env, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

onPosix('after it has deployed the template, azd registers the parsers only if its environment says so', () => {
  const always = 'nobody\nnpm run -s azd-settings\n';
  expect(afterProvisioning({})).toBe(always);
  expect(afterProvisioning({ REGISTER_ASIM_PARSERS: 'false' })).toBe(always);
  expect(afterProvisioning({ REGISTER_ASIM_PARSERS: 'true' })).toBe(
    `${always}npm run doctor -- --asim --workspace /w --register\n`,
  );
});

onPosix(
  'the last lines of azd up have the command that shows the first row, with the file that azd-settings writes',
  () => {
    const printed = afterProvisioning({ AZURE_ENV_NAME: 'net 1' }, 'postdeploy');
    expect(printed).toContain('\n  npm run doctor -- --send --settings ".azure/net 1/commands.settings.json"\n');
    expect(printed).toContain('docs/deploy.md#switch-on-defenders-stream');
  },
);

test('what azd prints at the end is the same on Windows', () => {
  const { postdeploy } = objectOf(readAzureYaml(root)['hooks']);
  expect(scriptOf(postdeploy, 'windows')).toContain('npm run doctor -- --send --settings');
  expect(scriptOf(postdeploy, 'windows')).toContain('.azure/$env:AZURE_ENV_NAME/commands.settings.json');
});

test.each(['posix', 'windows'])('a hook of another source does not fail a deployment on %s', (system) => {
  const { postprovision } = objectOf(readAzureYaml(root)['hooks']);
  expect(objectOf(objectOf(postprovision)[system])['continueOnError']).toBe(true);
  expect(scriptOf(postprovision, system)).toContain('REGISTER_ASIM_PARSERS');
});
