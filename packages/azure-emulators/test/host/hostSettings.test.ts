import * as fc from 'fast-check';
import { HostError } from '../../src/host';
import { expand, resolveConnection } from '../../src/host/hostSettings';

const local = 'Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true';

it('replaces every %Name%, whatever the case of the name, and leaves other texts alone', () => {
  expect(expand('a-%One%-%TWO%', { one: '1', Two: '2' }, 'f')).toBe('a-1-2');
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!text.includes('%'));
      expect(expand(text, {}, 'f')).toBe(text);
    }),
  );
});

it('names the setting that is missing', () => {
  expect(() => expand('%Hub%', { Other: 'x' }, 'Function "f": "eventHubName"')).toThrow(
    'Function "f": "eventHubName" is "%Hub%", but there is no app setting "Hub".',
  );
});

// GetWebJobsConnectionStringSection: the prefixed name goes first.
it.each([
  [{ EventHub: local }, undefined],
  [{ eventhub: `${local};EntityPath=own` }, 'own'],
  [{ EventHub: 'not used', AzureWebJobsEventHub: `${local};EntityPath=first` }, 'first'],
])('resolves a connection from %j', (settings: Record<string, string>, entityPath) => {
  expect(resolveConnection('EventHub', settings, 'f')).toMatchObject({ namespace: '127.0.0.1', entityPath });
});

it('resolves a connection by identity to the connection string that the host was given for its namespace', () => {
  const settings = { EventHub__fullyQualifiedNamespace: 'localhost:5671' };
  expect(resolveConnection('EventHub', settings, 'f', { 'localhost:5671': local })).toMatchObject({
    connectionString: local,
  });
  expect(() => resolveConnection('EventHub', settings, 'f', { 'localhost:5672': local })).toThrow(
    /asks for an identity.*start the host with one for that namespace/,
  );
});

it('rejects every other text with an error that does not show it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 12 }), (secret) => {
      fc.pre(secret.trim() !== '' && !secret.includes('='));
      const error = errorOf(() => resolveConnection('EventHub', { EventHub: secret }, 'f'));
      expect(error).toBeInstanceOf(HostError);
      expect(String(error)).not.toContain(secret);
    }),
  );
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
