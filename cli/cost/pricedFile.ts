import type { Message } from '../../shared/batch';
import type { Tally } from '../../shared/books';
import type { Environment } from '../../shared/config';
import type { DeadLetter } from '../../shared/delivery/deadLetters';
import { batched } from '../map/batchMessages';
import type { Lever } from './levers';
import { MeasuredRows } from './measuredRows';
import { type Amount, periodOf } from './period';
import type { Prices } from './prices';
import { type TablePlan, tableCost, tablePlans } from './tablePlans';

export interface PriceOptions {
  readonly environment: Environment;
  readonly levers: readonly Lever[];
  readonly amount: Amount;
  readonly prices: Prices;
  /** Days for which rows are kept. */
  readonly days: number;
  /** The table to assume for records without a table name. */
  readonly table?: string | undefined;
  readonly onDeadLetter?: (letter: DeadLetter) => void;
}

type CostByPlan = Readonly<Record<TablePlan, number>>;

/** What a lever leaves, and how much less that is than without it; negative if it adds something. */
export interface Saving {
  readonly name: string;
  readonly rows: number;
  /** Of the rows that are left. */
  readonly bytesPerRow: number;
  /** Share of the billed bytes. */
  readonly saved: number;
  readonly gbPerMonth: number | null;
  /** Null where nothing tells how many events there are in a month. */
  readonly costPerMonth: CostByPlan | null;
}

export interface PricedFile {
  readonly tally: Tally;
  readonly rows: number;
  /** Billed. */
  readonly bytesPerRow: number;
  readonly jsonBytesPerRow: number;
  /** How the amount of a month is known. */
  readonly period: string;
  readonly eventsPerMonth: number | null;
  readonly gbPerMonth: number | null;
  readonly costPerMonth: CostByPlan | null;
  /** Billed bytes a row by column, the largest first; and by key of AdditionalFields. */
  readonly columns: Readonly<Record<string, number>>;
  readonly additionalFields: Readonly<Record<string, number>>;
  readonly savings: readonly Saving[];
  /** Rules that took too long: from then on they saved nothing. */
  readonly rulesSwitchedOff: readonly string[];
  /** Records of which a rule threw, at most, by rule: they were kept. */
  readonly ruleErrorsByRule: Readonly<Record<string, number>>;
}

/** Prices the messages of a file with the environment's settings, and with each lever's. @throws ConfigError */
export async function pricedFile(messages: AsyncIterable<Message>, options: PriceOptions): Promise<PricedFile> {
  const { environment, levers, amount, table, onDeadLetter = () => undefined } = options;
  const base = new MeasuredRows(environment);
  const changed = levers.map((lever) => ({
    lever,
    measured: new MeasuredRows({ ...environment, ...lever.change }, lever.rules),
  }));
  for await (const batch of batched(messages)) {
    for (const letter of await base.add(batch, table)) onDeadLetter(letter);
    for (const { measured } of changed) await measured.add(batch, table);
  }
  const tally = base.tally();
  const { eventsPerMonth, why } = periodOf(tally.received, base.first, base.last, amount);
  const times = eventsPerMonth === undefined || tally.received === 0 ? null : eventsPerMonth / tally.received;
  const gb = (bytes: number) => (times === null ? null : (bytes * times) / 1e9);
  const cost = ({ rows, bytes }: MeasuredRows, less?: MeasuredRows): CostByPlan | null =>
    times === null
      ? null
      : costs({ rows: (rows - (less?.rows ?? 0)) * times, bytes: (bytes - (less?.bytes ?? 0)) * times }, options);
  return {
    tally,
    rows: base.rows,
    bytesPerRow: perRow(base.bytes, base.rows),
    jsonBytesPerRow: perRow(base.jsonBytes, base.rows),
    period: why,
    eventsPerMonth: eventsPerMonth ?? null,
    gbPerMonth: gb(base.bytes),
    costPerMonth: cost(base),
    columns: perRowSorted(base.columns, base.rows),
    additionalFields: perRowSorted(base.keys, base.rows),
    savings: changed.map(({ lever: { name }, measured }) => ({
      name,
      rows: measured.rows,
      bytesPerRow: perRow(measured.bytes, measured.rows),
      saved: base.bytes === 0 ? 0 : 1 - measured.bytes / base.bytes,
      gbPerMonth: gb(base.bytes - measured.bytes),
      costPerMonth: cost(base, measured),
    })),
    ...troubleOf([base, ...changed.map(({ measured }) => measured)]),
  };
}

/** Each rule is tried several times: alone, and with others. */
function troubleOf(all: readonly MeasuredRows[]): Pick<PricedFile, 'rulesSwitchedOff' | 'ruleErrorsByRule'> {
  const errors = new Map<string, number>();
  for (const [rule, count] of all.flatMap((one) => Object.entries(one.tally().ruleErrorsByRule)))
    errors.set(rule, Math.max(count, errors.get(rule) ?? 0));
  return {
    rulesSwitchedOff: [...new Set(all.flatMap(({ switchedOff }) => switchedOff))],
    ruleErrorsByRule: Object.fromEntries(errors),
  };
}

function costs(volume: { readonly rows: number; readonly bytes: number }, { prices, days }: PriceOptions): CostByPlan {
  const of = (plan: TablePlan): number => {
    const { ingestion, retention } = tableCost(volume, prices, { plan, days });
    return ingestion + retention;
  };
  const [analytics, sentinel, basic, auxiliary] = tablePlans;
  return { Analytics: of(analytics), Sentinel: of(sentinel), Basic: of(basic), Auxiliary: of(auxiliary) };
}

function perRow(bytes: number, rows: number): number {
  return rows === 0 ? 0 : bytes / rows;
}

function perRowSorted(bytes: ReadonlyMap<string, number>, rows: number): Readonly<Record<string, number>> {
  const sorted = [...bytes].toSorted(([, a], [, b]) => b - a);
  return Object.fromEntries(sorted.map(([name, sum]) => [name, perRow(sum, rows)]));
}
