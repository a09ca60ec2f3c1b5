import { checks } from '../../cli/doctor/checks/allChecks';
import { code, table } from './markdown';

/** The checks of `npm run doctor`, from the checks themselves. */
export function doctorChecks(): string {
  const rows = checks.map(({ id, question, how, assumes = '' }) => [code(id), question, how, assumes]);
  return table(['Check', 'Question', 'How it is answered', 'Assumed'], rows);
}
