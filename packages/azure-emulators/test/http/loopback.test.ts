import { startIdentity } from '../../src/identity';
import { start } from '../ingestion/ingestionSetup';

describe.each([
  ['Managed identity endpoint', (port: number) => startIdentity({ port })],
  ['Logs Ingestion emulator', (port: number) => start({ port })],
])('%s', (name, startOn) => {
  test('on a used port names the port and what to do, and keeps the code', async () => {
    const first = await startOn(0);
    const port = Number(new URL(first.endpoint).port);
    await expect(startOn(port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
      message: `${name}: port ${port} of 127.0.0.1 is already in use. Stop the process that uses it, choose another port, or ask for port 0 to get a free one.`,
    });
    await first.stop();
  });

  test('frees its port when it stops, and may be stopped twice', async () => {
    const first = await startOn(0);
    const port = Number(new URL(first.endpoint).port);
    await first.stop();
    await first.stop();
    const second = await startOn(port);
    expect(Number(new URL(second.endpoint).port)).toBe(port);
    await second.stop();
  });

  test('listens on 127.0.0.1', async () => {
    const first = await startOn(0);
    expect(new URL(first.endpoint).hostname).toBe('127.0.0.1');
    await first.stop();
  });
});
