import type { Area } from './behaviour';

export const workspace = {
  title: 'Log Analytics workspace',
  behaviours: {
    'workspace.query': {
      does: 'A query goes to `POST /v1/workspaces/{id}/query`; the answer holds tables, each with the names and types of its columns, and rows.',
      ground: 'documented',
    },
    'workspace.timespan': {
      does: 'A `timespan` limits the rows by `TimeGenerated`, in addition to the query: a duration until now, or an interval.',
      ground: 'documented',
    },
    'workspace.bad-query': {
      does: 'A query that is wrong is 400 `BadArgumentError`; only the inner error says why.',
      ground: 'documented',
    },
    'workspace.unknown-path': {
      does: 'A workspace that does not exist is 404 `PathNotFoundError`.',
      ground: 'recorded',
    },
    'workspace.query-token': {
      does: 'Without a token a query is 401, with a bad one 403 `InvalidAuthenticationToken`, with one for another audience 403 `InvalidAuthenticationTokenAudience`.',
      ground: 'documented',
    },
    'workspace.management': {
      does: 'The management endpoint tells the id by which queries name the workspace, and the plan of each of its tables; ids ignore case.',
      ground: 'documented',
    },
    'workspace.management-token': {
      does: 'There a token that is missing or wrong is 401.',
      ground: 'recorded',
    },
    'workspace.no-role': {
      does: 'Without the right to read data a query is 403 `InsufficientAccessError`.',
      ground: 'documented',
      because: "A fault gives the answer: `{ on: 'query', kind: 'status', status: 403 }`.",
    },
    'workspace.kusto': {
      does: 'It runs any query in Kusto Query Language over its tables.',
      ground: 'documented',
      because: 'The emulator has no Kusto engine: the option `answer` answers the queries that it knows.',
    },
    'workspace.partial': {
      does: 'A query that fails in part is answered with 200, rows, and an error `PartialError`.',
      ground: 'documented',
      because: 'Answers are whole.',
    },
    'workspace.delay': {
      does: 'A row can be queried minutes after it was stored, in a new table after about 15.',
      ground: 'documented',
      because: 'It can be queried at once.',
    },
    'workspace-client.endpoint': {
      does: 'The version is added to its own endpoint only: any other has to end with `/v1`.',
      ground: 'source',
      by: '`@azure/monitor-query-logs` 1.0.0',
    },
    'workspace-client.dates': {
      does: 'Values of a datetime column become dates.',
      ground: 'run',
      by: '`@azure/monitor-query-logs` 1.0.0',
    },
  },
} as const satisfies Area;
