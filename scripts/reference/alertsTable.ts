import { basename } from 'node:path';
import { filesIn, readText } from '../kql/queryFiles';
import { headerOf } from '../kql/queryHeader';
import { code, table } from './markdown';

/** The table of alerts, from the comments of their queries. */
export function alertsTable(): string {
  const rows = filesIn('infra/queries/alerts', '.kql').map((file) => {
    const { answers, value, alertWhen, returns } = headerOf(readText(file));
    const split = Object.keys(returns ?? {}).filter((column) => column !== 'Value');
    return [code(basename(file, '.kql')), answers, value ?? '', split.map(code).join(', '), alertWhen ?? ''];
  });
  return table(['Query', 'What it finds', 'Value', 'Split by', 'Suggested'], rows);
}
