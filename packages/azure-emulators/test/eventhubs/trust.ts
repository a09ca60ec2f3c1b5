/** Stands in for NODE_EXTRA_CA_CERTS, which Node reads only when a process starts: the SDK has no option for it. */
import tls from 'node:tls';

/** What the AMQP library under the SDK calls. */
type Connect = (port: number, host: string, options: tls.ConnectionOptions, listener: () => void) => tls.TLSSocket;

export function trust(certificate: string): void {
  const connect: Connect = tls.connect;
  jest
    .spyOn<{ connect: Connect }, 'connect'>(tls, 'connect')
    .mockImplementation((port, host, options, listener) =>
      connect(port, host, { ...options, ca: certificate }, listener),
    );
}
