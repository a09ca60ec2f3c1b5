import type { Area } from './behaviour';

export const eventHubsReceiving = {
  title: 'Event Hubs: receiving, keeping, moving',
  behaviours: {
    'eventhubs.start-position': {
      does: 'A receiver starts at the earliest event, at or after an offset, a sequence number or a time, or at the end.',
      ground: 'documented',
    },
    'eventhubs.position-beyond-end': {
      does: 'A position beyond the end, such as a checkpoint of another log, is an argument error; a time beyond the end waits.',
      ground: 'recorded',
    },
    'eventhubs.consumer-groups': { does: 'Each consumer group reads everything on its own.', ground: 'documented' },
    'eventhubs.five-receivers': {
      does: 'Five receivers without an epoch may read a partition in a group; the sixth is rejected with the names of the five.',
      ground: 'documented',
    },
    'eventhubs.owner-level': {
      does: 'A receiver with the same or a higher epoch (owner level) replaces the current one, and all without an epoch.',
      ground: 'recorded',
    },
    'eventhubs.lower-epoch': { does: 'A receiver with a lower epoch is rejected.', ground: 'recorded' },
    'eventhubs.no-epoch': {
      does: 'A receiver without an epoch is rejected while one with an epoch is connected.',
      ground: 'recorded',
    },
    'eventhubs.credit': {
      does: 'A receiver is sent as many events as it has given credit for, and no more.',
      ground: 'documented',
    },
    'eventhubs.credit-with-attach': {
      does: 'Credit may come together with the attach: the answer is sent before the first event.',
      ground: 'run',
    },
    'eventhubs.position-quotes': { does: 'Positions are the same with quotes and without.', ground: 'run' },
    'eventhubs.drain': {
      does: 'A receiver that drains gets what there is and loses the rest of its credit.',
      ground: 'documented',
    },
    'eventhubs.runtime-metrics': {
      does: 'On request every event carries the last sequence number, offset and time of its partition (runtime metrics).',
      ground: 'documented',
    },
    'eventhubs.retention': {
      does: 'Events older than the retention are dropped; sequence numbers continue, and a reader behind starts at the first kept event.',
      ground: 'documented',
    },
    'eventhubs.restart': {
      does: 'Acknowledged events stay: after a restart their numbers, offsets and times are the same, and checkpoints are valid.',
      ground: 'documented',
    },
    'eventhubs.balancing': {
      does: 'Consumers that share a checkpoint store balance the partitions; when one dies the others resume where it was, and no event is lost.',
      ground: 'documented',
    },
    'eventhubs.pinned-client': {
      does: 'The blob checkpoint store pins its own copy of the Event Hubs client.',
      ground: 'run',
      because: 'The package has no blob storage; the Functions host keeps checkpoints in a folder.',
    },
  },
} as const satisfies Area;
