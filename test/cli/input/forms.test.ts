import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { readMessage } from '../../../shared/defender/readMessage';
import type { JsonObject } from '../../../shared/json';
import { read } from './kit';

const table = 'DeviceNetworkEvents';

/** Texts as they occur in columns, and as they would break a reader: separators of every kind, quotes, other scripts. */
const text = fc.oneof(
  fc.constantFrom('a,b', 'say "x"', '\u2028', 'zwei\nZeilen', 'a\r\nb', '日本', '{"k":"v, w"}', ';', "'", '"'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);
const row = fc
  .record({
    Timestamp: fc.constantFrom('2026-11-20T09:14:33.4821907Z', '2026-01-02T03:04:05Z'),
    DeviceId: fc.constantFrom('d1', 'd2'),
    ReportId: fc.nat(),
    RemotePort: fc.integer({ min: 0, max: 65_535 }),
    RemoteUrl: text,
    InitiatingProcessCommandLine: text,
  })
  .map((columns): JsonObject => Object.fromEntries(Object.entries(columns)));
const rows = fc.array(row, { minLength: 1, maxLength: 6 });

function cell(value: unknown): string {
  return `"${String(value).replaceAll('"', '""')}"`;
}

/** The same rows in every form that is read. */
const forms: Readonly<Record<string, (rows: readonly JsonObject[], newline: string) => string>> = {
  'rows a line': (all, newline) => all.map((one) => JSON.stringify(one)).join(newline),
  'rows in an array': (all) => JSON.stringify(all),
  'rows pretty-printed': (all) => JSON.stringify(all, null, 2),
  'records a line': (all, newline) =>
    all.map((properties) => JSON.stringify({ category: `AdvancedHunting-${table}`, properties })).join(newline),
  'an envelope': (all) => JSON.stringify({ records: all.map((properties) => ({ category: table, properties })) }),
  'the hunting API': (all) => JSON.stringify({ Schema: [], Results: all }, null, 1),
  Graph: (all) => JSON.stringify({ schema: [], results: all }),
  CSV: (all, newline) => {
    const columns = Object.keys(all[0] ?? {});
    const lines = all.map((one) => columns.map((name) => cell(one[name])).join(','));
    return [columns.join(','), ...lines].join(newline);
  },
};

/** How a program may have stored the text. */
const encodings: Readonly<Record<string, (content: string) => Buffer>> = {
  'UTF-8': (content) => Buffer.from(content),
  'UTF-8 with its mark': (content) => Buffer.from(`\ufeff${content}`),
  'UTF-16': (content) => Buffer.from(`\ufeff${content}`, 'utf16le'),
  'UTF-16, the other way round': (content) => Buffer.from(`\ufeff${content}`, 'utf16le').swap16(),
  gzip: (content) => gzipSync(content),
};

test('the same records are read in every form, encoding, line end and chunk size', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom(...Object.keys(forms)),
      fc.constantFrom(...Object.keys(encodings)),
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      async (all, form, encoding, newline, sizes) => {
        const stored = encodings[encoding]?.(forms[form]?.(all, newline) ?? '') ?? Buffer.alloc(0);
        const messages = await read(stored, { table }, sizes);
        const found = messages.flatMap(({ body }) => readMessage(body));
        expect(found.map((part) => (part.kind === 'record' ? [part.table, part.properties] : part.reason))).toEqual(
          all.map((properties) => [table, properties]),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('bytes that are not UTF-8 stay unchanged', async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"category":"A","properties":{"x":"'),
    Buffer.from([0xff, 0xc3]),
    Buffer.from('"}}'),
  ]);
  const [only] = await read(bytes);
  expect(only?.body).toEqual(bytes);
});

test('any bytes give at least one message and never throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      // What begins like gzip is unpacked, and may be damaged.
      fc.pre(bytes[0] !== 0x1f || bytes[1] !== 0x8b);
      expect((await read(Buffer.from(bytes))).length).toBeGreaterThan(0);
    }),
  );
});
