import { auxiliaryRowBytes } from './billedSize';
import type { PriceName, Prices } from './prices';

interface PlanPrices {
  /** What a GB that enters costs: all of these together. */
  readonly ingestion: readonly PriceName[];
  /** What a GB costs that is kept for a month longer than `includedDays`. */
  readonly keeping: PriceName;
  /** Days for which ingestion pays. */
  readonly includedDays: number;
  /** Bytes that count in each row beside the columns that are sent. */
  readonly rowBytes: number;
}

/** How each plan of a table is billed: docs/cost.md, "How billing works". */
const plans = {
  Analytics: { ingestion: ['analytics'], keeping: 'retention', includedDays: 31, rowBytes: 0 },
  Sentinel: { ingestion: ['sentinel'], keeping: 'retention', includedDays: 90, rowBytes: 0 },
  Basic: { ingestion: ['basic'], keeping: 'longTerm', includedDays: 30, rowBytes: 0 },
  Auxiliary: {
    ingestion: ['auxiliary', 'processing'],
    keeping: 'longTerm',
    includedDays: 30,
    rowBytes: auxiliaryRowBytes,
  },
} as const satisfies Readonly<Record<string, PlanPrices>>;

/** `Sentinel` is Analytics in a workspace with Microsoft Sentinel. */
export const tablePlans = ['Analytics', 'Sentinel', 'Basic', 'Auxiliary'] as const satisfies (keyof typeof plans)[];
export type TablePlan = (typeof tablePlans)[number];

export interface Table {
  readonly plan: TablePlan;
  /** Days for which rows are kept. */
  readonly days: number;
}

export const usualTable: Table = { plan: 'Analytics', days: 90 };

/** What rows weigh in a month. */
export interface Volume {
  readonly rows: number;
  /** Billed bytes of their columns. */
  readonly bytes: number;
}

export const hoursAMonth = 730;

/** USD a month. */
export interface TableCost {
  readonly gb: number;
  readonly ingestion: number;
  /** Of what a month brings, for as long as it is kept beyond the days that ingestion pays for. */
  readonly retention: number;
}

export function tableCost({ rows, bytes }: Volume, prices: Prices, { plan, days }: Table): TableCost {
  const { keeping, includedDays, rowBytes }: PlanPrices = plans[plan];
  const gb = (bytes + rows * rowBytes) / 1e9;
  const months = Math.max(0, days - includedDays) / (hoursAMonth / 24);
  return { gb, ingestion: gb * gbPrice(plan, prices), retention: gb * months * prices[keeping] };
}

/** What a GB into a table of this plan costs. */
export function gbPrice(plan: TablePlan, prices: Prices): number {
  const names: readonly PriceName[] = plans[plan].ingestion;
  return names.reduce((sum, name) => sum + prices[name], 0);
}
