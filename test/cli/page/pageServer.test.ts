import { createServer } from 'node:http';
import { Socket } from 'node:net';
import * as fc from 'fast-check';
import { startPage } from '../../../cli/page/pageServer';
import { refusal } from '../../../cli/page/requestGuard';
import { bytes, emptyState, servePage } from './kit/servedPage';

type Served = Awaited<ReturnType<typeof servePage>>;
let page: Served;

beforeAll(async () => {
  page = await servePage(emptyState());
});
afterAll(() => page.close());

test('the page and its files are served, with the chart library from this machine', async () => {
  const index = await page.call('/');
  expect(index).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
  const named = Array.from(index.text.matchAll(/(?:src|href)="(\/[^"]+)"/g), ([, path = '']) => path);
  expect(named).toEqual(['/icon.svg', '/uPlot.css', '/page.css', '/tables.css', '/main.js']);
  // Every module leads only to modules that are served too.
  const modules = new Set(['/main.js']);
  for (const path of modules) {
    const { status, text, headers } = await page.call(path);
    expect({ path, status, type: headers['content-type'] }).toEqual({
      path,
      status: 200,
      type: 'text/javascript; charset=utf-8',
    });
    for (const [, other = ''] of text.matchAll(/from '\.(\/[^']+)'/g)) modules.add(other);
  }
  expect(modules).toContain('/uPlot.js');
  for (const path of named) expect((await page.call(path)).status).toBe(200);
});

test('nothing on the page is inline, and nothing names another place', async () => {
  const { text } = await page.call('/');
  expect(text).not.toMatch(/<script(?![^>]* src=)/);
  expect(text).not.toMatch(/ style=| on[a-z]+=|<style/);
  expect(text).not.toMatch(/https?:\/\//);
});

test.each([
  ['the page', '/', 200],
  ['a call', '/api/counts', 200],
  ['a path that is not there', '/etc/passwd', 404],
])('%s has the headers that keep it to itself, and none that lets another site read it', async (_, path, status) => {
  const { headers, ...answer } = await page.call(path);
  expect(answer.status).toBe(status);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  });
  const policy = String(headers['content-security-policy']);
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]) {
    expect(policy.split('; ')).toContain(part);
  }
  expect(policy).not.toContain('unsafe');
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test.each([
  '/../package.json',
  '/..%2fpackage.json',
  '/static/../../start.ts',
  '//etc/passwd',
  '/tsconfig.json',
  '/api/',
  '/%00',
])('no path of a request names a file: %s', async (path) => {
  expect((await page.call(path)).status).toBe(404);
});

test.each([
  ['a name that leads here (DNS rebinding)', { host: 'evil.example' }, 421],
  ['a name that only begins like ours', { host: '127.0.0.1.evil.example' }, 421],
  ['our address with another port', { host: '127.0.0.1:1' }, 421],
  ['the address without a port', { host: '127.0.0.1' }, 421],
  ['another site', { origin: 'https://evil.example' }, 403],
  ['a page without an origin, such as a file', { origin: 'null' }, 403],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
  ['a picture on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
  ['another server on this machine', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
])('a request of %s is refused, whatever it asks for', async (_, headers, status) => {
  for (const path of ['/api/counts', '/api/rows', '/main.js', '/nothing']) {
    const answer = await page.call(path, { headers });
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(/^\{"error":/);
  }
  expect((await page.call('/api/map', { method: 'POST', headers: { ...bytes, ...headers }, body: '5' })).status).toBe(
    status,
  );
});

test('a request with two Hosts is refused', async () => {
  const { host } = new URL(page.url);
  const text = await new Promise<string>((resolve) => {
    let answer = '';
    const socket = new Socket();
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.connect(Number(new URL(page.url).port), '127.0.0.1');
    socket.write(`GET /api/counts HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
  });
  expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(text).not.toContain('"tally"');
});

test('a link from another site opens the page, but no call and not in a frame', async () => {
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  expect((await page.call('/', { headers: link })).status).toBe(200);
  expect((await page.call('/api/counts', { headers: link })).status).toBe(403);
  expect((await page.call('/', { headers: { ...link, 'sec-fetch-dest': 'iframe' } })).status).toBe(403);
});

test('the page answers to localhost and to its own origin', async () => {
  const host = new URL(page.url).host.replace('127.0.0.1', 'localhost');
  const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
  expect((await page.call('/api/counts', { headers })).status).toBe(200);
});

test('on port 80 the Host has no port', () => {
  expect(refusal({ host: '127.0.0.1', origin: 'http://127.0.0.1' }, { port: 80, path: '/' })).toBeUndefined();
  expect(refusal({ host: '127.0.0.1' }, { port: 8077, path: '/' })?.status).toBe(421);
});

test('no Host and Origin but the own ones are let in', () => {
  const own = { port: 8077, path: '/api/counts' };
  fc.assert(
    fc.property(fc.oneof(fc.webAuthority(), fc.domain(), fc.string()), (host) => {
      fc.pre(!['127.0.0.1:8077', 'localhost:8077'].includes(host.toLowerCase()));
      expect(refusal({ host }, own)?.status).toBe(421);
      expect(refusal({ host: '127.0.0.1:8077', origin: `http://${host}` }, own)?.status).toBe(403);
      expect(refusal({ host: '127.0.0.1:8077', origin: host }, own)?.status).toBe(403);
    }),
  );
});

test.each([
  ['/api/counts', 'POST', 'GET, HEAD'],
  ['/', 'PUT', 'GET, HEAD'],
  ['/api/rows', 'DELETE', 'GET, HEAD'],
  ['/api/map', 'GET', 'POST'],
  ['/api/map', 'OPTIONS', 'POST'],
])('%s does not take %s', async (path, method, allow) => {
  const answer = await page.call(path, { method });
  expect(answer).toMatchObject({ status: 405, headers: { allow } });
});

test('what is pasted is taken as bytes only, which no form of another site can send', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    expect((await page.call('/api/map', { method: 'POST', headers: { 'content-type': type }, body: '5' })).status).toBe(
      415,
    );
  }
});

test('more than 4 MB is refused before it is read, with and without a length', async () => {
  const body = Buffer.alloc(4 * 1024 * 1024 + 1, 0x20);
  const known = await page.call('/api/map', {
    method: 'POST',
    headers: { ...bytes, 'content-length': String(body.length) },
    body,
  });
  expect(known.status).toBe(413);
  expect(known.text).toContain('More than 4194304 bytes. Map the file with npm run map -- FILE');
  const chunked = { ...bytes, 'transfer-encoding': 'chunked' };
  const unknown = await page
    .call('/api/map', { method: 'POST', headers: chunked, body })
    .catch((cause: unknown) => cause);
  // The connection may end while the rest is being sent.
  if (!(unknown instanceof Error)) expect(unknown).toMatchObject({ status: 413 });
  expect((await page.call('/api/counts')).status).toBe(200);
});

test('a given port that is in use is an error that names it; a usual one leads to the next', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startPage(emptyState(), port)).rejects.toThrow(`port ${port} of 127.0.0.1 is already in use`);
  await new Promise((resolve) => taken.close(resolve));
  const [first, second] = [await startPage(emptyState()), await startPage(emptyState())];
  expect(first.url).not.toBe(second.url);
  await Promise.all([first.close(), second.close()]);
});
