import { DcrGate } from '../../../shared/delivery/dcrGate';
import { deliver } from '../../../shared/delivery/deliver';
import { newLedger } from '../../../shared/delivery/ledger';
import type { Route } from '../../../shared/delivery/route';
import { SettledRows } from '../../../shared/delivery/settledRows';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import type { Chunk } from '../../../shared/sessions/chunks';
import { smallRow } from '../kit/smallRow';

function routeTo(answer: () => Error | undefined, overrides: Partial<Route> = {}) {
  const sent: number[] = [];
  const route: Route = {
    dcrId: 'dcr-1',
    gate: new DcrGate({ concurrency: 4, maxRetryAfterMs: 5, delays: { first: 1, longest: 4, shortest: 1 } }),
    sender: {
      async send(chunk: Chunk) {
        const error = answer();
        if (error !== undefined) return Promise.reject(error);
        sent.push(
          ...Array.from(
            chunk
              .body()
              .toString()
              .matchAll(/"id":(\d+)/g),
            ([, id]) => Number(id),
          ),
        );
        return Promise.resolve({ bytesSent: 1 });
      },
    },
    settledRows: new SettledRows(),
    ledger: newLedger(),
    signal: AbortSignal.timeout(60_000),
    ...overrides,
  };
  return { route, sent };
}
const accepting = (): undefined => undefined;

describe('a row that was settled before is not sent again', () => {
  test('a row rejected in an earlier, settled batch is rejected again with the same message', async () => {
    const { route, sent } = routeTo(accepting);
    const rejected = smallRow(0);
    route.settledRows.reject(rejected, 'the message of then');
    expect(await deliver([rejected, smallRow(1)], route)).toEqual(new Map([[rejected, 'the message of then']]));
    expect(sent).toEqual([1]);
  });

  test('a row accepted in an earlier attempt of the batch counts as accepted', async () => {
    const { route, sent } = routeTo(accepting);
    route.ledger.accepted.set('uid 0', 'hub/0/1/0');
    expect((await deliver([smallRow(0), smallRow(1)], route)).size).toBe(0);
    expect(sent).toEqual([1]);
  });

  test('a row accepted at the same position in another batch counts as accepted, and the ledger remembers it', async () => {
    const { route, sent } = routeTo(accepting);
    route.settledRows.accepted.set('uid 0', 'hub/0/1/0');
    expect((await deliver([smallRow(0), smallRow(1)], route)).size).toBe(0);
    expect(sent).toEqual([1]);
    expect(route.ledger.accepted.get('uid 0')).toBe('hub/0/1/0');
  });

  test('a row accepted at another position is sent', async () => {
    const { route, sent } = routeTo(accepting);
    route.settledRows.accepted.set('uid 0', 'hub/0/9/0');
    route.ledger.accepted.set('uid 1', 'hub/0/9/1');
    expect((await deliver([smallRow(0), smallRow(1)], route)).size).toBe(0);
    expect(sent).toEqual([0, 1]);
  });

  test('when all rows are settled no call is made', async () => {
    const answer = jest.fn(accepting);
    const { route } = routeTo(answer);
    route.settledRows.accepted.set('uid 0', 'hub/0/1/0');
    expect((await deliver([smallRow(0)], route)).size).toBe(0);
    expect(answer).not.toHaveBeenCalled();
  });
});

describe('a batch whose budget is spent', () => {
  test('before any call is held with the code BudgetSpent, without a status and a cause', async () => {
    const { route, sent } = routeTo(accepting, { signal: AbortSignal.abort(new Error('over')) });
    const held: unknown = await deliver([smallRow(0)], route).catch((error: unknown) => error);
    expect(held).toMatchObject({ name: 'DeliveryError', code: 'BudgetSpent', status: undefined });
    expect(held).not.toHaveProperty('cause');
    expect(sent).toEqual([]);
  });

  test('after errors is held with the code and the status of the last one, which is its cause', async () => {
    const aborting = new AbortController();
    const errors = [new DeliveryError('First', 500, 'first'), new DeliveryError('Last', 503, 'last')];
    let calls = 0;
    const answer = (): Error | undefined => {
      if (calls === 1) aborting.abort(new Error('over'));
      return errors[calls++];
    };
    const { route } = routeTo(answer, { signal: aborting.signal });
    await expect(deliver([smallRow(0)], route)).rejects.toMatchObject({ code: 'Last', status: 503, cause: errors[1] });
    expect(calls).toBe(2);
  });
});

test('a batch whose rows are all rejected is held with the code of the last answer, which is the cause', async () => {
  const error = new DeliveryError('InvalidPayload', 400, 'no');
  const { route } = routeTo(() => error);
  const rows = Array.from({ length: 100 }, (_, id) => smallRow(id));
  await expect(deliver(rows, route)).rejects.toMatchObject({ code: 'InvalidPayload', status: 400, cause: error });
});
