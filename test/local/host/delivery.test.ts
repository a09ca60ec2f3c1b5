import { clean, startBench } from './kit/bench';

afterEach(clean);

it('delivers binary bodies byte for byte, in order, and checkpoints them', async () => {
  const { host, lines, send } = await startBench({
    code: `app.eventHub('count', { ...hub, handler: (bodies, context) => tell(context, bodies.map((body) => body.toString('hex'))) });`,
  });
  await send('0', [Buffer.from([0x00, 0xff, 0xfe, 0x80]), '{"a":1}']);
  await host.drained();
  expect(host.functions).toEqual(['count']);
  expect(lines.seen().flat()).toEqual(['00fffe80', '7b2261223a317d']);
  expect(host.statistics().functions).toMatchObject([
    { functionName: 'count', eventHubName: 'flows', eventsDelivered: 2, eventsSucceeded: 2, eventsGivenUp: 0 },
  ]);
});
