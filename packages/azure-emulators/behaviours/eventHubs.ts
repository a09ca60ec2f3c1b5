import type { Area } from './behaviour';

const authorization = 'eventhubs/authorization.test.ts';
const entra = 'eventhubs/entra.test.ts';
const other = 'eventhubs/otherClients.test.ts';
const management = 'eventhubs/management.test.ts';
const dotnet = 'eventhubs/dotnetManners.test.ts';
const producing = 'eventhubs/producing.test.ts';
const receiving = 'eventhubs/receiving.test.ts';
const idempotent = 'eventhubs/idempotent.test.ts';
const faults = 'eventhubs/faults.test.ts';

export const eventHubs: Area = {
  title: 'Event Hubs',
  behaviours: [
    {
      does: 'A client puts a signed token on `$cbs` before it opens links; a wrong signature is refused.',
      ground: 'documented',
      held: [
        [authorization, 'a wrong key is refused at $cbs'],
        [authorization, '%s is refused'],
      ],
    },
    {
      does: 'A token is good until it expires, for its resource and what is below.',
      ground: 'documented',
      held: [[authorization, '%s is refused']],
    },
    {
      does: 'A policy allows what it claims: Send, Listen, or Manage, which includes both.',
      ground: 'documented',
      held: [[authorization, 'a policy with %s alone gives no right to %s']],
    },
    {
      does: 'Links without a token are refused as unauthorized.',
      ground: 'recorded',
      held: [
        [other, 'sending to %s is refused as unauthorized'],
        [other, 'receiving is refused as unauthorized'],
      ],
    },
    {
      does: 'Links are detached by force when their token runs out and is not renewed.',
      ground: 'recorded',
      held: [[authorization, 'links are detached when the token runs out and is not renewed']],
    },
    {
      does: 'A connection has one request link to `$cbs`.',
      ground: 'recorded',
      held: [[other, 'a second request link to $cbs is not allowed on a connection (azure-event-hubs-node#174)']],
    },
    {
      does: 'Over TLS an identity puts a token of Entra on `$cbs` and may do what its roles allow.',
      ground: 'documented',
      held: [
        [entra, 'a managed identity sends and receives over TLS what clients with a key send and receive'],
        [entra, 'an identity may do what its roles allow, by its client id'],
      ],
    },
    {
      does: 'A token of an unknown issuer, for another audience, or out of its time is refused.',
      ground: 'recorded',
      held: [
        [entra, 'a token of an unknown issuer is refused at $cbs, by the condition that the SDK calls unauthorized'],
        [entra, '%s is refused'],
      ],
    },
    {
      does: '`$management` answers READ with the properties of hub and partition; the partition ids are an AMQP array, offsets texts.',
      ground: 'documented',
      held: [
        [management, 'of a hub: name, time of creation, partition ids'],
        [management, 'of a partition, empty and filled'],
      ],
    },
    {
      does: '`$management` takes the token in the request (`security_token`) from a client that put none on `$cbs`; it is good for that request alone.',
      ground: 'run',
      held: [
        [dotnet, 'a signature in security_token lets a client read that never spoke to $cbs'],
        [dotnet, 'it is good for that request alone'],
        [dotnet, '%s is refused with 401 and the reason'],
        [dotnet, 'a token of an identity with %s'],
      ],
    },
    {
      does: 'Addresses may have a slash, or scheme and host, in front; the answer repeats them as they came.',
      ground: 'run',
      held: [
        [dotnet, 'a sender is attached to %s'],
        [dotnet, "with '%s' in front of it a receiver finds its partition"],
        [dotnet, 'the token node is found at %s'],
        [dotnet, 'the node is found at %s'],
      ],
    },
    {
      does: 'The answer to an attach repeats the settle modes that were asked for, on every kind of link, and both sides keep to them.',
      ground: 'run',
      held: [
        [dotnet, '%i and %i are those of the answer'],
        [dotnet, '%i and %i: a sender can send without end'],
        [dotnet, '%i and %i: a receiver is sent events without end'],
      ],
    },
    {
      does: 'A hub, a group or a partition that does not exist is an error of its own: not found, or out of range.',
      ground: 'recorded',
      held: [
        [producing, 'a hub that does not exist is reported as such, and not tried again'],
        [receiving, 'a group that does not exist is reported as such'],
        [receiving, 'a partition that does not exist is out of range'],
        [producing, 'a partition that does not exist is out of range (azure-sdk-for-python#11708)'],
      ],
    },
    {
      does: 'Sequence numbers count from 0 in each partition; offsets are texts that grow; times are those of arrival.',
      ground: 'documented',
      held: [
        [
          producing,
          'sequence numbers count from 0 per partition; offsets are strings that grow; times are those of arrival',
        ],
      ],
    },
    {
      does: 'An event comes back with the bytes it was sent with; a batch of 1 MB too.',
      ground: 'documented',
      held: [
        [producing, 'a batch of 1 MB comes back byte for byte'],
        ['eventhubs/sections.test.ts', 'the stamp goes between the event and its body, after its own annotations'],
      ],
    },
    {
      does: 'A message of the batch format is many events, any other is one.',
      ground: 'source',
      held: [
        [producing, 'events of a batch come back in order, with body, properties and partition key'],
        [other, 'a plain message, not in a batch, is one event, its sections unchanged'],
      ],
    },
    {
      does: 'Events with the same key go to the same partition, the one that the clients compute.',
      ground: 'documented',
      held: [
        [producing, 'a key chosen by the buffered client and by the service is the same partition'],
        [producing, 'the same key always goes to the same partition, and keys spread'],
      ],
    },
    {
      does: 'Without key and partition the service spreads messages over all partitions.',
      ground: 'documented',
      held: [[producing, 'without partition and key, the service spreads messages over all partitions']],
    },
    {
      does: 'The largest message is announced when a producer connects; a larger one is rejected, the link stays.',
      ground: 'recorded',
      held: [
        [producing, 'the limit is announced when a producer connects'],
        [
          producing,
          'a larger message is refused by a rejection that says so (azure-event-hubs-python#106), and not stored',
        ],
      ],
    },
    {
      does: 'Bytes that are no message are rejected with amqp:decode-error; the link stays.',
      ground: 'guess',
      held: [[other, 'bytes that are no message are rejected with amqp:decode-error; the link stays open']],
    },
    {
      does: 'Each send has its own outcome, however many are under way.',
      ground: 'documented',
      held: [
        [
          'eventhubs/dispositions.test.ts',
          'of sends that are under way together, exactly the refused ones fail, and exactly the others are stored',
        ],
      ],
    },
    {
      does: 'Past the throughput of the namespace a send is rejected as server-busy (50002); later it passes.',
      ground: 'recorded',
      held: [
        [producing, 'past the limit a message is refused as busy; the client may try again once the time has come'],
      ],
    },
    {
      does: 'A send can be stored though its acknowledgement is lost: failed does not mean not stored, and a retry stores it twice.',
      ground: 'documented',
      held: [
        [idempotent, 'without it, the same accident stores the batch twice: the service is at-least-once'],
        [faults, '%s of a send: tried again, and stored %i time(s)'],
      ],
    },
    {
      does: 'An idempotent producer numbers its events: a batch sent again is stored once, a gap is refused.',
      ground: 'source',
      held: [
        [idempotent, 'a batch whose acknowledgement was lost is sent again and stored once'],
        [idempotent, 'numbers that leave a gap are refused, and that is not tried again'],
      ],
    },
    {
      does: 'A producer with a higher epoch takes over; the one with the lower epoch cannot come back.',
      ground: 'source',
      held: [[idempotent, 'a producer with a higher epoch takes over; the one with the lower epoch cannot come back']],
    },
  ],
};
