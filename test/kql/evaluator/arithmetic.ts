import { KqlError } from './syntax';
import { isNumber, Moment, mod, Span, textOf, type Value } from './values';

type Sign = '+' | '-' | '*' | '/';

const ofLongs: Readonly<Record<Sign, (a: bigint, b: bigint) => bigint | null>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0n ? null : a / b),
};

const ofReals: Readonly<Record<Sign, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** null where a value is, or where an integer is divided by 0. */
export function arithmetic(sign: Sign, a: Value, b: Value): Value {
  if (a === null || b === null) return null;
  if (isNumber(a) && isNumber(b)) {
    if (typeof a === 'number' || typeof b === 'number') return ofReals[sign](Number(a), Number(b));
    const result = ofLongs[sign](a, b);
    return result === null ? null : BigInt.asIntN(64, result);
  }
  const result = ofTimes(sign, a, b);
  if (result === undefined) throw new KqlError(`the evaluator does not know ${textOf(a)} ${sign} ${textOf(b)}`);
  return result;
}

function ofTimes(sign: Sign, a: Value, b: Value): Value | undefined {
  if (sign === '-' && a instanceof Moment && b instanceof Moment) return new Span(a.ticks - b.ticks);
  if (sign === '/' && a instanceof Span && b instanceof Span) return Number(a.ticks) / Number(b.ticks);
  if (sign === '*' && isNumber(a) && b instanceof Span)
    return new Span(BigInt(Math.round(Number(a) * Number(b.ticks))));
  if ((sign !== '+' && sign !== '-') || !(b instanceof Span)) return undefined;
  const by = sign === '+' ? b.ticks : -b.ticks;
  return a instanceof Moment ? new Moment(a.ticks + by) : a instanceof Span ? new Span(a.ticks + by) : undefined;
}

/** Rounds down to a multiple, also of times. */
export function bin(value: Value, size: Value): Value {
  if (value === null || size === null) return null;
  if (value instanceof Moment && size instanceof Span) return new Moment(value.ticks - mod(value.ticks, size.ticks));
  if (value instanceof Span && size instanceof Span) return new Span(value.ticks - mod(value.ticks, size.ticks));
  if (!isNumber(value) || !isNumber(size)) throw new KqlError('bin() of these types');
  if (typeof value === 'bigint' && typeof size === 'bigint') return size > 0n ? value - mod(value, size) : null;
  return Math.floor(Number(value) / Number(size)) * Number(size);
}
