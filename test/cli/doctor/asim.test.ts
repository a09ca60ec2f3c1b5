import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from 'azure-emulators/certificate';
import { type IdentityEndpoint, startIdentity } from 'azure-emulators/identity';
import { commandJson } from '../../frozen/commandJson';
import { accountOf, type Ended, run } from '../replay/kit/replayCommand';
import type { Finding } from './kit/doctorBench';
import { type ManagementServer, startManagement } from './kit/managementServer';

let folder: string;
let identity: IdentityEndpoint;
let azure: ManagementServer;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asim-'));
  const certificate = await makeCertificate();
  identity = await startIdentity();
  azure = await startManagement(certificate, (authorization, audience) => identity.verify(authorization, audience));
  const trusted = join(folder, 'emulator.pem');
  await writeFile(trusted, certificate.cert);
  environment = { NODE_EXTRA_CA_CERTS: trusted, ...identity.environment };
});
afterEach(() => azure.reset());
afterAll(async () => {
  await Promise.all([identity.stop(), azure.stop()]);
  await rm(folder, { recursive: true });
});

interface Asim extends Ended {
  readonly of: (check: string) => readonly Finding[];
  readonly add: readonly { readonly function: string; readonly lines: string }[];
}

async function asim(...args: readonly string[]): Promise<Asim> {
  const ended = await command('--json', ...args);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command promises this object in its last line.
  const account = accountOf(ended) as { checks: { id: string; findings: Finding[] }[]; add: Asim['add'] };
  return { ...ended, of: (check) => account.checks.find(({ id }) => id === check)?.findings ?? [], add: account.add };
}

async function command(...args: readonly string[]): Promise<Ended> {
  const where = ['--workspace', azure.workspaceId, '--management', azure.endpoint, '--query', azure.endpoint];
  return run('doctor', ['--asim', ...where, '--timeout', '120', ...args], folder, environment);
}

const statuses = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ status, subject }) => `${status} ${subject}`);

const [filtering, parameterless] = [
  'vimNetworkSessionMicrosoftDefenderStream',
  'ASimNetworkSessionMicrosoftDefenderStream',
];
const [hook, secondHook] = ['Im_NetworkSessionCustom', 'ASim_NetworkSessionCustom'];
const functionsInOrder = [filtering, parameterless, hook, secondHook];

/** As Microsoft's template of empty hooks has it (Azure-Sentinel, ASIM/deploy/EmptyCustomUnifyingParsers). */
const signature =
  "starttime:datetime=datetime(null),endtime:datetime=datetime(null),srcipaddr_has_any_prefix:dynamic=dynamic([]),dstipaddr_has_any_prefix:dynamic=dynamic([]),ipaddr_has_any_prefix:dynamic=dynamic([]),dstportnumber:int=int(null),hostname_has_any:dynamic=dynamic([]),dvcaction:dynamic=dynamic([]),eventresult:string='*',disabled:bool=False,pack:bool=false";

const ownHook = `union isfuzzy=true
    vimNetworkSessionMicrosoftDefenderStream(
        starttime=starttime,
        endtime=endtime,
        srcipaddr_has_any_prefix=srcipaddr_has_any_prefix,
        dstipaddr_has_any_prefix=dstipaddr_has_any_prefix,
        ipaddr_has_any_prefix=ipaddr_has_any_prefix,
        dstportnumber=dstportnumber,
        hostname_has_any=hostname_has_any,
        dvcaction=dvcaction,
        eventresult=eventresult,
        disabled=disabled,
        pack=pack)`;

/** A hook as it may be in the workspace. */
function putHook(query: string, functionParameters = signature, name = hook): void {
  azure.workspace.functions.set(name, {
    etag: 'W/"1"',
    properties: { category: 'Security', displayName: 'x', functionAlias: hook, functionParameters, query, version: 1 },
  });
}

const anothers = 'union isfuzzy=true\n  vimNetworkSessionFirewall(starttime=starttime, endtime=endtime, pack=pack)';

test('looking writes nothing: what is missing is a warning, and the exit code is 0', async () => {
  const report = await asim();
  expect(report.code).toBe(0);
  expect(azure.writes).toEqual([]);
  expect(accountOf(report)).toEqual(commandJson.doctorAsim);
  expect(statuses(report.of('sentinel'))).toEqual(['ok ']);
  expect(statuses([...report.of('parsers'), ...report.of('hooks')])).toEqual(
    functionsInOrder.map((name) => `warning ${name}`),
  );
  expect(statuses(report.of('countedTwice'))).toEqual(['ok _Im_NetworkSession', 'ok _ASim_NetworkSession']);
  expect((await asim('--strict')).code).toBe(1);
  expect(azure.writes).toEqual([]);
});

test('--register writes the parsers before the hooks that call them, as the template writes functions', async () => {
  const report = await asim('--register');
  expect(report.of('changes')).toEqual(
    functionsInOrder.map((subject) => ({ status: 'ok', subject, found: 'Written.' })),
  );
  expect(report.code).toBe(0);
  expect(azure.writes).toEqual(functionsInOrder.map((name) => `PUT /savedSearches/${name}`));
  expect(azure.workspace.functions.get(hook)?.properties).toEqual({
    category: 'Network sessions',
    displayName: hook,
    functionAlias: hook,
    functionParameters: signature,
    query: ownHook,
    version: 2,
  });
  expect(azure.workspace.functions.get(secondHook)?.properties).toMatchObject({
    functionParameters: 'disabled:bool=False,pack:bool=false',
    query:
      'union isfuzzy=true\n    ASimNetworkSessionMicrosoftDefenderStream(\n        disabled=disabled,\n        pack=pack)',
  });
  const lines = readFileSync(join(__dirname, `../../../infra/functions/${filtering}.kql`), 'utf8').split('\n');
  const withoutComments = lines.filter((line) => !line.trimStart().startsWith('//')).join('\n');
  expect(azure.workspace.functions.get(filtering)?.properties['query']).toBe(withoutComments.trim());
  expect(statuses([...report.of('parsers'), ...report.of('hooks')])).toEqual(
    functionsInOrder.map((name) => `ok ${name}`),
  );
  azure.writes.length = 0;
  expect((await asim('--register')).of('changes')).toContainEqual({
    status: 'ok',
    subject: hook,
    found: 'Was there already.',
  });
  expect(azure.writes).toEqual([]);
});

test('an older version of our own function is replaced, with the etag of the version that was read', async () => {
  await asim('--register');
  const old = azure.workspace.functions.get(filtering);
  if (old === undefined) throw new Error('the parser was not written');
  azure.workspace.functions.set(filtering, { ...old, properties: { ...old.properties, query: 'NetworkSessions_CL' } });
  putHook(`${filtering}(starttime, endtime)`);
  expect(statuses((await asim()).of('hooks'))).toEqual([`warning ${hook}`, `ok ${secondHook}`]);
  azure.writes.length = 0;
  const report = await asim('--register');
  expect(azure.writes).toEqual([filtering, hook].map((name) => `PUT /savedSearches/${name}`));
  expect(report.of('changes').filter(({ found }) => found === 'Updated.')).toHaveLength(2);
  expect(azure.workspace.functions.get(hook)?.properties['query']).toBe(ownHook);
});

test("another source's hook is never written: its text stays, and the exact lines to add are printed", async () => {
  putHook(anothers);
  const report = await asim('--register');
  expect(report.code).toBe(1);
  expect(azure.workspace.functions.get(hook)?.properties['query']).toBe(anothers);
  expect(azure.writes).not.toContain(`PUT /savedSearches/${hook}`);
  expect(azure.writes).toContain(`PUT /savedSearches/${secondHook}`);
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
  expect(azure.writes).not.toContain(`PUT /savedSearches/${hook}`);
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
  expect(azure.writes.filter((write) => write.endsWith(`/${hook}`))).toEqual([]);
  expect(azure.workspace.functions.get(hook)?.properties['query']).toBe(query);
});

test("a function of another resource that has the hook's alias is another's; two with it are wrong", async () => {
  putHook(anothers, signature, 'soc-team-hook');
  const report = await asim('--register');
  expect(report.code).toBe(1);
  expect(azure.workspace.functions.has(hook)).toBe(false);
  putHook(ownHook);
  expect((await asim()).of('hooks')[0]).toMatchObject({
    status: 'wrong',
    found: expect.stringContaining('soc-team-hook, Im_NetworkSessionCustom') as unknown,
  });
});

test('a hook that appears or changes while the command runs is not overwritten', async () => {
  azure.beforeWrite = (write) => {
    if (write === `PUT /savedSearches/${hook}`) putHook(anothers);
  };
  const report = await asim('--register');
  expect(report.code).toBe(1);
  expect(azure.workspace.functions.get(hook)?.properties['query']).toBe(anothers);
  expect(report.of('changes').find(({ subject }) => subject === hook)).toMatchObject({
    status: 'wrong',
    found: expect.stringContaining('nothing was overwritten') as unknown,
    next: expect.stringContaining('Run it again') as unknown,
  });
  azure.reset();
  azure.refuseWith = { status: 412, code: 'PreconditionFailed' };
  const [first] = (await asim('--register')).of('changes');
  expect(first).toMatchObject({
    status: 'wrong',
    found: expect.stringContaining('(412 PreconditionFailed)') as unknown,
  });
  // The others would call a parser that is not there.
  expect(azure.workspace.functions.size).toBe(0);
});

test('without a right, the role that is missing is named: to read, to write functions, to write rows', async () => {
  azure.denied = new Set(['workspaces/read']);
  const blind = await command('--json');
  expect(blind.code).toBe(2);
  expect(blind.stderr).toContain('Microsoft Sentinel Reader');
  expect(blind.stderr).toContain("perform action 'workspaces/read'");
  azure.denied = new Set(['savedSearches/read', 'query/read']);
  const partial = await asim();
  expect(partial.of('hooks')).toEqual([
    {
      status: 'unknown',
      subject: 'functions of the workspace',
      found: expect.stringContaining('Answered 403 AuthorizationFailed') as unknown,
      next: expect.stringContaining('Microsoft Sentinel Reader') as unknown,
    },
  ]);
  expect(statuses(partial.of('countedTwice'))).toEqual(['unknown ']);
  azure.denied = new Set(['savedSearches/write']);
  const reader = await asim('--register');
  expect(reader.code).toBe(1);
  expect(reader.of('changes')).toEqual([
    {
      status: 'wrong',
      subject: filtering,
      found: expect.stringContaining('403') as unknown,
      next: expect.stringContaining('Microsoft Sentinel Contributor') as unknown,
    },
  ]);
});

test('without Microsoft Sentinel, or where NetworkSessions_CL is not on the Analytics plan, nothing is written', async () => {
  azure.workspace.hasSentinel = false;
  const without = await asim('--register', '--exclude-built-in');
  expect(without.code).toBe(1);
  expect(statuses(without.of('sentinel'))).toEqual(['wrong ']);
  azure.reset();
  azure.workspace.plan = 'Basic';
  const basic = await asim();
  expect(basic.of('table')[0]?.found).toContain('Its plan is Basic');
  expect(statuses([...basic.of('parsers'), ...basic.of('hooks')])).toEqual(
    functionsInOrder.map((name) => `ok ${name}`),
  );
  expect((await asim('--register')).code).toBe(1);
  azure.workspace.plan = undefined;
  expect((await asim('--register')).of('changes')[0]?.found).toContain('NetworkSessions_CL is not here');
  expect(azure.writes).toEqual([]);
});

const rows = [
  ['Exclude_Im_NetworkSession', 'Exclude_Im_NetworkSession_Microsoft365Defender'],
  ['Exclude_ASim_NetworkSession', 'Exclude_ASim_NetworkSession_Microsoft365Defender'],
  ['ExcludevimNetworkSession', 'ExcludevimNetworkSessionMicrosoft365Defender'],
  ['ExcludeASimNetworkSession', 'ExcludeASimNetworkSessionMicrosoft365Defender'],
];
const rowsNow = (): unknown[] =>
  [...(azure.workspace.rows ?? new Map<string, Record<string, string>>()).values()].map(
    ({ CallerContext, SourceSpecificParser }) => [CallerContext, SourceSpecificParser],
  );

test('--exclude-built-in makes the missing watchlist, waits for it, adds four rows once, and sessions are counted once', async () => {
  azure.workspace.devices = { builtIn: ['a', 'b'], custom: ['a', 'b', 'c'], asim: [] };
  azure.workspace.makingFor = 2;
  await asim('--register');
  expect((await asim()).of('countedTwice')).toEqual(
    ['_Im_NetworkSession', '_ASim_NetworkSession'].map((subject) => ({
      status: 'warning',
      subject,
      found: expect.stringContaining('Counts the sessions of 2 devices twice') as unknown,
      next: expect.stringContaining('--exclude-built-in') as unknown,
    })),
  );
  const report = await asim('--exclude-built-in');
  expect(report.code).toBe(0);
  expect(rowsNow()).toEqual([['imNone', 'NoneParser'], ...rows]);
  expect(statuses([...report.of('disabledParsers'), ...report.of('countedTwice')])).toEqual([
    'ok ASimDisabledParsers',
    'ok _Im_NetworkSession',
    'ok _ASim_NetworkSession',
  ]);
  azure.writes.length = 0;
  expect((await asim('--exclude-built-in')).of('changes')[0]?.found).toBe('The rows were there already.');
  expect(azure.writes).toEqual([]);
});

test("a watchlist that is there is not made again: another's rows stay, and one that means the same is not added twice", async () => {
  azure.workspace.devices = { builtIn: ['a'], custom: [], asim: ['a'] };
  const others = new Map([
    ['11111111-0000-0000-0000-000000000000', { CallerContext: 'Exclude_Im_Dns', SourceSpecificParser: 'Any' }],
    [
      '22222222-0000-0000-0000-000000000000',
      { CallerContext: rows[0]?.[0] ?? '', SourceSpecificParser: rows[0]?.[1] ?? '' },
    ],
  ]);
  azure.workspace.rows = new Map(others);
  const before = await asim();
  expect(before.of('disabledParsers')[0]).toMatchObject({
    status: 'warning',
    found: expect.stringContaining('only for Exclude_Im_NetworkSession.') as unknown,
  });
  const report = await asim('--exclude-built-in');
  expect(report.code).toBe(0);
  expect(azure.writes.every((write) => write.includes('/watchlistItems/'))).toBe(true);
  expect(rowsNow()).toEqual([['Exclude_Im_Dns', 'Any'], ...rows]);
  await asim('--unregister');
  expect(azure.workspace.rows).toEqual(others);
});

test.each([
  ['a device is only in DeviceNetworkEvents', { builtIn: ['a', 'b'], custom: ['a'], asim: ['a'] }, 1],
  [
    'the hooks do not call the parsers, and only NetworkSessions_CL has the device',
    { builtIn: ['a'], custom: ['a'], asim: [] },
    1,
  ],
  ['the built-in connector sends nothing', { builtIn: [], custom: ['a'], asim: [] }, 0],
])('no row is added when %s', async (_, devices, code) => {
  azure.workspace.devices = devices;
  const report = await asim('--exclude-built-in');
  expect(report.code).toBe(code);
  expect(report.of('changes')[0]?.found).toContain('No row was added');
  expect(azure.writes).toEqual([]);
});

test('rows that already go to ASimNetworkSessionLogs are not registered a second time', async () => {
  azure.workspace.devices = { builtIn: [], custom: ['a'], asim: ['a'] };
  const report = await asim('--register');
  expect(report.code).toBe(1);
  expect(report.of('changes')[0]?.found).toContain('which Sentinel reads already');
  expect(azure.writes).toEqual([]);
});

test('--unregister removes the hooks first and all that is ours, and a second time there is nothing to do', async () => {
  azure.workspace.devices = { builtIn: ['a'], custom: ['a'], asim: [] };
  await asim('--register', '--exclude-built-in');
  azure.writes.length = 0;
  const report = await asim('--unregister');
  expect(report.code).toBe(0);
  expect(azure.workspace.functions.size).toBe(0);
  expect(rowsNow()).toEqual([['imNone', 'NoneParser']]);
  expect(azure.writes.slice(0, 4)).toEqual(
    [hook, secondHook, parameterless, filtering].map((name) => `DELETE /savedSearches/${name}`),
  );
  azure.writes.length = 0;
  expect((await asim('--unregister')).code).toBe(0);
  expect(azure.writes).toEqual([]);
});

test('--unregister leaves what another function calls, and what somebody changed in the meantime', async () => {
  await asim('--register');
  putHook(`${ownHook},\n    vimOther()`);
  azure.workspace.rows = new Map([
    [
      '7d0c4c0e-2f4b-4b0e-9d56-0f6a5a1c7e01',
      { CallerContext: 'Exclude_Im_NetworkSession', SourceSpecificParser: 'Edited' },
    ],
  ]);
  const report = await asim('--unregister');
  expect(report.code).toBe(1);
  expect([...azure.workspace.functions.keys()]).toEqual([filtering, hook]);
  expect(azure.workspace.rows.size).toBe(1);
  expect(statuses(report.of('changes'))).toEqual([
    `wrong ${hook}`,
    `ok ${secondHook}`,
    `ok ${parameterless}`,
    `warning ${filtering}`,
    'warning Exclude_Im_NetworkSession_Microsoft365Defender',
  ]);
});

test('a wrong workspace id, options that do not fit, or no workspace: exit code 2, and what to write instead', async () => {
  const wrongId = await run('doctor', ['--asim', '--workspace', 'log-soc'], folder, environment);
  expect(wrongId.code).toBe(2);
  expect(wrongId.stderr).toContain('found "log-soc"');
  const nobody = await run('doctor', ['--asim'], folder, environment);
  expect(nobody.code).toBe(2);
  expect(nobody.stderr).toContain('npm run doctor -- --asim --workspace RESOURCE_ID');
  const id = azure.workspaceId.replace('log-soc', 'log-other');
  const where = ['--management', azure.endpoint, '--query', azure.endpoint];
  const missing = await run('doctor', ['--asim', '--workspace', id, ...where], folder, environment);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain("log-other' under resource group 'rg-soc' was not found");
  expect((await run('doctor', ['--register'], folder, environment)).code).toBe(2);
  expect((await command('--register', '--unregister')).code).toBe(2);
  expect((await command('--management', 'http://localhost')).stderr).toContain('expected https://<host>');
});

test('when the management endpoint does not answer, the command says so and ends with 2', async () => {
  const where = ['--workspace', azure.workspaceId, '--management', 'https://localhost:9'];
  const ended = await run('doctor', ['--asim', '--register', ...where], folder, environment);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('cannot be read. No answer:');
  expect(ended.stderr).toContain('check --management');
});

/** The other checks have nothing to look at: their settings name no service. */
async function normalRun(...args: readonly string[]): Promise<readonly Finding[]> {
  const settings = { LOGS_INGESTION_RULE_IDS: 'dcr-1', ...environment };
  const ended = await run('doctor', ['--json', '--timeout', '120', ...args], folder, settings);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command promises this object in its last line.
  const { checks } = accountOf(ended) as { checks: { id: string; findings: Finding[] }[] };
  return checks.find(({ id }) => id === 'countedTwice')?.findings ?? [];
}

test('the doctor warns in its normal run when it knows the workspace, and says what it lacks when it does not', async () => {
  azure.workspace.devices = { builtIn: ['a'], custom: [], asim: ['a'] };
  const where = ['--workspace', azure.workspaceId, '--management', azure.endpoint, '--query', azure.endpoint];
  expect(statuses(await normalRun(...where))).toEqual(['warning _Im_NetworkSession', 'warning _ASim_NetworkSession']);
  azure.denied = new Set(['workspaces/read']);
  expect(await normalRun(...where)).toEqual([
    {
      status: 'unknown',
      subject: '',
      found: expect.stringContaining('403') as unknown,
      next: expect.stringContaining('Microsoft Sentinel Reader') as unknown,
    },
  ]);
  expect(await normalRun()).toEqual([
    {
      status: 'unknown',
      subject: '',
      found: expect.stringContaining('do not say which workspace') as unknown,
      next: 'Name the workspace of the rows: --workspace RESOURCE_ID.',
    },
  ]);
  expect(azure.writes).toEqual([]);
});

test('every line fits into 80 columns, and no token is shown', async () => {
  putHook(anothers);
  azure.workspace.devices = { builtIn: ['a', 'b'], custom: ['a'], asim: [] };
  for (const args of [[], ['--register'], ['--exclude-built-in'], ['--unregister']]) {
    const { stdout, stderr } = await command(...args);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout + stderr).not.toMatch(/Bearer|access_token/);
  }
  const { stdout } = await run('doctor', ['--help'], folder, environment);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
