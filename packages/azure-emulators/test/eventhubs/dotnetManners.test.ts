import { type Connection, type EventContext, types } from 'rhea';
import { makeCertificate } from '../../src/certificate';
import { holds } from '../holds';
import { type Bench, closeAll, startBench, text, until } from './clients';
import { authorize, connectTo, next, openSender, signatureFor } from './plainClient';

afterEach(closeAll);

// What the client for .NET (Azure.Messaging.EventHubs 5.12.2) does and the one for JavaScript does not. test/interop runs
// the client itself, where there is a .NET SDK; these run everywhere.

const partition = 'hub/ConsumerGroups/$Default/Partitions/0';

interface Answer {
  readonly 'status-code': number;
  readonly 'error-condition'?: string;
  readonly 'status-description': string;
}

describe('Reading properties with the token in the request', () => {
  interface Asked {
    readonly token?: unknown;
    readonly hub?: string;
    readonly address?: string;
  }

  /** Asks `$management` for the properties of the hub, without a word to `$cbs`. */
  async function ask(connection: Connection, { token, hub = 'hub', address = '$management' }: Asked): Promise<Answer> {
    const replies = connection.open_receiver(address);
    const requests = connection.open_sender(address);
    await next(requests, 'sendable');
    const reply = await next(replies, 'message', () =>
      requests.send({
        message_id: '1',
        application_properties: {
          operation: 'READ',
          name: hub,
          type: 'com.microsoft:eventhub',
          ...(token === undefined ? {} : { security_token: token }),
        },
        body: null,
      }),
    );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each test looks at what is in it.
    return reply.message?.application_properties as unknown as Answer;
  }

  test(
    holds(
      'a client that sent no token to $cbs can read with a signature in security_token',
      'eventhubs.management-token',
    ),
    async () => {
      const bench = await startBench();
      const token = signatureFor(bench, 'amqps://127.0.0.1/hub');
      expect(await ask(connectTo(bench), { token })).toMatchObject({ 'status-code': 200 });
    },
  );

  test(holds('the token is valid for that request alone', 'eventhubs.management-token'), async () => {
    const bench = await startBench();
    const connection = connectTo(bench);
    await ask(connection, { token: signatureFor(bench, 'amqps://127.0.0.1/hub') });
    expect(await ask(connection, {})).toMatchObject({ 'status-code': 401 });
  });

  test.each([
    ['no token', () => undefined, /'Listen' claim/],
    [
      'a signature with another key',
      (bench: Bench) => signatureFor(bench, 'amqps://h/hub', 'other'),
      /InvalidSignature/,
    ],
    ['a signature for another hub', (bench: Bench) => signatureFor(bench, 'amqps://h/other'), /InvalidAudience/],
    ['a token of nobody', () => 'nonsense', /MalformedToken/],
    ['a number', () => 7, /MalformedToken: security_token is no text/],
  ])(holds('%s is rejected with 401 and the reason', 'eventhubs.management-token'), async (_name, tokenOf, reason) => {
    const bench = await startBench();
    const answer = await ask(connectTo(bench), { token: tokenOf(bench) });
    expect(answer).toMatchObject({ 'status-code': 401, 'error-condition': 'amqp:unauthorized-access' });
    expect(answer['status-description']).toMatch(reason);
  });

  test.each([
    ['a role for it', ['Listen'], 200],
    ['no role', [], 401],
  ] as const)(holds('a token of an identity with %s', 'eventhubs.management-token'), async (_name, claims, status) => {
    const issued = { clientId: 'a', audience: 'https://eventhubs.azure.net', expiresAt: Date.now() + 600_000 };
    const bench = await startBench({
      tls: { certificate: await makeCertificate(), identify: () => issued, claimsOf: () => claims },
    });
    expect(await ask(connectTo(bench), { token: 'opaque' })).toMatchObject({ 'status-code': status });
  });

  test.each(['$management', '/$management', 'hub/$management', '/hub/$management', 'amqps://h:1/hub/$management'])(
    holds('the node is found at %s', 'eventhubs.address-forms'),
    async (address) => {
      const bench = await startBench();
      const token = signatureFor(bench, 'amqps://127.0.0.1/hub');
      expect(await ask(connectTo(bench), { token, address })).toMatchObject({ 'status-code': 200 });
    },
  );
});

describe('Addresses', () => {
  const inFront = ['', '/', 'amqps://127.0.0.1/', 'sb://127.0.0.1:5671/'];
  const senders = ['hub', 'hub/Partitions/0', 'hub/Partitions/0/'];
  const cases = inFront.flatMap((front) => senders.map((path) => [`${front}${path}`] as const));

  test.each(cases)(holds('a sender is attached to %s', 'eventhubs.address-forms'), async (address) => {
    const bench = await startBench({ partitions: 1 });
    const connection = connectTo(bench);
    await authorize(bench, connection);
    const sender = await openSender(connection, address);
    expect(sender.target.address).toBe(address);
    await next(sender, 'accepted', () => sender.send({ body: 1 }));
  });

  test.each(inFront)(
    holds("with '%s' in front of it a receiver finds its partition", 'eventhubs.address-forms'),
    async (front) => {
      const bench = await startBench();
      const connection = connectTo(bench);
      await authorize(bench, connection);
      const receiver = connection.open_receiver(`${front}${partition}`);
      await next(receiver, 'receiver_open');
      expect(receiver.source.address).toBe(`${front}${partition}`);
      expect(bench.emulator.statistics().receivers).toBe(1);
    },
  );

  test.each(['$cbs', '/$cbs', 'amqps://127.0.0.1/$cbs'])(
    holds('the token node is found at %s', 'eventhubs.address-forms'),
    async (address) => {
      const connection = connectTo(await startBench());
      const sender = await openSender(connection, address);
      await next(connection.open_receiver(address), 'receiver_open');
      expect(sender.is_open()).toBe(true);
    },
  );

  test('a hub that does not exist is not found, and the error names it without the slash', async () => {
    const sender = connectTo(await startBench()).open_sender('/other/Partitions/0');
    expect((await next(sender, 'sender_error')).sender?.error).toMatchObject({
      condition: 'amqp:not-found',
      description: text("'sb://emulator/other/Partitions/0'"),
    });
  });
});

/** Three events with the sequence numbers 0, 1, 2, sent at 1000, 2000, 3000. */
async function threeEvents(): Promise<{ bench: Bench; connection: Connection }> {
  let time = Date.UTC(2020, 0, 1);
  const bench = await startBench({ now: () => time });
  const connection = connectTo(bench);
  await authorize(bench, connection);
  const sender = await openSender(connection);
  for (const body of [0, 1, 2]) {
    time = Date.UTC(2020, 0, 1) + body * 1000;
    await next(sender, 'accepted', () => sender.send({ body }));
  }
  return { bench, connection };
}

/** The descriptor that clients of Microsoft give a filter. */
function filter(expression: string): unknown {
  return types.wrap_described(expression, 0x468c00000004);
}

/** What a receiver with this filter is sent. */
async function bodiesFrom(connection: Connection, expression: string): Promise<unknown[]> {
  const receiver = connection.open_receiver({
    source: { address: partition, filter: { 'apache.org:selector-filter:string': filter(expression) } },
    credit_window: 0,
  });
  const bodies: unknown[] = [];
  receiver.on('message', ({ message }: EventContext) => bodies.push(message?.body));
  await next(receiver, 'receiver_open');
  if (receiver.error) throw new Error(`rejected: ${JSON.stringify(receiver.error)}`);
  await next(receiver, 'receiver_drained', () => {
    receiver.add_credit(10);
    receiver.drain_credit();
  });
  return bodies;
}

describe('Positions', () => {
  const second = String(Date.UTC(2020, 0, 1) + 1000);

  test.each([
    ['offset', '>', '-1', [0, 1, 2]],
    ['offset', '>', '@latest', []],
    ['offset', '>', '0', [1, 2]],
    ['offset', '>=', '0', [0, 1, 2]],
    ['sequence-number', '>', '-1', [0, 1, 2]],
    ['sequence-number', '>', '1', [2]],
    ['sequence-number', '>=', '1', [1, 2]],
    ['enqueued-time', '>', second, [2]],
    ['enqueued-time', '>=', second, [1, 2]],
  ])(
    holds('%s %s %s is the same with quotes and without', 'eventhubs.position-quotes'),
    async (annotation, comparison, value, expected) => {
      const { connection } = await threeEvents();
      const left = `amqp.annotation.x-opt-${annotation} ${comparison}`;
      expect(await bodiesFrom(connection, `${left} ${value}`)).toStrictEqual(expected);
      expect(await bodiesFrom(connection, `${left} '${value}'`)).toStrictEqual(expected);
    },
  );
});

/** The modes of a sender (unsettled, settled, mixed) and of a receiver (first, second), as options of a link. */
const asked = ([sends, receives]: readonly [0 | 1 | 2, 0 | 1]): object => ({
  snd_settle_mode: sends,
  rcv_settle_mode: receives,
});

describe('Settle modes', () => {
  const modes = ([0, 1, 2] as const).flatMap((sends) =>
    ([0, 1] as const).map((receives) => [sends, receives] as const),
  );
  describe.each([['$cbs'], ['$management'], ['hub/Partitions/0']])('of a sender to %s', (address) => {
    test.each(modes)(holds('%i and %i are those of the answer', 'eventhubs.settle-modes'), async (...pair) => {
      const bench = await startBench();
      const connection = connectTo(bench);
      if (address !== '$cbs') await authorize(bench, connection);
      const sender = connection.open_sender({ target: address, ...asked(pair) });
      await next(sender, 'sendable');
      expect([sender.snd_settle_mode, sender.rcv_settle_mode]).toStrictEqual(pair);
    });
  });

  describe.each([['$cbs'], ['$management'], [partition]])('of a receiver from %s', (address) => {
    test.each(modes)(holds('%i and %i are those of the answer', 'eventhubs.settle-modes'), async (...pair) => {
      const bench = await startBench();
      const connection = connectTo(bench);
      if (address === partition) await authorize(bench, connection);
      const receiver = connection.open_receiver({ source: address, ...asked(pair) });
      await next(receiver, 'receiver_open');
      expect([receiver.snd_settle_mode, receiver.rcv_settle_mode]).toStrictEqual(pair);
    });
  });

  const accepted = types.wrap_described(types.wrap_list([]), 0x24);
  /** More than the emulator can hold unsettled in a session: what is never settled stops the link. */
  const many = 2100;

  test.each(modes)(holds('%i and %i: a sender can send without end', 'eventhubs.settle-modes'), async (...pair) => {
    const bench = await startBench();
    const connection = connectTo(bench);
    await authorize(bench, connection);
    const sender = connection.open_sender({ target: 'hub/Partitions/0', ...asked(pair) });
    sender.on('accepted', ({ delivery }: EventContext) => {
      if (!delivery || delivery.remote_settled) return;
      delivery.update(true, accepted); // in the second mode the receiver waits for the sender to settle
      Object.assign(delivery, { remote_settled: true });
    });
    let sent = 0;
    sender.on('sendable', () => {
      for (; sent < many && sender.sendable(); sent++) sender.send({ body: sent });
    });
    await until(() => bench.emulator.statistics().counters.eventsStored === many);
  });

  test.each(modes)(
    holds('%i and %i: a receiver is sent events without end', 'eventhubs.settle-modes'),
    async (...pair) => {
      const bench = await startBench();
      const connection = connectTo(bench);
      await authorize(bench, connection);
      const batch = Array.from({ length: many }, (_, index) => ({ body: index }));
      await bench.producer().sendBatch(batch, { partitionId: '0' });
      const receiver = connection.open_receiver({ source: partition, ...asked(pair) });
      const settledOnArrival = new Set<unknown>();
      let received = 0;
      receiver.on('message', ({ delivery }: EventContext) => {
        settledOnArrival.add(delivery?.remote_settled);
        if (delivery?.remote_settled) Object.assign(delivery, { settled: true }); // rhea's receiver would keep it for ever
        received++;
      });
      await until(() => received === many);
      expect([...settledOnArrival]).toStrictEqual([pair[0] !== 0]);
    },
  );
});

/** Opens a receiver and gives it credit before the answer; returns the bodies of the first `count` events. */
async function receiveAtOnce(connection: Connection, count: number): Promise<unknown[]> {
  const session = connection.create_session();
  session.open(); // begin, attach and flow leave together
  const receiver = session.open_receiver({ source: partition, credit_window: 0 });
  receiver.add_credit(10);
  const bodies: unknown[] = [];
  receiver.on('message', ({ message }: EventContext) => bodies.push(message?.body));
  connection.on('protocol_error', (error: Error) => bodies.push(error));
  await until(() => bodies.length >= count);
  return bodies;
}

describe('Credit that comes with the attach, in one segment', () => {
  test(holds('the answer to the attach leaves before the first event', 'eventhubs.credit-with-attach'), async () => {
    const bench = await startBench();
    const connection = connectTo(bench);
    await authorize(bench, connection);
    const sender = await openSender(connection);
    for (const body of [1, 2]) await next(sender, 'accepted', () => sender.send({ body }));
    expect(await receiveAtOnce(connection, 2)).toStrictEqual([1, 2]);
  });

  test(holds('if the answer is delayed, the events are sent after it', 'eventhubs.credit-with-attach'), async () => {
    const bench = await startBench();
    const connection = connectTo(bench);
    await authorize(bench, connection);
    const sender = await openSender(connection);
    for (const body of [1, 2]) await next(sender, 'accepted', () => sender.send({ body }));
    bench.emulator.faults.inject({ on: 'attach', kind: 'stall', milliseconds: 50 });
    expect(await receiveAtOnce(connection, 2)).toStrictEqual([1, 2]);
  });
});
