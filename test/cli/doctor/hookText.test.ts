import { assert, boolean, constantFrom, property, string, stringMatching } from 'fast-check';
import { stateOfHook } from '../../../cli/doctor/asim/functionState';
import { hookOf, isOurs, linesToAdd, mentions, missingArguments, signatureOf } from '../../../cli/doctor/asim/hookText';
import { parsersOfThisFolder } from '../../../cli/doctor/asim/parserFiles';
import type { SavedFunction } from '../../../cli/doctor/asim/savedFunctions';
import { parsers } from '../../../cli/doctor/asim/sentinelNames';
import { problemsOfFunction } from '../../../scripts/kql/queryChecks';
import { workspaceTables } from '../../../scripts/kql/tableSchemas';

const [filtering] = parsers;
if (filtering === undefined) throw new Error('there is no parser');
const parser = filtering;
const name = 'vimNetworkSessionMicrosoftDefenderStream';

function hook(query: string, changes: Partial<SavedFunction> = {}): SavedFunction {
  const found = {
    name: parser.hook,
    alias: parser.hook,
    category: 'Security',
    parameters: signatureOf(parser),
    etag: '1',
  };
  return { ...found, query, ...changes };
}

test.each([
  [`union isfuzzy=true ${name}(starttime=starttime)`, true],
  [`union\n  ${name}`, true],
  [`${name}(starttime, endtime);`, true],
  [`// made by hand\n${name}() // "so"`, true],
  [`union ${name}(), other()`, false],
  [`union other(), ${name}()`, false],
  [`union ${name}() | where true`, false],
  [`let x = 1; ${name}()`, false],
  [`union ${name}(hostname_has_any=dynamic(["x"]))`, false],
  [`union My${name}()`, false],
  ['union ASimEmptyView', false],
  ['', false],
])('%j is a hook with nothing but our parser: %s', (query, ours) => {
  expect(isOurs(parser, hook(query))).toBe(ours);
});

test('the hook of another resource is not ours, whatever is in it', () => {
  expect(isOurs(parser, hook(`${name}()`, { name: 'soc-team' }))).toBe(false);
  expect(isOurs(parser, hook(`${name}()`, { alias: 'Other' }))).toBe(false);
});

test('a hook that reads any other source is never ours, wherever our call stands', () => {
  const source = stringMatching(/^[A-Za-z_]\w{0,20}$/).filter(
    (one) => !/^(?:union|isfuzzy|true)$/i.test(one) && one !== name,
  );
  const space = constantFrom(' ', '\n', '\r\n\t', ' /* */ ', ' // note\n');
  assert(
    property(source, space, boolean(), (other, gap, isFirst) => {
      const calls = isFirst ? [`${name}()`, other] : [other, `${name}()`];
      expect(isOurs(parser, hook(`union isfuzzy=true${gap}${calls.join(`,${gap}`)}`))).toBe(false);
    }),
  );
});

test('reading a hook never throws and always ends, whatever is in it and however long it is', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 500 }), string(), (query, parameters) => {
      const found = hook(query, { parameters });
      expect(['ours', 'another']).toContain(stateOfHook(parser, [found]).kind);
      expect(linesToAdd(parser, found)).toContain(name);
    }),
  );
  expect(isOurs(parser, hook(`union ${'isfuzzy = true '.repeat(20_000)}`))).toBe(false);
  expect(isOurs(parser, hook(`"${'\\'.repeat(200_000)}`))).toBe(false);
  expect(isOurs(parser, hook(`${name}${' '.repeat(200_000)}x`))).toBe(false);
  expect(missingArguments(parser, hook(`${name}${' '.repeat(200_000)}x`))).toHaveLength(9);
});

test.each([
  [`union x, ${name}(starttime=starttime, endtime=endtime)`, 'starttime:datetime, endtime:datetime, pack:bool', []],
  [`union x, ${name}(endtime=endtime)`, 'starttime:datetime,endtime:datetime', ['starttime']],
  [`union x, ${name}()`, "eventresult:string='*'", ['eventresult']],
  ['union x', 'starttime:datetime', undefined],
  [`union x // ${name}()`, 'starttime:datetime', undefined],
  [`print "${name}()"`, 'starttime:datetime', undefined],
])('%j with the parameters %j does not pass on %j', (query, parameters, missing) => {
  expect(missingArguments(parser, hook(query, { parameters }))).toEqual(missing);
});

test('a function mentions another only by its whole name, outside comments and texts', () => {
  expect(mentions(hook(`union (${name}(pack=true))`), name)).toBe(true);
  expect(mentions(hook(`union ${name}2()`), name)).toBe(false);
  expect(mentions(hook(`// ${name}`), name)).toBe(false);
});

test("the hooks, and another's hook with the lines added, pass Microsoft's language service; a wrong name does not", async () => {
  // Of the parsers only the signature counts here; their bodies are checked by themselves.
  const functions = (await parsersOfThisFolder()).map(({ name: own, parameters }) => {
    return { name: own, parameters, body: '{ NetworkSessions_CL }' };
  });
  const declared = { tables: workspaceTables(), functions };
  for (const one of parsers) {
    const { query, parameters } = hookOf(one);
    expect(problemsOfFunction(query, parameters, declared)).toEqual([]);
    expect(problemsOfFunction(query.replace('=disabled', '=disable'), parameters, declared)).toHaveLength(1);
    const added = (others: string): string =>
      `union isfuzzy=true\n  NetworkSessions_CL,\n${linesToAdd(one, hook('', { parameters: others }))}`;
    expect(problemsOfFunction(added(parameters), parameters, declared)).toEqual([]);
    const older = 'starttime:datetime=datetime(null), disabled:bool=False';
    expect(problemsOfFunction(added(older), older, declared)).toEqual([]);
  }
});
