/** Microseconds. */
export interface Cost {
  /** User and system time of all threads. */
  readonly cpu: number;
  readonly wall: number;
}

/** What a piece of work costs this process. */
export async function costOf(work: () => void | Promise<void>): Promise<Cost> {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: user + system, wall: (performance.now() - wall) * 1000 };
}

/** The value in the middle; of an even number of values the upper one of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** The ways from messages to accepted rows that are compared. */
export const wayNames = ['floor', 'product', 'straightforward', 'productWithTelemetry'] as const;
export type WayName = (typeof wayNames)[number];
/** Medians for a record. */
export type Costs = Readonly<Record<WayName, Cost>>;

export function forEachWay<T>(value: (name: WayName) => T): Readonly<Record<WayName, T>> {
  const [floor, product, straightforward] = [value('floor'), value('product'), value('straightforward')];
  return { floor, product, straightforward, productWithTelemetry: value('productWithTelemetry') };
}
