import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** Takes every connection and never says a word. */
export async function startSilentServer(): Promise<{ readonly address: string; stop(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The silent server has no port.');
  return {
    address: `localhost:${bound.port}`,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
