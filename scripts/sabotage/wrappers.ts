import type { Books } from '../../shared/books';
import type { mapMessage } from '../../shared/defender/readMessage';
import type { DeadLetterHub } from '../../shared/delivery/deadLetterHub';
import type { DeadLetter, WriteOptions } from '../../shared/delivery/deadLetters';
import type { deliver } from '../../shared/delivery/deliver';
import type { createSender } from '../../shared/delivery/sender';
import type { DeliveryError } from '../../shared/errors/batchErrors';
import type { verdictOf } from '../../shared/errors/classify';
import type { Pipeline } from '../../shared/pipeline';
import type { transformToText } from '../../shared/transform/transform';
import type { rejectedLetters, transformBatch } from '../../shared/transformBatch';
import { type KeyPart, keyParts } from './keyParts';

/**
 * Wrappers for exported functions and classes of the product. Each does one thing wrong; everything else is the product's
 * own code. They use its types and import none of its code.
 */

export function ignoresErrorsOfTheDelivery(original: typeof deliver): typeof deliver {
  return async (rows, route) => original(rows, route).catch(() => new Map());
}

export function ignoresErrorsOfTheBatch(original: typeof Pipeline): typeof Pipeline {
  return class extends original {
    override async settle(...[batch, recording]: Parameters<Pipeline['settle']>): ReturnType<Pipeline['settle']> {
      // An empty batch has books too.
      return super.settle(batch, recording).catch(async () => super.settle({ ...batch, messages: [] }));
    }
  };
}

export function ignoresErrorsOfDeadLetters(original: typeof DeadLetterHub): typeof DeadLetterHub {
  return class extends original {
    override async write(letters: readonly DeadLetter[], options: WriteOptions): Promise<void> {
      await super.write(letters, options).catch(() => undefined);
    }
  };
}

export function acknowledgesBeforeTheFlush(original: typeof DeadLetterHub): typeof DeadLetterHub {
  return class extends original {
    override async write(letters: readonly DeadLetter[], options: WriteOptions): Promise<void> {
      for (const { id } of letters) options.onAcknowledged(id);
      await super.write(letters, options);
    }
  };
}

/** A sender that takes some errors for a 204. */
function accepting(isFine: (failure: Pick<DeliveryError, 'status' | 'code'>) => boolean) {
  return (original: typeof createSender): typeof createSender =>
    (settings, options) => {
      const sender = original(settings, options);
      return {
        ...sender,
        send: async (chunk, dcrId, invocationId) =>
          sender.send(chunk, dcrId, invocationId).catch((error: unknown) => {
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only error that a sender throws.
            if (isFine(error as DeliveryError)) return { bytesSent: chunk.body().length };
            throw error;
          }),
      };
    };
}
export const takes503ForAccepted = accepting(({ status }) => status === 503);
export const takesThrottlingForAccepted = accepting(({ status }) => status === 429);
export const takesAResetForAccepted = accepting(({ code }) => code === 'NoConnection');
export const takesATimeoutForAccepted = accepting(({ code }) => code === 'Timeout');

export function takes403ForContent(original: typeof verdictOf): typeof verdictOf {
  return (error) => (error.status === 403 ? 'content' : original(error));
}

export function forgetsRejectedRows(original: typeof deliver): typeof deliver {
  return async (rows, route) => {
    await original(rows, route);
    return new Map();
  };
}

export function writesNoLetters(original: typeof rejectedLetters): typeof rejectedLetters {
  return (batch, rejected) => original(batch, rejected).slice(0, 0);
}

export function cutsMessagesOff(original: typeof mapMessage): typeof mapMessage {
  return (body, of, options) => original(body, of, options).slice(0, 300);
}

export function dropsUnreadable(original: typeof mapMessage): typeof mapMessage {
  return (body, of, options) =>
    original(body, (part) => (part.kind === 'record' ? [of(part)] : []), options).flatMap((made) => made);
}

export function booksSentAsDuplicate(original: typeof Books): typeof Books {
  return class extends original {
    #isDone = false;

    override count(...[state, what = {}]: Parameters<Books['count']>): void {
      const isFirst = state === 'sent' && !this.#isDone;
      if (isFirst) {
        this.#isDone = true;
        super.count('duplicates', { table: what.table });
      }
      super.count(state, isFirst ? { ...what, records: (what.records ?? 1) - 1 } : what);
    }
  };
}

export function booksSkippedUnderOneName(original: typeof Books): typeof Books {
  return class extends original {
    override count(...[state, what]: Parameters<Books['count']>): void {
      super.count(state, state === 'skipped' ? { table: 'DeviceProcessEvents' } : what);
    }
  };
}

export function takesUid00ForCopies(original: typeof transformBatch): typeof transformBatch {
  return async (batch, settings, books, options) => {
    const { rows, ...others } = await original(batch, settings, books, options);
    return {
      ...others,
      rows: rows.filter(({ uid }) => {
        const isCopy = uid.startsWith('00');
        if (isCopy) books.count('duplicates');
        return !isCopy;
      }),
    };
  };
}

export function swapsEnds(original: typeof transformToText): typeof transformToText {
  return (record, ...others) => {
    const made = original(record, ...others);
    if (made.kind !== 'row' || !made.text.includes('"NetworkDirection":"Inbound"')) return made;
    const text = made.text.replace(
      /"(Src|Dst)(IpAddr|PortNumber)":/g,
      (_, side: string, name: string) => `"${side === 'Src' ? 'Dst' : 'Src'}${name}":`,
    );
    return { ...made, text };
  };
}

/** Events that differ in this part alone get one EventUid: that of the first. Every other event keeps its own. */
export function withoutPart(part: KeyPart) {
  return (original: typeof transformToText): typeof transformToText => {
    const uids = new Map<string, string>();
    return (record, ...others) => {
      const made = original(record, ...others);
      if (made.kind !== 'row') return made;
      const { tenantId, table, properties } = record;
      const values: Readonly<Record<string, unknown>> = { ...properties, tenantId, table };
      const key = keyParts.map((name) => (name === part ? '' : textOf(values[name]))).join('|');
      const uid = uids.get(key) ?? made.uid;
      uids.set(key, uid);
      return { ...made, uid, text: made.text.replace(made.uid, uid) };
    };
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}
