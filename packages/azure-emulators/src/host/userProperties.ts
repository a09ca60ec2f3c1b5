import rhea from 'rhea';
import { isFields } from '../fields';

/**
 * User properties as the host hands them on: the .NET client gives AMQP's types as .NET's, Json.NET writes those (seen on
 * host 4.1037). The AMQP library here reads a uuid, a decimal and a long beyond 2^53 as bytes and forgets their type, so
 * their readers are wrapped once, for this process: they note the type beside the bytes. A char becomes its text.
 */

type BytesType = 'uuid' | 'decimal32' | 'decimal64' | 'decimal128' | 'long' | 'ulong';

interface TypeReader {
  readonly width: number;
  read?: (buffer: Buffer, offset: number) => unknown;
}

const typeOfBytes = new WeakMap<Uint8Array, BytesType>();

const bytesTypes: Readonly<Record<number, BytesType>> = {
  0x98: 'uuid',
  0x74: 'decimal32',
  0x84: 'decimal64',
  0x94: 'decimal128',
  0x81: 'long',
  0x80: 'ulong',
};
const charCode = 0x73;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library's declarations leave the readers out
const readers = (rhea.types as unknown as { readonly by_code: Readonly<Record<number, TypeReader>> }).by_code;

for (const [code, name] of Object.entries(bytesTypes)) {
  const reader = readers[Number(code)];
  if (reader === undefined) continue;
  const read = reader.read ?? ((buffer: Buffer, offset: number) => buffer.subarray(offset, offset + reader.width));
  reader.read = (buffer, offset) => {
    const value = read(buffer, offset);
    if (Buffer.isBuffer(value)) typeOfBytes.set(value, name);
    return value;
  };
}
const char = readers[charCode];
if (char !== undefined) char.read = (buffer, offset) => String.fromCodePoint(buffer.readUInt32BE(offset));

/** What the host's JSON holds for these properties. */
export function userProperties(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, asDotNet(value)]));
}

function asDotNet(value: unknown): unknown {
  // No trailing zeros.
  if (value instanceof Date) return value.toISOString().replace(/\.?0*Z$/, 'Z');
  if (Buffer.isBuffer(value)) return bytesAsDotNet(value);
  // Json.NET writes what is no number of JSON as a text.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(asDotNet);
  if (!isFields(value)) return value;
  const descriptor = value['descriptor'];
  return isFields(descriptor) ? describedAsDotNet(descriptor['value'], value['value']) : userProperties(value);
}

const asTextOrNumber: Readonly<Record<BytesType, (bytes: Buffer) => unknown>> = {
  uuid: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  long: (bytes) => Number(bytes.readBigInt64BE()),
  ulong: (bytes) => Number(bytes.readBigUInt64BE()),
  decimal32: (bytes) => decimal(bytes, 8, 101),
  decimal64: (bytes) => decimal(bytes, 10, 398),
  decimal128: (bytes) => decimal(bytes, 14, 6176),
};

function bytesAsDotNet(bytes: Buffer): unknown {
  const type = typeOfBytes.get(bytes);
  return type === undefined ? bytes.toString('base64') : asTextOrNumber[type](bytes);
}

/**
 * IEEE 754-2008, binary integer coding: sign, exponent, coefficient. The other form, for coefficients beyond .NET's
 * decimal, is not read: those are 0, as in the .NET client.
 */
function decimal(bytes: Buffer, exponentBits: number, bias: number): number {
  const bits = BigInt(`0x${bytes.toString('hex')}`);
  const coefficientBits = BigInt(bytes.length * 8 - 1 - exponentBits);
  const exponent = Number((bits >> coefficientBits) & ((1n << BigInt(exponentBits)) - 1n));
  if (exponent >> (exponentBits - 2) === 3) return 0;
  const coefficient = bits & ((1n << coefficientBits) - 1n);
  const sign = (bytes[0] ?? 0) >= 0x80 ? '-' : '';
  return Number(`${sign}${coefficient}e${exponent - bias}`);
}

/** The three types for which the .NET client has descriptions; any other is given as what it describes. */
function describedAsDotNet(descriptor: unknown, value: unknown): unknown {
  const ticks = Buffer.isBuffer(value) ? value.readBigInt64BE() : typeof value === 'number' ? BigInt(value) : undefined;
  if (descriptor === 'com.microsoft:timespan' && ticks !== undefined) return timeSpan(ticks);
  if (descriptor === 'com.microsoft:datetime-offset' && ticks !== undefined) return dateTimeOffset(ticks);
  return asDotNet(value);
}

/** .NET counts time in units of 100 ns, from the year 1. */
const ticksPerSecond = 10_000_000n;
const secondsTo1970 = 62_135_596_800n;

function dateTimeOffset(ticks: bigint): string {
  const seconds = new Date(Number(ticks / ticksPerSecond - secondsTo1970) * 1000).toISOString().slice(0, 19);
  const fraction = (ticks % ticksPerSecond).toString().padStart(7, '0').replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}+00:00`;
}

/** `[-][d.]hh:mm:ss[.fffffff]` */
function timeSpan(ticks: bigint): string {
  const absolute = ticks < 0n ? -ticks : ticks;
  const seconds = absolute / ticksPerSecond;
  const days = seconds / 86_400n;
  const clock = [(seconds / 3600n) % 24n, (seconds / 60n) % 60n, seconds % 60n]
    .map((part) => part.toString().padStart(2, '0'))
    .join(':');
  const fraction = absolute % ticksPerSecond;
  return [
    ticks < 0n ? '-' : '',
    days === 0n ? '' : `${days}.`,
    clock,
    fraction === 0n ? '' : `.${fraction.toString().padStart(7, '0')}`,
  ].join('');
}
