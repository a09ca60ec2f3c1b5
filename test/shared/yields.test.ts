import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { createSender } from '../../shared/delivery/sender';
import { DeliveryError } from '../../shared/errors/batchErrors';
import { batchOf, message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender } from './kit/doubles';

/** Which turn of the event loop it is: everything that runs in one turn keeps other partitions waiting together. */
class Turns {
  #turn = 0;
  #isOver = false;

  constructor() {
    const next = (): void => {
      this.#turn++;
      if (!this.#isOver) setImmediate(next);
    };
    setImmediate(next);
  }

  get now(): number {
    return this.#turn;
  }

  end(): void {
    this.#isOver = true;
  }
}

/** The messages whose bodies are read, one list for each turn in which that happens. */
function watched(bodies: readonly Buffer[], turns: Turns) {
  const reads = new Map<number, Set<number>>();
  const messages = bodies.map((body, i) => ({
    sequenceNumber: String(100 + i),
    get body() {
      reads.set(turns.now, (reads.get(turns.now) ?? new Set()).add(i));
      return body;
    },
  }));
  const inTurns = (): number[][] => Array.from(reads.values(), (read) => [...read]);
  return { inTurns, batch: { ...batchOf([]), messages } };
}

describe('other work gets a turn', () => {
  let turns: Turns;
  beforeEach(() => (turns = new Turns()));
  afterEach(() => turns.end());

  test('between two messages that are mapped', async () => {
    const { inTurns, batch } = watched(
      [0, 1, 2, 3].map((id) => message(recordOf(id))),
      turns,
    );
    await pipelineOf(new MemorySender(), new MemoryDeadLetters()).settle(batch);
    expect(inTurns()).toEqual([[0], [1], [2], [3]]);
  });

  test('between two messages that are read again because some of their rows are rejected', async () => {
    const { inTurns, batch } = watched(
      [0, 1, 2, 3].map((id) => message(recordOf(id), recordOf(10 + id), recordOf(20 + id))),
      turns,
    );
    const sender = new MemorySender((_, rows) => {
      const isBad = rows.some(({ EventOriginalUid }) => Number(EventOriginalUid) < 10);
      if (isBad) throw new DeliveryError('InvalidPayload', 400, 'refused');
    });
    const tally = await pipelineOf(sender, new MemoryDeadLetters()).settle(batch);
    expect(tally).toMatchObject({ sent: 8, deadLettered: 4 });
    expect(inTurns()).toEqual([[0], [1], [2], [3], [0], [1], [2], [3]]);
  });

  test('while chunks are sent: one turn begins no more calls than the DCR has slots', async () => {
    const begun: number[] = [];
    const httpClient: HttpClient = {
      sendRequest: (request) => {
        begun.push(turns.now);
        return Promise.resolve({ request, status: 204, headers: createHttpHeaders(), bodyAsText: '' });
      },
    };
    const credential = { getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const settings = { endpoint: 'https://localhost', stream: 's', audience: 'https://localhost', clientId: undefined };
    const sender = createSender({ ...settings, timeoutSeconds: 20 }, { credential, httpClient });
    const long = { InitiatingProcessCommandLine: 'x'.repeat(50_000) };
    const bodies = Array.from({ length: 320 }, (_, id) => message(recordOf(id, long)));
    const tally = await pipelineOf(sender, new MemoryDeadLetters()).settle(batchOf(bodies));
    expect(tally.sent).toBe(320);
    // Rows of about 50 KB in bodies of a megabyte; four slots.
    expect(begun.length).toBeGreaterThan(12);
    for (const turn of begun) expect(begun.filter((other) => other === turn).length).toBeLessThanOrEqual(4);
  });
});
