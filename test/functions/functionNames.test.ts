import * as fc from 'fast-check';
import { functionNames } from '../../functions/functionNames';

/** Names of hubs as the settings allow them, each once in any case. */
const hubs = fc.uniqueArray(
  fc.oneof(
    fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,40}[a-zA-Z0-9])?$/),
    fc.constantFrom(
      'a.b',
      'a_b',
      'a-b',
      'a_b_2',
      'A.B.2',
      '1',
      '_1',
      'hub_1',
      'x'.repeat(256),
      `${'x'.repeat(255)}y`,
      'X'.repeat(200),
    ),
  ),
  { minLength: 1, maxLength: 12, selector: (hub) => hub.toLowerCase() },
);
const platformRule = /^[A-Za-z][A-Za-z0-9_-]{0,126}$/;

describe('functionNames', () => {
  test.each([
    ['insights-logs-advancedhunting-devicenetworkevents', 'insights-logs-advancedhunting-devicenetworkevents'],
    ['contoso.events', 'contoso_events'],
    ['1st', 'hub_1st'],
    ['_x', 'hub__x'],
  ])('%s becomes %s', (hub, name) => {
    expect([...functionNames([hub])]).toEqual([[hub, name]]);
  });

  test('gives each hub its own name, which the platform accepts', () => {
    fc.assert(
      fc.property(hubs, (list) => {
        const names = functionNames(list);
        expect([...names.keys()]).toEqual(list);
        expect(new Set([...names.values()].map((name) => name.toLowerCase())).size).toBe(list.length);
        expect([...names.values()].filter((name) => !platformRule.test(name))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('gives the same names each time, and keeps them when a hub is added at the end', () => {
    fc.assert(
      fc.property(hubs, (list) => {
        const names = [...functionNames(list)];
        expect([...functionNames(list)]).toEqual(names);
        expect([...functionNames(list.slice(0, -1))]).toEqual(names.slice(0, -1));
      }),
    );
  });

  test('gives a thousand hubs different names even if they differ only in forbidden characters', () => {
    const list = Array.from({ length: 999 }, (_, i) => `${'x'.repeat(130)}${i}`);
    const names = [...functionNames(list).values()];
    expect([new Set(names).size, names.every((name) => platformRule.test(name))]).toEqual([999, true]);
  });
});
