import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../cli/kql/queries';
import { isObject, type Json, parseJson } from '../../shared/json';

/** What would be deployed, by `bicep snapshot`, which works the template's expressions out without Azure. */
const hasBicep = spawnSync('bicep', ['--version']).status === 0;

function workbookOf(snapshot: string): string {
  const { predictedResources } = object(parseJson(snapshot));
  const resources = Array.isArray(predictedResources) ? predictedResources.map(object) : [];
  const workbook = resources.find(({ type }) => String(type).toLowerCase() === 'microsoft.insights/workbooks');
  return String(object(workbook?.['properties'])['serializedData']);
}

function object(value: Json | undefined): Record<string, Json> {
  if (!isObject(value)) throw new TypeError(`expected an object, found ${String(value)}`);
  return value;
}

(hasBicep ? test : test.skip)(
  'the workbook that is deployed is JSON with every resource filled in (needs the Bicep CLI)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'infra-'));
    try {
      cpSync(join(root, 'infra'), join(folder, 'infra'), { recursive: true });
      cpSync(join(root, 'host.json'), join(folder, 'host.json'));
      const place = [
        '--subscription-id',
        '00000000-0000-0000-0000-000000000001',
        '--resource-group',
        'rg',
        '--location',
        'westeurope',
      ];
      const run = spawnSync('bicep', [
        'snapshot',
        join(folder, 'infra', 'main.bicepparam'),
        '--mode',
        'overwrite',
        ...place,
      ]);
      expect(run.stderr.toString()).not.toMatch(/\bError\b/);
      const text = workbookOf(readFileSync(join(folder, 'infra', 'main.snapshot.json'), 'utf8'));
      expect(object(parseJson(text))['version']).toBe('Notebook/1.0');
      expect(text).not.toMatch(/__[A-Z_]+__/);
      expect(text).toContain(
        '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Insights/components/',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
