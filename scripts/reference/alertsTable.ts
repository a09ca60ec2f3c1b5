import { basename } from 'node:path';
import { filesIn, readText } from '../kql/queryFiles';
import { headerOf } from '../kql/queryHeader';
import { code, table } from './markdown';

/** What the queries of the alerts say of themselves. */
export function alertsTable(): string {
  const rows = filesIn('infra/queries/alerts', '.kql').map((file) => {
    const { answers, value, alertWhen, returns } = headerOf(readText(file));
    const split = Object.keys(returns ?? {}).filter((column) => column !== 'Value');
    return [code(basename(file, '.kql')), answers, value ?? '', split.map(code).join(', '), alertWhen ?? ''];
  });
  return table(['Query', 'What it tells', 'Value', 'Split by', 'Suggested'], rows);
}
