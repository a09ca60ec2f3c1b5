import * as fc from 'fast-check';
import { MalformedAmqp } from '../../src/eventhubs/encoding';
import { FrameGuard, plainFormat } from '../../src/eventhubs/frameGuard';

const headerFrame = Buffer.from('414d515000010000', 'hex');

/** A frame of AMQP type on channel 0. */
function frame(bodyHex: string): Buffer {
  const body = Buffer.from(bodyHex.replaceAll(' ', ''), 'hex');
  const head = Buffer.from('0000000002000000', 'hex');
  head.writeUInt32BE(head.length + body.length, 0);
  return Buffer.concat([head, body]);
}

const heartbeatFrame = frame('');
/** flow: incoming window 1, next outgoing id 2, outgoing window 3. */
const flowFrame = frame('005313 c00905 40 5201 5202 5203 43');
/** transfer on handle 0, delivery 1, tag 'a', no format, settled; payload of two bytes. */
const plainTransfer = frame('005314 c00905 43 5201 a00161 40 41 beef');

function guard(): FrameGuard {
  return new FrameGuard(1000);
}

describe('The check of frames before the AMQP library', () => {
  test('headers and frames come out one by one, however the bytes were split', () => {
    const stream = Buffer.concat([headerFrame, heartbeatFrame, flowFrame, heartbeatFrame]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (cuts) => {
        const gate = guard();
        const passed: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const length = cuts[turn % cuts.length] ?? 1;
          passed.push(...gate.push(stream.subarray(at, at + length)));
          at += length;
        }
        expect(passed).toStrictEqual([headerFrame, heartbeatFrame, flowFrame, heartbeatFrame]);
      }),
    );
  });

  test('a transfer without message format is marked, so that its bytes survive the library', () => {
    const [passed] = guard().push(plainTransfer);
    const mark = Buffer.alloc(5, 0x70);
    mark.writeUInt32BE(plainFormat, 1);
    expect(passed?.includes(mark)).toBe(true);
    expect(passed?.readUInt32BE(0)).toBe(passed?.length);
    expect(passed?.subarray(-2).toString('hex')).toBe('beef');
  });

  test('a transfer with a message format passes unchanged', () => {
    const batch = frame('005314 c00d05 43 5201 a00161 7080013700 41 beef');
    expect(guard().push(batch)).toStrictEqual([batch]);
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['AMQP 0-9-1', Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')],
    ['a frame larger than announced', Buffer.from('0001000102000000', 'hex')],
    ['a frame shorter than its own head', Buffer.from('0000000702000000', 'hex')],
    ['a frame whose body starts outside it', Buffer.from('0000000809000000', 'hex')],
    ['a frame of unknown type', Buffer.from('0000000802070000', 'hex')],
    ['a performative that does not exist', frame('00535545')],
    ['a body that is no performative', frame('a10161')],
    ['a list that claims four billion elements', frame('005313d000000008ffffffff40404040')],
    ['a disposition of four billion deliveries', frame('005315 c00904 41 43 70ffffffff 41')],
  ])('%s is rejected', (_name, bytes) => {
    expect(() => guard().push(bytes)).toThrow(MalformedAmqp);
  });

  test('a delivery that never ends is rejected once it is too large', () => {
    const gate = guard();
    const more = frame(`005314 c00a06 43 5201 a00161 40 40 41 ${'00'.repeat(600)}`);
    expect(gate.push(more)).toHaveLength(1);
    expect(() => gate.push(more)).toThrow(MalformedAmqp);
  });

  test('any bytes pass, wait or are rejected as MalformedAmqp', () => {
    const framed = fc.uint8Array({ maxLength: 60 }).map((body) => frame(Buffer.from(body).toString('hex')));
    const performative = fc
      .tuple(fc.integer({ min: 0x10, max: 0x18 }), fc.uint8Array({ maxLength: 40 }))
      .map(([code, rest]) => frame(`0053${code.toString(16)}${Buffer.from(rest).toString('hex')}`));
    const raw = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.oneof(framed, performative, raw), { maxLength: 5 }), (chunks) => {
        try {
          const gate = guard();
          for (const chunk of chunks) gate.push(chunk);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAmqp);
        }
      }),
    );
  });
});
