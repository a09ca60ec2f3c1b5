/** List price without discount, in USD, of the region East US. */
interface Price {
  readonly usd: number;
  readonly what: string;
  readonly page: string;
}

const pages = 'https://azure.microsoft.com/pricing/details';
const eventHubs = `${pages}/event-hubs/`;
const functions = `${pages}/functions/`;
const monitor = `${pages}/monitor/`;

export const pricesOf = { region: 'East US', currency: 'USD', read: '2026-11-29' } as const;

/** `--price NAME=USD` replaces one. */
export const listPrices = {
  throughputUnit: { usd: 0.03, what: 'throughput unit, an hour', page: eventHubs },
  ingressMillion: { usd: 0.028, what: 'million events of up to 64 KB into Standard', page: eventHubs },
  processingUnit: { usd: 1.233, what: 'processing unit, an hour', page: eventHubs },
  gbSecond: { usd: 0.000026, what: 'GB-second of a Flex Consumption instance on demand', page: functions },
  executionMillion: { usd: 0.4, what: 'million executions on Flex Consumption', page: functions },
  analytics: { usd: 2.3, what: 'GB into a table of the plan Analytics', page: monitor },
  basic: { usd: 0.5, what: 'GB into a table of the plan Basic', page: monitor },
  auxiliary: { usd: 0.05, what: 'GB into a table of the plan Auxiliary', page: monitor },
  retention: { usd: 0.1, what: 'GB kept for a month after the first 31 days, Analytics', page: monitor },
  longTerm: { usd: 0.02, what: 'GB kept for a month after the first 30 days, Basic and Auxiliary', page: monitor },
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
