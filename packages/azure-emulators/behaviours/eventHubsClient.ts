import type { Area } from './behaviour';

export const eventHubsClient = {
  title: 'The client of Event Hubs',
  behaviours: {
    'eventhubs-client.plain-tcp': {
      does: 'It uses plain TCP only for connection strings with `UseDevelopmentEmulator=true`: a TokenCredential means TLS.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.certificate': {
      does: 'It trusts another certificate only through NODE_EXTRA_CA_CERTS.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.retries': {
      does: 'By default an operation is retried three times, each after 30 s.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.send-timeout': {
      does: 'By default a send is given up after 60 s.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.lost-connection-waits': {
      does: 'A send whose connection is lost waits for the whole time-out before it is retried.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.not-retried': {
      does: 'If such a send is not retried, the error reports a time-out.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.several-failures': {
      does: 'Several failures are an AggregateError without a code.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.nested-failures': {
      does: 'AggregateErrors can be nested.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.process-error': {
      does: 'processError gets the same errors.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.connection-dropped': {
      does: 'A connection that is dropped while it opens fails at once; the next operation connects anew.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
    'eventhubs-client.receiver-resumes': {
      does: 'A receiver whose connection or link is lost resumes where it was.',
      ground: 'run',
      by: '`@azure/event-hubs` 6.0.4',
    },
  },
} as const satisfies Area;
