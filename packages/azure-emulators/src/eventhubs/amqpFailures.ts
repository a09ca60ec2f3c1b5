/**
 * Errors of the service: an AMQP error condition, which clients act on, and a text for people. Conditions and texts were
 * recorded in public issue threads of the Azure SDKs, which are named at each.
 */
import { randomUUID } from 'node:crypto';

export interface AmqpFailure {
  /** Symbol such as amqp:link:stolen; the client maps it to its error code and decides whether to retry. */
  readonly condition: string;
  readonly description: string;
}

/** What a token can allow; Manage includes the other two. */
export type Claim = 'Send' | 'Listen' | 'Manage';

/** The service ends every text with an id for support; clients must not depend on the text being exact. */
function failure(condition: string, text: string): AmqpFailure {
  const seconds = new Date().toISOString().slice(0, 19);
  return {
    condition,
    description: `${text} TrackingId:${randomUUID()}_B1, SystemTracker:emulator, Timestamp:${seconds}`,
  };
}

function claimRequired(claim: Claim, address: string): string {
  return (
    `Unauthorized access. '${claim}' claim(s) are required to perform this operation. ` +
    `Resource: 'sb://emulator/${address.toLowerCase()}'.`
  );
}

export const failures = {
  entityNotFound: (address: string) =>
    failure('amqp:not-found', `The messaging entity 'sb://emulator/${address}' could not be found.`),

  /** Azure/azure-sdk-for-python#11708 */
  partitionOutOfRange: (partitions: number) =>
    failure(
      'com.microsoft:argument-out-of-range',
      'The specified partition is invalid for an EventHub partition sender or receiver. ' +
        `It should be between 0 and ${partitions - 1}.\nParameter name: PartitionId`,
    ),

  /** Azure/azure-event-hubs-node#186 */
  unauthorized: (claim: Claim, address: string) => failure('amqp:unauthorized-access', claimRequired(claim, address)),

  /** wso2/apim-analytics-publisher#22 */
  expiredToken: (expiredAt: number) =>
    failure(
      'amqp:unauthorized-access',
      `ExpiredToken: The token is expired. Expiration time: '${new Date(expiredAt).toISOString().slice(0, 19).replace('T', ' ')}Z'.`,
    ),

  /** sandrinodimattia/RedDog#4 */
  invalidSignature: () => failure('amqp:unauthorized-access', 'InvalidSignature: The token has an invalid signature.'),

  /** Azure/azure-sdk-for-net#27472 */
  invalidIssuer: () => failure('amqp:unauthorized-access', 'InvalidIssuer: Token issuer is invalid.'),

  malformedToken: (reason: string) => failure('amqp:unauthorized-access', `MalformedToken: ${reason}`),

  invalidAudience: () =>
    failure(
      'amqp:unauthorized-access',
      'InvalidAudience: The authorization header contains a token with a wrong audience.',
    ),

  /** Azure/azure-event-hubs-python#13 */
  offsetBeyondEnd: (offset: string, last: string) =>
    failure(
      'com.microsoft:argument-error',
      `The supplied offset '${offset}' is invalid. The last offset in the system is '${last}'`,
    ),

  /** nicolgit/azure-firewall-mon#21 */
  sequenceNumberBeyondEnd: (sequenceNumber: string, last: number) =>
    failure(
      'com.microsoft:argument-error',
      `The supplied sequence number '${sequenceNumber}' is invalid. The last sequence number in the system is '${last}'`,
    ),

  unreadableSelector: (selector: string) =>
    failure('com.microsoft:argument-error', `The filter expression '${selector}' is not a position in the stream.`),

  /** Azure/azure-sdk-for-java#12483 */
  receiverReplaced: (newcomer: string, newEpoch: number, current: string, epoch: number | undefined) =>
    failure(
      'amqp:link:stolen',
      `New receiver '${newcomer}' with higher epoch of '${newEpoch}' is created hence current receiver '${current}' ` +
        `with epoch '${epoch ?? 'nil'}' is getting disconnected. ` +
        'If you are recreating the receiver, make sure a higher epoch is used.',
    ),

  /** Azure/azure-sdk-for-java#26583 */
  receiverEpochTooLow: (name: string, epoch: number, highest: number) =>
    failure(
      'amqp:link:stolen',
      `Receiver '${name}' with a higher epoch '${highest}' already exists. Receiver '${name}' with epoch ${epoch} ` +
        'cannot be created. Make sure you are creating receiver with increasing epoch value to ensure connectivity, ' +
        'or ensure all old epoch receivers are closed or disconnected.',
    ),

  /** Azure/azure-event-hubs-go#181 */
  receiverWithoutEpoch: (highest: number) =>
    failure(
      'amqp:link:stolen',
      `At least one receiver for the endpoint is created with epoch of '${highest}', and so non-epoch receiver is not ` +
        'allowed. Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.',
    ),

  /** MicrosoftDocs/azure-docs#24985 */
  tooManyReceivers: (limit: number, names: readonly string[]) =>
    failure(
      'amqp:resource-limit-exceeded',
      `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${limit}. ` +
        `List of connected receivers - ${names.join(', ')}.`,
    ),

  /** Azure/azure-event-hubs-python#106 */
  messageTooLarge: (deliveryId: number, size: number, limit: number) =>
    failure(
      'amqp:link:message-size-exceeded',
      `The received message (delivery-id:${deliveryId}, size:${size} bytes) exceeds the limit (${limit} bytes) ` +
        'currently allowed on the link.',
    ),

  unreadableMessage: (reason: string) => failure('amqp:decode-error', `The message cannot be read: ${reason}.`),

  notStored: (reason: string) => failure('amqp:internal-error', `The events could not be stored: ${reason}.`),

  /** Azure/azure-event-hubs-spark#576 */
  serverBusy: () =>
    failure(
      'com.microsoft:server-busy',
      'The request was terminated because the entity is being throttled. Error code : 50002. ' +
        'Please wait 4 seconds and try again.',
    ),

  producerReplaced: (epoch: number, current: number) =>
    failure(
      'com.microsoft:producer-epoch-stolen',
      `The producer with epoch '${epoch}' is disconnected because a producer with epoch '${current}' is connected.`,
    ),

  sequenceOutOfOrder: (expected: number, received: number) =>
    failure(
      'com.microsoft:out-of-order-sequence',
      `The producer sequence number '${received}' is out of order. The expected sequence number is '${expected}'.`,
    ),

  /** The token of an open link ran out: Azure/azure-sdk-for-python#5314 */
  authorizationEnded: (claim: Claim, address: string) =>
    failure('amqp:link:detach-forced', claimRequired(claim, address)),

  /** Azure/azure-event-hubs-node#174 */
  secondCbsLink: (peer: number) =>
    failure('amqp:not-allowed', `A link to connection '${peer}' $cbs node has already been opened.`),

  /** Azure/azure-event-hubs-node#40 */
  linkForcedOff: (link: string) =>
    failure('amqp:link:detach-forced', `The link '${link}' is force detached by the broker.`),

  notImplemented: (operation: string) =>
    failure('amqp:not-implemented', `The operation '${operation}' is not supported.`),
} as const;
