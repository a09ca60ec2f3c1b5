import { createDefaultHttpClient, type HttpClient, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { IngestionSettings } from '../../shared/config';
import { createSender } from '../../shared/delivery/sender';
import { DeliveryError } from '../../shared/errors/batchErrors';
import { codeOf } from '../../shared/errors/classify';
import type { Code } from '../../shared/errors/failures';
import type { ServerClocks } from './serverClocks';
import { NoAnswer, within } from './timeLimit';

/** How a DCR answered an empty array. */
export interface DcrAnswer {
  readonly status: number;
  /** The service's error code; empty when there is none. */
  readonly code: string;
  readonly message: string;
  /** The entry in the table of failures; undefined when the DCR accepts rows. */
  readonly failure?: Code;
}

/** Sends `[]` to a DCR with the app's own sender: a whole call without a row. @throws when there is no answer. */
export async function askDcr(
  dcrId: string,
  settings: IngestionSettings,
  options: { readonly credential: TokenCredential; readonly clocks: ServerClocks; readonly seconds: number },
): Promise<DcrAnswer> {
  const { credential, clocks, seconds } = options;
  let answer: PipelineResponse | undefined;
  const http = createDefaultHttpClient();
  const httpClient: HttpClient = {
    sendRequest: async (request) => (answer = await clocks.timed(async () => http.sendRequest(request))),
  };
  const sender = createSender({ ...settings, timeoutSeconds: seconds }, { credential, httpClient });
  try {
    await within(seconds, async () => sender.send({ body: () => Buffer.from('[]') }, dcrId));
    return { status: 204, code: '', message: '' };
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    if (error.code === 'Timeout') throw new NoAnswer(`No answer within ${seconds} s.`, { cause: error });
    if (error.status === undefined) throw error.cause;
    return {
      status: error.status,
      code: error.code,
      message: messageIn(answer?.bodyAsText ?? ''),
      failure: codeOf(error),
    };
  }
}

/** The service answers `{"error":{"code","message"}}`. */
function messageIn(body: string): string {
  return /"message"\s*:\s*"((?:[^"\\]|\\.){1,300})/.exec(body)?.[1] ?? '';
}
