import type { PipelineResponse } from '@azure/core-rest-pipeline';

/** How far ahead of this machine's clock the clocks of servers are, by the Date of their answers. */
export class ServerClocks {
  /** By host, in milliseconds. */
  readonly ahead = new Map<string, number>();

  /** Date counts whole seconds; half a second is added, so that it is right on average. */
  async timed(send: () => Promise<PipelineResponse>): Promise<PipelineResponse> {
    const asked = Date.now();
    const response = await send();
    const middle = (asked + Date.now()) / 2;
    const date = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(date)) this.ahead.set(new URL(response.request.url).host, date + 500 - middle);
    return response;
  }
}
