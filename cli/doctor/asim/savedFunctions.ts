import { fieldsOf } from '../../../shared/fieldsOf';
import type { AzureApi } from '../../azure/azureApi';
import { textOf } from '../../azure/jsonText';

/** A function of the workspace: a saved search with an alias. */
export interface SavedFunction {
  /** Name of the resource. */
  readonly name: string;
  readonly alias: string;
  readonly category: string;
  readonly parameters: string;
  readonly query: string;
  readonly etag: string;
}

export type NewFunction = Omit<SavedFunction, 'etag'>;

/** What the template of this app writes, too. */
export const ownCategory = 'Network sessions';

const version = 'api-version=2025-07-01';

/** The functions of a workspace, and where to write them. */
export class SavedFunctions {
  constructor(
    private readonly api: AzureApi,
    private readonly workspaceId: string,
  ) {}

  async list(signal: AbortSignal): Promise<readonly SavedFunction[]> {
    const found = await this.api.list(`${this.workspaceId}/savedSearches?${version}`, signal);
    return found.map(savedFunction);
  }

  /** Creates it, or replaces the version with this etag. @throws AzureApiError 409 or 412 when there is another version */
  async put(one: NewFunction, etag: string | undefined, signal: AbortSignal): Promise<void> {
    const { name, alias, category, parameters, query } = one;
    const properties = {
      category,
      displayName: alias,
      functionAlias: alias,
      functionParameters: parameters,
      query,
      version: 2,
    };
    // The etag goes into the body: without one the service rejects the call when the function exists.
    await this.api.call('PUT', this.path(name), {
      body: { ...(etag === undefined ? {} : { etag }), properties },
      signal,
    });
  }

  /** The service takes no etag here: look right before it. */
  async remove(name: string, signal: AbortSignal): Promise<void> {
    await this.api.call('DELETE', this.path(name), { signal });
  }

  private path(name: string): string {
    return `${this.workspaceId}/savedSearches/${encodeURIComponent(name)}?${version}`;
  }
}

/** The service also writes names of properties with a capital. */
function savedFunction(resource: unknown): SavedFunction {
  const { id, etag, properties } = lowerCased(resource);
  const { category, functionalias: alias, functionparameters: parameters, query } = lowerCased(properties);
  return {
    name: textOf(id).split('/').at(-1) ?? '',
    alias: textOf(alias),
    category: textOf(category),
    parameters: textOf(parameters),
    query: textOf(query),
    etag: textOf(etag),
  };
}

function lowerCased(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, field]) => [key.toLowerCase(), field]));
}
