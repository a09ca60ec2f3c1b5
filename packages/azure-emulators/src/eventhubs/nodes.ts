/**
 * The nodes `$cbs` and `$management`. A client opens two links in one session, one for requests and one for replies; the
 * reply carries the request's message id as its correlation id.
 */

import { failures } from './amqpFailures';
import { addGrant, checkAnyToken, rejectReading } from './authorization';
import { type Broker, findHub } from './broker';
import { type AmqpValue, describeValue, MalformedAmqp } from './encoding';
import { takeFault } from './eventHubsFaults';
import type { IncomingLink, IncomingMessage, OutgoingLink } from './links';
import { answerRead, type ManagementAnswer } from './management';
import type { Peer } from './peer';
import { playFault } from './playFault';
import { applicationProperties, messageId, requestBody, responseMessage } from './sections';

type Node = 'cbs' | 'management';

/** Requests a client may have open at one node. */
const requestCredit = 100;

/** The node of an address: `$cbs`, `$management` or `hub/$management`. */
export function nodeOf(address: string): Node | undefined {
  if (address === '$cbs') return 'cbs';
  return /(^|\/)\$management$/.test(address) ? 'management' : undefined;
}

/** Connects the requests and replies of all clients. */
export class Nodes {
  /** Reply links by session. */
  readonly #replies = new WeakMap<object, OutgoingLink>();
  /** Clients with an open request link to `$cbs`; a connection may have one. */
  readonly #cbsPeers = new WeakSet<Peer>();

  constructor(private readonly broker: Broker) {}

  attachReplies(link: OutgoingLink): void {
    link.accept();
    this.#replies.set(link.session, link);
  }

  attachRequests(link: IncomingLink, node: Node): void {
    if (node === 'cbs') {
      if (this.#cbsPeers.has(link.peer)) return link.close(failures.secondCbsLink(link.peer.id));
      this.#cbsPeers.add(link.peer);
      link.onClose(() => this.#cbsPeers.delete(link.peer));
    }
    link.accept();
    link.addCredit(requestCredit);
    link.onMessage((message) => {
      message.accept();
      link.addCredit(1);
      this.meetRequest(link, node, message);
    });
  }

  private meetRequest(link: IncomingLink, node: Node, message: IncomingMessage): void {
    const answer = (): void => this.reply(link, message, this.answer(link, node, message));
    const hub = node === 'management' ? hubName(message) : undefined;
    const fault = takeFault(this.broker.faults, { on: node, ...(hub !== undefined && { hub }) });
    if (!fault) return answer();
    if (playFault(fault, link, answer)) return;
    const failure = fault.kind === 'reject' ? failures.invalidSignature() : failures.serverBusy();
    this.reply(link, message, { code: fault.kind === 'reject' ? 401 : 503, failure });
  }

  private answer(link: IncomingLink, node: Node, message: IncomingMessage): ManagementAnswer {
    try {
      return node === 'cbs' ? this.putToken(link, message) : this.read(link, message);
    } catch (error) {
      if (!(error instanceof MalformedAmqp)) throw error;
      return { code: 400, failure: failures.unreadableMessage(error.message) };
    }
  }

  private putToken(link: IncomingLink, { bytes }: IncomingMessage): ManagementAnswer {
    const properties = applicationProperties(bytes);
    const operation = properties.get('operation');
    if (operation !== 'put-token') return { code: 501, failure: failures.notImplemented(describeValue(operation)) };
    const request = { type: properties.get('type'), audience: properties.get('name'), token: requestBody(bytes) };
    const grant = checkAnyToken(this.broker, request);
    if ('condition' in grant) return { code: 401, failure: grant };
    addGrant(this.broker, link.peer, grant);
    return { code: 202 };
  }

  private read(link: IncomingLink, message: IncomingMessage): ManagementAnswer {
    const properties = applicationProperties(message.bytes);
    const name = hubName(message) ?? '';
    const hub = findHub(this.broker, name);
    const rejection = rejectReading(this.broker, link.peer, name, properties.get('security_token') ?? null);
    if (rejection) return { code: 401, failure: rejection };
    if (!hub) return { code: 404, failure: failures.entityNotFound(name) };
    return answerRead(hub, properties, this.broker.now());
  }

  private reply(link: IncomingLink, request: IncomingMessage, { code, failure, body }: ManagementAnswer): void {
    const replies = this.#replies.get(link.session);
    if (!replies || replies.closed || replies.room <= 0) return;
    const status = {
      code,
      description: failure?.description ?? (code === 202 ? 'Accepted' : 'OK'),
      ...(failure && { condition: failure.condition }),
    };
    replies.send(responseMessage(ifReadable(() => messageId(request.bytes)) ?? null, status, body));
  }
}

function hubName({ bytes }: IncomingMessage): string | undefined {
  const name = ifReadable(() => applicationProperties(bytes).get('name'));
  return typeof name === 'string' ? name : undefined;
}

/** Undefined for a message that cannot be read, which is answered with an error. */
function ifReadable(read: () => AmqpValue | undefined): AmqpValue | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
