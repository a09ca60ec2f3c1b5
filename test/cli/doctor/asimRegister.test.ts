import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandJson } from '../../frozen/commandJson';
import { accountOf } from '../replay/kit/replayCommand';
import {
  anothers,
  filtering,
  functionsInOrder,
  hook,
  ownHook,
  secondHook,
  signature,
  statuses,
  useAsimBench,
} from './kit/asimBench';

const bench = useAsimBench();
const { asim, putHook } = bench;

test('looking writes nothing: what is missing is a warning, and the exit code is 0', async () => {
  const report = await asim();
  expect(report.code).toBe(0);
  expect(bench.azure.writes).toEqual([]);
  expect(accountOf(report)).toEqual(commandJson.doctorAsim);
  expect(statuses(report.of('sentinel'))).toEqual(['ok ']);
  expect(statuses([...report.of('parsers'), ...report.of('hooks')])).toEqual(
    functionsInOrder.map((name) => `warning ${name}`),
  );
  expect(statuses(report.of('countedTwice'))).toEqual(['ok _Im_NetworkSession', 'ok _ASim_NetworkSession']);
  expect((await asim('--strict')).code).toBe(1);
  expect(bench.azure.writes).toEqual([]);
});

test('--register writes the parsers before the hooks that call them, as the template writes functions', async () => {
  const report = await asim('--register');
  expect(report.of('changes')).toEqual(
    functionsInOrder.map((subject) => ({ status: 'ok', subject, found: 'Written.' })),
  );
  expect(report.code).toBe(0);
  expect(bench.azure.writes).toEqual(functionsInOrder.map((name) => `PUT /savedSearches/${name}`));
  expect(bench.azure.workspace.functions.get(hook)?.properties).toEqual({
    category: 'Network sessions',
    displayName: hook,
    functionAlias: hook,
    functionParameters: signature,
    query: ownHook,
    version: 2,
  });
  expect(bench.azure.workspace.functions.get(secondHook)?.properties).toMatchObject({
    functionParameters: 'disabled:bool=False,pack:bool=false',
    query:
      'union isfuzzy=true\n    ASimNetworkSessionMicrosoftDefenderStream(\n        disabled=disabled,\n        pack=pack)',
  });
  const lines = readFileSync(join(__dirname, `../../../infra/functions/${filtering}.kql`), 'utf8').split('\n');
  const withoutComments = lines.filter((line) => !line.trimStart().startsWith('//')).join('\n');
  expect(bench.azure.workspace.functions.get(filtering)?.properties['query']).toBe(withoutComments.trim());
  expect(statuses([...report.of('parsers'), ...report.of('hooks')])).toEqual(
    functionsInOrder.map((name) => `ok ${name}`),
  );
  bench.azure.writes.length = 0;
  expect((await asim('--register')).of('changes')).toContainEqual({
    status: 'ok',
    subject: hook,
    found: 'Was there already.',
  });
  expect(bench.azure.writes).toEqual([]);
});

test('an older version of our own function is replaced, with the etag of the version that was read', async () => {
  await asim('--register');
  const old = bench.azure.workspace.functions.get(filtering);
  if (old === undefined) throw new Error('the parser was not written');
  bench.azure.workspace.functions.set(filtering, {
    ...old,
    properties: { ...old.properties, query: 'NetworkSessions_CL' },
  });
  putHook(`${filtering}(starttime, endtime)`);
  expect(statuses((await asim()).of('hooks'))).toEqual([`warning ${hook}`, `ok ${secondHook}`]);
  bench.azure.writes.length = 0;
  const report = await asim('--register');
  expect(bench.azure.writes).toEqual([filtering, hook].map((name) => `PUT /savedSearches/${name}`));
  expect(report.of('changes').filter(({ found }) => found === 'Updated.')).toHaveLength(2);
  expect(bench.azure.workspace.functions.get(hook)?.properties['query']).toBe(ownHook);
});

test("another source's hook is never written: its text stays, and the exact lines to add are printed", async () => {
  putHook(anothers);
  const report = await asim('--register');
  expect(report.code).toBe(1);
  expect(bench.azure.workspace.functions.get(hook)?.properties['query']).toBe(anothers);
  expect(bench.azure.writes).not.toContain(`PUT /savedSearches/${hook}`);
  expect(bench.azure.writes).toContain(`PUT /savedSearches/${secondHook}`);
  expect(statuses(report.of('changes'))).toContain(`wrong ${hook}`);
  expect(report.add).toEqual([{ function: hook, lines: ownHook.split('\n').slice(1).join('\n') }]);
  expect(report.stdout).toContain(ownHook.split('\n').slice(1).join('\n'));
  // Without --register it is a warning.
  expect((await asim()).code).toBe(0);
});

test("the lines pass on only what another's hook declares", async () => {
  putHook(anothers, 'starttime:datetime=datetime(null), endtime:datetime=datetime(null)');
  expect((await asim()).add).toEqual([
    { function: hook, lines: `    ${filtering}(\n        starttime=starttime,\n        endtime=endtime)` },
  ]);
});

test("another's hook that calls the app's parser is right, and one that drops a filter is named", async () => {
  putHook(`${anothers},\n${ownHook.split('\n').slice(1).join('\n')}`);
  const right = await asim('--register');
  expect(right.code).toBe(0);
  expect(bench.azure.writes).not.toContain(`PUT /savedSearches/${hook}`);
  expect(right.add).toEqual([]);
  putHook(`${anothers},\n  ${filtering}(starttime=starttime, endtime=endtime, pack=pack) // dvcaction=dvcaction`);
  const report = await asim();
  expect(report.of('hooks')[0]).toMatchObject({
    status: 'warning',
    found: expect.stringContaining('without srcipaddr_has_any_prefix, dstipaddr_has_any_prefix') as unknown,
  });
  expect(report.add).toHaveLength(1);
});

test.each([
  ["Microsoft's empty hook", 'union ASimEmptyView\n'],
  ['a hook that names the parser in a comment only', `union isfuzzy=true vimOther() // ${filtering}()`],
  ['a hook that names the parser in a text only', `print Text = "${filtering}()"`],
  ['our hook to which somebody added a source', `${ownHook},\n    vimOther()`],
])('not ours: %s', async (_, query) => {
  putHook(query);
  await asim('--register');
  await asim('--unregister');
  expect(bench.azure.writes.filter((write) => write.endsWith(`/${hook}`))).toEqual([]);
  expect(bench.azure.workspace.functions.get(hook)?.properties['query']).toBe(query);
});

test("a function of another resource that has the hook's alias is another's; two with it are wrong", async () => {
  putHook(anothers, signature, 'soc-team-hook');
  const report = await asim('--register');
  expect(report.code).toBe(1);
  expect(bench.azure.workspace.functions.has(hook)).toBe(false);
  putHook(ownHook);
  expect((await asim()).of('hooks')[0]).toMatchObject({
    status: 'wrong',
    found: expect.stringContaining('soc-team-hook, Im_NetworkSessionCustom') as unknown,
  });
});

test('a hook that appears or changes while the command runs is not overwritten', async () => {
  bench.azure.beforeWrite = (write) => {
    if (write === `PUT /savedSearches/${hook}`) putHook(anothers);
  };
  const report = await asim('--register');
  expect(report.code).toBe(1);
  expect(bench.azure.workspace.functions.get(hook)?.properties['query']).toBe(anothers);
  expect(report.of('changes').find(({ subject }) => subject === hook)).toMatchObject({
    status: 'wrong',
    found: expect.stringContaining('nothing was overwritten') as unknown,
    next: expect.stringContaining('Run it again') as unknown,
  });
  bench.azure.reset();
  putHook(`${filtering}()`);
  bench.azure.beforeWrite = (write) => {
    if (write === `PUT /savedSearches/${hook}`) putHook(`union ${filtering}(), vimOther()`);
  };
  expect((await asim('--register')).code).toBe(1);
  expect(bench.azure.workspace.functions.get(hook)?.properties['query']).toBe(`union ${filtering}(), vimOther()`);
  bench.azure.reset();
  bench.azure.refuseWith = { status: 412, code: 'PreconditionFailed' };
  const [first] = (await asim('--register')).of('changes');
  expect(first).toMatchObject({
    status: 'wrong',
    found: expect.stringContaining('(412 PreconditionFailed)') as unknown,
  });
  // The others would call a parser that is not there.
  expect(bench.azure.workspace.functions.size).toBe(0);
});
