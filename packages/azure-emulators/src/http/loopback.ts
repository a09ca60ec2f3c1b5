import { Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Server, Socket } from 'node:net';

export interface Listener {
  readonly port: number;
  /** Stops listening and closes every connection, also those that wait for an answer. */
  close(): Promise<void>;
}

const keepAliveMilliseconds = 240_000;

/**
 * Listens on 127.0.0.1 and nowhere else. Port 0 lets the system choose.
 *
 * @throws the system's error with its `code` kept; for EADDRINUSE and EACCES the message says which port of what, and
 *   what to do.
 */
export async function listenOnLoopback(server: Server, port: number, name: string): Promise<Listener> {
  // Node closes idle connections after 5 seconds by default, sometimes just when a client sends.
  if (server instanceof HttpServer || server instanceof HttpsServer) server.keepAliveTimeout = keepAliveMilliseconds;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port, name)));
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function explain(error: NodeJS.ErrnoException, port: number, name: string): Error {
  const reason = { EADDRINUSE: 'is already in use', EACCES: 'may not be opened by this user' }[error.code ?? ''];
  if (reason === undefined) return error;
  const message = `${name}: port ${port} of 127.0.0.1 ${reason}. Stop the process that uses it, choose another port, or ask for port 0 to get a free one.`;
  return Object.assign(new Error(message, { cause: error }), { code: error.code, port });
}
