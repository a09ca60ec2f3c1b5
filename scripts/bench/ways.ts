import type { TransformSettings } from '../../shared/transform/transformSettings';
import { type Cost, type Costs, costOf, forEachWay, median, type WayName, wayNames } from './cost';
import { floor } from './floor';
import { Product, rowsOf, startTelemetry } from './product';
import type { Batch, Records } from './records';
import { createStraightforward } from './straightforward';

export interface Compared {
  /** Rounds without a forced garbage collection. */
  readonly costs: Costs;
  /** Rounds in which each way starts right after a forced garbage collection, which also discards optimised code. */
  readonly collected: Costs;
  /** Of all messages. */
  readonly rows: number;
  /** Of all rows as JSON. */
  readonly rowBytes: number;
}

const warmUpRounds = 2;

/** Takes the ways in turns, so that other work on the machine meets all of them. */
export async function compareWays(records: Records, rounds: number, transform: TransformSettings): Promise<Compared> {
  const rows = new Map<Batch, unknown[]>();
  for (const batch of records.batches) rows.set(batch, await rowsOf(batch, transform));
  const recorder = await startTelemetry();
  const costs = { running: forEachWay((): Cost[] => []), collected: forEachWay((): Cost[] => []) };
  let day = 0;
  // The collections come last: optimised code that they discard would have to be made again in the rounds without them.
  for (const kind of ['running', 'collected'] as const) {
    for (let round = -warmUpRounds; round < rounds; round++) {
      records.setDay(day++);
      for (const name of inTurn(day)) {
        // A new one for each round: the long run shows what the age of a process does.
        const way = startWay(name, rows, recorder, transform);
        if (kind === 'collected') globalThis.gc?.();
        const { cpu, wall } = await costOf(async () => {
          for (const batch of records.batches) await way(batch);
        });
        if (round >= 0) costs[kind][name].push({ cpu: cpu / records.records, wall: wall / records.records });
      }
    }
  }
  const all = [...rows.values()].flat();
  return {
    costs: forEachWay((name) => medianOf(costs.running[name])),
    collected: forEachWay((name) => medianOf(costs.collected[name])),
    rows: all.length,
    rowBytes: all.reduce((sum: number, row) => sum + Buffer.byteLength(JSON.stringify(row)), 0),
  };
}

type Way = (batch: Batch) => void | Promise<void>;

function startWay(
  name: WayName,
  rows: ReadonlyMap<Batch, readonly unknown[]>,
  recorder: Awaited<ReturnType<typeof startTelemetry>>,
  transform: TransformSettings,
): Way {
  if (name === 'floor') return (batch) => floor(batch.bodies, rows.get(batch) ?? []);
  if (name === 'straightforward') {
    const upload = createStraightforward();
    return ({ bodies }) => upload(bodies);
  }
  const product = new Product(name === 'product' ? { transform } : { transform, recorder });
  return (batch) => product.settle(batch);
}

/** Another order in each turn: a way also pays for the garbage of the one before it. */
function inTurn(turn: number): readonly WayName[] {
  const first = turn % wayNames.length;
  const names = [...wayNames.slice(first), ...wayNames.slice(0, first)];
  return turn % 2 === 0 ? names : names.toReversed();
}

function medianOf(costs: readonly Cost[]): Cost {
  return { cpu: median(costs.map(({ cpu }) => cpu)), wall: median(costs.map(({ wall }) => wall)) };
}
