/** A plain AMQP client, which can do what the SDK for JavaScript never does and clients in other languages do. */
import { createHmac } from 'node:crypto';
import { type AmqpError, type Connection, create_container, type EventContext, type Receiver, type Sender } from 'rhea';
import { type Bench, closeLater } from './clients';

export function connectTo(bench: Bench): Connection {
  const container = create_container();
  container.on('disconnected', () => {});
  const connection = container.connect({
    host: '127.0.0.1',
    port: bench.emulator.port,
    username: 'any',
    reconnect: false,
  });
  closeLater({
    close: async () => {
      if (!connection.is_closed()) await next(connection, 'connection_close', () => connection.close());
    },
  });
  return connection;
}

/** The next event of this name after `action`; an error of a link instead of it is thrown. */
export function next(
  emitter: Connection | Sender | Receiver,
  event: string,
  action: () => unknown = () => {},
): Promise<EventContext> {
  return new Promise((resolve, reject) => {
    const errors = ['sender_error', 'receiver_error'].filter((name) => name !== event);
    const rejected = ({ sender, receiver }: EventContext): void => {
      reject(new Error(`instead of ${event}: ${JSON.stringify(errorOf(sender ?? receiver))}`));
    };
    for (const name of errors) emitter.once(name, rejected);
    emitter.once(event, (context: EventContext) => {
      for (const name of errors) emitter.removeListener(name, rejected);
      resolve(context);
    });
    action();
  });
}

export function errorOf(link: Sender | Receiver | undefined): AmqpError | Error | undefined {
  return link?.error;
}

/** A shared access signature of the first policy, good for ten minutes. */
export function signatureFor(bench: Bench, audience: string, keyInstead?: string): string {
  const [, name = '', key = ''] =
    /KeyName=([^;]+);SharedAccessKey=([^;]+)/.exec(bench.emulator.connectionString()) ?? [];
  const resource = encodeURIComponent(audience);
  const expiry = Math.floor(Date.now() / 1000) + 600;
  const signed = createHmac('sha256', keyInstead ?? key)
    .update(`${resource}\n${expiry}`)
    .digest('base64');
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signed)}&se=${expiry}&skn=${name}`;
}

/** Puts a token for the hub on $cbs. */
export async function authorize(bench: Bench, connection: Connection): Promise<void> {
  const audience = 'sb://127.0.0.1/hub';
  const replies = connection.open_receiver('$cbs');
  const requests = connection.open_sender('$cbs');
  await next(requests, 'sendable');
  const reply = await next(replies, 'message', () =>
    requests.send({
      message_id: '1',
      application_properties: { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name: audience },
      body: signatureFor(bench, audience),
    }),
  );
  expect(reply.message).toMatchObject({ correlation_id: '1', application_properties: { 'status-code': 202 } });
}

export async function openSender(connection: Connection, address = 'hub/Partitions/0'): Promise<Sender> {
  const sender = connection.open_sender(address);
  await next(sender, 'sendable');
  return sender;
}
