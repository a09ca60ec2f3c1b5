import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvocationContext } from '@azure/functions';
import { failureText, HubError, reasonOf } from '../../cli/common/errorText';
import { settingsOfFile } from '../../cli/common/settingsSource';
import { Deployment } from '../../cli/doctor/deployment';
import { examine } from '../../cli/doctor/examine';
import { ok, wrong } from '../../cli/doctor/finding';
import { heldLine } from '../../functions/logLines';
import { toBatch } from '../../functions/toBatch';
import { TelemetryErrors } from '../../shared/telemetry/telemetryErrors';

const key = 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RFRkdISUo=';
const quoting = `refused: Endpoint=sb://a.example/;SharedAccessKeyName=Root;SharedAccessKey=${key}`;

test('the doctor hides a key that a finding quotes, in every part of it, and in an error', async () => {
  const checks = [
    {
      id: 'a',
      question: '',
      how: '',
      run: async () => Promise.resolve([ok(quoting, quoting), wrong('hub', quoting, quoting)]),
    },
    { id: 'b', question: '', how: '', run: async () => Promise.reject(new Error(quoting)) },
  ];
  const report = JSON.stringify(await examine(checks, new Deployment({}, undefined, 5)));
  expect(report).not.toContain(key);
  expect(report.split('SharedAccessKey=***').length - 1).toBe(5);
});

test('the log hides a key that an error quotes', () => {
  const context = new InvocationContext({
    triggerMetadata: {
      partitionContext: { eventHubName: 'hub', partitionId: '3' },
      systemPropertiesArray: [{ sequenceNumber: 12 }],
    },
  });
  const line = heldLine(toBatch([Buffer.from('x')], context), new Error(quoting), 0, 0);
  expect(line).toContain('SharedAccessKey=***');
  expect(line).not.toContain(key);
  const lines: string[] = [];
  new TelemetryErrors((text) => lines.push(text)).report('TelemetryNotSent', quoting);
  expect(lines).toEqual([expect.stringContaining('SharedAccessKey=***')]);
  expect(lines.join('')).not.toContain(key);
});

test('commands hide a key that an error quotes', () => {
  for (const text of [
    reasonOf(new Error(quoting)),
    failureText(new Error(quoting)),
    failureText(new HubError(quoting)),
    failureText(quoting),
  ]) {
    expect(text).toContain('SharedAccessKey=***');
    expect(text).not.toContain(key);
  }
});

test('the error about a settings file that is not JSON quotes nothing of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  try {
    const file = join(folder, 'local.settings.json');
    writeFileSync(file, `{"Values":{"EventHub":SharedAccessKey=pieceOfAKey}}`);
    const error: unknown = await settingsOfFile(file).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/is not JSON: .*Expected a local\.settings\.json/);
    expect(String(error)).not.toMatch(/piece|SharedAcc/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
