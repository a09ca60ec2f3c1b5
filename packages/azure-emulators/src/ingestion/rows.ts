import { type ColumnType, fits } from './columns';
import { type Instant, readInstant, writeInstant } from './datetime';
import { elementsOf, type Member, membersOf, stringOf } from './json';
import { Refusal } from './refusal';

export interface RowPolicy {
  readonly columns: ReadonlyMap<string, ColumnType>;
  readonly auxiliary: boolean;
  readonly undeclaredColumns: 'refuse' | 'drop';
  readonly longFields: 'refuse' | 'truncate';
  readonly timeGenerated: 'replace' | 'keep';
  readonly fieldBytes: number;
}

export interface AcceptedRows {
  /** One JSON object each, as sent unless the policy changed it. */
  readonly rows: readonly string[];
  readonly droppedColumns: number;
  readonly truncatedFields: number;
  readonly replacedTimes: number;
}

const dayMilliseconds = 86_400_000;
const auxiliarySpanMilliseconds = 30 * 60_000;

/**
 * Checks every row of a call, before any is stored.
 *
 * @param text valid JSON whose root is an array
 * @param now the time of receipt, in milliseconds since 1970
 * @throws Refusal for the first row at fault, naming row and column, never a value
 */
export function acceptRows(text: string, policy: RowPolicy, now: number): AcceptedRows {
  const counts = { droppedColumns: 0, truncatedFields: 0, replacedTimes: 0 };
  const span = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  const rows = elementsOf(text).map((element, index) => {
    if (!element.startsWith('{')) throw new Refusal(400, 'InvalidPayload', `Row ${index} is not a JSON object.`);
    const row = new RowEdit(element, membersOf(element));
    for (const member of row.members) checkMember(row, member, index, policy, counts);
    if (policy.columns.get('TimeGenerated') === 'datetime') checkTime(row, index, policy, now, span, counts);
    return row.text();
  });
  if (policy.auxiliary && span.last - span.first > auxiliarySpanMilliseconds) {
    throw new Refusal(
      400,
      'RecordsTimeRangeIsMoreThan30Minutes',
      'The time duration between DataEndTime and DataStartTime should be within the range of 0 to 30 minutes.',
    );
  }
  return { rows, ...counts };
}

interface Counts {
  droppedColumns: number;
  truncatedFields: number;
  replacedTimes: number;
}

function checkMember(row: RowEdit, member: Member, index: number, policy: RowPolicy, counts: Counts): void {
  const type = policy.columns.get(member.name);
  if (type === undefined) {
    if (policy.undeclaredColumns === 'refuse') {
      throw new Refusal(
        400,
        'EmulatorUndeclaredColumn',
        `Row ${index}: the stream does not declare column '${member.name}'. The live service would answer 204, drop the column and bill it. Declare the column, or set undeclaredColumns to 'drop'.`,
      );
    }
    row.replace(member, undefined);
    counts.droppedColumns++;
    return;
  }
  if (!fits(member.value, type)) {
    throw new Refusal(
      400,
      'EmulatorColumnType',
      `Row ${index}: column '${member.name}' is declared ${type} and its value is not one. What the live service does with it is not documented.`,
    );
  }
  const content = type === 'string' ? stringIn(member.value) : type === 'dynamic' ? member.value : '';
  if (content.length * 3 <= policy.fieldBytes) return;
  const bytes = Buffer.byteLength(content);
  if (bytes <= policy.fieldBytes) return;
  if (policy.longFields === 'refuse') {
    throw new Refusal(
      400,
      'EmulatorFieldTooLong',
      `Row ${index}: column '${member.name}' holds ${bytes} bytes. The live service would answer 204 and cut it to ${policy.fieldBytes}. Shorten it, or set longFields to 'truncate'.`,
    );
  }
  row.replace(member, JSON.stringify(cut(content, policy.fieldBytes)));
  counts.truncatedFields++;
}

function checkTime(
  row: RowEdit,
  index: number,
  policy: RowPolicy,
  now: number,
  span: { first: number; last: number },
  counts: Counts,
): void {
  const member = row.members.findLast(({ name }) => name === 'TimeGenerated');
  const sent = member === undefined || member.value === 'null' ? undefined : readInstant(stringOf(member.value));
  if (sent !== undefined && policy.auxiliary) {
    if (sent.decimals !== 6) {
      throw new Refusal(
        400,
        'EmulatorTimePrecision',
        `Row ${index}: TimeGenerated has ${sent.decimals} decimals; a table of the auxiliary plan takes exactly six.`,
      );
    }
    span.first = Math.min(span.first, sent.milliseconds);
    span.last = Math.max(span.last, sent.milliseconds);
  }
  if (policy.timeGenerated === 'keep' || (sent !== undefined && isRecent(sent, now))) return;
  const received = JSON.stringify(writeInstant(now));
  if (member === undefined) row.prepend(`"TimeGenerated":${received}`);
  else row.replace(member, received);
  counts.replacedTimes++;
}

function isRecent({ milliseconds }: Instant, now: number): boolean {
  return milliseconds >= now - 2 * dayMilliseconds && milliseconds <= now + dayMilliseconds;
}

function stringIn(value: string): string {
  return value === 'null' ? '' : stringOf(value);
}

/** The longest beginning of at most so many UTF-8 bytes that ends between characters. */
function cut(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  let end = bytes;
  while (((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return encoded.toString('utf8', 0, end);
}

/** A row that stays the text it was until something in it is replaced. */
class RowEdit {
  readonly members: readonly Member[];
  readonly #sent: string;
  readonly #replaced = new Map<Member, string | undefined>();
  #first: string | undefined;

  constructor(sent: string, members: readonly Member[]) {
    this.#sent = sent;
    this.members = members;
  }

  /** Puts JSON text in place of a member's value; undefined takes the member out. */
  replace(member: Member, value: string | undefined): void {
    this.#replaced.set(member, value);
  }

  prepend(text: string): void {
    this.#first = text;
  }

  text(): string {
    if (this.#replaced.size === 0 && this.#first === undefined) return this.#sent;
    const members = this.members.flatMap((member) => {
      if (!this.#replaced.has(member)) return [member.text];
      const value = this.#replaced.get(member);
      return value === undefined ? [] : [`${JSON.stringify(member.name)}:${value}`];
    });
    return `{${(this.#first === undefined ? members : [this.#first, ...members]).join(',')}}`;
  }
}
