import { parsers } from '../../scripts/asim/asimParsers';
import { readText } from '../../scripts/kql/queryFiles';
import {
  allRows,
  cellsOf,
  type Destination,
  destinations,
  differences,
  parserFile,
  transformFile,
  workspaceWith,
} from './asimWorkspace';
import type { Cells } from './testers';

const fewRows = allRows.filter((_, i) => i % 40 === 0);

function sessions(to: Destination, rows = allRows, texts = {}): readonly Cells[] {
  return cellsOf('NetworkSessionsAll()', workspaceWith(rows, to, texts)).rows;
}

function changed(file: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    return text.replace(from, to);
  }, readText(file));
}

describe('a session is the same in both destinations', () => {
  test('in every column, for every row of the cases', () => {
    const stored = sessions('NetworkSessions_CL');
    expect(stored).toHaveLength(allRows.length);
    expect(differences(stored, sessions('ASimNetworkSessionLogs'))).toEqual([]);
  });

  test('with the same columns, beside those that Log Analytics adds', () => {
    const types = destinations.map((to) => cellsOf('NetworkSessionsAll()', workspaceWith(fewRows, to)).types);
    expect(types[0]).toEqual(types[1]);
    expect(Object.keys(types[0] ?? {})).toContain('Src');
  });

  test('so that a change of transform or parser alone is noticed, by row and column', () => {
    const texts = {
      [transformFile]: changed(transformFile, { '"Low", "Informational"': '"Low", "High"' }),
      [parserFile]: changed(parserFile, { '"::1"': '"fe80::1"', 'isSet(TcpFlags, 2)': 'isSet(TcpFlags, 4)' }),
    };
    const [one, other] = destinations.map((to) => sessions(to, allRows, texts));
    const columns = differences(one ?? [], other ?? []).map((line) => /, (\w+): /.exec(line)?.[1] ?? line);
    expect([...new Set(columns)].toSorted()).toEqual(['EventSeverity', 'NetworkDirection', 'TcpFlagsSyn']);
  });

  test('the same event in both tables, after a change of the destination, is one session by its EventUid', () => {
    const moved = workspaceWith(fewRows, 'both');
    const uids = new Set(fewRows.map(({ EventUid }) => EventUid)).size;
    expect(cellsOf('NetworkSessionsAll() | count', moved).rows).toEqual([{ Count: String(2 * fewRows.length) }]);
    const query = 'NetworkSessionsAll() | summarize arg_min(TimeGenerated, *) by EventUid | count';
    expect(cellsOf(query, moved).rows).toEqual([{ Count: String(uids) }]);
  });
});

test('the files of the parsers are those that the table of columns makes', () => {
  for (const [name, { body, parameters }] of Object.entries(parsers)) {
    expect(readText(`infra/functions/${name}.kql`)).toBe(body());
    expect(readText(`infra/functions/${name}.parameters.txt`)).toBe(`${parameters}\n`);
  }
});
