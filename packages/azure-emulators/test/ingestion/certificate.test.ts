import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { makeCertificate } from '../../src/certificate';
import { start } from './ingestionSetup';

test('the certificate is for localhost and 127.0.0.1, is no authority, and matches its own key', async () => {
  const { key, cert } = await makeCertificate();
  const certificate = new X509Certificate(cert);
  expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
  expect(certificate.ca).toBe(false);
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 300 * 86_400_000);
});

test('each certificate is a new one', async () => {
  const [one, other] = [await makeCertificate(), await makeCertificate()];
  expect(one.cert).not.toBe(other.cert);
});

test('a client that does not trust it does not connect', async () => {
  const emulator = await start();
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(emulator.endpoint).port) });
  const error = await new Promise<Error & { code?: string }>((resolve) => {
    socket.once('error', resolve);
  });
  expect(error.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  await emulator.stop();
});

test('a client that trusts it may also use the name localhost', async () => {
  const emulator = await start();
  const { port } = new URL(emulator.endpoint);
  const socket = connect({ host: '127.0.0.1', port: Number(port), servername: 'localhost', ca: emulator.certificate });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', () => resolve());
    socket.once('error', reject);
  });
  expect(socket.authorized).toBe(true);
  socket.destroy();
  await emulator.stop();
});
