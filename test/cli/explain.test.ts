import { type ExplainedRow, explain } from '../../cli/map/explain';
import columns from '../../infra/networkSessions.columns.json';
import { type Case, readCases } from '../../scripts/cases/caseFiles';
import { readCase } from '../../scripts/cases/caseOutcome';
import { parseJson, stringifyJson } from '../../shared/json';

const cases = readCases();

function explainedRows(one: Case): ExplainedRow[] {
  const { parts, settings } = readCase(one);
  return parts.flatMap((part) => {
    const explained = part.kind === 'record' ? explain(part, settings) : undefined;
    return explained?.kind === 'row' ? [explained] : [];
  });
}

test('every column of the table is either filled, with the value of the row, or absent for one reason', () => {
  const all = columns.map(({ name }) => name).toSorted();
  for (const one of cases) {
    const rows = explainedRows(one);
    expect(rows).toHaveLength(one.rows.length);
    rows.forEach(({ filled, absent }, i) => {
      const named = [...filled, ...absent].map(({ column }) => column);
      expect(named.toSorted()).toEqual(all);
      const row = Object.fromEntries(filled.map(({ column, value }) => [column, value]));
      expect(parseJson(stringifyJson(row))).toEqual(one.rows[i]);
    });
  }
});

describe('a column is explained by the sources that were read', () => {
  const [explained] = cases.filter(({ name }) => name === 'packet/attempt-in').flatMap(explainedRows);

  test('with what they held', () => {
    expect(explained?.filled.find(({ column }) => column === 'SrcPortNumber')).toMatchObject({
      value: 57410,
      from: [
        { name: 'orientation', value: 'Remote to Local (additionalFields)' },
        { name: 'RemotePort', value: 57410 },
      ],
    });
  });

  test.each([
    ['UrlOriginal', 'empty', 'RemoteUrl, AdditionalFields.RemoteUrl'],
    ['DstUserName', 'empty', 'InitiatingProcessAccountName'],
    ['SrcUserSid', 'rule', 'device side: SID of that account; absent for S-1-0-0 and invalid SIDs'],
    ['HttpStatusCode', 'rule', 'HttpConnectionInspected: `status_code`; 0 is none'],
    ['SrcGeoCity', 'unavailable', 'Defender gives no location on these rows'],
    ['Type', 'platform', 'the name of the table'],
  ])('%s is absent: %s, %s', (column, cause, detail) => {
    expect(explained?.absent.find((one) => one.column === column)).toEqual({ column, cause, detail });
  });
});
