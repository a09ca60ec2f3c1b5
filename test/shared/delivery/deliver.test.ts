import { DcrGate } from '../../../shared/delivery/dcrGate';
import { deliver } from '../../../shared/delivery/deliver';
import { newLedger } from '../../../shared/delivery/ledger';
import type { Route } from '../../../shared/delivery/route';
import { SettledRows } from '../../../shared/delivery/settledRows';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import type { Chunk } from '../../../shared/sessions/chunks';
import type { Row } from '../../../shared/sessions/row';

const row = (id: number, time = '2026-11-21T08:00:00.000000Z', pad = ''): Row => ({
  text: `{"TimeGenerated":"${time}","id":${id}}${pad}`,
  uid: String(id),
  time: Date.parse(time),
  position: `hub/0/1/${id}`,
  saved: [],
  table: 'DeviceNetworkEvents',
});
const rows = (count: number): Row[] => Array.from({ length: count }, (_, id) => row(id));
/** Each takes a chunk of its own. */
const padded = (count: number): Row[] =>
  Array.from({ length: count }, (_, id) => row(id, undefined, ' '.repeat(900_000)));
const idsOf = (rejected: ReadonlyMap<Row, unknown>): number[] =>
  Array.from(rejected.keys(), ({ uid }) => Number(uid)).toSorted((one, other) => one - other);

/** A service that answers each call by its rows' ids, and remembers what it stored. */
function service(answer: (ids: number[], call: number) => DeliveryError | undefined) {
  const stored: number[] = [];
  const calls: number[][] = [];
  return {
    stored,
    calls,
    async send(chunk: Chunk): Promise<{ bytesSent: number }> {
      const ids = Array.from(
        chunk
          .body()
          .toString()
          .matchAll(/"id":(\d+)/g),
        ([, id]) => Number(id),
      );
      calls.push(ids);
      const rejection = answer(ids, calls.length);
      if (rejection !== undefined) throw rejection;
      stored.push(...ids);
      return Promise.resolve({ bytesSent: 1 });
    },
  };
}

function route(sender: Route['sender'], overrides: Partial<Route> = {}): Route {
  return {
    dcrId: 'dcr-1',
    gate: new DcrGate({ concurrency: 4, maxRetryAfterMs: 5, delays: { first: 1, longest: 4, shortest: 1 } }),
    sender,
    settledRows: new SettledRows(),
    ledger: newLedger(),
    random: () => 0,
    signal: AbortSignal.timeout(60_000),
    ...overrides,
  };
}

const comparing = (a: string, b: string): number => a.localeCompare(b);
const content = (): DeliveryError => new DeliveryError('InvalidPayload', 400, 'refused');
const unlisted = (): DeliveryError => new DeliveryError('Unlisted', 400, 'no');
const busy = (): DeliveryError => new DeliveryError('TooManyRequests', 429, 'busy', { retryAfterMs: 0 });

describe('delivery of a batch', () => {
  test('rows are sent in one call, and their bytes are counted exactly', async () => {
    const target = service(() => undefined);
    const way = route(target);
    expect((await deliver(rows(3), way)).size).toBe(0);
    expect(target.calls).toEqual([[0, 1, 2]]);
    // Three rows of 54 bytes, two commas, two brackets.
    expect(way.ledger).toMatchObject({ bytesOut: 166, bytesSent: 1 });
  });

  test.each([1, 2, 3])(
    '%i bad rows among 1000 are found in k log n calls, the others are stored once',
    async (faults) => {
      const bad = new Set([17, 500, 999].slice(0, faults));
      const target = service((ids) => (ids.some((id) => bad.has(id)) ? content() : undefined));
      const rejected = await deliver(rows(1000), route(target));
      expect(idsOf(rejected)).toEqual([...bad]);
      expect(target.stored.toSorted((a, b) => a - b)).toEqual([...rows(1000).keys()].filter((id) => !bad.has(id)));
      // log2(1000) is about 10: each fault costs two calls a level. One single row shows that the rule takes rows.
      expect(target.calls.length).toBeLessThanOrEqual(1 + 1 + 2 * 10 * faults);
    },
  );

  test('a body that is too large for the service is bisected until it fits', async () => {
    const target = service((ids) =>
      ids.length > 10 ? new DeliveryError('ContentLengthLimitExceeded', 413, 'too large') : undefined,
    );
    const rejected = await deliver(rows(100), route(target));
    expect(rejected.size).toBe(0);
    expect(new Set(target.stored).size).toBe(100);
    expect(target.stored).toHaveLength(100);
  });

  test('rows that span more than 30 minutes are sent in groups by time, none is rejected', async () => {
    const times = ['08:00', '09:10', '08:29', '08:31', '09:00'].map((time, id) =>
      row(id, `2026-11-21T${time}:00.000000Z`),
    );
    const target = service((_, call) =>
      call === 1 ? new DeliveryError('RecordsTimeRangeIsMoreThan30Minutes', 400, 'span') : undefined,
    );
    const rejected = await deliver(times, route(target));
    expect(target.calls.slice(1).map(String).toSorted(comparing)).toEqual(['0,2', '1', '3,4'].toSorted(comparing));
    expect(rejected.size).toBe(0);
  });

  test.each([
    [401, 'InvalidToken'],
    [403, 'OperationFailed'],
    [404, 'NotFound'],
    [400, 'InvalidStream'],
  ])(
    '%i %s before any row was accepted holds the batch: no row is rejected, and no call follows',
    async (status, code) => {
      const target = service(() => new DeliveryError(code, status, 'no'));
      await expect(deliver(rows(100), route(target))).rejects.toMatchObject({ status, code });
      expect(target.calls).toHaveLength(1);
    },
  );

  test.each([
    ['listed as content', content],
    ['that nobody has listed', unlisted],
  ])(
    'a DCR that rejects everything with a code %s gets the chunk and 21 different single rows, and the batch is held',
    async (_, refusal) => {
      const target = service(() => refusal());
      const way = route(target, { random: Math.random });
      const { code } = refusal();
      await expect(deliver(rows(100), way)).rejects.toMatchObject({ code, status: 400 });
      expect(target.calls.map(({ length }) => length)).toEqual([100, ...Array<number>(21).fill(1)]);
      expect(new Set(target.calls.slice(1).flat()).size).toBe(21);
      expect(way.ledger.rejected.size).toBe(0);
    },
  );

  test.each([[[0]], [[0, 50]], [[49]], [[0, 24, 25]]])(
    'after an unlisted 400 a single row is accepted, so rows %j of 51 are bad, and the others are stored once',
    async (bad) => {
      const target = service((ids) => (ids.some((id) => bad.includes(id)) ? unlisted() : undefined));
      const way = route(target);
      const rejected = await deliver(rows(51), way);
      expect(idsOf(rejected)).toEqual(bad);
      expect(target.stored.toSorted((a, b) => a - b)).toEqual([...rows(51).keys()].filter((id) => !bad.includes(id)));
      expect(way.ledger.accepted.size).toBe(51 - bad.length);
    },
  );

  test('of two rows one is accepted, so the other is bad, even in the first batch of a process', async () => {
    const target = service((ids) => (ids.includes(0) ? unlisted() : undefined));
    expect(idsOf(await deliver(rows(2), route(target)))).toEqual([0]);
    expect(target.calls).toEqual([[0, 1], [0], [1]]);
  });

  test('a batch of one row that is the first of a process is held: nothing shows that the DCR would accept another row', async () => {
    const target = service(() => unlisted());
    await expect(deliver(rows(1), route(target))).rejects.toMatchObject({ code: 'Unlisted' });
    expect(target.calls).toEqual([[0]]);
  });

  test('an unlisted 400 is about content once the DCR has accepted rows of this process', async () => {
    let broken = false;
    const target = service((ids) => (broken && ids.includes(5) ? unlisted() : undefined));
    const way = route(target);
    await deliver(rows(1), way);
    broken = true;
    const rejected = await deliver(rows(50), way);
    expect(idsOf(rejected)).toEqual([5]);
    expect(target.stored).toHaveLength(49);
  });

  test('a batch whose rows are mostly rejected is held at every attempt, and sent whole once the DCR is corrected', async () => {
    let isWrong = true;
    const target = service(() => (isWrong ? content() : undefined));
    const way = route(target);
    for (let attempt = 0; attempt < 4; attempt++) {
      await expect(deliver(rows(100), way)).rejects.toThrow(/Too many rows were rejected/);
    }
    isWrong = false;
    expect((await deliver(rows(100), way)).size).toBe(0);
    expect(target.stored).toHaveLength(100);
  });

  test('small batches do not hide a DCR that rejects everything: the credit covers 20 rows, the batch of the next is held', async () => {
    const target = service(() => content());
    const way = route(target);
    const all = rows(50);
    expect((await deliver(all.slice(0, 10), way)).size).toBe(10);
    expect((await deliver(all.slice(10, 20), { ...way, ledger: newLedger() })).size).toBe(10);
    for (const left of [all.slice(20, 21), all.slice(21)]) {
      await expect(deliver(left, { ...way, ledger: newLedger() })).rejects.toThrow(/Too many rows were rejected/);
    }
  });

  test('accepted rows of any batch restore the credit of the DCR, one for one', async () => {
    const target = service((ids) => (ids.some((id) => id < 100) ? content() : undefined));
    const way = route(target);
    const batch = async (first: number, count: number) =>
      deliver(
        Array.from({ length: count }, (_, i) => row(first + i)),
        { ...way, ledger: newLedger() },
      );
    expect((await batch(0, 20)).size).toBe(20);
    await expect(batch(20, 5)).rejects.toThrow(/Too many rows were rejected/);
    await batch(100, 4);
    await expect(batch(20, 5)).rejects.toThrow(/Too many rows were rejected/);
    await batch(104, 1);
    expect((await batch(20, 5)).size).toBe(5);
  });

  test('a few accepted rows do not settle batches of which nearly all rows are rejected', async () => {
    const target = service((ids) => (ids.some((id) => id % 16 > 0) ? content() : undefined));
    const way = route(target);
    const all = rows(48);
    const batch = async (first: number) => deliver(all.slice(first, first + 16), { ...way, ledger: newLedger() });
    expect((await batch(0)).size).toBe(15);
    await expect(batch(16)).rejects.toThrow(/Too many rows were rejected/);
    await expect(batch(32)).rejects.toThrow(/Too many rows were rejected/);
  });

  test.each([
    // Half of the rows, and 20 more that have the benefit of the doubt.
    [50, 100, 'set aside'],
    [60, 100, 'set aside'],
    [61, 100, 'held'],
    [20, 20, 'set aside'],
    [21, 21, 'held'],
    [20, 30, 'set aside'],
    [1500, 2000, 'held'],
    [1000, 2000, 'set aside'],
  ])('%i rejected rows of %i are %s', async (bad, all, outcome) => {
    const target = service((ids) => (ids.some((id) => id < bad) ? content() : undefined));
    const delivered = deliver(rows(all), route(target, { random: Math.random })).then(
      (rejected) => (rejected.size === bad ? 'set aside' : 'something else'),
      () => 'held',
    );
    expect(await delivered).toBe(outcome);
  });

  test('a batch held because most rows are rejected costs 21 calls when it is redelivered; once the DCR is corrected, all rows are sent', async () => {
    let isWrong = true;
    const target = service((ids) => (isWrong && ids.some((id) => id % 4 > 0) ? content() : undefined));
    const way = route(target, { random: Math.random });
    await expect(deliver(rows(200), way)).rejects.toThrow(/Too many rows were rejected/);
    for (let i = 0; i < 2; i++) {
      const before = target.calls.length;
      await expect(deliver(rows(200), way)).rejects.toThrow(/Too many rows were rejected/);
      // Rows that no attempt has come to yet go out in one chunk, and are not asked about one by one.
      expect(target.calls.length - before).toBeLessThanOrEqual(21 + 1);
    }
    isWrong = false;
    expect((await deliver(rows(200), way)).size).toBe(0);
    expect(target.stored.toSorted((a, b) => a - b)).toEqual([...rows(200).keys()]);
  });

  test('an attempt that is cut off has settled rows, however good and bad rows are mixed, so that a few attempts settle the batch', async () => {
    const target = service((ids) => (ids.some((id) => id % 2 > 0) ? content() : undefined));
    const cutting = { after: 0, controller: new AbortController() };
    const sender = {
      async send(chunk: Chunk) {
        if (--cutting.after === 0) cutting.controller.abort(new Error('budget'));
        return target.send(chunk);
      },
    };
    const way = route(sender);
    let refused: ReadonlyMap<Row, unknown> | undefined;
    let attempts = 0;
    while (refused === undefined && attempts < 30) {
      attempts++;
      Object.assign(cutting, { after: 150, controller: new AbortController() });
      refused = await deliver(rows(1000), { ...way, signal: cutting.controller.signal }).catch(() => undefined);
    }
    // 2,000 calls would do it in one attempt; halving again from the top costs some 20 calls in each.
    expect(attempts).toBeLessThanOrEqual(20);
    expect(refused?.size).toBe(500);
    expect(target.stored.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, i) => i * 2));
  });

  test('rows that are rejected for their time span but have one time are bisected, not sent again in the same call', async () => {
    const target = service((ids) =>
      ids.length > 2 ? new DeliveryError('RecordsTimeRangeIsMoreThan30Minutes', 400, 'span') : undefined,
    );
    expect((await deliver(rows(8), route(target))).size).toBe(0);
    const lengths = target.calls.map(({ length }) => length);
    expect(lengths.toSorted((a, b) => b - a)).toEqual([8, 4, 3, 2, 2, 2, 1, 1]);
  });

  test('accepted rows of a held batch are remembered even if the process has forgotten them', async () => {
    let isDown = true;
    const target = service((ids) =>
      isDown && ids.includes(1) ? new DeliveryError('NotFound', 404, 'gone') : undefined,
    );
    const way = route(target);
    const big = padded(2);
    await expect(deliver(big, way)).rejects.toMatchObject({ status: 404 });
    way.settledRows.accepted.clear();
    isDown = false;
    await deliver(big, way);
    expect(target.stored).toEqual([0, 1]);
  });

  test('a 429 without Retry-After is retried', async () => {
    const target = service((_, call) => (call < 3 ? new DeliveryError('TooManyRequests', 429, 'busy') : undefined));
    expect((await deliver(rows(1), route(target))).size).toBe(0);
    expect(target.calls).toHaveLength(3);
  });

  test('a transient error is retried within the budget', async () => {
    const target = service((_, call) => (call < 4 ? busy() : undefined));
    expect((await deliver(rows(10), route(target))).size).toBe(0);
    expect(target.stored).toHaveLength(10);
    expect(target.calls).toHaveLength(4);
  });

  test('a failed call is retried after a wait, each time longer', async () => {
    const times: number[] = [];
    const target = service((_, call) => {
      times.push(performance.now());
      return call < 3 ? new DeliveryError('InternalServerError', 500, 'no luck') : undefined;
    });
    const delays = { first: 40, longest: 1000, shortest: 1 };
    const gate = new DcrGate({ concurrency: 4, maxRetryAfterMs: 5, delays, random: () => 1 });
    await deliver(rows(1), route(target, { gate }));
    const [first = 0, second = 0, third = 0] = times;
    // A timer may be early by a millisecond.
    expect(second - first).toBeGreaterThan(38);
    expect(third - second).toBeGreaterThan(78);
  });

  test('after a fatal error, transient errors of other chunks are not retried', async () => {
    const big = padded(2);
    const target = service((ids) =>
      ids.includes(0) ? new DeliveryError('OperationFailed', 403, 'no role') : new DeliveryError('Unknown', 500, 'bad'),
    );
    await expect(deliver(big, route(target))).rejects.toMatchObject({ status: 403 });
    expect(target.calls).toEqual([[0], [1]]);
  });

  test('after a fatal error, queued chunks are not sent', async () => {
    const big = padded(5);
    const target = service(() => new DeliveryError('OperationFailed', 403, 'no role'));
    const gate = new DcrGate({ concurrency: 1, maxRetryAfterMs: 5, delays: { first: 1, longest: 4, shortest: 1 } });
    await expect(deliver(big, route(target, { gate }))).rejects.toMatchObject({ status: 403 });
    expect(target.calls).toEqual([[0]]);
  });

  test('rejected rows do not add up over batches whose other rows are accepted', async () => {
    const target = service((ids) => (ids.some((id) => id % 4 === 0) ? content() : undefined));
    const way = route(target);
    const all = rows(120);
    for (const first of [0, 40, 80]) expect((await deliver(all.slice(first, first + 40), way)).size).toBe(10);
    expect(target.stored).toHaveLength(90);
  });

  test('when the budget is spent the batch is held with the last error', async () => {
    const target = service(() => busy());
    const held = deliver(rows(10), route(target, { signal: AbortSignal.timeout(20) }));
    await expect(held).rejects.toMatchObject({
      code: 'TooManyRequests',
      message: expect.stringContaining('busy') as unknown,
    });
  });

  test('a batch that waited for a closed gate until its budget was spent is held with the error that closed the gate', async () => {
    const target = service(() => new DeliveryError('Unavailable', 503, 'away'));
    const delays = { first: 60_000, longest: 60_000, shortest: 1 };
    const way = route(target, { gate: new DcrGate({ concurrency: 4, maxRetryAfterMs: 60_000, delays }) });
    const pass = async (): Promise<unknown> =>
      way.gate.pass(async () => Promise.reject(new DeliveryError('Throttled', 429, 'busy')), way.signal);
    await expect(pass()).rejects.toMatchObject({ status: 429 });
    const held = deliver(rows(10), { ...way, signal: AbortSignal.timeout(20) });
    await expect(held).rejects.toMatchObject({
      code: 'Throttled',
      status: 429,
      message: expect.stringContaining('busy') as unknown,
    });
    expect(target.calls).toEqual([]);
  });

  test('a redelivered batch sends neither accepted nor rejected rows again', async () => {
    let isDown = true;
    let isFound = false;
    const target = service((ids) => {
      if (ids.length === 1 && ids[0] === 7) isFound = true;
      if (ids.includes(7)) return content();
      if (!isDown || !ids.includes(90)) return undefined;
      return isFound ? new DeliveryError('NotFound', 404, 'gone') : busy();
    });
    const way = route(target);
    await expect(deliver(rows(100), way)).rejects.toMatchObject({ status: 404 });
    const storedBefore = target.stored.length;
    const callsBefore = target.calls.length;
    isDown = false;
    const rejected = await deliver(rows(100), way);
    expect(storedBefore).toBeGreaterThan(0);
    expect(idsOf(rejected)).toEqual([7]);
    expect(target.stored).toHaveLength(99);
    expect(target.calls.slice(callsBefore).filter((ids) => ids.length === 1 && ids[0] === 7)).toEqual([]);
  });

  test('accepted rows of the same batch show that a single rejected chunk is bad, whatever came first', async () => {
    const big = padded(5);
    const target = service((ids) => (ids.includes(0) ? unlisted() : undefined));
    const gate = new DcrGate({ concurrency: 1, maxRetryAfterMs: 5, delays: { first: 1, longest: 4, shortest: 1 } });
    expect(idsOf(await deliver(big, route(target, { gate })))).toEqual([0]);
    expect(target.calls).toEqual([[0], [1], [2], [3], [4]]);
  });

  test('a call in flight when the budget is spent is completed, and its rows are remembered', async () => {
    const aborting = new AbortController();
    const target = service(() => undefined);
    const sender = {
      async send(chunk: Chunk) {
        aborting.abort(new Error('budget'));
        await new Promise((resolve) => setImmediate(resolve));
        return target.send(chunk);
      },
    };
    const way = route(sender, { signal: aborting.signal });
    expect((await deliver(rows(3), way)).size).toBe(0);
    expect(way.settledRows.accepted.get('0')).toBe('hub/0/1/0');
  });

  test('an error of ours passes through', async () => {
    const target = { send: async (): Promise<never> => Promise.reject(new TypeError('a bug')) };
    await expect(deliver(rows(1), route(target))).rejects.toThrow(TypeError);
  });
});
