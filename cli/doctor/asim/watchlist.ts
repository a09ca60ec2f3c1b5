import { setTimeout as wait } from 'node:timers/promises';
import { fieldsOf } from '../../../shared/fieldsOf';
import { type AzureApi, AzureApiError } from '../../azure/azureApi';
import { textOf } from '../../azure/jsonText';
import { disabledParsers, type ExclusionRow, exclusionRows } from './sentinelNames';

export interface WatchlistItem {
  readonly id: string;
  readonly CallerContext: string;
  readonly SourceSpecificParser: string;
}

const version = 'api-version=2025-09-01';

/** The column in which Sentinel's parsers look for their names. */
const searchKey = 'CallerContext';

/** The list is there, but Sentinel's parsers find no row in it. */
export class OtherSearchKey extends Error {
  constructor(other: string) {
    super(`The watchlist ${disabledParsers} has the search key ${other}; Sentinel's parsers look in ${searchKey}.`);
  }
}

/** The watchlist of parsers that Sentinel leaves out. */
export class DisabledParsers {
  readonly #list: string;

  constructor(
    private readonly api: AzureApi,
    workspaceId: string,
  ) {
    this.#list = `${workspaceId}/providers/Microsoft.SecurityInsights/watchlists/${disabledParsers}`;
  }

  /** Its rows; undefined when there is no such list. @throws OtherSearchKey */
  async items(signal: AbortSignal): Promise<readonly WatchlistItem[] | undefined> {
    const list = await ifThere(this.api.call('GET', `${this.#list}?${version}`, { signal }));
    const { isDeleted, itemsSearchKey = searchKey } = fieldsOf(fieldsOf(list?.body)['properties']);
    if (list === undefined || isDeleted === true) return undefined;
    if (itemsSearchKey !== searchKey) throw new OtherSearchKey(textOf(itemsSearchKey));
    const items = await this.api.list(`${this.#list}/watchlistItems?${version}`, signal);
    return items.flatMap(itemOf);
  }

  /** Creates the list as Microsoft's template does, and waits until it can take rows. Only where there is none. */
  async create(signal: AbortSignal): Promise<void> {
    const properties = {
      displayName: 'ASim Disabled Parsers',
      description: 'The watchlist is used to disable ASim functions and parsers',
      provider: 'Custom',
      source: `${disabledParsers}.csv`,
      sourceType: 'Local',
      contentType: 'text/csv',
      numberOfLinesToSkip: 0,
      itemsSearchKey: searchKey,
      rawContent: 'CallerContext,SourceSpecificParser\r\nimNone,NoneParser',
    };
    await this.api.call('PUT', `${this.#list}?${version}`, { body: { properties }, signal });
    for (;;) {
      const answer = await ifThere(this.api.call('GET', `${this.#list}?${version}`, { signal }));
      const { provisioningState: state = 'Succeeded' } = fieldsOf(fieldsOf(answer?.body)['properties']);
      if (answer !== undefined && state === 'Succeeded') return;
      if (state === 'Failed' || state === 'Canceled') {
        throw new AzureApiError(500, state, `The watchlist ${disabledParsers} could not be created.`);
      }
      await wait(1000, undefined, { signal });
    }
  }

  async add({ id, CallerContext, SourceSpecificParser }: ExclusionRow, signal: AbortSignal): Promise<void> {
    const properties = { itemsKeyValue: { CallerContext, SourceSpecificParser } };
    await this.api.call('PUT', this.path(id), { body: { properties }, signal });
  }

  async remove({ id }: ExclusionRow, signal: AbortSignal): Promise<void> {
    await this.api.call('DELETE', this.path(id), { signal });
  }

  private path(id: string): string {
    return `${this.#list}/watchlistItems/${id}?${version}`;
  }
}

function itemOf(resource: unknown): WatchlistItem[] {
  const { id, properties } = fieldsOf(resource);
  const { watchlistItemId, itemsKeyValue, isDeleted } = fieldsOf(properties);
  if (isDeleted === true) return [];
  const { CallerContext, SourceSpecificParser } = fieldsOf(itemsKeyValue);
  const itemId = textOf(watchlistItemId) || (textOf(id).split('/').at(-1) ?? '');
  return [
    {
      id: itemId.toLowerCase(),
      CallerContext: textOf(CallerContext),
      SourceSpecificParser: textOf(SourceSpecificParser),
    },
  ];
}

/** Undefined for an answer that the resource does not exist. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof AzureApiError && error.status === 404) return undefined;
    throw error;
  });
}

/** Whether a row, ours or anybody's, stops the same parser. */
export function stops(item: WatchlistItem, row: ExclusionRow): boolean {
  return (
    [row.CallerContext, 'Any'].includes(item.CallerContext) &&
    [row.SourceSpecificParser, 'Any'].includes(item.SourceSpecificParser)
  );
}

/** Whether it is the row that this command adds, unchanged. */
export function isOwnRow(item: WatchlistItem, row: ExclusionRow): boolean {
  return (
    item.id === row.id &&
    item.CallerContext === row.CallerContext &&
    item.SourceSpecificParser === row.SourceSpecificParser
  );
}

/** Whether a union leaves out Microsoft's parser of DeviceNetworkEvents. */
export function isStoppedIn(union: string, items: readonly WatchlistItem[]): boolean {
  return exclusionRows.filter((row) => row.union === union).some((row) => items.some((item) => stops(item, row)));
}
