import * as fc from 'fast-check';
import { message as rheaMessage } from 'rhea';
import { MalformedAmqp } from '../../src/eventhubs/encoding';
import {
  messageAnnotations,
  responseMessage,
  splitSections,
  stampEvent,
  unpackBatch,
  withRuntimeMetrics,
} from '../../src/eventhubs/sections';
import { holds } from '../holds';

const stamp = { sequenceNumber: 7, offset: '4096', enqueuedTime: Date.UTC(2026, 10, 23) };
/** An event as clients in other languages write it: header, own annotations as a map8, a data section of two bytes. */
const eventBytes = Buffer.from('005370c0020141005372c10602a301615205005375a0020102', 'hex');

describe('An event is stored with the bytes it was sent with (no decoding and encoding again)', () => {
  test(holds("the service's annotations follow the event's own, before its body", 'eventhubs.same-bytes'), () => {
    const stamped = stampEvent(eventBytes, stamp);
    expect(stamped.subarray(0, 7).toString('hex')).toBe('005370c0020141');
    expect(stamped.subarray(-7).toString('hex')).toBe('005375a0020102');
    expect([...messageAnnotations(stamped)]).toStrictEqual([
      ['a', 5],
      ['x-opt-sequence-number', 7],
      ['x-opt-offset', '4096'],
      ['x-opt-enqueued-time', new Date('2026-11-23T00:00:00Z')],
    ]);
  });

  test("an event without header and annotations gets the service's annotations in front", () => {
    const stamped = stampEvent(Buffer.from('005375a0020102', 'hex'), stamp);
    expect(splitSections(stamped).map(({ code }) => code)).toStrictEqual([0x72, 0x75]);
    expect(stamped.subarray(-7).toString('hex')).toBe('005375a0020102');
  });

  test('the AMQP library of the clients reads any stamped event: body, properties, and the stamp', () => {
    const events = fc.record({
      body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      application_properties: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.integer()), {
        noNullPrototype: true,
      }),
      message_annotations: fc.constantFrom(undefined, { 'x-opt-partition-key': 'key' }),
      durable: fc.boolean(),
    });
    fc.assert(
      fc.property(events, (event) => {
        const body: unknown = rheaMessage.data_section(event.body);
        const received = rheaMessage.decode(stampEvent(rheaMessage.encode({ ...event, body }), stamp));
        expect(received).toMatchObject({ body: { content: event.body } });
        expect(received['application_properties']).toEqual(event.application_properties);
        expect(received['message_annotations']).toMatchObject({
          ...event.message_annotations,
          'x-opt-sequence-number': 7,
          'x-opt-offset': '4096',
        });
      }),
    );
  });

  test('runtime metrics follow the header, before the annotations', () => {
    const last = { sequenceNumber: 1, offset: 2, enqueuedTime: 3 };
    const codes = splitSections(withRuntimeMetrics(stampEvent(eventBytes, stamp), last, 4)).map(({ code }) => code);
    expect(codes).toStrictEqual([0x70, 0x71, 0x72, 0x75]);
  });
});

describe('What is no message is rejected', () => {
  test.each([
    ['no bytes', ''],
    ['a value without a descriptor', 'a10161'],
    ['a section that does not exist', '00539940'],
    ['a body cut short', '005375a00501'],
  ])('%s', (_name, hex) => {
    expect(() => stampEvent(Buffer.from(hex, 'hex'), stamp)).toThrow(MalformedAmqp);
  });

  test('a batch whose body holds text instead of messages', () => {
    expect(() => unpackBatch(Buffer.from('005375a10161', 'hex'))).toThrow(MalformedAmqp);
  });

  test('any bytes are split, or rejected as MalformedAmqp', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc
        .tuple(fc.constantFrom(0x70, 0x72, 0x75, 0x77), fc.uint8Array({ maxLength: 60 }))
        .map(([code, rest]) => Uint8Array.from([0x00, 0x53, code, ...rest])),
    );
    fc.assert(
      fc.property(bytes, (arbitrary) => {
        try {
          const stamped = stampEvent(Buffer.from(arbitrary), stamp);
          expect(stamped.length).toBeGreaterThan(arbitrary.length);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAmqp);
        }
      }),
    );
  });
});

test('the answer of a node is readable for the AMQP library of the clients', () => {
  const bytes = responseMessage('id-1', { code: 401, description: 'no', condition: 'amqp:unauthorized-access' });
  expect(rheaMessage.decode(bytes)).toMatchObject({
    correlation_id: 'id-1',
    application_properties: {
      'status-code': 401,
      'status-description': 'no',
      'error-condition': 'amqp:unauthorized-access',
    },
  });
});
