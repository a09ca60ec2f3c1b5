import { AcceptedWindow } from '../../../shared/delivery/settledRows';
import { RefusedWindow } from '../../../shared/delivery/settledRows';

const row = (id: string) => ({ uid: `uid ${id}`, place: `at ${id}` });

describe('the window of accepted rows', () => {
  test('tells at which position a row was accepted, and nothing of one that was not', () => {
    const window = new AcceptedWindow();
    window.add('uid-1', 'hub/0/1/0');
    expect([window.placeOf('uid-1'), window.placeOf('uid-2')]).toEqual(['hub/0/1/0', undefined]);
  });

  test('holds as many rows as its capacity; one more forgets the oldest', () => {
    const window = new AcceptedWindow(2);
    for (const uid of ['a', 'b']) window.add(uid, `at ${uid}`);
    expect(window.placeOf('a')).toBe('at a');
    window.add('c', 'at c');
    expect(['a', 'b', 'c'].map((uid) => window.placeOf(uid))).toEqual([undefined, 'at b', 'at c']);
  });

  test('counts a row that is accepted again as the newest, at its last position', () => {
    const window = new AcceptedWindow(2);
    window.add('a', 'first');
    window.add('b', 'at b');
    window.add('a', 'second');
    window.add('c', 'at c');
    expect(['a', 'b', 'c'].map((uid) => window.placeOf(uid))).toEqual(['second', undefined, 'at c']);
  });
});

describe('the window of rejected rows', () => {
  test('tells why the row of a position was rejected, and nothing of another event at the same position', () => {
    const window = new RefusedWindow();
    window.add(row('a'), 'too long');
    expect(window.whyOf(row('a'))).toBe('too long');
    expect(window.whyOf({ uid: 'uid b', place: 'at a' })).toBeUndefined();
    expect(window.whyOf({ uid: 'uid a', place: 'at b' })).toBeUndefined();
  });

  test('holds as many rows as its capacity; one more forgets the oldest', () => {
    const window = new RefusedWindow(2);
    for (const id of ['a', 'b']) window.add(row(id), `why ${id}`);
    expect(window.whyOf(row('a'))).toBe('why a');
    window.add(row('c'), 'why c');
    expect(['a', 'b', 'c'].map((id) => window.whyOf(row(id)))).toEqual([undefined, 'why b', 'why c']);
  });

  test('counts a row that is rejected again as the newest', () => {
    const window = new RefusedWindow(2);
    for (const id of ['a', 'b', 'a', 'c']) window.add(row(id), `why ${id}`);
    expect(['a', 'b', 'c'].map((id) => window.whyOf(row(id)))).toEqual(['why a', undefined, 'why c']);
  });
});
