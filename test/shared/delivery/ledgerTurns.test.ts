import { EventEmitter, once } from 'node:events';
import { Ledger } from '../../../shared/delivery/ledger';

const batch = (first: string | undefined, partition = '0', hub = 'hub') => ({
  hub,
  partition,
  messages: first === undefined ? [] : [{ body: '', sequenceNumber: first }],
});

async function fails(ledger: Ledger, of: ReturnType<typeof batch>, letter: string): Promise<void> {
  const failed = ledger.inTurn(of, async (entry) => {
    entry.letters.add(letter);
    return Promise.reject(new Error('held'));
  });
  await expect(failed).rejects.toThrow('held');
}

async function lettersOf(ledger: Ledger, of: ReturnType<typeof batch>): Promise<string[]> {
  let letters: string[] = [];
  await ledger
    .inTurn(of, async (entry) => {
      letters = [...entry.letters];
      return Promise.reject(new Error('only looked'));
    })
    .catch(() => undefined);
  return letters;
}

describe('what a failed attempt has settled', () => {
  test.each([
    ['another first message', batch('8')],
    ['another partition', batch('7', '1')],
    ['another hub', batch('7', '0', 'other')],
    ['no message', batch(undefined)],
  ])('is not known to a batch with %s', async (_, other) => {
    const ledger = new Ledger();
    await fails(ledger, batch('7'), 'letter');
    expect(await lettersOf(ledger, other)).toEqual([]);
  });

  test('is dropped for the partition that was used longest ago, not for the one that came first', async () => {
    const ledger = new Ledger();
    for (let i = 0; i < 1024; i++) await fails(ledger, batch('7', String(i)), 'letter');
    expect(await lettersOf(ledger, batch('7', '0'))).toEqual(['letter']);
    await fails(ledger, batch('7', 'one more'), 'letter');
    expect(await lettersOf(ledger, batch('7', '0'))).toEqual(['letter']);
    expect(await lettersOf(ledger, batch('7', '1'))).toEqual([]);
  });
});

/** A batch that goes on until `end` is called. */
function running(ledger: Ledger, of: ReturnType<typeof batch>, name: string, log: string[]) {
  const gate = new EventEmitter();
  const work = once(gate, 'end');
  const turn = ledger.inTurn(of, async () => {
    log.push(`${name} begins`);
    await work;
    log.push(`${name} ends`);
  });
  return { turn, end: (error?: Error) => gate.emit(error === undefined ? 'end' : 'error', error) };
}
const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('batches of one partition', () => {
  test('run in the order in which they came', async () => {
    const ledger = new Ledger();
    const log: string[] = [];
    const turns = ['first', 'second', 'third'].map((name, i) => running(ledger, batch(String(i)), name, log));
    for (const { turn, end } of turns) {
      end();
      await turn;
    }
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends', 'third begins', 'third ends']);
  });

  test('wait for the one that runs, even if that one waited itself before', async () => {
    const ledger = new Ledger();
    const log: string[] = [];
    const first = running(ledger, batch('1'), 'first', log);
    const second = running(ledger, batch('2'), 'second', log);
    first.end();
    await first.turn;
    await settled();
    const third = running(ledger, batch('3'), 'third', log);
    await settled();
    expect(log).toEqual(['first begins', 'first ends', 'second begins']);
    second.end();
    await second.turn;
    third.end();
    await third.turn;
    expect(log.slice(3)).toEqual(['second ends', 'third begins', 'third ends']);
  });

  test('are all over when the ledger is idle, whether they failed or not', async () => {
    const ledger = new Ledger();
    const log: string[] = [];
    const failing = running(ledger, batch('1'), 'failing', log);
    const slow = running(ledger, batch('1', '1'), 'slow', log);
    const idle = ledger.idle().then(() => log.push('idle'));
    failing.end(new Error('held'));
    await expect(failing.turn).rejects.toThrow('held');
    await settled();
    expect(log).not.toContain('idle');
    slow.end();
    await slow.turn;
    await idle;
    expect(log.at(-1)).toBe('idle');
  });
});
