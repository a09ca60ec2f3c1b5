import { rowsOf, streamOf } from './streamSetup';

const messages = streamOf({ records: 20_000 });
const text = messages.map(({ body }) => body.toString()).join('\n');

describe('Nothing in a stream belongs to anybody', () => {
  test('public addresses are from the ranges reserved for documentation', () => {
    const outside = new Set(
      rowsOf(messages)
        .flatMap(({ properties }) => [properties['LocalIP'], properties['RemoteIP']])
        .filter((address) => typeof address === 'string')
        .map((address) => address.replace('::ffff:', ''))
        .filter((address) => !allowed.some((start) => start.test(address))),
    );
    expect([...outside]).toEqual([]);
  });

  const allowed = [
    /^203\.0\.113\.\d+$/,
    /^198\.51\.100\.\d+$/,
    /^192\.0\.2\.\d+$/,
    /^2001:db8:/,
    /^10\./,
    /^192\.168\./,
    /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
    /^127\.0\.0\.1$/,
    /^0\.0\.0\.0$/,
    /^::$/,
    /^224\.0\.0\.251$/,
    /^-$/,
  ];

  test('names of hosts end in a domain that is reserved for examples', () => {
    const hosts = [...text.matchAll(/"(?:RemoteUrl|Url)":"(?:https?:\/\/)?([^"/]+)/g)].map(([, host]) => host ?? '');
    expect(hosts.length).toBeGreaterThan(1000);
    expect(hosts.filter((host) => !/\.example\.(com|net|org)$/.test(host))).toEqual([]);
  });

  test('letters beyond ASCII are there, in UTF-8', () => {
    expect(text).toContain('Microsoft® Windows® Operating System');
    expect(text).toContain('nt-autorität');
    expect(text).not.toContain('\uFFFD');
    expect(text).not.toContain('Ã');
  });
});

describe('Addresses', () => {
  test('mapped ones occur, with and without their kind; so do IPv6 and each kind of IPv4', () => {
    expect(text).toMatch(/"RemoteIP":"::ffff:/);
    for (const kind of ['FourToSixMapping', 'Public', 'Private', 'Loopback', 'CarrierGradeNat']) {
      expect(text).toContain(`IPType":"${kind}"`);
    }
    expect(text).toMatch(/"RemoteIP":"2001:db8:/);
    expect(text).toMatch(/"RemoteIP":"::ffff:[^}]*"LocalIPType":null,"RemoteIPType":null/);
  });
});
