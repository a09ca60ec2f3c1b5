import * as fc from 'fast-check';
import { readRegistrations } from '../../src/host/registrations';
import type { Trigger } from '../../src/host/trigger';
import { removeFolders } from '../host/kit/fixture';
import { failures, writeFixtureApp } from './fixtureApp';
import { describeWithWorker } from './folders';
import { startLocalWorker } from './localWorker';
import { startPlatformWorker } from './platformWorker';
import { type Event, event, requestFor } from './requests';
import type { Invoked, Worker } from './worker';

describeWithWorker("The platform's Node worker and ours show an app the same", (folders) => {
  let platform: Worker;
  let local: Worker;
  let triggers: ReadonlyMap<string, Trigger>;

  beforeAll(async () => {
    const app = {
      directory: writeFixtureApp(),
      settings: {
        EventHub: 'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true',
      },
    };
    platform = await startPlatformWorker(app, folders.worker, folders.proto);
    const started = await startLocalWorker(app);
    local = started;
    triggers = new Map(
      readRegistrations(started.registered, app.settings).triggers.map((trigger) => [trigger.functionName, trigger]),
    );
  });

  afterAll(async () => {
    await Promise.all([platform, local].map((worker) => worker.stop()));
    removeFolders();
  });

  function triggerOf(name: string): Trigger {
    const trigger = triggers.get(name);
    if (trigger === undefined) throw new Error(`The app registered no ${name}.`);
    return trigger;
  }

  /** The same request to both. */
  async function both(...given: Parameters<typeof requestFor>): Promise<{ platform: Invoked; local: Invoked }> {
    const request = requestFor(...given);
    return { platform: await platform.invoke(request), local: await local.invoke(request) };
  }

  it('functions, bindings and retry policies as registered', () => {
    expect(platform.functions.map(({ name }) => name)).toEqual(['seeing', 'failing', 'talking']);
    // The platform's worker writes a binding's name into the binding, ours keeps it as the key alone.
    const named = local.functions.map((each) => ({
      ...each,
      bindings: Object.fromEntries(
        Object.entries(each.bindings).map(([name, binding]) => [name, { ...binding, name }]),
      ),
    }));
    expect(named).toEqual(platform.functions);
    expect(local.functions.find(({ name }) => name === 'failing')?.retry).toEqual({
      strategy: 'fixeddelay',
      maxRetryCount: 3,
      seconds: [90],
    });
  });

  it('capabilities, those of the app included', () => {
    expect(platform.capabilities).toMatchObject({ IncludeEmptyEntriesInMessagePayload: 'true' });
    expect(local.capabilities).toEqual(platform.capabilities);
  });

  const events: readonly Event[] = [
    event({
      body: Buffer.from('{"records":[{"n":9007199254740993,"t":"2026-11-21T08:15:28.1200000Z"}]}'),
      partitionKey: '42',
    }),
    event({ body: Buffer.from('"text"'), partitionKey: 'key', offset: '4294967296000', sequenceNumber: 2 ** 32 + 7 }),
    event({
      body: Buffer.from('7'),
      offset: 'a:1',
      sequenceNumber: Number.MAX_SAFE_INTEGER,
      properties: { 'Diagnostic-Id': '00-a', Nested: { Deep: [1, null] } },
    }),
    event({
      body: Buffer.alloc(0),
      partitionKey: '',
      systemProperties: { contentType: 'application/json', 'x-opt-own': 1 },
    }),
  ];
  const binary = [...events, event({ body: Buffer.from([0, 255, 0xc3, 0x28, 10]) })];

  it.each([true, false])('bodies, metadata and context (empty entries included: %p)', async (includeEmpty) => {
    for (const batch of [binary, binary.slice(0, 1), []]) {
      const seen = await both(triggerOf('seeing'), batch, undefined, includeEmpty);
      expect(seen.platform).toMatchObject({ error: undefined, lines: [{ level: 'information' }] });
      expect(seen.local).toEqual(seen.platform);
    }
  });

  it('any bytes, keys and properties', async () => {
    const anyEvent = fc
      .record({
        body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        partitionKey: fc.option(fc.string({ unit: 'grapheme' })),
        offset: fc.oneof(fc.nat().map(String), fc.string()),
        sequenceNumber: fc.maxSafeInteger(),
        enqueuedTimeUtc: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
        properties: fc.dictionary(fc.string(), fc.jsonValue()),
      })
      .map((fields) => event(fields));
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 4 }), fc.boolean(), async (batch, includeEmpty) => {
        const seen = await both(triggerOf('seeing'), batch, undefined, includeEmpty);
        expect(seen.platform.lines).toHaveLength(1);
        expect(seen.local).toEqual(seen.platform);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [{ retryCount: 0, maxRetryCount: -1 }],
    [{ retryCount: 2, maxRetryCount: 3, exception: { message: 'what it threw', stackTrace: 'at here', source: '' } }],
  ])('the retry context %j', async (retryContext) => {
    const seen = await both(triggerOf('seeing'), events, retryContext);
    expect(seen.platform.lines[0]?.message).toContain(
      `"retryCount":{"type":"number","text":"${retryContext.retryCount}"}`,
    );
    expect(seen.local).toEqual(seen.platform);
  });

  it.each(failures.map(([name]) => name))('the outcome of a handler that fails: %s', async (failure) => {
    const seen = await both(triggerOf('failing'), [event({ body: Buffer.from(failure) })]);
    expect(seen.local).toEqual(seen.platform);
  });

  it('log levels and texts, hooks that replace input and handler, in the same order', async () => {
    const seen = await both(triggerOf('talking'), [event({ body: Buffer.from('original') })]);
    expect(seen.platform.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'information wrapped',
      'trace t',
      'debug d',
      'information i 1 { a: [ 1, 2n ] }',
      'warning w',
      'error e',
      'information replaced <Buffer 62> undefined null',
      expect.stringMatching(/^information after before undefined null \[ \[ 'replaced' \] \]$/),
    ]);
    expect(seen.local).toEqual(seen.platform);
  });

  it('an invocation of a function that does not exist', async () => {
    const seen = await both({ ...triggerOf('talking'), functionId: 'nowhere' }, [event({})]);
    expect(seen.platform.error).toContain('nowhere');
    expect(seen.local).toEqual(seen.platform);
  });
});
