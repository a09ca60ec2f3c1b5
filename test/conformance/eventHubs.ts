import type { Area } from './behaviour';

const authorization = 'local/eventhubs/authorization.test.ts';
const entra = 'local/eventhubs/entra.test.ts';
const other = 'local/eventhubs/otherClients.test.ts';
const management = 'local/eventhubs/management.test.ts';
const dotnet = 'local/eventhubs/dotnetManners.test.ts';
const producing = 'local/eventhubs/producing.test.ts';
const receiving = 'local/eventhubs/receiving.test.ts';
const idempotent = 'local/eventhubs/idempotent.test.ts';
const faults = 'local/eventhubs/faults.test.ts';

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
      mutants: [{ file: 'eventhubs/cbs.ts', from: '=== decoded(signature);', to: "!== '';" }],
    },
    {
      does: 'A token is good until it expires, for its resource and what is below.',
      ground: 'documented',
      held: [[authorization, '%s is refused']],
      mutants: [
        { file: 'eventhubs/cbs.ts', from: 'if (!(expiresAt > now)) return', to: 'if (!(expiresAt > 0)) return' },
        {
          file: 'eventhubs/cbs.ts',
          from: 'if (!covers(pathOf(decoded(resource)).toLowerCase(), path)) return',
          to: 'if (path === ":") return',
        },
      ],
    },
    {
      does: 'A policy allows what it claims: Send, Listen, or Manage, which includes both.',
      ground: 'documented',
      held: [[authorization, 'a policy with %s alone gives no right to %s']],
      mutants: [
        {
          file: 'eventhubs/cbs.ts',
          from: 'covers(grant.path, path) && claimed(grant)',
          to: 'covers(grant.path, path)',
        },
      ],
    },
    {
      does: 'Links without a token are refused as unauthorized.',
      ground: 'recorded',
      held: [
        [other, 'sending to %s is refused as unauthorized'],
        [other, 'receiving is refused as unauthorized'],
      ],
      mutants: [
        { file: 'eventhubs/producers.ts', from: '  if (refusal) return link.close(refusal);\n', to: '' },
        { file: 'eventhubs/consumers.ts', from: '  if (refusal) return link.close(refusal);\n', to: '' },
      ],
    },
    {
      does: 'Links are detached by force when their token runs out and is not renewed.',
      ground: 'recorded',
      held: [[authorization, 'links are detached when the token runs out and is not renewed']],
      mutants: [
        {
          file: 'eventhubs/authorization.ts',
          from: 'else link.close(failures.authorizationEnded(claim, link.address));',
          to: '',
        },
      ],
    },
    {
      does: 'A connection has one request link to `$cbs`.',
      ground: 'recorded',
      held: [[other, 'a second request link to $cbs is not allowed on a connection (azure-event-hubs-node#174)']],
      mutants: [{ file: 'eventhubs/nodes.ts', from: '      this.#cbsPeers.add(link.peer);\n', to: '' }],
    },
    {
      does: 'Over TLS an identity puts a token of Entra on `$cbs` and may do what its roles allow.',
      ground: 'documented',
      held: [
        [entra, 'a managed identity sends and receives over TLS what clients with a key send and receive'],
        [entra, 'an identity may do what its roles allow, by its client id'],
      ],
      mutants: [
        { file: 'eventhubs/entra.ts', from: 'claims: claimsOf(issued.clientId)', to: "claims: ['Send', 'Listen']" },
      ],
    },
    {
      does: 'A token of an unknown issuer, for another audience, or out of its time is refused.',
      ground: 'recorded',
      held: [
        [entra, 'a token of an unknown issuer is refused at $cbs, by the condition that the SDK calls unauthorized'],
        [entra, '%s is refused'],
      ],
      mutants: [
        {
          file: 'eventhubs/entra.ts',
          from: 'return failures.invalidIssuer();',
          to: 'return failures.invalidAudience();',
        },
        {
          file: 'eventhubs/entra.ts',
          from: 'if (!AUDIENCE.test(issued.audience)) return',
          to: "if (issued.audience === '') return",
        },
        {
          file: 'eventhubs/entra.ts',
          from: 'if (!(issued.expiresAt > now)) return',
          to: 'if (!(issued.expiresAt >= now)) return',
        },
      ],
    },
    {
      does: '`$management` answers READ with the properties of hub and partition; the partition ids are an AMQP array, offsets texts.',
      ground: 'documented',
      held: [
        [management, 'of a hub: name, time of creation, partition ids'],
        [management, 'of a partition, empty and filled'],
      ],
      mutants: [
        {
          file: 'eventhubs/management.ts',
          from: 'encode.string(String(log.last?.offset ?? -1))',
          to: 'encode.string(String(log.last?.offset ?? 0))',
        },
        {
          file: 'eventhubs/management.ts',
          from: 'encode.long(log.firstSequenceNumber)',
          to: 'encode.long(log.firstSequenceNumber + 1)',
        },
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
      mutants: [
        { file: 'eventhubs/authorization.ts', from: "if ('condition' in grant) return grant;", to: '' },
        {
          file: 'eventhubs/authorization.ts',
          from: 'token.startsWith(SAS_PREFIX) ? SAS_TOKEN_TYPE : ENTRA_TOKEN_TYPE',
          to: 'SAS_TOKEN_TYPE',
        },
        { file: 'eventhubs/cbs.ts', from: '? grant.claims.length > 0', to: '? true' },
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
      mutants: [
        { file: 'eventhubs/hubs.ts', from: ".replace(/^\\/+|\\/$/g, '')", to: '' },
        { file: 'eventhubs/hubs.ts', from: ".replace(/^[a-z]+:\\/\\/[^/]*/i, '')", to: '' },
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
      mutants: [
        {
          file: 'eventhubs/links.ts',
          from: 'Object.assign(this.link.local.attach, { snd_settle_mode, rcv_settle_mode });',
          to: '',
        },
        { file: 'eventhubs/links.ts', from: '      delivery.settled = true;\n', to: '' },
        { file: 'eventhubs/links.ts', from: '  delivery.remote_settled = true;', to: '' },
        { file: 'eventhubs/links.ts', from: 'this.link.snd_settle_mode !== UNSETTLED', to: 'true' },
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
      mutants: [
        { file: 'eventhubs/consumers.ts', from: '!address.found.hasGroup(group)', to: "group === ''" },
        { file: 'eventhubs/failures.ts', from: "'com.microsoft:argument-out-of-range'", to: "'amqp:not-found'" },
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
      mutants: [
        {
          file: 'eventhubs/partitionLog.ts',
          from: 'sequenceNumber: batch.firstSequenceNumber + index,',
          to: 'sequenceNumber: batch.firstSequenceNumber + index + 1,',
        },
        { file: 'eventhubs/partitionLog.ts', from: '    offset += event.length;\n', to: '' },
      ],
    },
    {
      does: 'An event comes back with the bytes it was sent with; a batch of 1 MB too.',
      ground: 'documented',
      held: [
        [producing, 'a batch of 1 MB comes back byte for byte'],
        [
          'local/eventhubs/sections.test.ts',
          'the stamp goes between the event and its body, after its own annotations',
        ],
      ],
      mutants: [
        {
          file: 'eventhubs/partitionLog.ts',
          from: 'bytes: stampEvent(event, stamp) };',
          to: 'bytes: stampEvent(Buffer.concat([event.subarray(0, -1), Buffer.of(0)]), stamp) };',
        },
      ],
    },
    {
      does: 'A message of the batch format is many events, any other is one.',
      ground: 'source',
      held: [
        [producing, 'events of a batch come back in order, with body, properties and partition key'],
        [other, 'a plain message, not in a batch, is one event, its sections unchanged'],
      ],
      mutants: [
        {
          file: 'eventhubs/producers.ts',
          from: 'format === BATCH_FORMAT ? unpackBatch(bytes) : [bytes]',
          to: '[bytes]',
        },
      ],
    },
    {
      does: 'Events with the same key go to the same partition, the one that the clients compute.',
      ground: 'documented',
      held: [
        [producing, 'a key chosen by the buffered client and by the service is the same partition'],
        [producing, 'the same key always goes to the same partition, and keys spread'],
      ],
      mutants: [
        {
          file: 'eventhubs/partitionKeys.ts',
          from: 'Math.abs(folded % partitions)',
          to: 'Math.abs((folded + 1) % partitions)',
        },
      ],
    },
    {
      does: 'Without key and partition the service spreads messages over all partitions.',
      ground: 'documented',
      held: [[producing, 'without partition and key, the service spreads messages over all partitions']],
      mutants: [
        { file: 'eventhubs/hubs.ts', from: 'key === undefined ? this.#turn++', to: 'key === undefined ? this.#turn' },
      ],
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
      mutants: [
        {
          file: 'eventhubs/producers.ts',
          from: 'maxMessageSize: broker.maxMessageSize,',
          to: 'maxMessageSize: broker.maxMessageSize * 2,',
        },
        {
          file: 'eventhubs/producers.ts',
          from: 'if (bytes.length > broker.maxMessageSize) {',
          to: 'if (bytes.length > broker.maxMessageSize * 8) {',
        },
      ],
    },
    {
      does: 'Bytes that are no message are rejected with amqp:decode-error; the link stays.',
      ground: 'guess',
      held: [[other, 'bytes that are no message are rejected with amqp:decode-error; the link stays open']],
      mutants: [
        { file: 'eventhubs/failures.ts', from: "failure('amqp:decode-error'", to: "failure('amqp:internal-error'" },
      ],
    },
    {
      does: 'Each send has its own outcome, however many are under way.',
      ground: 'documented',
      held: [
        [
          'local/eventhubs/dispositions.test.ts',
          'of sends that are under way together, exactly the refused ones fail, and exactly the others are stored',
        ],
      ],
      mutants: [
        {
          file: 'eventhubs/links.ts',
          from: '      delivery.settled ||= delivery.remote_settled;\n      session.incoming.process(session);',
          to: '      delivery.settled ||= delivery.remote_settled;',
        },
      ],
    },
    {
      does: 'Past the throughput of the namespace a send is rejected as server-busy (50002); later it passes.',
      ground: 'recorded',
      held: [
        [producing, 'past the limit a message is refused as busy; the client may try again once the time has come'],
      ],
      mutants: [
        { file: 'eventhubs/throttle.ts', from: 'if (this.#allowance <= 0) return false;', to: '' },
        { file: 'eventhubs/throttle.ts', from: '    this.#at = now;\n    if', to: '    if' },
      ],
    },
    {
      does: 'A send can be stored though its acknowledgement is lost: failed does not mean not stored, and a retry stores it twice.',
      ground: 'documented',
      held: [
        [idempotent, 'without it, the same accident stores the batch twice: the service is at-least-once'],
        [faults, '%s of a send: tried again, and stored %i time(s)'],
      ],
      mutants: [
        {
          file: 'eventhubs/producers.ts',
          from: '  const failure = storeMessage(broker, partition, to.producer, message);\n  if (failure) return answer(link, message, failure);\n',
          to: '',
        },
      ],
    },
    {
      does: 'An idempotent producer numbers its events: a batch sent again is stored once, a gap is refused.',
      ground: 'source',
      held: [
        [idempotent, 'a batch whose acknowledgement was lost is sent again and stored once'],
        [idempotent, 'numbers that leave a gap are refused, and that is not tried again'],
      ],
      mutants: [
        {
          file: 'eventhubs/idempotency.ts',
          from: "if (last <= known.lastSequence) return { kind: 'duplicate' };",
          to: '',
        },
        {
          file: 'eventhubs/idempotency.ts',
          from: 'if (first !== known.lastSequence + 1) return',
          to: 'if (first <= known.lastSequence) return',
        },
      ],
    },
    {
      does: 'A producer with a higher epoch takes over; the one with the lower epoch cannot come back.',
      ground: 'source',
      held: [[idempotent, 'a producer with a higher epoch takes over; the one with the lower epoch cannot come back']],
      mutants: [
        {
          file: 'eventhubs/idempotency.ts',
          from: 'if (known && epoch < known.epoch) return { stolenBy: known.epoch };',
          to: '',
        },
      ],
    },
  ],
};
