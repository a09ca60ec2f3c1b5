import { commandJson } from '../../frozen/commandJson';
import { accountOf } from '../replay/kit/replayCommand';
import { hub, reader } from './kit/doctorBench';
import { type SendBench, startSendBench } from './kit/sendBench';

let on: SendBench;
beforeAll(async () => {
  on = await startSendBench();
});
afterEach(() => {
  on.workspace.faults.clear();
  on.plans.NetworkSessions_CL = 'Analytics';
  on.showsRows = true;
  on.isCheckpointLate = false;
  on.bench.storage.refusal = undefined;
});
afterAll(() => on.stop());

const text = (part: string): unknown => expect.stringContaining(part);
const uid = /[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/;

describe('while the app runs', () => {
  let app: Awaited<ReturnType<SendBench['startApp']>>;
  beforeAll(async () => {
    app = await on.startApp();
  });
  afterAll(() => app.stop());

  test('the record is followed from the hub to a query, with the delay of each step, and nothing secret is shown', async () => {
    const report = await on.send();
    expect(report.troubles).toEqual([]);
    expect(report.of('sent')).toEqual([{ status: 'ok', subject: `${hub}/0`, found: text('The record is in the hub') }]);
    expect(report.of('settled')).toMatchObject([{ status: 'ok', subject: `${hub}/0` }]);
    expect(report.of('stored')).toMatchObject([
      { status: 'ok', subject: 'NetworkSessions_CL', found: text('A query found it after') },
    ]);
    expect(report.code).toBe(0);
    const account = accountOf(report);
    expect(account).toEqual(commandJson.doctorSend);
    const rows = await on.rows();
    expect(rows).toEqual([
      expect.objectContaining({
        DvcHostname: 'network-sessions-check.example',
        EventSubType: 'ConnectionSuccess',
        NetworkDirection: 'Outbound',
        SrcIpAddr: '192.0.2.1',
        DstIpAddr: '198.51.100.1',
        DstDomainHostname: 'network-sessions-check.example',
      }),
    ]);
    expect(rows).toMatchObject([
      { AdditionalFields: { Detail: { NetworkSessionsCheck: 'npm run doctor -- --send' } } },
    ]);
    expect(rows).toMatchObject([{ EventUid: uid.exec(report.of('sent')[0]?.found ?? '')?.[0] }]);
    for (const secret of ['emulator-key-of-no-value', on.bench.identity.header, 'a2V5IG9mIG5vIHZhbHVl']) {
      expect(report.stdout + report.stderr).not.toContain(secret);
    }
  });

  test('a row that is found before the checkpoint is written: the command waits for its delay too', async () => {
    on.isCheckpointLate = true;
    const report = await on.send();
    expect(report.of('settled')).toMatchObject([{ status: 'ok', found: text('had settled it after') }]);
    expect(report.of('stored')).toMatchObject([{ status: 'ok' }]);
    expect(report.code).toBe(0);
  });

  test('a row that no query finds in time: the step, and where to look', async () => {
    on.showsRows = false;
    const report = await on.send({ DROP_RULES_FILE: 'rules.yaml' }, '--wait', '5');
    expect(report.of('sent')).toMatchObject([{ status: 'ok' }]);
    expect(report.of('settled')).toMatchObject([{ status: 'ok', found: text('had settled it after') }]);
    expect(report.of('stored')).toMatchObject([
      { status: 'wrong', found: text('No query finds its row after'), next: text('DCRLogErrors') },
    ]);
    expect(report.of('stored')[0]?.next).toMatch(/--wait 3600.*npm run replay -- list.*DROP_RULES_FILE is set/);
    expect(report.code).toBe(1);
  });

  test('checkpoints that cannot be read hide only when the app settled it', async () => {
    on.bench.storage.refusal = { status: 403, code: 'AuthorizationPermissionMismatch' };
    const report = await on.send();
    expect(report.of('settled')).toMatchObject([{ status: 'ok', found: text('cannot be read from here') }]);
    expect(report.of('stored')).toMatchObject([{ status: 'ok' }]);
    expect(report.code).toBe(0);
  });

  test('a table that queries of the API do not read: it says so, and prints the query for the portal', async () => {
    on.plans.NetworkSessions_CL = 'Auxiliary';
    const asked = on.queries.length;
    const report = await on.send();
    expect(report.of('settled')).toMatchObject([{ status: 'ok' }]);
    expect(report.of('stored')).toMatchObject([
      { status: 'unknown', found: text('plan Auxiliary'), next: text('NetworkSessions_CL | where EventUid == "') },
    ]);
    expect(on.queries).toHaveLength(asked);
    expect(report.code).toBe(1);
  });
});

test('an app that does not run: the record waits in the hub, and no row is there', async () => {
  on.bench.storage.blobs.clear();
  const report = await on.send({}, '--wait', '1');
  expect(report.of('settled')).toMatchObject([
    { status: 'wrong', found: text('the partition has no checkpoint yet'), next: text('FunctionAppLogs') },
  ]);
  expect(report.of('stored')).toMatchObject([{ status: 'unknown', next: 'See the step settled.' }]);
  expect(report.code).toBe(1);
});

test('without rows and without checkpoints to read, the role for the checkpoints is named', async () => {
  on.bench.storage.refusal = { status: 403, code: 'AuthorizationPermissionMismatch' };
  const report = await on.send({}, '--wait', '1');
  expect(report.of('settled')).toMatchObject([{ status: 'unknown', next: text('Storage Blob Data Reader') }]);
  expect(report.code).toBe(1);
});

test('an identity without the right to send: the role is named, and nothing else is looked for', async () => {
  const report = await on.send({ EventHub__clientId: reader, EventHub__credential: 'managedidentity' });
  expect(report.of('sent')).toMatchObject([
    { status: 'wrong', subject: hub, next: text('role Azure Event Hubs Data Sender') },
  ]);
  expect(report.troubles).toEqual(['sent wrong', 'settled unknown', 'stored unknown']);
  expect(report.code).toBe(1);
});

/** What the command prints when it ends with 2, having sent nothing. */
async function refused(settings: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  const before = on.events();
  const { code, stderr } = await on.ended(settings, ...args);
  expect(code).toBe(2);
  expect(on.events()).toBe(before);
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr;
}

describe('nothing is sent', () => {
  test.each(['query/read', 'workspaces/read'] as const)('without the right %s; the role is named', async (right) => {
    on.deny(right);
    const stderr = await refused({});
    expect(stderr).toContain('Nothing was sent');
    expect(stderr).toContain('role Log Analytics Reader');
    expect(stderr).toContain(`'${right}'`);
  });

  test('while a gateway answers in place of the workspace', async () => {
    on.workspace.faults.inject({ on: 'query', kind: 'page', status: 502, times: Number.POSITIVE_INFINITY });
    expect(await refused({})).toContain('Answered 502');
  });

  test('without a workspace', async () => {
    expect(await refused({ ROWS_WORKSPACE_RESOURCE_ID: '' })).toContain('npm run doctor -- --send --workspace');
  });

  test('to one of several hubs that is not named', async () => {
    expect(await refused({ EVENT_HUB_NAMES: `${hub},other` })).toContain('--hub');
  });

  test.each<[string[], string]>([
    [['--asim'], '--send and --asim: choose one'],
    [['--wait', '0'], '--wait: expected a whole number from 1 to 7200'],
  ])('with %j', async (args, problem) => {
    expect(await refused({}, ...args)).toContain(problem);
  });
});
