import { DcrGate } from '../../../shared/delivery/dcrGate';
import { deliver } from '../../../shared/delivery/deliver';
import { newLedger } from '../../../shared/delivery/ledger';
import type { Route } from '../../../shared/delivery/route';
import { SettledRows } from '../../../shared/delivery/settledRows';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import { smallRow } from '../kit/smallRow';

/** A DCR that rejects row 7 with this error. */
function routeTo(error: DeliveryError): Route {
  return {
    dcrId: 'dcr-1',
    gate: new DcrGate({ concurrency: 4, maxRetryAfterMs: 5, delays: { first: 1, longest: 4, shortest: 1 } }),
    sender: {
      async send(chunk) {
        const body = chunk.body();
        if (body.includes('"id":7}')) return Promise.reject(error);
        return Promise.resolve({ bytesSent: body.length });
      },
    },
    settledRows: new SettledRows(),
    ledger: newLedger(),
    signal: AbortSignal.timeout(60_000),
  };
}

describe('a batch of one row that is rejected', () => {
  test('is settled even on a DCR that has accepted nothing yet, if the code says that the content is at fault', async () => {
    const route = routeTo(new DeliveryError('InvalidPayload', 400, 'bad'));
    const bad = smallRow(7);
    expect(await deliver([bad], route)).toEqual(new Map([[bad, 'bad']]));
  });

  test('with an unlisted code is held until the DCR has accepted a row of any batch', async () => {
    const route = routeTo(new DeliveryError('Unlisted', 400, 'bad'));
    const bad = smallRow(7);
    await expect(deliver([bad], route)).rejects.toMatchObject({ code: 'Unlisted' });
    await deliver([smallRow(1)], { ...route, ledger: newLedger() });
    expect(await deliver([bad], route)).toEqual(new Map([[bad, 'bad']]));
  });
});
