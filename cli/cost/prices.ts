/** List price without discount, in USD, of the region East US. */
interface Price {
  readonly usd: number;
  readonly what: string;
  readonly page: string;
  /** False if no public page was found that quotes the figure: check it first. */
  readonly isQuoted: boolean;
}

const pages = 'https://azure.microsoft.com/pricing/details';
const eventHubs = { page: `${pages}/event-hubs/`, isQuoted: true };
const functions = { page: `${pages}/functions/`, isQuoted: true };
const monitor = { page: `${pages}/monitor/`, isQuoted: true };
const sentinel = { page: `${pages}/microsoft-sentinel/`, isQuoted: true };

export const pricesOf = { region: 'East US', currency: 'USD', read: '2026-11-29' } as const;

/** `--price NAME=USD` replaces one. */
export const listPrices = {
  analytics: { usd: 2.3, what: 'GB into a table of the plan Analytics', ...monitor },
  sentinel: { usd: 4.3, what: 'GB into a table of the plan Analytics, workspace with Microsoft Sentinel', ...sentinel },
  basic: { usd: 0.5, what: 'GB into a table of the plan Basic', ...monitor },
  auxiliary: { usd: 0.05, what: 'GB into a table of the plan Auxiliary (data lake)', ...monitor },
  processing: {
    usd: 0.1,
    what: 'GB processed: all that is sent to Auxiliary; for other plans what a DCR filters beyond half',
    ...monitor,
    isQuoted: false,
  },
  retention: { usd: 0.1, what: 'GB kept for a month after the days that ingestion pays for, Analytics', ...monitor },
  longTerm: { usd: 0.02, what: 'GB kept for a month after the first 30 days, Basic and Auxiliary', ...monitor },
  throughputUnit: { usd: 0.03, what: 'throughput unit, an hour', ...eventHubs },
  ingressMillion: { usd: 0.028, what: 'million events of up to 64 KB into Standard', ...eventHubs },
  processingUnit: { usd: 1.233, what: 'processing unit, an hour', ...eventHubs, isQuoted: false },
  gbSecond: { usd: 0.000026, what: 'GB-second of a Flex Consumption instance on demand', ...functions },
  executionMillion: { usd: 0.4, what: 'million executions on Flex Consumption', ...functions },
  alwaysReadyGbSecond: { usd: 0.000004, what: 'GB-second of an always-ready instance, idle or not', ...functions },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof listPrices;
/** USD. */
export type Prices = Readonly<Record<PriceName, number>>;

export function isPriceName(name: string): name is PriceName {
  return Object.hasOwn(listPrices, name);
}

/** The list prices, with some replaced. */
export function pricesWith(others: Readonly<Partial<Record<PriceName, number>>> = {}): Prices {
  const usd = Object.entries(listPrices).map(([name, price]) => [name, price.usd]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names.
  return { ...(Object.fromEntries(usd) as Prices), ...others };
}
