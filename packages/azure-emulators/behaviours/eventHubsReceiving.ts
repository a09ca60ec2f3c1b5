import type { Area } from './behaviour';

const receiving = 'eventhubs/receiving.test.ts';
const dotnet = 'eventhubs/dotnetManners.test.ts';
const disk = 'eventhubs/keptOnDisk.test.ts';
const stream = '../../defender-samples/test/books.test.ts';

export const eventHubsReceiving: Area = {
  title: 'Event Hubs: receiving, keeping, moving',
  behaviours: [
    {
      does: 'A receiver starts at the earliest event, at or after an offset, a sequence number or a time, or at the end.',
      ground: 'documented',
      held: [
        [receiving, '%s'],
        [receiving, 'after and at an offset'],
        [receiving, 'latest gets only what arrives afterwards; so does the last sequence number'],
      ],
    },
    {
      does: 'A position beyond the end, such as a checkpoint of another log, is an argument error; a time beyond the end waits.',
      ground: 'recorded',
      held: [
        [receiving, 'an %s beyond the end is an argument error (azure-event-hubs-python#13)'],
        [receiving, 'a time beyond the end waits for new events'],
      ],
    },
    {
      does: 'Each consumer group reads everything on its own.',
      ground: 'documented',
      held: [
        [receiving, 'each group reads everything on its own'],
        [receiving, 'another partition and another group are not concerned'],
      ],
    },
    {
      does: 'Five receivers without an epoch may read a partition in a group; the sixth is refused with the names of the five.',
      ground: 'documented',
      held: [[receiving, 'the sixth is refused, with the names of the five (MicrosoftDocs/azure-docs#24985)']],
    },
    {
      does: 'A receiver with the same or a higher epoch (owner level) replaces the current one, and all without an epoch.',
      ground: 'recorded',
      held: [
        [receiving, '%s epoch replaces the current receiver (azure-sdk-for-java#12483)'],
        [receiving, 'a receiver with an epoch replaces all without'],
      ],
    },
    {
      does: 'A receiver with a lower epoch is refused.',
      ground: 'recorded',
      held: [[receiving, 'a lower epoch is refused (azure-sdk-for-java#26583)']],
    },
    {
      does: 'A receiver without an epoch is refused beside one with it.',
      ground: 'recorded',
      held: [[receiving, 'a receiver without epoch is refused beside one with (azure-event-hubs-go#181)']],
    },
    {
      does: 'A receiver is sent as many events as it has given credit for, and no more.',
      ground: 'documented',
      held: [[receiving, 'a receiver is sent as many events as it prefetches, and no more until it has taken some']],
    },
    {
      does: 'Credit may come together with the attach: the answer leaves before the first event.',
      ground: 'run',
      held: [
        [dotnet, 'the answer to the attach leaves before the first event'],
        [dotnet, 'where the answer is kept waiting, the events wait with it and then leave'],
      ],
    },
    {
      does: 'Positions are the same with quotes and without.',
      ground: 'run',
      held: [[dotnet, '%s %s %s is the same with quotes and without']],
    },
    {
      does: 'A receiver that drains gets what there is and loses the rest of its credit.',
      ground: 'documented',
      held: [
        [
          'eventhubs/otherClients.test.ts',
          'a receiver that drains gets what there is and loses the rest of its credit',
        ],
      ],
    },
    {
      does: 'On request every event carries the end of its partition (runtime metrics).',
      ground: 'documented',
      held: [[receiving, 'last enqueued event properties tell the end of the partition with each event']],
    },
    {
      does: 'Events past the retention leave; sequence numbers go on, and a reader behind starts at the first event kept.',
      ground: 'documented',
      held: [
        [
          receiving,
          'old events leave, sequence numbers go on, and a reader behind retention starts at the first kept event',
        ],
        [receiving, 'past the limit of bytes the oldest events leave'],
      ],
    },
    {
      does: 'What was acknowledged stays: after a restart events, numbers, offsets and times are the same, and checkpoints fit.',
      ground: 'documented',
      held: [
        [disk, 'a restart resumes: events, sequence numbers, offsets and times are the same, and go on'],
        [disk, 'a checkpoint from before the restart still fits'],
        [disk, 'every acknowledged event is there after the emulator was killed in the middle of sends'],
      ],
    },
    {
      does: 'Consumers that share a checkpoint store balance the partitions; when one dies the others go on where it was, and no event is lost.',
      ground: 'documented',
      held: [
        [
          'eventhubs/balancing.test.ts',
          'two real consumers with a checkpoint store balance 8 partitions, one is killed, and 20,000 events arrive with none lost',
        ],
      ],
    },
    {
      does: 'One message of Defender is `{"records":[...]}`: many records, up to 1 MB.',
      ground: 'documented',
      held: [
        [stream, 'messages hold 100 to 400 records, or as many as asked for'],
        [stream, 'no message is larger than 1,000,000 bytes, however many records it is to hold'],
      ],
    },
    {
      does: 'The blob checkpoint store pins its own copy of the Event Hubs client.',
      ground: 'run',
      because: 'The app has no checkpoint store: on Azure the host keeps checkpoints, here the `host` folder does.',
    },
  ],
};
