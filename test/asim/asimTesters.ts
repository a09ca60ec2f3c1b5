import { problemsOfTransform } from '../../scripts/kql/queryChecks';
import { readText } from '../../scripts/kql/queryFiles';
import { workspaceTables } from '../../scripts/kql/tableSchemas';
import {
  caseRows,
  cellsOf,
  type Destination,
  destinations,
  parserFile,
  type Texts,
  transformFile,
  workspaceWith,
} from './asimWorkspace';
import { dataProblems, schemaProblems } from './testers';

const allRows = caseRows.map(({ row }) => row);
const aRow = allRows.slice(0, 1);

/** What Microsoft's union calls for each destination. */
const parserOf: Readonly<Record<Destination, string>> = {
  NetworkSessions_CL: 'vimNetworkSessionMicrosoftDefenderStream(pack=true)',
  ASimNetworkSessionLogs: '_Im_NetworkSession_Native()',
};

/** Names that no DNS allows, which Defender sent all the same; the testers reject them, and the row says the truth. */
const truthful = /^(?:Dvc|Src)Hostname has "ws-(?:�|🎉)", no Hostname$/;

function problemsOf(to: Destination, texts: Texts = {}, rows = aRow): string[] {
  const result = cellsOf(parserOf[to], workspaceWith(rows, to, texts));
  return [...schemaProblems(result.types), ...result.rows.flatMap(dataProblems)];
}

describe.each(destinations)("ASIM's testers accept %s", (to) => {
  test('its columns: none that is mandatory, recommended or an alias of another is missing, all have their types', () => {
    const { types } = cellsOf(parserOf[to], workspaceWith(aRow, to));
    expect(schemaProblems(types)).toEqual([]);
  });

  test('its values, of every row of the cases: mandatory ones are there, closed lists and forms hold', () => {
    const { rows } = cellsOf(parserOf[to], workspaceWith(allRows, to));
    expect(rows).toHaveLength(allRows.length);
    const found = rows.flatMap((row, i) => dataProblems(row).map((one) => `${caseRows[i]?.name}: ${one}`));
    expect(found.filter((one) => !truthful.test(one.slice(one.indexOf(': ') + 2)))).toEqual([]);
    expect(found).toHaveLength(6);
  });
});

/** A last step at the end of transform and parser. */
function planted(step: string): Texts {
  return Object.fromEntries([transformFile, parserFile].map((file) => [file, `${readText(file)}| ${step}\n`]));
}

describe("ASIM's testers reject", () => {
  test.each([
    [
      'a value that is not in the list',
      'extend DvcIdType = "MdeId"',
      'DvcIdType has "MdeId", which is not in its list',
    ],
    ['a host name with its domain', 'extend DvcHostname = "pc.local"', 'DvcHostname has "pc.local", no Hostname'],
    ['an address with a port', 'extend SrcIpAddr = "10.0.0.1:80"', 'SrcIpAddr has "10.0.0.1:80", no IP address'],
    ['an unknown protocol', 'extend NetworkProtocol = "Tcp"', 'NetworkProtocol has "Tcp", no Protocol'],
    ['an empty mandatory value', 'extend EventType = ""', 'EventType is empty'],
    ['a type without its value', 'extend DvcId = ""', 'DvcIdType says the type of nothing'],
    ['a value without its type', 'extend DvcIdType = ""', 'DvcIdType is empty'],
    ['a missing mandatory column', 'project-away EventVendor', /^EventVendor is (?:missing \(Mandatory\)|empty)$/m],
  ])('%s', (_, step, problem) => {
    for (const to of destinations) expect(problemsOf(to, planted(step)).join('\n')).toMatch(problem);
  });

  test('a parser that returns another type; a DCR would reject it in the transform', () => {
    const step = 'extend EventCount = tolong(EventCount)';
    expect(problemsOf('NetworkSessions_CL', planted(step))).toEqual(['EventCount is long, not int']);
    const transform = planted(step)[transformFile] ?? '';
    const table = workspaceTables().find(({ name }) => name === 'ASimNetworkSessionLogs')?.columns ?? {};
    expect(problemsOfTransform(transform, table).map(({ message }) => message)).toEqual([
      'EventCount is long, in the table int',
    ]);
  });

  test.each([
    ['Dvc', 'Dvc is missing (Mandatory)'],
    ['EventUid', 'EventUid is missing (Recommended)'],
    ['SrcUserIdType', 'SrcUserIdType is missing (Conditional)'],
    ['SessionId', 'SessionId is missing (Alias)'],
  ])('a parser without %s', (column, problem) => {
    expect(problemsOf('NetworkSessions_CL', planted(`project-away ${column}`))).toContain(problem);
  });
});
