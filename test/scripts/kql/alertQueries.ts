import { analyse, type Node } from '../../../scripts/kql/languageService';
import { readText, workspace } from '../../../scripts/kql/queryFiles';
import { catalogue } from '../../../shared/telemetry/catalogue';

const declared = workspace();
const query = (name: string): readonly Node[] => analyse(readText(`infra/queries/alerts/${name}.kql`), declared).nodes;

/** The texts in quotes. */
const textsIn = (nodes: readonly Node[]): string[] =>
  nodes.filter(({ kind }) => kind === 'StringLiteralExpression').map(({ text }) => text.slice(1, -1));

/** Every table that a query reads. */
const tablesIn = (nodes: readonly Node[]): Set<string> =>
  new Set(
    nodes
      .filter(({ kind, text }) => kind === 'NameReference' && declared.tables.some(({ name }) => name === text))
      .map(({ text }) => text),
  );

test('an alert counts worker starts, the only trace of a batch that crashes its worker', () => {
  expect(textsIn(query('worker-starts'))).toContain(catalogue.starts.name);
});

test('the alert on unread messages does not depend on the app', () => {
  const nodes = query('unread-messages');
  expect(tablesIn(nodes)).toEqual(new Set(['AzureMetrics']));
  expect(textsIn(nodes)).toEqual(expect.arrayContaining(['IncomingMessages', 'OutgoingMessages']));
  expect(textsIn(nodes)).not.toContain('{ApplicationInsights}');
});
