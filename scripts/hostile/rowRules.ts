import { parse } from 'lossless-json';
// The column list as the Data Collection Rule is made from it.
import declared from '../../infra/networkSessions.columns.json';

const typeOf = new Map(declared.map(({ name, type }) => [name, type]));
const ofThePlatform = new Set(['TenantId', 'Type', 'SourceSystem', 'EventTimeIngested']);
const required = [
  'TimeGenerated',
  'EventStartTime',
  'EventEndTime',
  'EventUid',
  'EventCount',
  'EventType',
  'EventProduct',
];

const datetime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const maxTextBytes = 65_536;
const maxObjectBytes = 60_000;
const maxNesting = 40;

const maxRowBytes = 1_000_000 - '[]'.length;

/** As {@link brokenRules} for a row as JSON text; also checks that the row fits into one call to the service. */
export function brokenRulesOfText(text: string): string[] {
  const bytes = Buffer.byteLength(text);
  const row: unknown = /\d{16}/.test(text) ? parse(text, undefined, exactNumber) : JSON.parse(text);
  const wrong = typeof row === 'object' && row !== null ? brokenRules(row) : ['the row is no object'];
  return bytes > maxRowBytes ? [...wrong, `the row takes ${bytes} bytes`] : wrong;
}

function exactNumber(digits: string): number | bigint {
  const number = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(number) ? BigInt(digits) : number;
}

/** The rules of the service and of the mapping that a row breaks; empty for a good row. */
export function brokenRules(row: object): string[] {
  const wrong = required.filter((column) => !Object.hasOwn(row, column)).map((column) => `${column} is missing`);
  if (Object.getPrototypeOf(row) !== Object.prototype) wrong.push('the row has a strange prototype');
  for (const [column, value] of Object.entries(row)) {
    const type = typeOf.get(column);
    if (type === undefined) wrong.push(`${column} is not declared`);
    else if (ofThePlatform.has(column)) wrong.push(`${column} belongs to the platform`);
    else {
      const problem = problemOf(type, value);
      if (problem !== undefined) wrong.push(`${column} ${problem}`);
    }
  }
  return wrong;
}

function problemOf(type: string, value: unknown): string | undefined {
  switch (type) {
    case 'string':
      return textProblem(value);
    case 'int':
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31 ? undefined : 'is no int32';
    case 'long':
      return longProblem(value);
    case 'real':
      return Number.isFinite(value) ? undefined : 'is no real';
    case 'datetime':
      return typeof value === 'string' && datetime.test(value) && !Number.isNaN(Date.parse(value))
        ? undefined
        : 'is no datetime with six decimals';
    default:
      return objectProblem(value);
  }
}

function textProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return `is no text but a ${typeof value}`;
  if (['', '-', 'null'].includes(value.trim().toLowerCase())) return `says nothing: ${JSON.stringify(value)}`;
  if (/\p{Surrogate}/u.test(value)) return 'holds a lone surrogate';
  return Buffer.byteLength(value) > maxTextBytes ? `takes ${Buffer.byteLength(value)} bytes` : undefined;
}

function longProblem(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return undefined;
  if (typeof value !== 'bigint') return 'is no exact whole number';
  return value >= -(2n ** 63n) && value < 2n ** 63n ? undefined : 'leaves int64';
}

function objectProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no object';
  if (nesting(value) > maxNesting) return 'is nested too deeply';
  // The digits of a bigint take as many bytes as a text two shorter, in its quotes.
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? '1'.repeat(String(inner).length - 2) : inner,
  );
  if (Buffer.byteLength(text) > maxObjectBytes) return `takes ${Buffer.byteLength(text)} bytes`;
  if (/\\ud[89a-f]/i.test(text.replaceAll('\\\\', ''))) return 'holds a lone surrogate';
  return holdsNull(value) ? 'holds a null' : undefined;
}

function nesting(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce((most: number, inner) => Math.max(most, nesting(inner)), 0);
}

function holdsNull(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.values(value).some(holdsNull));
}
