import type { Area, OfClients } from './behaviour';

const sdk = 'eventhubs/sdk.test.ts';
const faults = 'eventhubs/faults.test.ts';

/** What the client does, by the title of the one test that shows it. */
function client(does: string, title: string, file = sdk): OfClients {
  return { does, ground: 'run', held: [[file, title]], by: '`@azure/event-hubs` 6.0.4' };
}

export const eventHubsClient: Area = {
  title: 'The client of Event Hubs',
  behaviours: [
    client(
      'Plain TCP only for connection strings with `UseDevelopmentEmulator=true`: a TokenCredential means TLS.',
      'the client cannot connect to an emulator that speaks plain TCP',
    ),
    client(
      'It takes another certificate only from NODE_EXTRA_CA_CERTS.',
      'a client that does not trust the certificate gets no connection',
      'eventhubs/entra.test.ts',
    ),
    client(
      'By default an operation is tried three more times, each after a fixed 30 s.',
      'without retryOptions an operation is tried three more times, each after 30 s',
    ),
    client(
      'By default a send is given up after 60 s.',
      'without retryOptions a send is given up after 60 s, less what it needed to get ready',
    ),
    client(
      'A send whose connection is lost waits for the whole time-out before it is tried again.',
      'a connection lost during a send: it is tried again only once the time-out of the send is over',
    ),
    client(
      'Where it is not tried again, the error speaks of a time-out.',
      'a connection lost during a send that is not tried again: the error speaks of a time-out',
    ),
    client('Several failures are an AggregateError without a code.', 'a send: the error of each try'),
    client('AggregateErrors nest.', 'the link of a sender: an AggregateError of AggregateErrors'),
    client('The same reaches processError.', 'a receiver: the same reaches processError'),
    client(
      'A connection that is dropped while it opens fails at once; the next operation connects anew.',
      'drop of a fresh connection, or of an attach: the SDK fails at once; the next operation connects anew',
      faults,
    ),
    client(
      'A receiver whose connection or link is lost comes back where it was.',
      '%s in the middle of a delivery: the receiver comes back where it was, nothing lost and nothing twice',
      faults,
    ),
  ],
};
