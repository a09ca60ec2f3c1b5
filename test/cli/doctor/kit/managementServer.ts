import { createServer, type Server } from 'node:https';
import { json } from 'node:stream/consumers';
import type { Certificate } from 'azure-emulators/certificate';
import { listenOnLoopback } from 'azure-emulators/http/loopback';
import { splitTarget } from 'azure-emulators/http/target';
import { fieldsOf } from '../../../../shared/fieldsOf';

export interface Stored {
  etag: string;
  properties: Readonly<Record<string, unknown>>;
}

/** What one workspace holds; a test reads and changes it. */
export interface Workspace {
  hasSentinel: boolean;
  /** Plan of NetworkSessions_CL; undefined without the table. */
  plan: string | undefined;
  functions: Map<string, Stored>;
  /** Undefined: there is no watchlist ASimDisabledParsers. */
  rows: Map<string, Readonly<Record<string, string>>> | undefined;
  /** The column that the watchlist is searched by; undefined: as Microsoft's template has it. */
  searchKey: string | undefined;
  /** How often a new watchlist still says that it is being made. */
  makingFor: number;
  /** Names of devices with sessions, by table. */
  devices: { builtIn: string[]; custom: string[]; asim: string[] };
}

export interface ManagementServer {
  readonly endpoint: string;
  readonly workspaceId: string;
  workspace: Workspace;
  /** `METHOD resource`, of every call that is no question. */
  readonly writes: string[];
  /** Actions that the caller has no right to, such as savedSearches/write. */
  denied: Set<string>;
  /** Called before a write is carried out. */
  beforeWrite: ((write: string) => void) | undefined;
  /** Answered to the next change of a function in place of doing it. */
  refuseWith: { readonly status: number; readonly code: string } | undefined;
  reset(): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: object;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

const workspaceId =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc';
const customerId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const insights = '/providers/Microsoft.SecurityInsights';

/**
 * The part of Azure's management endpoint that `npm run doctor -- --asim` asks, for one workspace, and the one query that it
 * runs. Shapes and statuses: azure-rest-api-specs, OperationalInsights 2025-07-01 (savedSearches, tables, workspaces) and
 * SecurityInsights 2025-09-01 (onboardingStates, watchlists). That a function is not replaced without its etag, and 409 with
 * "Newer data exists": Azure/azure-powershell, issue 3093.
 */
export async function startManagement(
  certificate: Certificate,
  verify: (authorization: string | undefined, audience: string) => unknown,
): Promise<ManagementServer> {
  let etags = 0;
  const server: Server = createServer(certificate, (request, response) => {
    void serve();

    async function serve(): Promise<void> {
      const { status, body = {} } = await answerTo(request.method ?? 'GET');
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    }

    async function answerTo(method: string): Promise<Answer> {
      const { path, query } = splitTarget(request.url);
      const body = method === 'PUT' || method === 'POST' ? fieldsOf(await json(request)) : {};
      if (verify(request.headers.authorization, started.endpoint) !== undefined)
        return error(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
      return answer({ method, path: decodeURIComponent(path), query, body });
    }
  });

  function answer(call: Call): Answer {
    const { method, path } = call;
    if (method === 'POST' && path === `/v1/workspaces/${customerId}/query`)
      return guarded('query/read', () => counts());
    if (!path.startsWith(workspaceId)) {
      const [, group = '', name = ''] = /resourceGroups\/([^/]+).*workspaces\/([^/]+)/.exec(path) ?? [];
      const what = `The Resource 'Microsoft.OperationalInsights/workspaces/${name}' under resource group '${group}' was not found.`;
      return error(404, 'ResourceNotFound', what);
    }
    if (!call.query.has('api-version')) return error(400, 'MissingApiVersionParameter', 'The api-version is required.');
    const resource = path.slice(workspaceId.length);
    if (method !== 'GET') {
      started.beforeWrite?.(`${method} ${resource}`);
      started.writes.push(`${method} ${resource}`);
    }
    const action = `${/^(?:\/providers\/[^/]+)?\/(\w+)/.exec(resource)?.[1] ?? 'workspaces'}/${verbs[method] ?? 'action'}`;
    return guarded(action, () => resourceOf(resource, call));
  }

  function guarded(action: string, allowed: () => Answer): Answer {
    if (!started.denied.has(action)) return allowed();
    const message = `The client 'someone' does not have authorization to perform action '${action}' over scope '${workspaceId}'.`;
    return error(403, 'AuthorizationFailed', message);
  }

  function resourceOf(resource: string, call: Call): Answer {
    const { workspace } = started;
    if (resource === '')
      return { status: 200, body: { id: workspaceId, location: 'westeurope', properties: { customerId } } };
    if (resource === '/tables/NetworkSessions_CL')
      return workspace.plan === undefined
        ? notFound()
        : { status: 200, body: { properties: { plan: workspace.plan } } };
    if (resource === `${insights}/onboardingStates/default`)
      return workspace.hasSentinel ? { status: 200, body: { properties: {} } } : notFound();
    if (resource === '/savedSearches')
      return { status: 200, body: { value: [...workspace.functions.keys()].map(shown) } };
    const [, savedSearch] = /^\/savedSearches\/([^/]+)$/.exec(resource) ?? [];
    if (savedSearch !== undefined) return functionCall(savedSearch, call);
    const [, watchlist, items, item] = /\/watchlists\/(\w+)(\/watchlistItems)?(?:\/([\da-f-]+))?$/.exec(resource) ?? [];
    if (watchlist !== 'ASimDisabledParsers') return notFound();
    return items === undefined ? listCall(call) : rowCall(item, call);
  }

  function functionCall(name: string, { method, body }: Call): Answer {
    const { functions } = started.workspace;
    const found = functions.get(name);
    if (method === 'GET') return found === undefined ? notFound() : { status: 200, body: shown(name) };
    const { refuseWith } = started;
    if (refuseWith !== undefined) {
      started.refuseWith = undefined;
      return error(refuseWith.status, refuseWith.code, 'The resource was changed.');
    }
    if (method === 'DELETE') return { status: functions.delete(name) ? 200 : 404 };
    if (found !== undefined && body['etag'] !== '*' && body['etag'] !== found.etag)
      return error(409, 'Conflict', 'Newer data exists in the Customer Configuration Store.');
    etags++;
    functions.set(name, { etag: `W/"datetime'${etags}'"`, properties: fieldsOf(body['properties']) });
    return { status: 200, body: shown(name) };
  }

  /** With a capital in each name, as the examples of the API have them. */
  function shown(name: string): object {
    const found = started.workspace.functions.get(name);
    const properties = Object.entries(found?.properties ?? {}).map(([key, value]): [string, unknown] => [
      `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
      value,
    ]);
    return {
      id: `${workspaceId}/savedSearches/${name}`,
      etag: found?.etag,
      properties: Object.fromEntries<unknown>(properties),
    };
  }

  function listCall({ method }: Call): Answer {
    const { workspace } = started;
    if (method === 'PUT') {
      workspace.rows ??= new Map([['imnone', { CallerContext: 'imNone', SourceSpecificParser: 'NoneParser' }]]);
      return { status: 201, body: { properties: { provisioningState: 'New' } } };
    }
    if (workspace.rows === undefined) return notFound();
    const itemsSearchKey = workspace.searchKey ?? 'CallerContext';
    const provisioningState = workspace.makingFor-- > 0 ? 'InProgress' : 'Succeeded';
    return {
      status: 200,
      body: { properties: { watchlistAlias: 'ASimDisabledParsers', provisioningState, itemsSearchKey } },
    };
  }

  function rowCall(id: string | undefined, { method, query, body }: Call): Answer {
    const { rows, makingFor } = started.workspace;
    if (rows === undefined) return notFound();
    if (method === 'PUT' && makingFor > 0) return error(409, 'Conflict', 'The watchlist is being created.');
    if (method === 'PUT' && id !== undefined) {
      const { CallerContext, SourceSpecificParser } = fieldsOf(fieldsOf(body['properties'])['itemsKeyValue']);
      rows.set(id, { CallerContext: String(CallerContext), SourceSpecificParser: String(SourceSpecificParser) });
      return { status: 201, body: {} };
    }
    if (method === 'DELETE' && id !== undefined) return { status: rows.delete(id) ? 200 : 204 };
    // One row a page, with the port in the link, as the service writes it.
    const page = Number(query.get('$skipToken') ?? 0);
    const value = [...rows].slice(page, page + 1).map(([watchlistItemId, itemsKeyValue]) => ({
      properties: { watchlistItemId, itemsKeyValue, isDeleted: false },
    }));
    const path = `${workspaceId}${insights}/watchlists/ASimDisabledParsers/watchlistItems`;
    const nextLink = `https://management.azure.com:443${path}?api-version=2025-09-01&%24skipToken=${page + 1}`;
    return { status: 200, body: page + 1 < rows.size ? { value, nextLink } : { value } };
  }

  /** The answer to infra/queries/sentinel/counted-twice.kql. */
  function counts(): Answer {
    const { builtIn, custom, asim } = started.workspace.devices;
    const only = builtIn.filter((name) => !custom.includes(name) && !asim.includes(name)).length;
    const row = {
      BuiltIn: builtIn.length,
      Custom: custom.length,
      Asim: asim.length,
      BuiltInAndCustom: shared(builtIn, custom),
      BuiltInAndAsim: shared(builtIn, asim),
      CustomAndAsim: shared(custom, asim),
      OnlyBuiltIn: only,
    };
    const columns = Object.keys(row).map((name) => ({ name, type: 'long' }));
    return { status: 200, body: { tables: [{ name: 'PrimaryResult', columns, rows: [Object.values(row)] }] } };
  }

  const listener = await listenOnLoopback(server, 0, 'Management endpoint');
  const started: ManagementServer = {
    endpoint: `https://localhost:${listener.port}`,
    workspaceId,
    workspace: emptyWorkspace(),
    writes: [],
    denied: new Set(),
    beforeWrite: undefined,
    refuseWith: undefined,
    reset: () => {
      started.workspace = emptyWorkspace();
      started.writes.length = 0;
      started.denied = new Set();
      started.beforeWrite = undefined;
      started.refuseWith = undefined;
    },
    stop: () => listener.close(),
  };
  return started;
}

const verbs: Readonly<Record<string, string>> = { GET: 'read', PUT: 'write', DELETE: 'delete' };

function emptyWorkspace(): Workspace {
  return {
    hasSentinel: true,
    plan: 'Analytics',
    functions: new Map(),
    rows: undefined,
    searchKey: undefined,
    makingFor: 0,
    devices: { builtIn: [], custom: [], asim: [] },
  };
}

function shared(one: readonly string[], other: readonly string[]): number {
  return one.filter((name) => other.includes(name)).length;
}

function error(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

function notFound(): Answer {
  return error(404, 'NotFound', 'The resource was not found.');
}
