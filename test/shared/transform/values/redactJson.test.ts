import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../../../shared/json';
import { redactObject, redactValue } from '../../../../shared/transform/values/redactJson';
import { anyJson, deepFreeze, objectOf } from '../../kit/valueKit';

const url = 'https://jane:s3cret@host/x';
const clean = 'https://host/x';

describe('URLs are redacted wherever they are', () => {
  test.each<[string, Json, Json]>([
    ['uri', url, clean],
    ['Uri', url, clean],
    ['url', url, clean],
    ['FileOriginUrl', url, clean],
    ['any', url, clean],
    ['any', `fetched ${url} twice`, `fetched ${clean} twice`],
    ['any', [url, { deep: [url] }], [clean, { deep: [clean] }]],
    ['RemoteUrl', { href: url, parts: ['jane:s3cret@host/x'] }, { href: clean, parts: ['host/x'] }],
    ['RemoteUrl', [url, 'jane:s3cret@host'], [clean, 'host']],
    ['Urls', ['jane:s3cret@host'], ['host']],
    ['host', 'jane:s3cret@host', 'host'],
    ['referrer', 'jane:s3cret@host', 'host'],
    ['Referer', 'jane:s3cret@host', 'host'],
    ['any', JSON.stringify({ uri: url }), JSON.stringify({ uri: clean })],
    ['mail', 'jane@host', 'jane@host'],
    ['user', 'jane:s3cret@host', 'jane:s3cret@host'],
    ...['ghost', 'hosts', 'urlHint', 'preferrer', 'referrers'].map((key): [string, Json, Json] => [
      key,
      'jane:s3cret@host',
      'jane:s3cret@host',
    ]),
    ['any', 7, 7],
    ['any', null, null],
  ])('%s: %j is %j', (key, value, expected) => {
    const object = deepFreeze({ before: 1, [key]: value, after: '@' });
    expect(redactObject(object, 'credentials')).toEqual({ before: 1, [key]: expected, after: '@' });
    expect(redactValue(key, value, 'credentials')).toEqual(expected);
    expect(redactObject(object, 'none')).toBe(object);
  });

  test('`query` removes everything from `?` or `#` on, in URL keys also without `://`', () => {
    const object = {
      uri: '/a?token=1',
      FileOriginUrl: 'host/a#b',
      text: 'what? yes',
      any: 'see https://host/a?token=1',
    };
    const expected = { uri: '/a', FileOriginUrl: 'host/a', text: 'what? yes', any: 'see https://host/a' };
    expect(redactObject(object, 'query')).toEqual(expected);
  });

  test('an object without URLs is returned itself', () => {
    const object: JsonObject = { a: 'x@y', uri: '/@me', deep: [{ host: 'h' }] };
    expect(redactObject(object, 'credentials')).toBe(object);
  });

  test('`__proto__` is an ordinary key', () => {
    const object = objectOf([
      ['__proto__', { uri: url }],
      ['uri', url],
    ]);
    const found = redactObject(object, 'credentials');
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
    expect(Object.entries(found)).toEqual([
      ['__proto__', { uri: clean }],
      ['uri', clean],
    ]);
  });

  test('any JSON keeps its shape', () => {
    const shape = (value: Json): unknown => {
      if (typeof value !== 'object' || value === null) return typeof value;
      return Object.entries(value).map(([key, inner]) => [key, shape(inner)]);
    };
    fc.assert(
      fc.property(anyJson, fc.constantFrom('credentials' as const, 'query' as const), (value, redaction) => {
        expect(shape(redactValue('any', value, redaction))).toEqual(shape(value));
      }),
    );
  });
});
