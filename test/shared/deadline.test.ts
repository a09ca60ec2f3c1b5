import { EventEmitter, getEventListeners, getMaxListeners, once } from 'node:events';
import { deadline, untilAborted } from '../../shared/deadline';

const never = new Promise<string>(() => undefined);

describe('deadline', () => {
  test('aborts its signal when the time is over, and says so', async () => {
    const time = deadline(5, new AbortController().signal);
    await expect(untilAborted(never, time.signal)).rejects.toThrow('0.005 seconds are over.');
    time.end();
  });

  test('aborts its signal when the app closes, before or after', () => {
    const closing = new AbortController();
    const early = deadline(60_000, closing.signal);
    closing.abort(new Error('closing'));
    const late = deadline(60_000, closing.signal);
    expect([early.signal.reason, late.signal.reason]).toEqual([new Error('closing'), new Error('closing')]);
    early.end();
    late.end();
  });

  test('leaves no listener behind after it has ended', () => {
    const closing = new AbortController();
    const time = deadline(60_000, closing.signal);
    time.end();
    expect(getEventListeners(closing.signal, 'abort')).toHaveLength(0);
    closing.abort();
    expect(time.signal.aborted).toBe(false);
  });

  test('lets every chunk listen to its batch, and every batch to the app, without a warning about a leak', () => {
    const closing = new AbortController();
    const time = deadline(60_000, closing.signal);
    expect(getMaxListeners(time.signal)).toBe(Number.POSITIVE_INFINITY);
    expect(getMaxListeners(closing.signal)).toBe(Number.POSITIVE_INFINITY);
    time.end();
  });
});

describe('untilAborted', () => {
  test('settles as the work does, and stops listening', async () => {
    const { signal } = new AbortController();
    await expect(untilAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('rejects at once with the reason of a signal that is aborted already', async () => {
    await expect(untilAborted(never, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  test('rejects with an error even if the reason of the signal is none', async () => {
    await expect(untilAborted(never, AbortSignal.abort('a text'))).rejects.toThrow('Aborted.');
  });

  test('ignores work that fails after the signal is aborted', async () => {
    const controller = new AbortController();
    const later = new EventEmitter();
    const work = once(later, 'end').then(() => {
      throw new Error('later');
    });
    const waiting = untilAborted(work, controller.signal);
    controller.abort(new Error('over'));
    later.emit('end');
    await expect(waiting).rejects.toThrow('over');
    await expect(work).rejects.toThrow('later');
  });
});
