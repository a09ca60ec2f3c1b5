import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import columns from '../infra/networkSessions.columns.json';
import { areas } from '../packages/azure-emulators/behaviours';
import { readHoldingTests } from '../packages/azure-emulators/behaviours/heldBy';
import { mapping } from '../shared/transform/mapping';
import { parsers } from './asim/asimParsers';
import { asimReference } from './asim/asimReference';
import { asimTransform } from './asim/asimTransform';
import { huntingContent } from './kql/huntingQueries';
import { alertsTable } from './reference/alertsTable';
import { behavioursReference } from './reference/behaviours';
import { shortColumns } from './reference/columnsSection';
import { costBlocks } from './reference/costBlocks';
import { dependenciesBlocks } from './reference/dependenciesBlocks';
import { doctorChecks } from './reference/doctorTable';
import { Examples } from './reference/examples';
import { answersTable, failuresTable } from './reference/failuresTable';
import { withBlock } from './reference/generatedBlock';
import { huntingPage } from './reference/huntingPage';
import { mappingReference } from './reference/mappingReference';
import { rulesBlocks } from './reference/rulesBlocks';
import { runbookReference } from './reference/runbookReference';
import { settingsReference } from './reference/settingsReference';
import { telemetryBlocks } from './reference/telemetryBlocks';
import { type SessionsTable, workbook } from './reference/workbook';
import { scaleReference } from './scale/page';

const root = resolve(__dirname, '..');

function columnsModule(): string {
  const lines = columns.map(({ name, type }) => `  ${name}: '${type}',`);
  return `// Generated from infra/networkSessions.columns.json by \`npm run generate\`. Do not edit.

/** Every column of NetworkSessions and its Log Analytics type. */
export const columns = {
${lines.join('\n')}
} as const;
`;
}

const examples = new Examples();

function workbookJson(table?: SessionsTable): string {
  return `${JSON.stringify(workbook(table), null, 2)}\n`;
}

function savedFunctions(): Record<string, () => string> {
  return Object.fromEntries(
    Object.entries(parsers).flatMap(([name, { body, parameters }]) => [
      [`infra/functions/${name}.kql`, body],
      [`infra/functions/${name}.parameters.txt`, () => `${parameters}\n`],
    ]),
  );
}

/** How to make each file; where only a block is generated, from the current text. */
const generated: Readonly<Record<string, (current: string) => string | Promise<string>>> = {
  'shared/sessions/networkSessionsColumns.ts': columnsModule,
  'docs/hunting.md': (current) => withBlock(current, 'queries', huntingPage()),
  'docs/mapping.md': () => mappingReference(mapping, examples),
  'docs/cost.md': async (current) =>
    Object.entries(await costBlocks()).reduce(
      (text, [name, block]) => (block === undefined ? text : withBlock(text, name, block)),
      current,
    ),
  'docs/asim.md': asimReference,
  'docs/dependencies.md': async (current) =>
    Object.entries(await dependenciesBlocks()).reduce((text, [name, block]) => withBlock(text, name, block), current),
  'docs/doctor.md': (current) => withBlock(current, 'checks', doctorChecks()),
  'docs/queries.md': (current) => withBlock(current, 'alerts', alertsTable()),
  'docs/reliability.md': (current) =>
    withBlock(withBlock(current, 'answers', answersTable()), 'failures', failuresTable()),
  'docs/rules.md': (current) =>
    Object.entries(rulesBlocks()).reduce((text, [name, block]) => withBlock(text, name, block), current),
  'docs/runbook.md': runbookReference,
  'docs/scale.md': scaleReference,
  'docs/settings.md': settingsReference,
  'docs/telemetry.md': (current) =>
    Object.entries(telemetryBlocks()).reduce((text, [name, block]) => withBlock(text, name, block), current),
  ...savedFunctions(),
  'infra/transforms/asimNetworkSessionLogs.kql': asimTransform,
  'infra/hunting.json': () => `${JSON.stringify(huntingContent(), null, 2)}\n`,
  'infra/workbooks/ASimNetworkSessionLogs.json': () => workbookJson('ASimNetworkSessionLogs'),
  'infra/workbooks/NetworkSessions_CL.json': () => workbookJson('NetworkSessions_CL'),
  'infra/workbooks/withoutSessions.json': () => workbookJson(),
  'packages/azure-emulators/BEHAVIOURS.md': () => behavioursReference(areas, readHoldingTests()),
  'README.md': (current) => withBlock(current, 'columns', shortColumns(mapping, examples)),
};

const usage = `Usage: npm run generate -- [--check]
  Writes the generated files: documents, workbooks and one module.
  --check  write nothing, and report files that are out of date
Exit codes: 0 all well; 1 with --check, a file is out of date; 2 could not
start.`;

async function main(): Promise<number> {
  const { values } = readArguments({ check: { type: 'boolean', default: false } }, usage);
  const stale: string[] = [];
  for (const [file, make] of Object.entries(generated)) {
    const path = resolve(root, file);
    const current = await readFile(path, 'utf8').catch(() => '');
    const text = await make(current);
    if (current === text) continue;
    stale.push(file);
    if (!values.check) await writeFile(path, text);
  }
  if (!values.check) console.log(stale.length > 0 ? `Wrote ${stale.join(', ')}.` : 'Nothing to write.');
  else if (stale.length > 0) {
    console.error(`Out of date: ${stale.join(', ')}. Run "npm run generate" and commit the result.`);
    return exitCodes.wrong;
  }
  return exitCodes.well;
}

void run(main);
