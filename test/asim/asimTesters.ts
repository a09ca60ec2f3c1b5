import { problemsOfTransform } from '../../scripts/kql/queryChecks';
import { readText } from '../../scripts/kql/queryFiles';
import { workspaceTables } from '../../scripts/kql/tableSchemas';
import {
  allRows,
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

/** Faults as last steps of transform and parser, each with what the testers say of it; the parser lacks the last column altogether. */
const faults: Readonly<Record<string, string>> = {
  'extend DvcIdType = "MdeId"': 'DvcIdType has "MdeId", which is not in its list',
  'extend DvcHostname = "pc.local"': 'DvcHostname has "pc.local", no Hostname',
  'extend SrcIpAddr = "10.0.0.1:80"': 'SrcIpAddr has "10.0.0.1:80", no IP address',
  'extend NetworkProtocol = "Tcp"': 'NetworkProtocol has "Tcp", no Protocol',
  'extend EventType = ""': 'EventType is empty',
  'extend SrcUserId = ""': 'SrcUserIdType says the type of nothing',
  'extend SrcUsernameType = ""': 'SrcUsernameType is empty',
  'project-away EventVendor': 'EventVendor is empty',
};

function planted(steps: readonly string[]): Texts {
  const added = steps.map((step) => `| ${step}\n`).join('');
  return Object.fromEntries([transformFile, parserFile].map((file) => [file, `${readText(file)}${added}`]));
}

describe("ASIM's testers reject", () => {
  const withUser = allRows.filter(({ SrcUserSid }) => SrcUserSid !== undefined).slice(0, 1);

  test.each(destinations)('each fault that is planted into %s, and nothing else', (to) => {
    const isParser = to === 'NetworkSessions_CL';
    // The alias IpAddr shows the planted address.
    const alias = isParser ? [] : ['IpAddr has "10.0.0.1:80", no IP address'];
    const missing = isParser ? ['EventVendor is missing (Mandatory)'] : [];
    const expected = [...Object.values(faults), ...alias, ...missing].toSorted();
    expect(problemsOf(to, planted(Object.keys(faults)), withUser).toSorted()).toEqual(expected);
  });

  test('a column of another type, which no DCR would take in the transform', () => {
    const texts = planted(['extend EventCount = tolong(EventCount)']);
    expect(problemsOf('NetworkSessions_CL', texts)).toEqual(['EventCount is long, not int']);
    const table = workspaceTables().find(({ name }) => name === 'ASimNetworkSessionLogs')?.columns ?? {};
    expect(problemsOfTransform(texts[transformFile] ?? '', table).map(({ message }) => message)).toEqual([
      'EventCount is long, in the table int',
    ]);
  });

  test('a parser without a mandatory or recommended column, the type of a column, or its alias', () => {
    const texts = planted(['project-away Dvc, EventUid, SrcUserIdType, SessionId']);
    expect(problemsOf('NetworkSessions_CL', texts, []).toSorted()).toEqual([
      'Dvc is missing (Mandatory)',
      'EventUid is missing (Recommended)',
      'SessionId is missing (Alias)',
      'SrcUserIdType is missing (Conditional)',
    ]);
  });
});
