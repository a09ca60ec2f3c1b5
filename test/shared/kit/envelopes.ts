import * as fc from 'fast-check';
import type { Json } from '../../../shared/json';
import { record } from './recordKit';
import { anyJson, hostileText, writeJson } from './valueKit';

/** Messages as Defender and those who pass its events on send them, and near misses of them. */
const message: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.oneof(record, anyJson), { maxLength: 4 }).map((records) => writeJson({ records })),
  fc.array(fc.oneof<fc.Arbitrary<Json>[]>(record, anyJson), { maxLength: 3 }).map(writeJson),
  fc.array(record, { maxLength: 3 }).map((records) => records.map(writeJson).join('\n')),
  record.map((one) => writeJson({ body: writeJson(one) })),
  anyJson.map(writeJson),
  hostileText,
);

/** Such messages as bytes, with bytes changed, put in, taken out and cut off. */
export const mutatedMessage: fc.Arbitrary<Buffer> = fc
  .tuple(
    message,
    fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('change', 'insert', 'remove', 'cut')), { maxLength: 4 }),
  )
  .map(([text, mutations]) => {
    let bytes = [...Buffer.from(text)];
    for (const [position, byte, kind] of mutations) {
      const at = position % (bytes.length + 1);
      if (kind === 'change') bytes[at] = byte;
      else if (kind === 'insert') bytes.splice(at, 0, byte);
      else if (kind === 'remove') bytes.splice(at, 1);
      else bytes = bytes.slice(0, at);
    }
    return Buffer.from(bytes);
  });

/** Any body that a trigger could hand over. */
export const anyBody: fc.Arbitrary<unknown> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  mutatedMessage,
  message,
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
);
