import { KqlError } from './syntax';
import type { Builtin } from './textFunctions';
import { compare, conversions, isArray, isBag, isNumber, Moment, mod, Span, type Value } from './values';

const convert = (type: string): Builtin => {
  const apply = conversions[type];
  return (value = null) => (apply === undefined ? null : apply(value));
};

/** A function of reals; null where a value is. */
const ofReals =
  (apply: (...numbers: number[]) => number): Builtin =>
  (...values) =>
    values.every(isNumber) ? apply(...values.map(Number)) : null;

const ofLongs =
  (apply: (a: bigint, b: bigint) => bigint): Builtin =>
  (a = null, b = 0n) =>
    typeof a === 'bigint' && typeof b === 'bigint' ? BigInt.asIntN(64, apply(a, b)) : null;

const check =
  (apply: (value: number) => boolean): Builtin =>
  (value = null) =>
    isNumber(value) ? apply(Number(value)) : null;

/** The extreme of the values that are not null. */
const extreme =
  (sign: number): Builtin =>
  (...values) =>
    values.reduce((best, value) => {
      if (best === null || value === null) return best ?? value;
      const order = compare(value, best);
      if (order === undefined) throw new KqlError('values without an order');
      return order * sign > 0 ? value : best;
    }, null);

/** Rounds down to a multiple, also of times. */
export function bin(value: Value, size: Value): Value {
  if (value === null || size === null) return null;
  if ((value instanceof Moment || value instanceof Span) && size instanceof Span) {
    const ticks = value.ticks - mod(value.ticks, size.ticks);
    return value instanceof Moment ? new Moment(ticks) : new Span(ticks);
  }
  if (typeof value === 'bigint' && typeof size === 'bigint') return size > 0n ? value - mod(value, size) : null;
  if (isNumber(value) && isNumber(size)) return Math.floor(Number(value) / Number(size)) * Number(size);
  throw new KqlError('bin() of these types');
}

function round(value: number, digits: number): number {
  const [base = '0', power = '0'] = Math.abs(value).toString().split('e');
  const shifted = Math.round(Number(`${base}e${Number(power) + digits}`));
  const [rounded = '0', shift = '0'] = shifted.toString().split('e');
  return Math.sign(value) * Number(`${rounded}e${Number(shift) - digits}`);
}

/** Kusto's name of a dynamic value's type. */
function typeOf(value: Value): string {
  if (isArray(value)) return 'array';
  if (isBag(value)) return 'dictionary';
  if (value instanceof Moment) return 'datetime';
  if (value instanceof Span) return 'timespan';
  const names: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', bigint: 'long', number: 'real' };
  return value === null ? 'null' : (names[typeof value] ?? 'unknown');
}

export const numberFunctions: Readonly<Record<string, Builtin>> = {
  tostring: convert('string'),
  toint: convert('int'),
  tolong: convert('long'),
  toreal: convert('real'),
  todouble: convert('real'),
  tobool: convert('bool'),
  todatetime: convert('datetime'),
  totimespan: convert('timespan'),
  todynamic: convert('dynamic'),
  abs: (value = null) => {
    if (value instanceof Span) return new Span(value.ticks < 0n ? -value.ticks : value.ticks);
    if (typeof value === 'bigint') return value < 0n ? -value : value;
    return typeof value === 'number' ? Math.abs(value) : null;
  },
  sqrt: ofReals((x = 0) => (x < 0 ? Number.NaN : Math.sqrt(x))),
  pow: ofReals((x = 0, y = 0) => x ** y),
  log: ofReals((x = 0) => Math.log(x)),
  ceiling: ofReals((x = 0) => Math.ceil(x)),
  round: (value = null, digits = 0n) =>
    isNumber(value) && isNumber(digits) ? round(Number(value), Number(digits)) : null,
  bin: (value = null, size = null) => bin(value, size),
  floor: (value = null, size = null) => bin(value, size),
  isnan: check(Number.isNaN),
  max_of: extreme(1),
  min_of: extreme(-1),
  binary_and: ofLongs((a, b) => a & b),
  binary_or: ofLongs((a, b) => a | b),
  binary_xor: ofLongs((a, b) => a ^ b),
  binary_not: ofLongs((a) => ~a),
  binary_shift_left: ofLongs((a, b) => a << (b % 64n)),
  binary_shift_right: ofLongs((a, b) => a >> (b % 64n)),
};

const integerOnly = (value: Value): bigint | number | undefined => (isNumber(value) ? value : undefined);

/** Arithmetic; null where a value is, or where an integer is divided by 0. */
export function arithmetic(sign: string, a: Value, b: Value): Value {
  if (a === null || b === null) return null;
  const times = timeArithmetic(sign, a, b);
  if (times !== undefined) return times;
  const x = integerOnly(a);
  const y = integerOnly(b);
  if (x === undefined || y === undefined) throw new KqlError(`${sign} between ${typeOf(a)} and ${typeOf(b)}`);
  if (typeof x === 'bigint' && typeof y === 'bigint') {
    if ((sign === '/' || sign === '%') && y === 0n) return null;
    const result = {
      '+': x + y,
      '-': x - y,
      '*': x * y,
      '/': y === 0n ? 0n : x / y,
      '%': y === 0n ? 0n : mod(x, y < 0n ? -y : y),
    }[sign];
    return result === undefined ? null : BigInt.asIntN(64, result);
  }
  const [p, q] = [Number(x), Number(y)];
  return { '+': p + q, '-': p - q, '*': p * q, '/': p / q, '%': p - q * Math.floor(p / q) }[sign] ?? null;
}

const factor = (span: Span, by: bigint | number): Span =>
  new Span(typeof by === 'bigint' ? span.ticks * by : BigInt(Math.round(Number(span.ticks) * by)));

function timeArithmetic(sign: string, a: Value, b: Value): Value | undefined {
  if (a instanceof Moment) {
    if (b instanceof Moment && sign === '-') return new Span(a.ticks - b.ticks);
    if (b instanceof Span) return new Moment(sign === '-' ? a.ticks - b.ticks : a.ticks + b.ticks);
  }
  if (b instanceof Moment && a instanceof Span && sign === '+') return new Moment(a.ticks + b.ticks);
  if (a instanceof Span && b instanceof Span) {
    if (sign === '/') return Number(a.ticks) / Number(b.ticks);
    return new Span(sign === '-' ? a.ticks - b.ticks : sign === '%' ? mod(a.ticks, b.ticks) : a.ticks + b.ticks);
  }
  if (a instanceof Span && isNumber(b)) return sign === '/' ? factor(a, 1 / Number(b)) : factor(a, b);
  if (b instanceof Span && isNumber(a) && sign === '*') return factor(b, a);
  return undefined;
}
