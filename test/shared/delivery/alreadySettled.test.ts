import { AcceptedWindow } from '../../../shared/delivery/settledRows';
import { deliver } from '../../../shared/delivery/deliver';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import { newLedger } from '../../../shared/delivery/ledger';
import { RefusedWindow } from '../../../shared/delivery/settledRows';
import type { OutgoingRow, Route } from '../../../shared/delivery/route';
import { RuleGate } from '../../../shared/delivery/dcrGate';
import type { Chunk } from '../../../shared/sessions/chunks';

const row = (id: number): OutgoingRow => ({ text: `{"id":${id}}`, uid: `uid ${id}`, place: `hub/0/1/${id}` });

function routeTo(answer: () => Error | undefined, overrides: Partial<Route> = {}) {
  const sent: number[] = [];
  const route: Route = {
    ruleId: 'dcr-1',
    gate: new RuleGate({ concurrency: 4, maxRetryAfterMs: 5, delays: { first: 1, longest: 4, shortest: 1 } }),
    sender: {
      async send(chunk: Chunk) {
        const error = answer();
        if (error !== undefined) return Promise.reject(error);
        sent.push(...Array.from(chunk.body.toString().matchAll(/"id":(\d+)/g), ([, id]) => Number(id)));
        return Promise.resolve({ bytesSent: 1 });
      },
    },
    accepted: new AcceptedWindow(),
    refused: new RefusedWindow(),
    ledger: newLedger(),
    signal: AbortSignal.timeout(60_000),
    ...overrides,
  };
  return { route, sent };
}
const accepting = (): undefined => undefined;

describe('a row that was settled before is not sent again', () => {
  test('one that was rejected with a settled batch comes back with the reason of then', async () => {
    const { route, sent } = routeTo(accepting);
    const rejected = row(0);
    route.refused.add(rejected, 'the reason of then');
    expect(await deliver([rejected, row(1)], route)).toEqual(new Map([[rejected, 'the reason of then']]));
    expect(sent).toEqual([1]);
  });

  test('one that an earlier attempt of the batch had accepted counts as accepted', async () => {
    const { route, sent } = routeTo(accepting);
    route.ledger.accepted.set('uid 0', 'hub/0/1/0');
    expect((await deliver([row(0), row(1)], route)).size).toBe(0);
    expect(sent).toEqual([1]);
  });

  test('one that another batch had accepted at the same position counts as accepted, and the ledger remembers it', async () => {
    const { route, sent } = routeTo(accepting);
    route.accepted.add('uid 0', 'hub/0/1/0');
    expect((await deliver([row(0), row(1)], route)).size).toBe(0);
    expect(sent).toEqual([1]);
    expect(route.ledger.accepted.get('uid 0')).toBe('hub/0/1/0');
  });

  test('one that was accepted at another position is sent', async () => {
    const { route, sent } = routeTo(accepting);
    route.accepted.add('uid 0', 'hub/0/9/0');
    route.ledger.accepted.set('uid 1', 'hub/0/9/1');
    expect((await deliver([row(0), row(1)], route)).size).toBe(0);
    expect(sent).toEqual([0, 1]);
  });

  test('where all are settled no call is made', async () => {
    const answer = jest.fn(accepting);
    const { route } = routeTo(answer);
    route.accepted.add('uid 0', 'hub/0/1/0');
    expect((await deliver([row(0)], route)).size).toBe(0);
    expect(answer).not.toHaveBeenCalled();
  });
});

describe('a batch whose time is over', () => {
  test('before any call is held with the code BudgetSpent, without a status and a cause', async () => {
    const { route, sent } = routeTo(accepting, { signal: AbortSignal.abort(new Error('over')) });
    const held: unknown = await deliver([row(0)], route).catch((error: unknown) => error);
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
    await expect(deliver([row(0)], route)).rejects.toMatchObject({ code: 'Last', status: 503, cause: errors[1] });
    expect(calls).toBe(2);
  });
});

test('rows that the DCR does not take are held with the code of the last answer, which is the cause', async () => {
  const error = new DeliveryError('InvalidPayload', 400, 'no');
  const { route } = routeTo(() => error);
  const rows = Array.from({ length: 100 }, (_, id) => row(id));
  await expect(deliver(rows, route)).rejects.toMatchObject({ code: 'InvalidPayload', status: 400, cause: error });
});
