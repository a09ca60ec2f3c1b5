import { LastComeFirst } from '../../../shared/delivery/lifoQueue';

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that goes on until it is ended by name. */
function workers(places: number) {
  const queue = new LastComeFirst(places);
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

test('as many pieces of work run at a time as there are slots; of those that wait, the last one to come goes first', async () => {
  const { begun, run, end } = workers(2);
  const all = ['a', 'b', 'c', 'd'].map(async (name) => run(name));
  await turn();
  expect(begun).toEqual(['a', 'b']);
  end('a');
  await turn();
  expect(begun).toEqual(['a', 'b', 'd']);
  end('b');
  await turn();
  expect(begun).toEqual(['a', 'b', 'd', 'c']);
  end('c');
  end('d');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

test('a slot is free again when its work has ended and nobody waits', async () => {
  const { begun, run, end } = workers(1);
  for (const name of ['a', 'b']) {
    const work = run(name);
    await turn();
    end(name);
    await work;
  }
  const [c, d] = [run('c'), run('d')];
  await turn();
  expect(begun).toEqual(['a', 'b', 'c']);
  end('c');
  await turn();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  end('d');
  await Promise.all([c, d]);
});

test('work that fails frees its slot, and its error is its caller’s', async () => {
  const { begun, run, end } = workers(1);
  const a = run('a');
  const b = run('b');
  await turn();
  end('a', new Error('no'));
  await expect(a).rejects.toThrow('no');
  await turn();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await b;
});
