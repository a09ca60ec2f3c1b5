import pLimit from 'p-limit';
import { reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { InputError } from '../input/inputFile';
import type { PageState } from './pageState';

/** The answer to a call of the page. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

const mostRows = 500;

/** Answers the calls of the page. Mapping and reading the hub come one after another, so that the app keeps its processor. */
export class PageApi {
  readonly #inTurn = pLimit(1);

  constructor(private readonly state: PageState) {}

  /** Undefined for a path that it does not know. */
  async get(path: string, query: URLSearchParams): Promise<ApiAnswer | undefined> {
    if (path === '/api/counts') return well(this.state.counts());
    if (path === '/api/rows') return well(this.rows(query));
    if (path === '/api/letters')
      return well({ letters: this.state.letters(), written: this.state.counts().lettersInHub });
    if (path === '/api/row') return this.#inTurn(() => this.row(query.get('id') ?? ''));
    if (path === '/api/pasted') return this.#inTurn(() => this.pastedRecord(query.get('position') ?? ''));
    return undefined;
  }

  /** Maps what the user pasted. */
  async map(body: Buffer, query: URLSearchParams): Promise<ApiAnswer> {
    const options = { ...given('table', query), ...given('dates', query) };
    return this.#inTurn(async () => {
      try {
        return well(await this.state.pasted.map(body, options));
      } catch (error) {
        if (error instanceof InputError || error instanceof UsageError) return failed(422, reasonOf(error));
        throw error;
      }
    });
  }

  private rows(query: URLSearchParams): object {
    const choice = (name: string): string | undefined => query.get(name) ?? undefined;
    return this.state.rows.find({
      text: query.get('text') ?? '',
      actionType: choice('actionType'),
      direction: choice('direction'),
      result: choice('result'),
      limit: Math.min(mostRows, Math.max(1, Number.parseInt(query.get('limit') ?? '', 10) || 50)),
    });
  }

  private async row(id: string): Promise<ApiAnswer> {
    const row = /^\d{1,15}$/.test(id) ? this.state.rows.get(Number(id)) : undefined;
    if (row === undefined) {
      return failed(
        404,
        'This row is not kept any more: the page keeps the newest ones. The file of the run holds all.',
      );
    }
    const record = await this.state.recordOf?.(row);
    return well({ rowText: row.text, record: record ?? null });
  }

  private async pastedRecord(position: string): Promise<ApiAnswer> {
    const view = this.state.pasted.view(position);
    return view === undefined ? failed(404, 'This record is not of the last paste.') : well({ record: view });
  }
}

function given(name: 'table' | 'dates', query: URLSearchParams): { readonly [K in 'table' | 'dates']?: string } {
  const value = query.get(name) ?? '';
  return value === '' ? {} : { [name]: value };
}

function well(body: object): ApiAnswer {
  return { status: 200, body };
}

export function failed(status: number, error: string): ApiAnswer {
  return { status, body: { error } };
}
