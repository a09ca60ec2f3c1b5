import * as fc from 'fast-check';
import { readTelemetrySettings } from '../../../shared/telemetry/telemetrySettings';

const key = '00000000-0000-0000-0000-000000000001';
const clientId = '11111111-2222-3333-4444-555555555555';
const connectionString = `InstrumentationKey=${key};IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/;LiveEndpoint=https://westeurope.livediagnostics.monitor.azure.com/;ApplicationId=${clientId}`;

const read = (connection?: string, authentication?: string) =>
  readTelemetrySettings({
    APPLICATIONINSIGHTS_CONNECTION_STRING: connection,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: authentication,
  });

const problemOf = (settings: ReturnType<typeof read>) => (settings.kind === 'wrong' ? settings.problem : settings.kind);

test.each([undefined, '', '  '])('telemetry is off when the connection string is %p', (connection) => {
  expect(read(connection, `Authorization=AAD;ClientId=${clientId}`)).toEqual({ kind: 'off' });
});

test.each([
  [undefined, undefined],
  ['Authorization=AAD', { clientId: undefined }],
  [`Authorization=AAD;ClientId=${clientId}`, { clientId }],
  [` authorization = aad ; clientid = ${clientId} ; `, { clientId }],
])('the authentication string %p means the identity %p', (authentication, identity) => {
  expect(read(connectionString, authentication)).toEqual({ kind: 'on', connectionString, identity });
});

test.each([
  'nonsense',
  ';;;',
  'InstrumentationKey=',
  'InstrumentationKey=1',
  'InstrumentationKey=ABCDEF00-0000-0000-0000-000000000001',
  `InstrumentationKey=${key};IngestionEndpoint=http://a.example/`,
  `InstrumentationKey=${key};IngestionEndpoint=a.example`,
  `InstrumentationKey=${key};IngestionEndpoint`,
  `InstrumentationKey=${key};IngestionEndpoint=https://a.example/?x=y`,
])('the connection string %p is a problem that names the setting', (connection) => {
  expect(problemOf(read(connection))).toMatch(/^APPLICATIONINSIGHTS_CONNECTION_STRING: expected .+ not shown/);
});

test.each([
  'nonsense',
  'Authorization=Key',
  `ClientId=${clientId}`,
  'Authorization=AAD;ClientId=me',
  'Authorization=AAD;ClientId=',
])('the authentication string %p is a problem that names the setting', (authentication) => {
  expect(problemOf(read(connectionString, authentication))).toMatch(
    /^APPLICATIONINSIGHTS_AUTHENTICATION_STRING: expected .+ not shown/,
  );
});

test('any text in the settings is read or is a problem; nothing is thrown, and the text is never shown', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'InstrumentationKey',
      'Authorization',
      'AAD',
      'ClientId',
      '=',
      ';',
      key,
      'IngestionEndpoint',
      'https://a',
    ),
  );
  const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (connection, authentication) => {
      const settings = read(`${connection}SECRET`, `${authentication}SECRET`);
      expect(['on', 'wrong']).toContain(settings.kind);
      if (settings.kind === 'wrong') expect(settings.problem).not.toContain('SECRET');
    }),
  );
});
