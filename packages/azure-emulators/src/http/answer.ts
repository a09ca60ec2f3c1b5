import type { ServerResponse } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly retryAfterSeconds?: number | undefined;
}

export function sendJson(
  response: ServerResponse,
  { status, body, retryAfterSeconds }: Answer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(JSON.stringify(body));
}
