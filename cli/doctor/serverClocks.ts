import type { PipelineResponse } from '@azure/core-rest-pipeline';

/** How far the clocks of servers are ahead of this machine's clock, by the Date of their answers. */
export class ServerClocks {
  /** How many milliseconds each host's clock is ahead of this machine's. */
  readonly ahead = new Map<string, number>();

  async timed(send: () => Promise<PipelineResponse>): Promise<PipelineResponse> {
    const asked = Date.now();
    const response = await send();
    const middle = (asked + Date.now()) / 2;
    const date = Date.parse(response.headers.get('date') ?? '');
    // The header Date has whole seconds. Half a second more is right on average.
    if (!Number.isNaN(date)) this.ahead.set(new URL(response.request.url).host, date + 500 - middle);
    return response;
  }
}
