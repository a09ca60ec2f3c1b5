import { declaration, stringsIn } from './bicepText';
import { filesIn, read } from './files';
import { unless } from './unless';

const folder = 'infra/queries/alerts';
const placeholders = new Set(['{ApplicationInsights}', '{EventHubsNamespace}', '{DataCollectionRules}']);

/** Every alert has its query, threshold and severity, and splits by exactly the columns that its query returns. */
export function alertProblems(root: string): string[] {
  const module = read(root, 'infra/modules/logAlerts.bicep');
  const metrics = read(root, 'infra/modules/metricAlerts.bicep');
  const type = declaration(read(root, 'infra/types.bicep'), 'type', 'alertsType').text;
  const kinds = [...type.matchAll(/^ {2}(\w+): alertType$/gm)].map(([, name = '']) => name);
  const used = new Map(
    module
      .split("loadTextContent('../queries/alerts/")
      .slice(1)
      .map((text) => [
        text.slice(0, text.indexOf("'")),
        stringsIn(/dimensions: \[.*\]/.exec(text)?.[0] ?? '').toSorted(),
      ]),
  );
  const files = filesIn(root, folder, '.kql').map((file) => file.slice(folder.length + 1));
  return [
    ...kinds
      .filter((kind) => !new RegExp(`alerts\\.${kind}\\b`).test(module + metrics))
      .map((kind) => `infra/types.bicep: no alert uses alerts.${kind}`),
    ...[...used.keys()].filter((file) => !files.includes(file)).map((file) => `${folder}/${file} is missing`),
    ...files.flatMap((file) => {
      const dimensions = used.get(file);
      if (dimensions === undefined) return [`${folder}/${file} is loaded by no alert`];
      const query = read(root, `${folder}/${file}`);
      const returned = returnedColumns(query).filter((name) => name !== 'Value');
      const unfilled = [...query.matchAll(/\{[A-Z]\w*\}/g)].filter(([name]) => !placeholders.has(name));
      return unless(
        returned.join() === dimensions.join(),
        `${folder}/${file} returns ${returned.join(', ')}, its alert splits by ${dimensions.join(', ')}`,
      ).concat(unfilled.map(([name]) => `${folder}/${file}: nothing fills in ${name}`));
    }),
  ];
}

/** From the comment `// Returns: Name: type, ...`, which the check of the queries holds against the query itself. */
function returnedColumns(query: string): string[] {
  const line = /^\/\/ Returns: (.*)$/m.exec(query)?.[1] ?? '';
  return [...line.matchAll(/(\w+): \w+/g)].map(([, name = '']) => name).toSorted();
}
