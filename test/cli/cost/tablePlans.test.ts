import { pricesWith } from '../../../cli/cost/prices';
import { tableCost, tablePlans } from '../../../cli/cost/tablePlans';

const prices = pricesWith({
  analytics: 2,
  sentinel: 4,
  basic: 0.5,
  auxiliary: 0.05,
  processing: 0.1,
  retention: 0.1,
  longTerm: 0.02,
});
const month = 730 / 24;
/** 1,000 million rows of 1,000 bytes: 1,000 GB of 10^9 bytes. */
const volume = { rows: 1e9, bytes: 1e12 };

test.each([
  // Days that ingestion pays for, then one month more: 31, 90 with Sentinel, 30.
  ['Analytics', 31 + month, { gb: 1000, ingestion: 2000, retention: 100 }],
  ['Sentinel', 90 + month, { gb: 1000, ingestion: 4000, retention: 100 }],
  ['Basic', 30 + month, { gb: 1000, ingestion: 500, retention: 20 }],
  // 54 bytes a row more, and each GB is also processed: 1,054 x 0.15 and 1,054 x 0.02
  ['Auxiliary', 30 + month, { gb: 1054, ingestion: 158.1, retention: 21.08 }],
] as const)('a month of rows in %s costs what was computed by hand', (plan, days, expected) => {
  const { gb, ingestion, retention } = tableCost(volume, prices, { plan, days });
  expect(gb).toBeCloseTo(expected.gb, 6);
  expect(ingestion).toBeCloseTo(expected.ingestion, 6);
  expect(retention).toBeCloseTo(expected.retention, 6);
});

test.each(tablePlans)('rows of %s that are kept no longer than ingestion pays for cost nothing more', (plan) => {
  expect(tableCost(volume, prices, { plan, days: 30 }).retention).toBe(0);
});
