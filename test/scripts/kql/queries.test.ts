import {
  documentQueries,
  filesIn,
  huntingFolder,
  queryFiles,
  readText,
  workbookFolder,
  workbookQueries,
} from '../../../scripts/kql/queryFiles';

test('a query in a document has the number of its first line in the file', () => {
  const queries = documentQueries();
  expect(queries.map(({ file }) => file)).toEqual(expect.arrayContaining(['docs/queries.md', 'docs/asim.md']));
  for (const { file, line, text } of queries) {
    expect(readText(file).split('\n')[line - 1]).toBe(text.split('\n')[0]);
  }
});

test('every file under infra/queries is checked by itself, or as a part of the workbooks or of a hunting query', () => {
  const alone = queryFiles().map(({ file }) => file);
  const others = filesIn('infra/queries', '.kql').filter((file) => !alone.includes(file));
  expect(alone).toContain('infra/queries/alerts/dead-letters.kql');
  expect(
    others.filter((file) => ![workbookFolder, huntingFolder].some((folder) => file.startsWith(`${folder}/`))),
  ).toEqual([]);
});

test('the queries of a workbook are checked with its parameters filled in, and by their names', () => {
  const queries = workbookQueries();
  expect(queries.map(({ file }) => file)).toContain('infra/workbooks/NetworkSessions_CL.json, rows-in-table');
  expect(queries.filter(({ text }) => /\{(?:TimeRange|PricePerGb)/.test(text))).toEqual([]);
});
