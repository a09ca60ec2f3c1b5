import type { Area } from './behaviour';

export const eventHubsClient = {
  title: 'The client of Event Hubs',
  behaviours: {
    'eventhubs-client.plain-tcp': {
      does: 'Plain TCP only for connection strings with `UseDevelopmentEmulator=true`: a TokenCredential means TLS.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.certificate': {
      does: 'It takes another certificate only from NODE_EXTRA_CA_CERTS.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.retries': {
      does: 'By default an operation is tried three more times, each after a fixed 30 s.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.send-timeout': {
      does: 'By default a send is given up after 60 s.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.lost-connection-waits': {
      does: 'A send whose connection is lost waits for the whole time-out before it is tried again.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.not-retried': {
      does: 'Where it is not tried again, the error speaks of a time-out.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.several-failures': {
      does: 'Several failures are an AggregateError without a code.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.nested-failures': {
      does: 'AggregateErrors nest.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.process-error': {
      does: 'The same reaches processError.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.connection-dropped': {
      does: 'A connection that is dropped while it opens fails at once; the next operation connects anew.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.receiver-resumes': {
      does: 'A receiver whose connection or link is lost comes back where it was.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
  },
} as const satisfies Area;
