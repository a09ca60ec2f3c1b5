import { Ledger } from '../../../shared/delivery/ledger';

const batchIn = (partition: string, first = '7') => ({
  hub: 'hub',
  partition,
  messages: [{ body: '', sequenceNumber: first }],
});

const remember = (id: string) => async (ledger: { letters: Set<string> }) => {
  const before = [...ledger.letters];
  ledger.letters.add(id);
  return Promise.resolve(before);
};
const failing =
  (id: string) =>
  async (ledger: { letters: Set<string> }): Promise<never> => {
    ledger.letters.add(id);
    return Promise.reject(new Error('held'));
  };

describe('the ledger of a partition', () => {
  test('keeps for the next attempt what a failed one has settled', async () => {
    const ledger = new Ledger();
    await expect(ledger.inTurn(batchIn('0'), failing('a'))).rejects.toThrow('held');
    await expect(ledger.inTurn(batchIn('0'), remember('b'))).resolves.toEqual(['a']);
  });

  test('is empty after the batch is settled, and each partition has its own', async () => {
    const ledger = new Ledger();
    await ledger.inTurn(batchIn('0'), remember('a'));
    await expect(ledger.inTurn(batchIn('0'), remember('b'))).resolves.toEqual([]);
    await expect(ledger.inTurn(batchIn('1'), failing('c'))).rejects.toThrow('held');
    await expect(ledger.inTurn(batchIn('0'), remember('d'))).resolves.toEqual([]);
  });

  test('is one of at most 1024: the one used longest ago is dropped, which may store rows twice but loses none', async () => {
    const ledger = new Ledger();
    for (let partition = 0; partition < 1025; partition++) {
      await ledger.inTurn(batchIn(String(partition)), failing('a')).catch(() => undefined);
    }
    await expect(ledger.inTurn(batchIn('1'), remember('b'))).resolves.toEqual(['a']);
    await expect(ledger.inTurn(batchIn('0'), remember('b'))).resolves.toEqual([]);
  });

  test('runs batches of one partition one after the other, even after one that failed; other partitions do not wait', async () => {
    const ledger = new Ledger();
    const events: string[] = [];
    const gate: { open?: () => void } = {};
    const first = ledger.inTurn(batchIn('0'), async () => {
      await new Promise<void>((open) => Object.assign(gate, { open }));
      events.push('first');
      throw new Error('held');
    });
    const second = ledger.inTurn(batchIn('0'), async () => {
      events.push('second');
      return Promise.resolve();
    });
    await ledger.inTurn(batchIn('1'), async () => {
      events.push('other');
      return Promise.resolve();
    });
    gate.open?.();
    await expect(first).rejects.toThrow('held');
    await second;
    expect(events).toEqual(['other', 'first', 'second']);
  });
});
