import { domainToASCII } from 'node:url';
import { RE2JS } from 're2js';
import { remembering } from '../remembering';
import { toAddress } from '../transform/values/address';
import { type AddressRange, isInAny, toAddressRange } from '../transform/values/addressRange';

/** A test made at the start from the constants of an expression. Undefined: there is no answer. */
export type TextTest = (text: string) => boolean | undefined;

/** Why a constant cannot be used: what is wrong with it and what to write instead. */
export class WrongConstant extends Error {
  override readonly name = 'WrongConstant';
}

export const maxPatternLength = 500;
/** Instructions of a compiled pattern. */
export const maxProgramSize = 1000;
/** A text costs at most one step for each of its characters and each instruction of the pattern. */
export const maxSteps = 400_000;

/** A regular expression found anywhere in a text, in linear time. */
export function patternTest(pattern: string): TextTest {
  if (pattern.length > maxPatternLength)
    throw new WrongConstant(
      `the pattern has ${pattern.length} characters; at most ${maxPatternLength} are allowed. Make two patterns of it`,
    );
  const compiled = compilePattern(pattern);
  const size = compiled.programSize();
  if (size > maxProgramSize)
    throw new WrongConstant(
      `the pattern takes ${size} instructions; at most ${maxProgramSize} are allowed. Use smaller repetitions, such as + for {480}`,
    );
  // `test` would build an automaton, which takes less for most texts, but ten times as long as `find` for the worst.
  return (text) => (text.length * size > maxSteps ? undefined : compiled.matcher(text).find());
}

function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WrongConstant(
      `${reason}. Patterns follow RE2, which has no look-ahead, look-behind and back-references: https://github.com/google/re2/wiki/Syntax`,
    );
  }
}

/** Whether an address lies in one of the ranges. An IPv4 address mapped into IPv6 is that IPv4 address. */
export function rangeTest(texts: readonly string[]): TextTest {
  const ranges = texts.map(readRange);
  const ofIPv4 = ranges.flatMap(({ address, bits }) => {
    const number = numberOfIPv4(address.toString());
    // A shift by 32 would shift by 0.
    return number === undefined ? [] : [{ shift: 32 - bits, prefix: bits === 0 ? 0 : number >>> (32 - bits), bits }];
  });
  const slow = remembering((text) => {
    const address = toAddress(text);
    return address === undefined ? undefined : isInAny(address, ranges);
  });
  return (text) => {
    const number = numberOfIPv4(text);
    if (number === undefined) return slow(text);
    for (const { shift, prefix, bits } of ofIPv4) if (bits === 0 || number >>> shift === prefix) return true;
    return false;
  };
}

/** The 32 bits of `192.0.2.1`; undefined for anything else. Most addresses are such, and a record asks for several ranges. */
function numberOfIPv4(text: string): number | undefined {
  let number = 0;
  let part = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9 && part !== 0) part = Math.max(part, 0) * 10 + digit;
    else if (digit !== -2 || part < 0 || ++dots > 3) return undefined;
    else {
      number = number * 256 + part;
      part = -1;
    }
    if (part > 255) return undefined;
  }
  return dots === 3 && part >= 0 ? number * 256 + part : undefined;
}

function readRange(text: string): AddressRange {
  const range = toAddressRange(text);
  if (range !== undefined) return range;
  throw new WrongConstant(`"${text}" is no address range: write 10.0.0.0/8, 2001:db8::/32 or an address`);
}

/** Whether a name is one of the domains or below one, in any case, with or without a dot at the end. */
export function domainTest(texts: readonly string[]): TextTest {
  const domains = new Set(texts.map(readDomain));
  return remembering((text) => {
    let name = asciiName(text);
    if (name === '') return undefined;
    while (!domains.has(name)) {
      const dot = name.indexOf('.');
      if (dot < 0) return false;
      name = name.slice(dot + 1);
    }
    return true;
  });
}

function readDomain(text: string): string {
  const domain = asciiName(text);
  if (/^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(domain)) return domain;
  throw new WrongConstant(`"${text}" is no domain: write example.com, without *, a dot in front, a port or a path`);
}

/** Lower case, without a dot at the end, international names in ASCII (`xn--`). Empty if it is no name. */
function asciiName(text: string): string {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length > 253) return '';
  // oxlint-disable-next-line no-control-regex -- ASCII.
  return /^[\x00-\x7f]*$/.test(name) && !/xn--/i.test(name) ? name.toLowerCase() : domainToASCII(name);
}
