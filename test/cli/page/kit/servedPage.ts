import { request } from 'node:http';
import { type Page, startPage } from '../../../../cli/page/pageServer';
import { PageState } from '../../../../cli/page/pageState';
import { PastedRecords } from '../../../../cli/page/pastedRecords';
import { readTransformSettings } from '../../../../shared/config';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** A state without a run, and settings that change nothing. */
export function emptyState(environment: Readonly<Record<string, string>> = {}): PageState {
  const pasted = new PastedRecords({ settings: readTransformSettings(environment), rules: undefined });
  return new PageState({ rowSettings: environment, settingsFile: 'out/run-1/local.settings.json', pasted });
}

/** The page on a free port, and calls to it with any header: fetch would not send a foreign Host. */
export async function servePage(
  state: PageState,
): Promise<Page & { call(path: string, call?: Call): Promise<Answer> }> {
  const page = await startPage(state, 0);
  const call = async (path: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(page.url), { path, method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { ...page, call };
}

export const bytes = { 'content-type': 'application/octet-stream' };

/** An answer of the page as what its own code declares. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the tests look at each key that matters.
export function read<T>(text: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above.
  return JSON.parse(text) as T;
}
