import { generateStream, plantedIn, type ScenarioName, type StreamOptions, scenarios } from '../src';
import { end, rowsOf, streamOf, textOf } from './streamSetup';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant.
const names = Object.keys(scenarios) as ScenarioName[];
const all: StreamOptions = {
  records: 5000,
  seed: 3,
  end,
  minutes: 120,
  oddityInterval: 50,
  scenarios: names.map((name, i) => ({ name, at: i / (names.length - 1) })),
};

describe('Planted scenarios', () => {
  const stream = [...generateStream(all)];
  const uids = new Set(
    stream.flatMap(({ outcomes }) => outcomes.flatMap((one) => (one.state === 'row' ? [one.uid] : []))),
  );

  test('are all in the stream, whatever is odd about it, and the stream has as many records as asked for', () => {
    const planted = plantedIn(all);
    expect(planted.map(({ name }) => name)).toEqual(names);
    for (const one of planted) expect(one.uids.filter((uid) => !uids.has(uid))).toEqual([]);
    expect(stream.reduce((total, { expected }) => total + expected.received, 0)).toBe(all.records);
  });

  // Written by hand from what each scenario is about.
  test.each<[ScenarioName, number, number, number[]]>([
    ['beaconing', 30, 1, [443]],
    ['portScan', 100, 1, Array.from({ length: 100 }, (_, i) => 20 + i)],
    ['rareDestination', 3, 1, [4444]],
    ['clearTextLogin', 2, 1, [21]],
    ['longSession', 11, 1, [3389]],
  ])('%s: %i rows of one device to %i peer, on these ports', (name, count, peers, ports) => {
    const [one] = plantedIn({ ...all, scenarios: [{ name, at: 0.5 }] });
    expect(one?.uids).toHaveLength(count);
    expect(one?.peers).toHaveLength(peers);
    expect(one?.ports).toEqual(ports);
  });

  test.each<[ScenarioName, number]>([
    ['lateralMovementSmb', 445],
    ['lateralMovementRdp', 3389],
  ])('%s: one device to a dozen others on port %i; they report it, too', (name, port) => {
    const [one] = plantedIn({ ...all, scenarios: [{ name, at: 0 }] });
    expect(one?.ports).toEqual([port]);
    expect(one?.peers.length).toBeGreaterThanOrEqual(10);
    expect(one?.peers).not.toContain(one?.address);
    const options = { records: 300, minutes: 120, seed: 3, oddities: false, scenarios: [{ name, at: 0 }] };
    const found = rowsOf(streamOf(options)).filter((row) => Number(row.properties['ReportId']) >= 2_000_000_000);
    const by = (action: string) => found.filter((row) => textOf(row, 'ActionType') === action);
    expect(by('ConnectionSuccess').map((row) => textOf(row, 'RemoteIP'))).toEqual(
      by('InboundConnectionAccepted').map((row) => textOf(row, 'LocalIP')),
    );
  });

  test('begin at their position and keep their interval', () => {
    const [one] = plantedIn({ ...all, scenarios: [{ name: 'beaconing', at: 0 }] });
    expect(one?.first).toBe('2026-11-21T06:15:28.188000Z');
    expect(one?.last).toBe('2026-11-21T06:44:28.188000Z');
  });

  test.each<[string, Partial<StreamOptions>]>([
    ["The stream's minutes must be 31 or more for beaconing, not 10.", { minutes: 10 }],
    [
      "The stream's devices must be 24 or more for lateralMovementSmb, not 5.",
      { devices: 5, scenarios: [{ name: 'lateralMovementSmb', at: 0 }] },
    ],
    ["The stream's records must be more than the 30 of its scenarios.", { records: 30 }],
  ])('that do not fit are rejected: %s', (message, wrong) => {
    const options = { ...all, scenarios: [{ name: 'beaconing' as const, at: 0 }], ...wrong };
    expect(() => plantedIn(options)).toThrow(message);
    expect(() => [...generateStream(options)]).toThrow(message);
  });
});
