import { columns } from '../../shared/sessions/networkSessionsColumns';
import { platformColumns } from '../../shared/sessions/row';
import { declaration, stringsIn } from './bicepText';
import { read } from './files';

/** Types that a stream may declare: https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure */
const streamTypes = new Set(['string', 'int', 'long', 'real', 'boolean', 'datetime', 'dynamic']);

/** The columns of stream, table and TypeScript are one list. */
export function columnProblems(root: string): string[] {
  const listed: unknown = JSON.parse(read(root, 'infra/networkSessions.columns.json'));
  const wanted = Object.entries(columns).map(([name, type]) => ({ name, type }));
  const bicep = read(root, 'infra/columns.bicep');
  const unwritable = stringsIn(declaration(bicep, 'var', 'platformColumns').text);
  return [
    ...wanted
      .filter(({ type }) => !streamTypes.has(type))
      .map(({ name, type }) => `column ${name}: a stream knows no type "${type}"`),
    ...same('infra/networkSessions.columns.json and shared/sessions/networkSessionsColumns.ts', listed, wanted),
    ...same('platformColumns of infra/columns.bicep and of shared/sessions/row.ts', unwritable, platformColumns),
    ...uses(bicep, 'infra/columns.bicep', "loadJsonContent('networkSessions.columns.json')"),
    ...uses(bicep, 'infra/columns.bicep', 'filter(columns, column => !contains(platformColumns, column.name))'),
    ...uses(read(root, 'infra/modules/rules.bicep'), 'infra/modules/rules.bicep', 'columns: streamColumns'),
    ...uses(read(root, 'infra/modules/destination.bicep'), 'infra/modules/destination.bicep', 'columns: tableColumns'),
  ];
}

function same(what: string, first: unknown, second: unknown): string[] {
  return JSON.stringify(first) === JSON.stringify(second) ? [] : [`${what} are not the same list`];
}

function uses(text: string, file: string, part: string): string[] {
  return text.includes(part) ? [] : [`${file}: expected "${part}", so that there is one list of columns`];
}
