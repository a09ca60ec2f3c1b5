import * as fc from 'fast-check';
import { PartitionLog } from '../../src/eventhubs/partitionLog';
import { parseSelector, resolvePosition } from '../../src/eventhubs/positions';

/** An event with a data section of this many bytes: 5 bytes of section around them. */
function eventOf(length: number): Buffer {
  return Buffer.concat([Buffer.from([0x00, 0x53, 0x75, 0xa0, length]), Buffer.alloc(length)]);
}

interface Kept {
  readonly sequenceNumber: number;
  readonly offset: number;
  readonly time: number;
  readonly size: number;
}

describe('A partition under retention, against a plain list', () => {
  const steps = fc.array(
    fc.record({ wait: fc.nat(60), sizes: fc.array(fc.nat(40), { maxLength: 5 }) }, { noNullPrototype: true }),
    { maxLength: 40 },
  );

  test('counts, bytes, positions by offset, time and sequence number are those of the list', () => {
    fc.assert(
      fc.property(steps, fc.nat(300), fc.integer({ min: 1, max: 400 }), (history, milliseconds, bytes) => {
        let now = 1000;
        let nextOffset = 0;
        let nextSequenceNumber = 0;
        let list: Kept[] = [];
        const log = new PartitionLog(() => now, { milliseconds, bytes });
        for (const { wait, sizes } of history) {
          now += wait;
          log.append(sizes.map(eventOf));
          for (const size of sizes.map((length) => length + 5)) {
            list.push({ sequenceNumber: nextSequenceNumber++, offset: nextOffset, time: now, size });
            nextOffset += size;
          }
          list = list.filter(({ time }) => time >= now - milliseconds);
          while (list.length > 1 && list.reduce((sum, { size }) => sum + size, 0) > bytes) list.shift();
        }
        log.expire();
        expect(log.count).toBe(list.length);
        expect(log.bytes).toBe(list.reduce((sum, { size }) => sum + size, 0));
        expect(log.firstSequenceNumber).toBe(list[0]?.sequenceNumber ?? nextSequenceNumber);
        expect(log.lastSequenceNumber).toBe(nextSequenceNumber - 1);
        for (const { sequenceNumber, offset, time } of list) {
          expect(log.get(sequenceNumber)).toMatchObject({ sequenceNumber, offset, enqueuedTime: time });
          expect(resolvePosition(log, `amqp.annotation.x-opt-offset >= '${offset}'`)).toBe(sequenceNumber);
          const later = list.find((event) => event.time > time)?.sequenceNumber ?? nextSequenceNumber;
          expect(resolvePosition(log, `amqp.annotation.x-opt-enqueued-time > '${time}'`)).toBe(later);
        }
      }),
    );
  });

  test('events are stored all or none: if one is no message, all are rejected', () => {
    const log = new PartitionLog(() => 0, { milliseconds: 1, bytes: 1000 });
    expect(() => log.append([eventOf(1), Buffer.from('nonsense')])).toThrow('no message section');
    expect(log.count).toBe(0);
    expect(log.lastSequenceNumber).toBe(-1);
  });
});

describe('Selectors', () => {
  test.each([
    "amqp.annotation.x-opt-offset = '1'",
    "amqp.annotation.x-opt-offset > ''",
    "amqp.annotation.x-opt-sequence-number > '1e3'",
    "amqp.annotation.x-opt-partition-key > '1'",
    "amqp.annotation.x-opt-offset > '1' OR 1=1",
    '',
  ])('%s is no position', (selector) => {
    expect(parseSelector(selector)).toBeUndefined();
  });

  test('without a selector a receiver starts at the earliest event', () => {
    const log = new PartitionLog(() => 0, { milliseconds: 1000, bytes: 1000 });
    log.append([eventOf(1)]);
    expect(resolvePosition(log, undefined)).toBe(0);
  });
});
