import { anothers, filtering, findingsOf, functionsInOrder, statuses, useAsimBench, whereIs } from './kit/asimBench';
import type { Finding } from './kit/doctorBench';

const bench = useAsimBench();
const { asim, putHook } = bench;

test('without a right, the role that is missing is named: to read, to write functions, to write rows', async () => {
  bench.azure.denied = new Set(['workspaces/read']);
  const blind = await bench.printed('--json');
  expect(blind.code).toBe(2);
  expect(blind.stderr).toContain('Microsoft Sentinel Reader');
  expect(blind.stderr).toContain("perform action 'workspaces/read'");
  bench.azure.denied = new Set(['savedSearches/read', 'query/read']);
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
  bench.azure.denied = new Set(['savedSearches/write']);
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
  bench.azure.workspace.hasSentinel = false;
  const without = await asim('--register', '--exclude-built-in');
  expect(without.code).toBe(1);
  expect(statuses(without.of('sentinel'))).toEqual(['wrong ']);
  bench.azure.reset();
  bench.azure.workspace.plan = 'Basic';
  const basic = await asim();
  expect(basic.of('table')[0]?.found).toContain('Its plan is Basic');
  expect(statuses([...basic.of('parsers'), ...basic.of('hooks')])).toEqual(
    functionsInOrder.map((name) => `ok ${name}`),
  );
  expect((await asim('--register')).code).toBe(1);
  bench.azure.workspace.plan = undefined;
  expect((await asim('--register')).of('changes')[0]?.found).toContain('NetworkSessions_CL is not here');
  expect(bench.azure.writes).toEqual([]);
});

test('a wrong workspace id, options that do not fit, or no workspace: exit code 2, and what to write instead', async () => {
  const wrongId = await bench.doctor(['--asim', '--workspace', 'log-soc']);
  expect(wrongId.code).toBe(2);
  expect(wrongId.stderr).toContain('found "log-soc"');
  const nobody = await bench.doctor(['--asim']);
  expect(nobody.code).toBe(2);
  expect(nobody.stderr).toContain('npm run doctor -- --asim --workspace RESOURCE_ID');
  const id = bench.azure.workspaceId.replace('log-soc', 'log-other');
  const where = ['--management', bench.azure.endpoint, '--query', bench.azure.endpoint];
  const missing = await bench.doctor(['--asim', '--workspace', id, ...where]);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain("log-other' under resource group 'rg-soc' was not found");
  expect((await bench.doctor(['--register'])).code).toBe(2);
  expect((await bench.printed('--register', '--unregister')).code).toBe(2);
  expect((await bench.printed('--management', 'http://localhost')).stderr).toContain('expected https://<host>');
});

test('when the management endpoint does not answer, the command says so and ends with 2', async () => {
  const where = ['--workspace', bench.azure.workspaceId, '--management', 'https://localhost:9'];
  const ended = await bench.doctor(['--asim', '--register', ...where]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('cannot be read. No answer:');
  expect(ended.stderr).toContain('check --management');
});

/** The other checks have nothing to look at: their settings name no service. */
async function normalRun(...args: readonly string[]): Promise<readonly Finding[]> {
  const ended = await bench.doctor(['--json', '--timeout', '120', ...args], { LOGS_INGESTION_RULE_IDS: 'dcr-1' });
  return findingsOf(ended, 'countedTwice');
}

test('the doctor warns in its normal run when it knows the workspace, and says what it lacks when it does not', async () => {
  bench.azure.workspace.devices = { builtIn: ['a'], custom: [], asim: ['a'] };
  const where = whereIs(bench.azure);
  expect(statuses(await normalRun(...where))).toEqual(['warning _Im_NetworkSession', 'warning _ASim_NetworkSession']);
  bench.azure.denied = new Set(['workspaces/read']);
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
  expect(bench.azure.writes).toEqual([]);
});

test('every line fits into 80 columns, and no token is shown', async () => {
  putHook(anothers);
  bench.azure.workspace.devices = { builtIn: ['a', 'b'], custom: ['a'], asim: [] };
  for (const args of [[], ['--register'], ['--exclude-built-in'], ['--unregister']]) {
    const { stdout, stderr } = await bench.printed(...args);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout + stderr).not.toMatch(/Bearer|access_token/);
  }
  const { stdout } = await bench.doctor(['--help']);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  // A line that was too long leaves one word or two on the next.
  expect(stdout.split('\n').filter((line) => /^\S+(?: \S+)?$/.test(line))).toEqual([]);
});
