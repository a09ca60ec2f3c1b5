import type { EventContext } from 'rhea';
import { holds } from '../holds';
import { closeAll, read, startBench } from './clients';
import { authorize, connectTo, errorOf, next, openSender } from './plainClient';

afterEach(closeAll);

// Clients in other languages are plain AMQP clients that do what the SDK for JavaScript never does.

describe('Links without a token', () => {
  test.each(['hub', 'hub/Partitions/0'])(
    holds('sending to %s is rejected as unauthorized', 'eventhubs.no-token'),
    async (address) => {
      const sender = connectTo(await startBench()).open_sender(address);
      expect(errorOf((await next(sender, 'sender_error')).sender)).toMatchObject({
        condition: 'amqp:unauthorized-access',
      });
    },
  );

  test(holds('receiving is rejected as unauthorized', 'eventhubs.no-token'), async () => {
    const receiver = connectTo(await startBench()).open_receiver('hub/ConsumerGroups/$Default/Partitions/0');
    expect(errorOf((await next(receiver, 'receiver_error')).receiver)).toMatchObject({
      condition: 'amqp:unauthorized-access',
    });
  });

  test(
    holds(
      'a second request link to $cbs is not allowed on a connection (azure-event-hubs-node#174)',
      'eventhubs.one-cbs-link',
    ),
    async () => {
      const bench = await startBench();
      const connection = connectTo(bench);
      await authorize(bench, connection);
      const second = connection.open_sender('$cbs');
      expect(errorOf((await next(second, 'sender_error')).sender)).toMatchObject({ condition: 'amqp:not-allowed' });
    },
  );
});

describe('Messages', () => {
  test(
    holds('a plain message, not in a batch, is one event, its sections unchanged', 'eventhubs.batch-format'),
    async () => {
      const bench = await startBench();
      const connection = connectTo(bench);
      await authorize(bench, connection);
      const sender = await openSender(connection);
      const message = {
        subject: 's',
        durable: true,
        message_annotations: { 'x-opt-partition-key': 'k' },
        application_properties: { a: 1 },
        body: { a: [1, 'b', null] },
      };
      await next(sender, 'accepted', () => sender.send(message));
      const [event] = await read(bench.consumer(), '0', 1);
      expect(event).toMatchObject({ body: { a: [1, 'b', null] }, properties: { a: 1 }, partitionKey: 'k' });
      expect(event?.getRawAmqpMessage()).toMatchObject({ header: { durable: true }, properties: { subject: 's' } });
    },
  );

  test(
    holds(
      'bytes that are no message are rejected with amqp:decode-error; the link stays open',
      'eventhubs.unreadable-message',
    ),
    async () => {
      const bench = await startBench();
      const connection = connectTo(bench);
      await authorize(bench, connection);
      const sender = await openSender(connection);
      const rejected = await next(sender, 'rejected', () => sender.send(Buffer.from('no AMQP'), undefined, 0x80013700));
      expect(rejected.delivery?.remote_state).toMatchObject({ error: { condition: 'amqp:decode-error' } });
      await next(sender, 'accepted', () => sender.send({ body: 1 }));
      expect(bench.emulator.statistics().counters.eventsStored).toBe(1);
    },
  );
});

describe('Credit', () => {
  test(
    holds('a receiver that drains gets what there is and loses the rest of its credit', 'eventhubs.drain'),
    async () => {
      const bench = await startBench();
      const connection = connectTo(bench);
      await authorize(bench, connection);
      const sender = await openSender(connection);
      for (const body of [1, 2, 3]) await next(sender, 'accepted', () => sender.send({ body }));
      const receiver = connection.open_receiver({
        source: { address: 'hub/ConsumerGroups/$Default/Partitions/0' },
        credit_window: 0,
      });
      const bodies: unknown[] = [];
      receiver.on('message', ({ message }: EventContext) => bodies.push(message?.body));
      await next(receiver, 'receiver_open');
      await next(receiver, 'receiver_drained', () => {
        receiver.add_credit(10);
        receiver.drain_credit();
      });
      expect(bodies).toStrictEqual([1, 2, 3]);
      await next(sender, 'accepted', () => sender.send({ body: 4 }));
      receiver.drain = false;
      await next(receiver, 'message', () => receiver.add_credit(1));
      expect(bodies).toStrictEqual([1, 2, 3, 4]);
    },
  );
});
