import { filesIn, readText, workbookFolder } from '../../scripts/kql/queryFiles';
import { isObject, type JsonObject, parseJson } from '../../shared/json';
import { objectOf, objectsIn, textOf } from './json';

/** By https://github.com/microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json */
const itemTypes = { text: 1, query: 3, parameters: 9 };

const workbooks = filesIn('infra/workbooks', '.json').map((file) => ({
  file,
  workbook: objectOf(parseJson(readText(file))),
}));
const withSessions = workbooks.filter(({ file }) => !file.endsWith('withoutSessions.json'));

function itemsOf(workbook: JsonObject, type: number): JsonObject[] {
  return objectsIn(workbook['items']).filter((item) => item['type'] === type);
}

function contentsOf(workbook: JsonObject, type: number): JsonObject[] {
  return itemsOf(workbook, type).map((item) => objectOf(item['content']));
}

function parametersOf(workbook: JsonObject): JsonObject[] {
  return contentsOf(workbook, itemTypes.parameters).flatMap(({ parameters }) => objectsIn(parameters));
}

test('there is a workbook for each table, and one for plans whose tables it does not read', () => {
  expect(workbooks.map(({ file }) => file)).toEqual([
    'infra/workbooks/ASimNetworkSessionLogs.json',
    'infra/workbooks/NetworkSessions_CL.json',
    'infra/workbooks/withoutSessions.json',
  ]);
});

describe.each(workbooks)('$file', ({ workbook }) => {
  test('is a notebook of known item types, each with content and a unique name', () => {
    expect(workbook['version']).toBe('Notebook/1.0');
    const items = objectsIn(workbook['items']);
    expect(items.every((item) => isObject(item['content']))).toBe(true);
    expect(items.filter((item) => !Object.values(itemTypes).some((type) => type === item['type']))).toEqual([]);
    expect(new Set(items.map((item) => item['name'])).size).toBe(items.length);
  });

  test('queries the selected workspaces, over the selected time or its own', () => {
    const queries = contentsOf(workbook, itemTypes.query);
    expect(queries.length).toBeGreaterThan(5);
    for (const content of queries) {
      expect(content).toMatchObject({
        version: 'KqlItem/1.0',
        queryType: 0,
        resourceType: 'microsoft.operationalinsights/workspaces',
      });
      const reads = textOf(content['query']);
      const workspaces = [
        ...(/_CL\b|ASimNetworkSessionLogs|\bUsage\b/.test(reads) ? ['{Workspace}'] : []),
        ...(/\b(?:AppMetrics|AzureMetrics|DCRLogErrors|Usage)\b/.test(reads) ? ['{TelemetryWorkspace}'] : []),
      ];
      expect(content['crossComponentResources']).toEqual(workspaces);
      expect(textOf(content['query'])).toMatch(/^\/\/ \S/);
      expect(textOf(content['title'])).toMatch(/\S/);
      expect('timeContextFromParameter' in content).not.toBe('timeContext' in content);
    }
  });

  test('defines exactly the parameters that its queries use', () => {
    const defined = parametersOf(workbook).map(({ name }) => textOf(name));
    const named = contentsOf(workbook, itemTypes.query)
      .flatMap((content) => JSON.stringify(content).match(/\{\w+(?::\w+)?\}/g) ?? [])
      .map((name) => name.replace(/^\{|(?::\w+)?\}$/g, ''));
    expect([...new Set([...named, 'TimeRange'])].toSorted()).toEqual(defined.toSorted());
    expect(new Set(parametersOf(workbook).map(({ id }) => id)).size).toBe(defined.length);
  });
});

test('every query of the folder is in the workbooks of both tables', () => {
  const queries = filesIn(workbookFolder, '.kql')
    .filter((file) => !file.includes('/sessions/'))
    .map((file) => file.replace(/^.*\/|\.kql$/g, ''));
  for (const { workbook } of withSessions) {
    const names = itemsOf(workbook, itemTypes.query).map(({ name }) => textOf(name));
    expect(names.toSorted()).toEqual(queries.toSorted());
  }
});

test('the workbook for other plans reads no table of sessions', () => {
  const text = readText('infra/workbooks/withoutSessions.json');
  expect(text).not.toMatch(/NetworkSessions_CL|ASimNetworkSessionLogs|\bSessions\n/);
});

test('the questions are in order, from what is lost to what is in the sessions, each under a heading', () => {
  const first = ['steps', 'delay', 'held', 'dead-letters', 'volume-by-table', 'top-talkers'];
  for (const { workbook } of withSessions) {
    const items = objectsIn(workbook['items']);
    const asked = items.filter(({ name }) => first.includes(textOf(name)));
    expect(asked.map(({ name }) => name)).toEqual(first);
    const before = asked.map((item) => items[items.indexOf(item) - 1]);
    expect(before.map((item) => item?.['type'])).toEqual(first.map(() => itemTypes.text));
  }
});
