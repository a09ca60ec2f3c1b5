import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { blobArchive, blobPlace } from '../../../cli/backfill/blobArchive';
import { type BlobServer, startBlobServer } from './kit/archiveServer';

let server: BlobServer;
beforeAll(async () => {
  server = await startBlobServer();
  const hour = 'tenantId=1/y=2026/m=11/d=20/h=09/m=00/PT1H.json';
  for (const [name, content] of [
    ['tenantId=1', ''],
    [hour, 'nine'],
    [hour.replace('h=09', 'h=10'), 'ten'],
    ['tenantId=1/y=2026/m=11/d=21/a b+c%.json.gz', 'odd'],
    ['readme.txt', 'text'],
    ['tenantId=2/PT1H.json', 'two'],
  ] as const) {
    server.blobs.set(name, { content: Buffer.from(content), etag: `0x${content}` });
  }
});
afterAll(() => server.stop());

test('lists the blobs of the storage export by name, from every page', async () => {
  const files = await blobArchive(blobPlace(server.url()), {});
  expect(files.map(({ name, size, version }) => [name, size, version])).toEqual([
    ['tenantId=1/y=2026/m=11/d=20/h=09/m=00/PT1H.json', 4, '0xnine'],
    ['tenantId=1/y=2026/m=11/d=20/h=10/m=00/PT1H.json', 3, '0xten'],
    ['tenantId=1/y=2026/m=11/d=21/a b+c%.json.gz', 3, '0xodd'],
    ['tenantId=2/PT1H.json', 3, '0xtwo'],
  ]);
});

test('a prefix selects blobs, and their content is read whatever their names', async () => {
  const files = await blobArchive(blobPlace(server.url('/tenantId%3D1/y=2026/m=11/d=2')), {});
  expect(await Promise.all(files.map(({ bytes }) => text(Readable.from(bytes()))))).toEqual(['nine', 'ten', 'odd']);
});

test('a blob that grows meanwhile is read up to its listed size', async () => {
  const files = await blobArchive(blobPlace(server.url('/tenantId=2/')), {});
  server.blobs.set('tenantId=2/PT1H.json', { content: Buffer.from('two and more'), etag: '0x2' });
  expect(await text(Readable.from(files[0]?.bytes() ?? []))).toBe('two');
});

test('a container that rejects the request is named in the error, without the signature', async () => {
  const refused = blobArchive(blobPlace(server.url('', 'very-secret')), {});
  await expect(refused).rejects.toThrow(/^The blobs of http:\/\/127\.0\.0\.1:\d+\/account\/archive cannot be listed: /);
  await expect(refused).rejects.toThrow('role Storage Blob Data Reader');
  await expect(refused).rejects.not.toThrow('very-secret');
});

test.each([
  [
    'https://contoso.blob.core.windows.net/container',
    { container: 'https://contoso.blob.core.windows.net/container', prefix: '', signature: '' },
  ],
  [
    'https://contoso.blob.core.windows.net/container/tenantId%3D1/y=2026/?comp=x',
    { container: 'https://contoso.blob.core.windows.net/container', prefix: 'tenantId=1/y=2026/', signature: '' },
  ],
  [
    'https://contoso.blob.core.windows.net/c/p?sv=1&sig=s%3D',
    { container: 'https://contoso.blob.core.windows.net/c', prefix: 'p', signature: '?sv=1&sig=s%3D' },
  ],
  ['http://127.0.0.1:10000/account/c/p', { container: 'http://127.0.0.1:10000/account/c', prefix: 'p', signature: '' }],
])('%s is understood', (url, expected) => {
  expect(blobPlace(url)).toEqual(expected);
});

test.each([
  [
    'https://contoso.blob.core.windows.net/?sig=secret',
    'https://contoso.blob.core.windows.net/?... names no container',
  ],
  ['http://contoso.blob.core.windows.net/c?sig=secret', 'with https'],
  ['http://127.0.0.1:10000/account', 'names no container'],
  ['https://?sig=secret', 'is no URL'],
  ['https://contoso.blob.core.windows.net/c/100%?sig=secret', 'write it as %25'],
])('%s is rejected, and the error does not show its secret', (url, message) => {
  expect(() => blobPlace(url)).toThrow(message);
  expect(() => blobPlace(url)).not.toThrow('secret');
});
