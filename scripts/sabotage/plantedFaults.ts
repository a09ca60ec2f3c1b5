import { type KeyPart, keyParts } from './keyParts';
import type * as wrappers from './wrappers';

/** A fault that is put into a copy of the product, where two of its parts meet. */
export interface Plant {
  readonly name: string;
  /** What the product then does wrong. */
  readonly does: string;
  /** Path below the root of the repository, without the extension. */
  readonly module: string;
  /** An export of the module that others import: the wrapper replaces it. */
  readonly exported: string;
  readonly wrapper: keyof typeof wrappers;
  /** Makes the wrapper, where `wrapper` is a function that returns one. */
  readonly argument?: KeyPart;
}

const deliver = { module: 'shared/delivery/deliver', exported: 'deliver' };
const pipeline = { module: 'shared/pipeline', exported: 'Pipeline' };
const deadLetterHub = { module: 'shared/delivery/deadLetterHub', exported: 'DeadLetterHub' };
const sender = { module: 'shared/delivery/sender', exported: 'createSender' };
const verdict = { module: 'shared/errors/classify', exported: 'verdictOf' };
const rejectedLetters = { module: 'shared/transformBatch', exported: 'rejectedLetters' };
const transformBatch = { module: 'shared/transformBatch', exported: 'transformBatch' };
const mapMessage = { module: 'shared/defender/readMessage', exported: 'mapMessage' };
const books = { module: 'shared/books', exported: 'Books' };
const transform = { module: 'shared/transform/transform', exported: 'transformToText' };

type Target = Pick<Plant, 'module' | 'exported'>;

const table: readonly (readonly [name: string, does: string, target: Target, wrapper: Plant['wrapper']])[] = [
  ['delivery-errors', 'errors of the delivery are ignored', deliver, 'ignoresErrorsOfTheDelivery'],
  ['batch-errors', 'errors of a whole batch are ignored', pipeline, 'ignoresErrorsOfTheBatch'],
  ['dead-letter-errors', 'errors of the dead-letter hub are ignored', deadLetterHub, 'ignoresErrorsOfDeadLetters'],
  ['acknowledged-early', 'dead letters count as written too early', deadLetterHub, 'acknowledgesBeforeTheFlush'],
  ['503-accepted', '503 counts as accepted', sender, 'takes503ForAccepted'],
  ['429-accepted', '429 counts as accepted', sender, 'takesThrottlingForAccepted'],
  ['reset-accepted', 'a connection that ends without an answer counts as accepted', sender, 'takesAResetForAccepted'],
  ['timeout-accepted', 'no answer in time counts as accepted', sender, 'takesATimeoutForAccepted'],
  ['403-content', '403 counts as an error in the content of the rows', verdict, 'takes403ForContent'],
  ['refused-forgotten', 'rejected rows count as sent, without a dead letter', deliver, 'forgetsRejectedRows'],
  ['refused-not-set-aside', 'rejected rows are neither counted nor dead-lettered', rejectedLetters, 'writesNoLetters'],
  ['cut-off', 'records after the 300th of a message are left out', mapMessage, 'cutsMessagesOff'],
  ['unreadable-dropped', 'unreadable records are left out, without a dead letter', mapMessage, 'dropsUnreadable'],
  ['sent-as-duplicate', 'one sent row of each batch counts as a duplicate', books, 'booksSentAsDuplicate'],
  ['skipped-names', 'skipped records all count under one table', books, 'booksSkippedUnderOneName'],
  ['uid-00', 'rows whose EventUid begins with 00 count as duplicates, unsent', transformBatch, 'takesUid00ForCopies'],
  ['ends-swapped', 'source and destination of incoming sessions are swapped', transform, 'swapsEnds'],
];

export const plants: readonly Plant[] = [
  ...table.map(([name, does, { module, exported }, wrapper]) => ({ name, does, module, exported, wrapper })),
  ...keyParts.map((part) => ({
    name: `uid-without-${part}`,
    does: `events that differ only in ${part} get one EventUid`,
    module: transform.module,
    exported: transform.exported,
    wrapper: 'withoutPart' as const,
    argument: part,
  })),
];
