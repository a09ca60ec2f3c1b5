import type { Json, JsonObject } from '../../shared/json';
import { readText, sessionsFolder, workbookFolder } from '../kql/queryFiles';

/**
 * The Azure workbook: one for each destination table, and one for tables that it cannot read. Structure and titles are here,
 * the queries in `infra/queries/workbook/`; `npm run generate` makes `infra/workbooks/*.json` from both.
 */
export type SessionsTable = 'NetworkSessions_CL' | 'ASimNetworkSessionLogs';

interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

interface Item {
  /** File in `infra/queries/workbook/`. */
  readonly query: string;
  readonly title: string;
  readonly view?: 'table' | 'linechart' | 'barchart' | 'piechart';
  /** Reads the sessions, so it is left out if the workbook does not read their table. */
  readonly readsSessions?: true;
  /** Reads the workspace of the rows and that of the telemetry; often they are the same. */
  readonly readsBoth?: true;
  /** Days that a query with its own time range may read, instead of the workbook's range. */
  readonly days?: number;
  readonly noData?: string;
}

const sections: readonly Section[] = [
  {
    title: 'Is everything stored that arrived?',
    items: [
      { query: 'steps', title: 'Counts at each step, and what is missing compared with the step before' },
      { query: 'states', title: 'Final states of the records' },
      {
        query: 'rows-in-table',
        title: 'Rows that the service accepted, and rows in the table (rows of the last minutes may not be there yet)',
        readsSessions: true,
        readsBoth: true,
        days: 30,
      },
    ],
  },
  {
    title: 'How late?',
    items: [
      { query: 'delay', title: 'Delay until a batch is settled, in seconds', view: 'linechart' },
      { query: 'waiting', title: 'Waiting events, by partition', noData: 'No partition reports.' },
    ],
  },
  {
    title: 'What is wrong, and since when?',
    items: [
      { query: 'held', title: 'Partitions that are held now', noData: 'No partition is held.' },
      { query: 'wrong', title: 'Failed calls, held batches and dead letters', noData: 'Nothing went wrong.' },
      { query: 'rule-errors', title: 'Errors that the DCRs report', noData: 'The DCRs report no error.' },
      {
        query: 'schema-news',
        title: 'Action types and columns that the mapping does not know',
        noData: 'All names are known.',
      },
    ],
  },
  {
    title: 'Dead letters',
    items: [{ query: 'dead-letters', title: 'By reason and table', noData: 'No dead letter was written.' }],
  },
  {
    title: 'Volume and cost',
    items: [
      { query: 'volume-by-table', title: 'By table', readsBoth: true },
      {
        query: 'saved-by-lever',
        title: 'Saved by the settings that send less, in bytes of JSON text',
        noData: 'No setting that sends less is in use.',
      },
      { query: 'volume-by-action-type', title: 'By action type', readsSessions: true },
      { query: 'volume-by-column', title: 'By column, in a sample of 5,000 rows', readsSessions: true },
    ],
  },
  {
    title: 'In the sessions',
    items: [
      { query: 'top-talkers', title: 'Devices with the most sessions', readsSessions: true },
      {
        query: 'denied-connections',
        title: 'Denied connections',
        readsSessions: true,
        noData: 'No connection was denied.',
      },
      {
        query: 'new-destinations',
        title: 'Destinations of the last day that no device reached in the week before',
        readsSessions: true,
        days: 8,
      },
    ],
  },
];

const unreadable =
  'This workbook does not read the sessions: it runs many queries, and the plans Basic and Auxiliary bill each query by the data it scans. Missing here: rows in the table, volume by action type and by column, and what is in the sessions. Run those queries by hand: see `docs/queries.md`.';

/** The workbook's JSON. Bicep replaces the names between double underscores with resource ids. */
export function workbook(table: SessionsTable | undefined): Json {
  return {
    $schema: 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json',
    version: 'Notebook/1.0',
    items: [
      parameters,
      ...(table === undefined ? [text('unreadable', unreadable)] : []),
      ...sections.flatMap((section) => itemsOf(section, table)),
    ],
    fallbackResourceIds: ['__WORKSPACE__'],
  };
}

function itemsOf({ title, items }: Section, table: SessionsTable | undefined): JsonObject[] {
  const shown = items.filter(({ readsSessions }) => table !== undefined || readsSessions === undefined);
  return shown.length === 0 ? [] : [text(title, `## ${title}`), ...shown.map((item) => query(item, table))];
}

function text(name: string, markdown: string): JsonObject {
  return { type: 1, content: { json: markdown }, name };
}

function query(
  { query: name, title, view, readsSessions, readsBoth, days, noData }: Item,
  table: SessionsTable | undefined,
): JsonObject {
  const sessions = readsSessions && table ? readText(`${sessionsFolder}/${table}.kql`) : '';
  const time: JsonObject =
    days === undefined ? { timeContextFromParameter: 'TimeRange' } : { timeContext: { durationMs: days * 86_400_000 } };
  return {
    type: 3,
    content: {
      version: 'KqlItem/1.0',
      query: withBeginning(readText(`${workbookFolder}/${name}.kql`), sessions),
      size: view === undefined ? 1 : 0,
      title,
      ...(noData === undefined ? {} : { noDataMessage: noData, noDataMessageStyle: 3 }),
      ...time,
      queryType: 0,
      resourceType: 'microsoft.operationalinsights/workspaces',
      crossComponentResources: [
        ...(readsSessions || readsBoth ? ['{Workspace}'] : []),
        ...(readsBoth || !readsSessions ? ['{TelemetryWorkspace}'] : []),
      ],
      visualization: view ?? 'table',
    },
    name,
  };
}

/** Inserts lines between the comment of a query and its first line of code. */
function withBeginning(code: string, beginning: string): string {
  return code.replace(/^(?!\/\/)/m, () => beginning.replace(/^\/\/.*\n/gm, ''));
}

const ranges = [3_600_000, 14_400_000, 86_400_000, 259_200_000, 604_800_000, 2_592_000_000];

const parameters: JsonObject = {
  type: 9,
  content: {
    version: 'KqlParameterItem/1.0',
    parameters: [
      {
        id: '5b0bb7a8-6f0f-4c0b-9d3e-0e5d1f3f9a01',
        version: 'KqlParameterItem/1.0',
        name: 'TimeRange',
        label: 'Time range',
        type: 4,
        isRequired: true,
        value: { durationMs: 86_400_000 },
        typeSettings: { selectableValues: ranges.map((durationMs) => ({ durationMs })), allowCustom: true },
      },
      resource('02', 'Workspace', 'Workspace', 'microsoft.operationalinsights/workspaces', '__WORKSPACE__'),
      resource(
        '07',
        'TelemetryWorkspace',
        'Workspace of the telemetry',
        'microsoft.operationalinsights/workspaces',
        '__TELEMETRY_WORKSPACE__',
      ),
      resource(
        '03',
        'ApplicationInsights',
        'Application Insights',
        'microsoft.insights/components',
        '__APPLICATION_INSIGHTS__',
      ),
      resource(
        '04',
        'EventHubsNamespace',
        'Event Hubs namespace',
        'microsoft.eventhub/namespaces',
        '__EVENT_HUBS_NAMESPACE__',
      ),
      {
        id: '5b0bb7a8-6f0f-4c0b-9d3e-0e5d1f3f9a05',
        version: 'KqlParameterItem/1.0',
        name: 'DataCollectionRules',
        type: 1,
        isHiddenWhenLocked: true,
        value: '__DATA_COLLECTION_RULES__',
      },
      {
        id: '5b0bb7a8-6f0f-4c0b-9d3e-0e5d1f3f9a06',
        version: 'KqlParameterItem/1.0',
        name: 'PricePerGb',
        label: 'Your price per GB',
        type: 1,
        isRequired: true,
        value: '2.30',
      },
    ],
    style: 'pills',
    queryType: 0,
    resourceType: 'microsoft.operationalinsights/workspaces',
  },
  name: 'parameters',
};

/** A resource picker, preset to the resource of this deployment. */
function resource(id: string, name: string, label: string, type: string, value: string): JsonObject {
  return {
    id: `5b0bb7a8-6f0f-4c0b-9d3e-0e5d1f3f9a${id}`,
    version: 'KqlParameterItem/1.0',
    name,
    label,
    type: 5,
    isRequired: true,
    query: `resources\n| where type =~ "${type}"\n| project id`,
    crossComponentResources: ['value::all'],
    typeSettings: { additionalResourceOptions: [] },
    queryType: 1,
    resourceType: 'microsoft.resourcegraph/resources',
    value,
  };
}
