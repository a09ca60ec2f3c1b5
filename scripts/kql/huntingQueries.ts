import { basename } from 'node:path';
import type { Json, JsonObject } from '../../shared/json';
import { type Entity, type HuntingQuery, huntingQueryOf } from './huntingHeader';
import { filesIn, huntingFolder, type Query, readText } from './queryFiles';
import { bodyOf } from './queryHeader';

/** What stands before a hunting query when it runs: what is outside, and the sessions of a destination table. */
const beginnings = `${huntingFolder}/beginnings`;
export const huntingTables = ['NetworkSessions_CL', 'ASimNetworkSessionLogs'] as const;
export type HuntingTable = (typeof huntingTables)[number];

export const huntingQueries: readonly HuntingQuery[] = filesIn(huntingFolder, '.kql')
  .filter((file) => !file.startsWith(`${beginnings}/`))
  .map((file) => huntingQueryOf(basename(file, '.kql'), readText(file)));

/** A hunting query as it runs over a table. */
export function onTable({ body }: Pick<HuntingQuery, 'body'>, table: HuntingTable): string {
  return [`${beginnings}/addresses.kql`, `${beginnings}/${table}.kql`]
    .map((file) => bodyOf(readText(file)))
    .concat(body)
    .join('\n');
}

/** Every query over every table, to be checked. Lines count within the joined text. */
export function huntingTexts(): Query[] {
  return huntingQueries.flatMap((query) =>
    huntingTables.map((table) => ({
      file: `${huntingFolder}/${query.name}.kql, over ${table}`,
      line: 1,
      text: onTable(query, table),
    })),
  );
}

/** The content of infra/hunting.json, which the template deploys. */
export function huntingContent(): Json {
  return huntingQueries.map((query) => {
    const { name, title, tactics, techniques, entities, rule, body } = query;
    const content: JsonObject = {
      name,
      title,
      description: descriptionOf(query),
      tactics: [...tactics],
      // The stable API takes no sub-techniques.
      techniques: [...new Set(techniques.map((technique) => technique.replace(/\..*/, '')))],
      entities: entities.map(({ type, identifier, column }) => ({
        entityType: type,
        fieldMappings: [{ identifier, columnName: column }],
      })),
      entityColumns: entityColumns(entities),
      query: body,
    };
    if (rule) {
      const { every, over, severity, groupBy } = rule;
      content['rule'] = { every: isoDuration(every), over: isoDuration(over), severity, groupBy };
    }
    return content;
  });
}

/** The columns that Sentinel reads as entities, numbered within their type: `Host_0_FullName = Device, IP_0_Address = SrcIpAddr`. */
function entityColumns(entities: readonly Entity[]): string {
  return entities
    .map(({ type, identifier, column }, i) => {
      const number = entities.slice(0, i).filter((before) => before.type === type).length;
      return `${type}_${number}_${identifier} = ${column}`;
    })
    .join(', ');
}

function descriptionOf({ finds, needs, falsePositives, cost }: HuntingQuery): string {
  const needed = needs === undefined ? [] : [`Needs: ${needs}`];
  return [finds, ...needed, `False positives: ${falsePositives}`, `Cost: ${cost}`].join('\n');
}

/** `6h` as `PT6H`, `8d` as `P8D`. */
function isoDuration(text: string): string {
  const unit = text.slice(-1).toUpperCase();
  return `${unit === 'D' ? 'P' : 'PT'}${text.slice(0, -1)}${unit}`;
}
