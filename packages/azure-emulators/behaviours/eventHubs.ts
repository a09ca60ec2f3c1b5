import type { Area } from './behaviour';

export const eventHubs = {
  title: 'Event Hubs',
  behaviours: {
    'eventhubs.cbs-signature': {
      does: 'A client puts a signed token on `$cbs` before it opens links; a wrong signature is rejected.',
      ground: 'documented',
    },
    'eventhubs.token-scope': {
      does: 'A token is valid until it expires, for its resource and everything below.',
      ground: 'documented',
    },
    'eventhubs.policy-claims': {
      does: 'A policy allows what it claims: Send, Listen, or Manage, which includes both.',
      ground: 'documented',
    },
    'eventhubs.no-token': { does: 'Links without a token are rejected as unauthorized.', ground: 'recorded' },
    'eventhubs.token-expires': {
      does: 'Links are detached (detach-forced) when their token expires and is not renewed.',
      ground: 'recorded',
    },
    'eventhubs.one-cbs-link': { does: 'A connection has one request link to `$cbs`.', ground: 'recorded' },
    'eventhubs.entra-token': {
      does: 'Over TLS an identity puts a token of Entra on `$cbs` and may do what its roles allow.',
      ground: 'documented',
    },
    'eventhubs.entra-bad-token': {
      does: 'A token of an unknown issuer, for another audience, or expired, is rejected.',
      ground: 'recorded',
    },
    'eventhubs.management-read': {
      does: '`$management` answers READ with the properties of hub and partition; the partition ids are an AMQP array, offsets texts.',
      ground: 'documented',
    },
    'eventhubs.management-token': {
      does: '`$management` takes the token in the request (`security_token`) from a client that sent none to `$cbs`; it is valid for that request alone.',
      ground: 'run',
    },
    'eventhubs.address-forms': {
      does: 'Addresses may have a slash, or scheme and host, in front; the answer repeats them unchanged.',
      ground: 'run',
    },
    'eventhubs.settle-modes': {
      does: 'The answer to an attach repeats the settle modes that were asked for, on every kind of link, and both sides keep to them.',
      ground: 'run',
    },
    'eventhubs.not-found': {
      does: 'A hub or group that does not exist is not found; a partition that does not exist is out of range.',
      ground: 'recorded',
    },
    'eventhubs.sequence-numbers': {
      does: 'Sequence numbers count from 0 in each partition; offsets are texts that grow; times are those of arrival.',
      ground: 'documented',
    },
    'eventhubs.same-bytes': {
      does: 'An event comes back with the bytes it was sent with; a batch of 1 MB too.',
      ground: 'documented',
    },
    'eventhubs.batch-format': {
      does: 'A message of the batch format is many events, any other is one.',
      ground: 'source',
    },
    'eventhubs.partition-keys': {
      does: 'Events with the same key go to the same partition, the one that the clients compute.',
      ground: 'documented',
    },
    'eventhubs.spread-messages': {
      does: 'Without key and partition the service spreads messages over all partitions.',
      ground: 'documented',
    },
    'eventhubs.message-size': {
      does: 'The service announces the largest message when a producer connects; it rejects a larger one and keeps the link.',
      ground: 'recorded',
    },
    'eventhubs.unreadable-message': {
      does: 'Bytes that are not a message are rejected with amqp:decode-error; the link stays open.',
      ground: 'guess',
    },
    'eventhubs.outcome-per-send': {
      does: 'Each send has its own outcome, however many are in flight.',
      ground: 'documented',
    },
    'eventhubs.throttled': {
      does: 'A send past the throughput of the namespace is rejected as server-busy (50002), and the client retries. In the emulator a fault does this.',
      ground: 'recorded',
    },
    'eventhubs.lost-acknowledgement': {
      does: 'A send can be stored though its acknowledgement is lost: failed does not mean not stored, and a retry stores it twice.',
      ground: 'documented',
    },
    'eventhubs.idempotent-producer': {
      does: 'An idempotent producer numbers its events: a batch sent again is stored once, a gap is rejected.',
      ground: 'source',
    },
    'eventhubs.producer-epoch': {
      does: 'A producer with a higher epoch takes over; the one with the lower epoch cannot come back.',
      ground: 'source',
    },
  },
} as const satisfies Area;
