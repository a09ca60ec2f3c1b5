/** A complete object: `bytes.subarray(start, end)`. */
export interface WholeObject {
  readonly start: number;
  readonly end: number;
  /** Whether it is the value of a key, and so more likely part of a record than a record. */
  readonly isValue: boolean;
}

/** A complete object, and the objects in it that may be records if it is none. */
interface Found extends WholeObject {
  /** Whether it is an element of a list. */
  readonly isElement: boolean;
  readonly inner: readonly Found[];
}

/** How many levels inside a rejected object are offered to `accept`. So no byte is offered more often than this, plus once. */
const mostInside = 4;

export interface Salvaged {
  /** In the order of the text, none inside another. An object with a list of records is replaced by the records. */
  readonly objects: readonly WholeObject[];
  /** How many bytes were read: at most twice the length, whatever the text contains. */
  readonly looked: number;
}

/**
 * Finds the complete objects in text that is not valid JSON: a message that was truncated, spliced, or has a few wrong bytes.
 * Works on bytes, so that damaged ranges can be kept unchanged.
 *
 * A pass starts at an opening brace and follows JSON's structure until the object ends or the structure breaks; the next pass
 * starts at the next brace that no pass has opened. Two passes over one byte can differ only in whether it is inside a string,
 * so no byte is read more than twice.
 *
 * A pass checks only the structure; `accept` parses the object and decides whether it is a record. If `accept` rejects it, the
 * complete objects in it are offered, because a wrapper is damaged more often than its records. In a record and its properties
 * only elements of lists are offered: everything else is part of the record.
 */
export function salvage(bytes: Uint8Array, accept: (object: WholeObject) => boolean): Salvaged {
  const marks = new Uint8Array(bytes.length);
  const taken = new Map<number, WholeObject>();
  let looked = 0;
  let at = bytes.indexOf(byte.openBrace);
  while (at >= 0) {
    let next = at + 1;
    const known = taken.get(at);
    if (known !== undefined) next = known.end;
    else if (marks[at] !== openedMark) {
      const pass = new Pass(bytes, at, marks);
      looked += pass.end - at;
      let offered: readonly Found[] = pass.whole;
      for (let depth = 0; depth <= mostInside; depth++) {
        offered = offered.flatMap((object) => {
          if (!accept(object)) return object.inner;
          taken.set(object.start, object);
          marks[object.start] = takenMark;
          return [];
        });
      }
      if (pass.isComplete && taken.has(at)) next = pass.end;
    }
    at = bytes.indexOf(byte.openBrace, next);
  }
  return { objects: [...taken.values()].toSorted((a, b) => a.start - b.start), looked };
}

/** A pass has opened this brace, so no other pass needs to start here. */
const openedMark = 1;
/** An accepted object starts here, so a pass that reaches it ends. */
const takenMark = 2;

const byte = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** Lists under these keys contain records. */
const listKeys = new Set(['records', 'results']);
/** Keys longer than this are not compared. */
const longestKey = 10;
/** An object with one of these keys is a record. */
const recordKeys = new Set(['category', 'properties']);

/** The next token. `first...` follows an opening bracket or brace, so the closing one is allowed too. */
type Expected = 'firstKey' | 'key' | 'colon' | 'firstValue' | 'value' | 'commaOrEnd';

interface Frame {
  readonly start: number;
  readonly isObject: boolean;
  /** Whether it is the value of a key; the elements of a list inherit this from the list. */
  readonly isValue: boolean;
  /** How many complete objects had been found when it opened. */
  readonly before: number;
  /** Whether it is an object with a list of records. */
  wraps: boolean;
  /** Whether it is a record, or the properties of one. */
  isOfRecord: boolean;
  /** The last key in lower case, unless it is too long to compare. */
  key: string;
}

class Pass {
  /** The complete objects that are not inside another complete object. */
  readonly whole: Found[] = [];
  /** The index after the object, or where the structure broke. */
  end: number;
  isComplete = false;
  readonly #frames: Frame[] = [];
  #expected: Expected = 'value';

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly marks: Uint8Array,
  ) {
    this.end = start;
    while (!this.isComplete && this.step());
  }

  /** Reads one token. Returns false where the structure breaks. */
  private step(): boolean {
    const { bytes } = this;
    while (isSpace(bytes[this.end])) this.end++;
    const token = bytes[this.end];
    if (token === undefined || this.marks[this.end] === takenMark) return false;
    switch (token) {
      case byte.openBrace:
      case byte.openBracket:
        return this.open(token === byte.openBrace);
      case byte.closeBrace:
      case byte.closeBracket:
        return this.close(token === byte.closeBrace);
      case byte.comma:
        if (this.#expected !== 'commaOrEnd') return false;
        this.end++;
        this.#expected = this.#frames.at(-1)?.isObject === true ? 'key' : 'value';
        return true;
      case byte.colon:
        if (this.#expected !== 'colon') return false;
        this.end++;
        this.#expected = 'value';
        return true;
      case byte.quote:
        return this.text();
      default:
        return this.scalar();
    }
  }

  private open(isObject: boolean): boolean {
    if (!this.awaitsValue()) return false;
    const parent = this.#frames.at(-1);
    const isList = !isObject && parent?.isObject === true && listKeys.has(parent.key);
    if (isList) parent.wraps = true;
    const isValue = isList ? false : parent === undefined ? this.isBehindColon() : valueIn(parent);
    const isOfRecord = parent?.isObject === true && parent.key === 'properties';
    const before = this.whole.length;
    this.#frames.push({ start: this.end, isObject, isValue, before, wraps: false, isOfRecord, key: '' });
    if (isObject) this.marks[this.end] = openedMark;
    this.end++;
    this.#expected = isObject ? 'firstKey' : 'firstValue';
    return true;
  }

  private close(isObject: boolean): boolean {
    const frame = this.#frames.at(-1);
    const mayEnd = this.#expected === 'commaOrEnd' || this.#expected === (isObject ? 'firstKey' : 'firstValue');
    if (frame?.isObject !== isObject || !mayEnd) return false;
    this.#frames.pop();
    this.end++;
    this.#expected = 'commaOrEnd';
    if (isObject && !frame.wraps) {
      const inside = this.whole.splice(frame.before);
      const inner = frame.isOfRecord ? inside.filter(({ isElement }) => isElement) : inside;
      const isElement = this.#frames.at(-1)?.isObject === false;
      this.whole.push({ start: frame.start, end: this.end, isValue: frame.isValue, isElement, inner });
    }
    this.isComplete = this.#frames.length === 0;
    return true;
  }

  private text(): boolean {
    const { bytes, marks } = this;
    const isKey = this.#expected === 'firstKey' || this.#expected === 'key';
    if (!isKey && !this.awaitsValue()) return false;
    const start = this.end + 1;
    for (let at = start; at < bytes.length; at++) {
      const unit = bytes[at];
      if (unit === byte.backslash) at++;
      else if (unit === byte.quote) {
        this.end = at + 1;
        this.#expected = isKey ? 'colon' : 'commaOrEnd';
        const frame = this.#frames.at(-1);
        if (isKey && frame !== undefined) {
          frame.key = shortKey(bytes, start, at);
          if (recordKeys.has(frame.key)) frame.isOfRecord = true;
        }
        return true;
      } else if (marks[at] === takenMark) {
        this.end = at;
        return false;
      }
    }
    this.end = bytes.length;
    return false;
  }

  /** Any run of characters of numbers and words. No backslash, because after one it is unclear whether a quote opens a string. */
  private scalar(): boolean {
    if (!this.awaitsValue()) return false;
    const start = this.end;
    while (isScalar(this.bytes[this.end])) this.end++;
    this.#expected = 'commaOrEnd';
    return this.end > start;
  }

  private awaitsValue(): boolean {
    return this.#expected === 'value' || this.#expected === 'firstValue';
  }

  private isBehindColon(): boolean {
    let before = this.end - 1;
    while (isSpace(this.bytes[before])) before--;
    return this.bytes[before] === byte.colon;
  }
}

/** Whether it is the value of a key. `body` does not count, because its value is a message. Elements inherit it from their list. */
function valueIn({ isObject, isValue, key }: Frame): boolean {
  return isObject ? key !== 'body' : isValue;
}

function shortKey(bytes: Uint8Array, start: number, end: number): string {
  return end - start > longestKey
    ? ''
    : String.fromCharCode(...bytes.subarray(start, end))
        .trim()
        .toLowerCase();
}

function isSpace(unit: number | undefined): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function isScalar(unit: number | undefined): boolean {
  if (unit === undefined) return false;
  const isDigit = unit >= 0x30 && unit <= 0x39;
  const isLetter = (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
  return isDigit || isLetter || unit === 0x2b || unit === 0x2d || unit === 0x2e;
}
