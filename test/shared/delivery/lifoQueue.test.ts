import { LifoQueue } from '../../../shared/delivery/lifoQueue';

const nextTurn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that runs until the test ends it by name. */
function workIn(slots: number) {
  const queue = new LifoQueue(slots);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const run = async (name: string): Promise<string> =>
    queue.run(async () => {
      begun.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)));
      });
    });
  return { begun, run, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

test('the queue runs as much work at a time as it has slots; of the waiting work the newest runs first', async () => {
  const { begun, run, end } = workIn(2);
  const all = ['a', 'b', 'c', 'd'].map(async (name) => run(name));
  await nextTurn();
  expect(begun).toEqual(['a', 'b']);
  end('a');
  await nextTurn();
  expect(begun).toEqual(['a', 'b', 'd']);
  end('b');
  await nextTurn();
  expect(begun).toEqual(['a', 'b', 'd', 'c']);
  end('c');
  end('d');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

test('a slot is free again when its work has ended and no work waits', async () => {
  const { begun, run, end } = workIn(1);
  for (const name of ['a', 'b']) {
    const work = run(name);
    await nextTurn();
    end(name);
    await work;
  }
  const [c, d] = [run('c'), run('d')];
  await nextTurn();
  expect(begun).toEqual(['a', 'b', 'c']);
  end('c');
  await nextTurn();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  end('d');
  await Promise.all([c, d]);
});

test('work that fails frees its slot, and its caller gets the error', async () => {
  const { begun, run, end } = workIn(1);
  const a = run('a');
  const b = run('b');
  await nextTurn();
  end('a', new Error('no'));
  await expect(a).rejects.toThrow('no');
  await nextTurn();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await b;
});
