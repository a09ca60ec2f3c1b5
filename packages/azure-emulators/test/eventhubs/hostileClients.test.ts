import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import * as fc from 'fast-check';
import { closeAll, read, startBench } from './clients';

afterEach(closeAll);

/** A frame of AMQP type on channel 0. */
function frame(body: string): string {
  const length = 8 + body.length / 2;
  return `${length.toString(16).padStart(8, '0')}02000000${body}`;
}

const amqpHeader = '414d515000010000';
/** open: container id 'x'. */
const openFrame = frame('005310c00401a10178');
/** begin: next outgoing id 0, windows of 100. */
const beginFrame = frame('005311c00704404352645264');

/** Sends the bytes on a connection of its own and waits for the emulator to end it. */
async function sendRaw(port: number, bytes: Buffer, then?: (socket: Socket) => void): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}); // a reset is an end as good as any
  socket.resume();
  await once(socket, 'connect');
  socket.write(bytes);
  if (then) then(socket);
  await once(socket, 'close');
}

describe('A connection that does not speak AMQP', () => {
  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['TLS', Buffer.from('16030100f1010000ed0303aabbccdd', 'hex')],
    ['a frame of 4 GB', Buffer.from(`${amqpHeader}ffffffff02000000`, 'hex')],
    [
      'four billion deliveries settled',
      Buffer.from(amqpHeader + openFrame + frame('005315c00904414370ffffffff41'), 'hex'),
    ],
    [
      'a transfer on a link that is not there',
      Buffer.from(amqpHeader + openFrame + frame('005314c00401524041'), 'hex'),
    ],
    ['an attach in no session', Buffer.from(amqpHeader + openFrame + frame('005312c00603a101784341'), 'hex')],
    ['a second open', Buffer.from(amqpHeader + openFrame + openFrame, 'hex')],
    ['a session and then nonsense', Buffer.from(amqpHeader + openFrame + beginFrame + frame('0053994045'), 'hex')],
  ])('%s: that connection ends, and others are not affected', async (_name, bytes) => {
    const bench = await startBench();
    const producer = bench.producer();
    await producer.sendBatch([{ body: 'before' }], { partitionId: '0' });
    const reading = read(bench.consumer(), '0', 2);
    await sendRaw(bench.emulator.port, bytes);
    await producer.sendBatch([{ body: 'after' }], { partitionId: '0' });
    expect((await reading).map(({ body }) => body as unknown)).toStrictEqual(['before', 'after']);
    expect(bench.emulator.statistics().counters.connections).toBeLessThanOrEqual(3);
  });

  test('any bytes, before or after a valid handshake, leave the emulator working', async () => {
    const bench = await startBench();
    const producer = bench.producer();
    const nonsense = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      fc
        .tuple(fc.integer({ min: 0x10, max: 0x18 }), fc.uint8Array({ maxLength: 60 }))
        .map(([code, fields]) => frame(`0053${code.toString(16)}c0${listOf(fields)}`)),
    );
    const openings = fc.constantFrom('', amqpHeader, amqpHeader + openFrame, amqpHeader + openFrame + beginFrame);
    await fc.assert(
      fc.asyncProperty(openings, fc.array(nonsense, { maxLength: 4 }), async (opening, parts) => {
        const bytes = Buffer.from(opening + parts.join(''), 'hex');
        await sendRaw(bench.emulator.port, bytes, (socket) => socket.end());
        await producer.sendBatch([{ body: 1 }], { partitionId: '0' });
      }),
      { numRuns: 150 },
    );
  });
});

/** The inside of a list8: length, count, and small unsigned integers. */
function listOf(fields: Uint8Array): string {
  const items = [...fields].flatMap((field) => [0x52, field]);
  return Buffer.from([items.length + 1, fields.length, ...items]).toString('hex');
}
