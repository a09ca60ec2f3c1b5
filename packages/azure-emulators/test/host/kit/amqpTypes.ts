import rhea from 'rhea';

interface Types {
  wrap_uuid(bytes: Buffer): unknown;
  wrap_char(code: number): unknown;
  wrap_long(bytes: Buffer): unknown;
  wrap_ulong(bytes: Buffer): unknown;
  wrap_double(value: number): unknown;
  wrap_string(text: string): unknown;
  wrap_symbol(text: string): unknown;
  described_nc(descriptor: unknown, value: unknown): unknown;
  Decimal128(bytes: Buffer): unknown;
}

/** The AMQP library's own types, to send what the .NET client sends. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library's declarations leave most of them out
export const types = rhea.types as unknown as Types;
