import { readInstant, writeInstant } from './datetime';
import { type ColumnType, fits } from './declaredColumns';
import { elementsOf, type Member, membersOf, stringOf } from './jsonText';
import { Rejection } from './rejection';

export interface AcceptedRows {
  /** Each row as one JSON object, unchanged except for a TimeGenerated that was replaced. */
  readonly rows: readonly string[];
  readonly replacedTimes: number;
}

const dayMilliseconds = 86_400_000;
/** The longest string or dynamic value, in UTF-8. */
const maxFieldBytes = 65_536;

/**
 * Checks every row of a call before any is stored.
 *
 * @param text valid JSON whose root is an array
 * @param now the time of receipt, in milliseconds since 1970
 * @throws Rejection for the first wrong row; it names row and column, never a value
 */
export function acceptRows(text: string, columns: ReadonlyMap<string, ColumnType>, now: number): AcceptedRows {
  let replacedTimes = 0;
  const rows = elementsOf(text).map((row, index) => {
    if (!row.startsWith('{')) throw new Rejection(400, 'InvalidPayload', `Row ${index} is not a JSON object.`);
    const members = membersOf(row);
    for (const member of members) checkMember(member, index, columns);
    if (columns.get('TimeGenerated') !== 'datetime' || hasRecentTime(members, now)) return row;
    replacedTimes++;
    return withTime(members, writeInstant(now));
  });
  return { rows, replacedTimes };
}

function checkMember({ name, value }: Member, row: number, columns: ReadonlyMap<string, ColumnType>): void {
  const type = columns.get(name);
  if (type === undefined) {
    throw new Rejection(
      400,
      'EmulatorUndeclaredColumn',
      `Row ${row}: the stream does not declare column '${name}'. The live service would answer 204, drop the column and bill it. Declare the column.`,
    );
  }
  if (!fits(value, type)) {
    throw new Rejection(
      400,
      'EmulatorColumnType',
      `Row ${row}: column '${name}' is declared ${type} and its value is not one. What the live service does with it is not documented.`,
    );
  }
  const content = type === 'string' && value !== 'null' ? stringOf(value) : type === 'dynamic' ? value : '';
  const bytes = Buffer.byteLength(content);
  if (bytes > maxFieldBytes) {
    throw new Rejection(
      400,
      'EmulatorFieldTooLong',
      `Row ${row}: column '${name}' holds ${bytes} bytes. The live service would answer 204 and cut it to ${maxFieldBytes}. Shorten it.`,
    );
  }
}

function timeOf(members: readonly Member[]): Member | undefined {
  return members.findLast(({ name }) => name === 'TimeGenerated');
}

/** The service keeps a time of at most two days ago and at most a day ahead. */
function hasRecentTime(members: readonly Member[], now: number): boolean {
  const time = timeOf(members);
  if (time === undefined || time.value === 'null') return false;
  const sent = readInstant(stringOf(time.value));
  return sent !== undefined && sent >= now - 2 * dayMilliseconds && sent <= now + dayMilliseconds;
}

function withTime(members: readonly Member[], time: string): string {
  const sent = timeOf(members);
  const replaced = `"TimeGenerated":"${time}"`;
  const texts = members.map((member) => (member === sent ? replaced : member.text));
  return `{${(sent === undefined ? [replaced, ...texts] : texts).join(',')}}`;
}
