import { readInstant } from './datetime';
import type { ColumnDeclaration } from './ingestionOptions';
import { stringOf } from './jsonText';

/** The types of the service's stream declarations. There is no guid. */
const checks = {
  string: isString,
  int: (value) => isWhole(value, 32),
  long: (value) => isWhole(value, 64),
  real: (value) => isNumber(value) && Number.isFinite(Number(value)),
  boolean: (value) => value === 'true' || value === 'false',
  datetime: (value) => isString(value) && readInstant(stringOf(value)) !== undefined,
  dynamic: (value) => value.startsWith('{') || value.startsWith('['),
} satisfies Record<string, (value: string) => boolean>;

export type ColumnType = keyof typeof checks;

/** The service's limit for a table. */
const columnLimit = 500;

/** @throws when a name is repeated, a type does not exist, or there are too many columns */
export function readColumns(stream: string, declarations: readonly ColumnDeclaration[]): Map<string, ColumnType> {
  if (declarations.length > columnLimit) {
    throw new Error(`Stream '${stream}' declares ${declarations.length} columns; the service takes ${columnLimit}.`);
  }
  const columns = new Map<string, ColumnType>();
  for (const { name, type } of declarations) {
    if (!isColumnType(type)) {
      throw new Error(
        `Stream '${stream}': column '${name}' has type '${type}'; a stream declares ${Object.keys(checks).join(', ')}.`,
      );
    }
    if (columns.has(name)) throw new Error(`Stream '${stream}': column '${name}' is declared twice.`);
    columns.set(name, type);
  }
  return columns;
}

/** Whether a JSON value, given as its text, is null or exactly of the type. */
export function fits(value: string, type: ColumnType): boolean {
  return value === 'null' || checks[type](value);
}

function isColumnType(type: string): type is ColumnType {
  return Object.hasOwn(checks, type);
}

function isString(value: string): boolean {
  return value.startsWith('"');
}

function isNumber(value: string): boolean {
  return /^[-\d]/.test(value);
}

function isWhole(value: string, bits: number): boolean {
  if (!/^-?\d+$/.test(value)) return false;
  if (value.length > 20) return false; // no int64 is longer
  const number = BigInt(value);
  return BigInt.asIntN(bits, number) === number;
}
