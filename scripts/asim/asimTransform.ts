import { readText } from '../kql/queryFiles';
import { helpers, sessionColumns } from './asimColumns';
import { bothEnds, comment, extend, project, textOf, valuesOf } from './renderKql';

const header = comment(
  'Converts rows of Custom-NetworkSessions (schema 0.1) to rows of ASimNetworkSessionLogs (NetworkSession 0.2.7): the transformKql',
  'of the DCR whose destination is that table. docs/asim.md describes each column.',
  'AdditionalFields keeps what has no column: EventUid, names and URLs, HTTP, and the original AdditionalFields.',
  'Generated from scripts/asim/asimColumns.ts by `npm run generate`. Do not edit.',
);

/** The functions that the values call, without the comment of their file. */
export const valueFunctions = readText('scripts/asim/valueFunctions.kql').replace(/^\/\/.*\n/, '');
export const helperSteps = helpers.map(bothEnds);
export const sessionValues = valuesOf(sessionColumns);

/** transformKql of a DCR whose destination is ASimNetworkSessionLogs. */
export function asimTransform(): string {
  return textOf(header, valueFunctions, 'source', ...helperSteps.map(extend), project(sessionValues));
}
