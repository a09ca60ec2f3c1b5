import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/kql/queryFiles';
import { parseJson } from '../../shared/json';
import { objectOf, objectsIn, textOf } from './json';

/** What would be deployed, by `bicep snapshot`, which evaluates the template's expressions without Azure. */
const hasBicep = spawnSync('bicep', ['--version']).status === 0;

function workbookOf(snapshot: string): string {
  const resources = objectsIn(objectOf(parseJson(snapshot))['predictedResources']);
  const workbook = resources.find(({ type }) => textOf(type).toLowerCase() === 'microsoft.insights/workbooks');
  return textOf(objectOf(workbook?.['properties'])['serializedData']);
}

(hasBicep ? test : test.skip)(
  'the deployed workbook is JSON with every resource filled in (needs the Bicep CLI)',
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
      expect(objectOf(parseJson(text))['version']).toBe('Notebook/1.0');
      expect(text).not.toMatch(/__[A-Z_]+__/);
      expect(text).toContain(
        '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Insights/components/',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
