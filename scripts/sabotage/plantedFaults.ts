import type * as wrappers from './wrappers';

/** A fault of the product that is put into a copy of it, where two of its parts meet. */
export interface Plant {
  readonly name: string;
  /** What the product then does wrong. */
  readonly does: string;
  /** Path below the root of the tree, without the extension. */
  readonly module: string;
  /** What the module exports, and others of the product import: it is wrapped. */
  readonly exported: string;
  readonly wrapper: keyof typeof wrappers;
}

const [delivery, batch] = ['shared/delivery/deliver', 'shared/transformBatch'] as const;
const [sender, letters] = ['shared/delivery/sender', 'shared/delivery/deadLetterHub'] as const;
const [books, envelope] = ['shared/books', 'shared/defender/envelope'] as const;

export const plants: readonly Plant[] = [
  {
    name: 'delivery-errors',
    does: 'errors of the delivery are swallowed',
    module: delivery,
    exported: 'deliver',
    wrapper: 'swallowsErrorsOfTheDelivery',
  },
  {
    name: 'batch-errors',
    does: 'errors of a whole batch are swallowed',
    module: 'shared/pipeline',
    exported: 'Pipeline',
    wrapper: 'swallowsErrorsOfTheBatch',
  },
  {
    name: 'dead-letter-errors',
    does: 'errors of the dead-letter hub are swallowed',
    module: letters,
    exported: 'DeadLetterHub',
    wrapper: 'swallowsErrorsOfDeadLetters',
  },
  {
    name: 'acknowledged-early',
    does: 'dead letters count as written before the hub has said so',
    module: letters,
    exported: 'DeadLetterHub',
    wrapper: 'acknowledgesBeforeTheFlush',
  },
  {
    name: '503-accepted',
    does: '503 is taken for accepted',
    module: sender,
    exported: 'createSender',
    wrapper: 'takes503ForAccepted',
  },
  {
    name: '429-accepted',
    does: '429 is taken for accepted',
    module: sender,
    exported: 'createSender',
    wrapper: 'takesThrottlingForAccepted',
  },
  {
    name: 'reset-accepted',
    does: 'a connection that ends without an answer is taken for accepted',
    module: sender,
    exported: 'createSender',
    wrapper: 'takesAResetForAccepted',
  },
  {
    name: 'timeout-accepted',
    does: 'no answer in time is taken for accepted',
    module: sender,
    exported: 'createSender',
    wrapper: 'takesATimeoutForAccepted',
  },
  {
    name: '403-content',
    does: '403 is taken for the fault of the rows',
    module: 'shared/delivery/verdict',
    exported: 'verdictOf',
    wrapper: 'takes403ForContent',
  },
  {
    name: 'refused-forgotten',
    does: 'refused rows are booked as sent and set aside nowhere',
    module: delivery,
    exported: 'deliver',
    wrapper: 'forgetsRefusedRows',
  },
  {
    name: 'refused-not-set-aside',
    does: 'refused rows are neither booked nor set aside',
    module: batch,
    exported: 'refusedLetters',
    wrapper: 'setsNoRefusedRowAside',
  },
  {
    name: 'cut-off',
    does: 'records behind the 300th of a message are left out',
    module: envelope,
    exported: 'readMessage',
    wrapper: 'cutsMessagesOff',
  },
  {
    name: 'unreadable-dropped',
    does: 'what cannot be read is left out, without a dead letter',
    module: envelope,
    exported: 'readMessage',
    wrapper: 'dropsWhatIsUnreadable',
  },
  {
    name: 'sent-as-duplicate',
    does: 'one row of each batch is booked as a duplicate, though it was sent',
    module: books,
    exported: 'Books',
    wrapper: 'booksSentAsDuplicate',
  },
  {
    name: 'skipped-names',
    does: 'skipped records are all booked under one table',
    module: books,
    exported: 'Books',
    wrapper: 'booksSkippedUnderOneName',
  },
  {
    name: 'uid-00',
    does: 'rows whose EventUid begins with 00 are booked as duplicates and not sent',
    module: batch,
    exported: 'transformBatch',
    wrapper: 'takesUid00ForCopies',
  },
  {
    name: 'ends-swapped',
    does: 'source and destination of incoming sessions are swapped',
    module: 'shared/transform/transform',
    exported: 'transform',
    wrapper: 'swapsEnds',
  },
  withoutPart('tenantId', 'leavesOutTenantId'),
  withoutPart('table', 'leavesOutTable'),
  withoutPart('DeviceId', 'leavesOutDeviceId'),
  withoutPart('Timestamp', 'leavesOutTimestamp'),
  withoutPart('ReportId', 'leavesOutReportId'),
  withoutPart('ActionType', 'leavesOutActionType'),
  withoutPart('LocalIP', 'leavesOutLocalIP'),
  withoutPart('LocalPort', 'leavesOutLocalPort'),
  withoutPart('RemoteIP', 'leavesOutRemoteIP'),
  withoutPart('RemotePort', 'leavesOutRemotePort'),
  withoutPart('RemoteUrl', 'leavesOutRemoteUrl'),
];

function withoutPart(part: string, wrapper: Plant['wrapper']): Plant {
  return {
    name: `uid-without-${part}`,
    does: `events that differ in nothing but ${part} get one EventUid`,
    module: 'shared/transform/transform',
    exported: 'transform',
    wrapper,
  };
}
