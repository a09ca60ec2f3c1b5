import * as fc from 'fast-check';
import { ConfigError, readConfig, readTransformSettings } from '../../shared/config';
import { toAddressRange } from '../../shared/transform/values/addressRange';
import { connectionString, key, minimal, problemsOf } from './kit/settings';

/** The defaults of docs/settings.md. */
const documentedTransform = {
  additionalFields: 'full',
  omittedColumns: new Set(),
  columnsBy: 'OMIT_COLUMNS',
  omittedFields: new Set(),
  urlRedaction: 'credentials',
  mergeFlows: 'off',
  proxies: [],
  knownNews: new Set(),
};

describe('readConfig', () => {
  test('gives every setting its documented default', () => {
    expect(readConfig(minimal)).toEqual({
      eventHub: { connectionString },
      eventHubNames: ['insights-logs-advancedhunting-devicenetworkevents'],
      consumerGroup: '$Default',
      deadLetterEventHub: 'network-sessions-dead-letters',
      ingestion: {
        endpoint: 'https://rule.westeurope-1.ingest.monitor.azure.com',
        ruleIds: ['dcr-00000000000000000000000000000001'],
        stream: 'Custom-NetworkSessions',
        audience: 'https://monitor.azure.com',
        clientId: undefined,
        concurrency: 4,
        timeoutSeconds: 30,
        budgetSeconds: 90,
      },
      transform: documentedTransform,
      rules: undefined,
      telemetry: { intervalSeconds: 60, backlogSeconds: 60 },
    });
  });

  test('accepts an emulator on this machine as a namespace, and no other host with a port', () => {
    const { EventHub: _, ...others } = minimal;
    const read = (EventHub__fullyQualifiedNamespace: string): unknown =>
      readConfig({ ...others, EventHub__fullyQualifiedNamespace }).eventHub;
    expect(read('localhost:5671')).toEqual({ fullyQualifiedNamespace: 'localhost:5671', clientId: undefined });
    for (const wrong of ['localhost', 'localhost:x', 'contoso.servicebus.windows.net:5671']) {
      expect(() => read(wrong)).toThrow('EventHub__fullyQualifiedNamespace');
    }
  });

  test('reads every setting', () => {
    const clientId = '00000000-1111-2222-3333-444444444444';
    const { EventHub: _, ...others } = minimal;
    const config = readConfig({
      ...others,
      EventHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
      EventHub__credential: 'managedidentity',
      EventHub__clientId: clientId,
      EVENT_HUB_NAMES: ' a , b.c-d_e ',
      EVENT_HUB_CONSUMER_GROUP: 'network-sessions',
      DEAD_LETTER_EVENT_HUB: 'dead',
      LOGS_INGESTION_ENDPOINT: 'https://HOST.example:8443/',
      LOGS_INGESTION_RULE_IDS: 'dcr-1,dcr-2',
      LOGS_INGESTION_STREAM: 'Custom-Other_1',
      LOGS_INGESTION_AUDIENCE: 'https://monitor.azure.us',
      LOGS_INGESTION_CONCURRENCY: '64',
      LOGS_INGESTION_TIMEOUT_SECONDS: '1',
      DELIVERY_BUDGET_SECONDS: '540',
      ADDITIONAL_FIELDS: 'Minimal',
      OMIT_ADDITIONAL_FIELDS: 'MachineGroup, InitiatingProcess.SHA1',
      OMIT_COLUMNS: ' UrlOriginal,EventMessage ',
      URL_REDACTION: 'QUERY',
      MERGE_FLOWS: 'Message',
      PROXY_ADDRESSES: ' 10.20.0.8 ,2001:DB8::/32',
      KNOWN_NEWS: 'WarpFactor, ConnectionTeleported',
      TELEMETRY_INTERVAL_SECONDS: '3600',
      BACKLOG_INTERVAL_SECONDS: '0',
      AZURE_CLIENT_ID: clientId,
    });
    expect(config).toEqual({
      eventHub: { fullyQualifiedNamespace: 'contoso.servicebus.windows.net', clientId },
      eventHubNames: ['a', 'b.c-d_e'],
      consumerGroup: 'network-sessions',
      deadLetterEventHub: 'dead',
      ingestion: {
        endpoint: 'https://host.example:8443',
        ruleIds: ['dcr-1', 'dcr-2'],
        stream: 'Custom-Other_1',
        audience: 'https://monitor.azure.us',
        clientId,
        concurrency: 64,
        timeoutSeconds: 1,
        budgetSeconds: 540,
      },
      transform: {
        additionalFields: 'minimal',
        omittedColumns: new Set(['EventMessage', 'UrlOriginal']),
        columnsBy: 'OMIT_COLUMNS',
        omittedFields: new Set(['MachineGroup', 'InitiatingProcess.SHA1']),
        urlRedaction: 'query',
        mergeFlows: 'message',
        proxies: [toAddressRange('10.20.0.8/32'), toAddressRange('2001:db8::/32')],
        knownNews: new Set(['warpfactor', 'connectionteleported']),
      },
      telemetry: { intervalSeconds: 3600, backlogSeconds: 0 },
    });
  });

  test('treats an empty or blank setting as missing', () => {
    const blank = {
      EVENT_HUB_NAMES: '',
      LOGS_INGESTION_CONCURRENCY: ' ',
      URL_REDACTION: '\t',
      AZURE_CLIENT_ID: '',
      EventHub__clientId: ' ',
    };
    expect(readConfig({ ...minimal, ...blank, EventHub__fullyQualifiedNamespace: '' })).toEqual(readConfig(minimal));
    expect(problemsOf({ ...minimal, LOGS_INGESTION_ENDPOINT: ' ' })).toEqual([
      'LOGS_INGESTION_ENDPOINT: expected https://<host>, without a path; found nothing.',
    ]);
  });

  test('returns a result that is frozen at every level', () => {
    const config = readConfig(minimal);
    const parts = [
      config,
      config.eventHub,
      config.eventHubNames,
      config.ingestion,
      config.ingestion.ruleIds,
      config.transform,
      config.telemetry,
    ];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });
});

const wrong: Readonly<Record<string, readonly string[]>> = {
  EVENT_HUB_NAMES: ['a b', 'a,,b', 'a,A', '-a', 'a'.repeat(257), ','],
  EVENT_HUB_CONSUMER_GROUP: ['$default2', 'a/b', 'a'.repeat(51)],
  DEAD_LETTER_EVENT_HUB: ['a,b', 'ä'],
  LOGS_INGESTION_ENDPOINT: [
    'http://a.example',
    'https://a.example/path',
    'https://a.example?x',
    'a.example',
    'https://',
  ],
  LOGS_INGESTION_RULE_IDS: ['dcr-', 'dcr-1;dcr-2', 'dcr-1,dcr-1', 'rule', '/subscriptions/x'],
  LOGS_INGESTION_STREAM: ['NetworkSessions', 'Custom-', 'custom-a', 'Custom-a/b'],
  LOGS_INGESTION_AUDIENCE: ['https://monitor.azure.com/.default', 'monitor'],
  LOGS_INGESTION_CONCURRENCY: ['0', '65', '-1', '4.5', '4x', '١', 'Infinity'],
  LOGS_INGESTION_TIMEOUT_SECONDS: ['0', '301', '1e2'],
  DELIVERY_BUDGET_SECONDS: ['0', '541', '0x10'],
  ADDITIONAL_FIELDS: ['all', 'none'],
  OMIT_ADDITIONAL_FIELDS: ['Foo', 'detail', 'InitiatingProcess.InitiatingProcessSHA1', 'Truncated', 'SHA1'],
  KEEP_COLUMNS: ['eventmessage', 'TenantId', 'Column1', 'AdditionalFields.Detail', '*'],
  OMIT_COLUMNS: ['EventUid', 'EventMesage', 'Type', 'timegenerated', 'EventMessage;UrlOriginal'],
  MERGE_FLOWS: ['on', 'batch'],
  URL_REDACTION: ['off', 'true'],
  KNOWN_NEWS: ['a,,b', 'x'.repeat(129), Array.from({ length: 201 }, (_, i) => `c${i}`).join(',')],
  PROXY_ADDRESSES: ['proxy.example.com', '10.20.0.8:8080', '10.0.0.0/33', 'http://10.20.0.8'],
  DROP_RULES_FILE: [
    '../rules.json',
    'infra/../../rules.json',
    '/etc/rules.json',
    'C:\\rules.json',
    '\\\\server\\rules.json',
  ],
  TELEMETRY_INTERVAL_SECONDS: ['0', '3601', '1m'],
  BACKLOG_INTERVAL_SECONDS: ['-1', '3601', 'off'],
  AZURE_CLIENT_ID: ['me', '00000000-1111-2222-3333-44444444444'],
  EventHub__clientId: ['me'],
  EventHub__credential: ['clientsecret'],
};

describe('an invalid setting', () => {
  const each = Object.entries(wrong).flatMap(([name, values]) => values.map((value) => [name, value] as const));
  test.each(each)('%s=%s is one problem that names it, what is expected and what was found', (name, value) => {
    const problems = problemsOf({ ...minimal, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: expected .{5,}; found "`));
    expect(problems[0]).toContain(value.slice(0, 200));
  });

  test('is reported together with all others, in one error', () => {
    const all = Object.fromEntries(Object.entries(wrong).map(([name, [value]]) => [name, value]));
    const problems = problemsOf({ ...all, EventHub__fullyQualifiedNamespace: 'not a host' });
    const named = problems.map((problem) => problem.split(':', 1)[0]);
    const others = ['EventHub__fullyQualifiedNamespace', 'KEEP_COLUMNS, OMIT_COLUMNS'];
    expect(new Set(named)).toEqual(new Set([...Object.keys(wrong), ...others]));
    expect(named).toHaveLength(Object.keys(wrong).length + others.length);
    expect(() => readConfig(all)).toThrow(`(${problems.length})`);
    for (const problem of problems) expect(new ConfigError(problems).message).toContain(problem);
  });

  test('is shortened in the error if it is long', () => {
    const [problem = ''] = problemsOf({ ...minimal, LOGS_INGESTION_STREAM: 'x'.repeat(5000) });
    expect(problem.length).toBeLessThan(400);
    expect(problem).toContain('5000 characters');
  });
});

test('only the invalid addresses of a list are named', () => {
  expect(problemsOf({ ...minimal, PROXY_ADDRESSES: '10.0.0.0/8, proxy.example.com,, 10.0.0.1:80' })).toEqual([
    'PROXY_ADDRESSES: expected IP addresses and CIDR ranges (10.20.0.8, 10.30.0.0/24, 2001:db8::/64), separated by commas; found "proxy.example.com", "", "10.0.0.1:80".',
  ]);
});

/** The only problem of a setting. */
function problemIn(name: string, value: string): string {
  const [problem = '', ...more] = problemsOf({ ...minimal, [name]: value });
  expect(more).toEqual([]);
  return problem;
}

describe('a list of columns or keys', () => {
  test.each([
    ['OMIT_COLUMNS', 'eventmessage', 'found "eventmessage". eventmessage: write EventMessage.'],
    ['OMIT_COLUMNS', 'UrlOriginal,EventMesage', 'found "EventMesage". EventMesage: did you mean EventMessage?'],
    ['OMIT_COLUMNS', 'EventUid', 'EventUid: remove it; docs/settings.md says what needs this column.'],
    ['OMIT_COLUMNS', 'eventuid', 'EventUid: remove it; docs/settings.md says what needs this column.'],
    ['OMIT_COLUMNS', 'Type', 'Type: remove it; Log Analytics fills this column, not the app.'],
    ['KEEP_COLUMNS', 'TenantId', 'TenantId: remove it; Log Analytics fills this column, not the app.'],
    ['KEEP_COLUMNS', 'Anything else', 'Anything else: unknown; docs/mapping.md, "Columns", lists the names.'],
    ['OMIT_ADDITIONAL_FIELDS', 'Ra', 'Ra: unknown; docs/mapping.md, "AdditionalFields", lists the names.'],
    ['OMIT_COLUMNS', 'UrlOriginal,', 'found "". Remove the comma too many.'],
    ['OMIT_COLUMNS', ',', 'found "", "". Remove the comma too many.'],
    ['KEEP_COLUMNS', 'UrlOriginal, UrlHostname, UrlOriginal', 'found "UrlOriginal". UrlOriginal: name it once.'],
    ['OMIT_ADDITIONAL_FIELDS', 'InitiatingProcess.sha1', 'InitiatingProcess.sha1: write InitiatingProcess.SHA1.'],
    ['OMIT_ADDITIONAL_FIELDS', 'Truncated', 'Truncated: remove it; it says that something was cut.'],
    ['OMIT_ADDITIONAL_FIELDS', 'Detail.uid', 'lists the names.'],
  ])('%s=%s is an error that says what to do', (name, value, end) => {
    const problem = problemIn(name, value);
    expect(problem.startsWith(`${name}: expected `)).toBe(true);
    expect(problem.slice(-end.length)).toBe(end);
  });

  test('shows twenty wrong items at most and gives advice on ten, however many there are', () => {
    const problem = problemIn('OMIT_COLUMNS', Array.from({ length: 5000 }, (_, i) => `Wrong${i}`).join(','));
    expect(problem.match(/unknown;/g)).toHaveLength(10);
    expect(problem).toContain('"Wrong19", and 4980 more. Wrong0: unknown;');
  });

  test('leaves out what OMIT_COLUMNS names, or what KEEP_COLUMNS does not name, but never a required column', () => {
    expect(readTransformSettings({ OMIT_COLUMNS: 'AdditionalFields' }).omittedColumns).toEqual(
      new Set(['AdditionalFields']),
    );
    const kept = readTransformSettings({ KEEP_COLUMNS: 'AdditionalFields,EventUid' });
    expect(kept.columnsBy).toBe('KEEP_COLUMNS');
    const { omittedColumns: others } = kept;
    expect([...others]).toEqual(expect.arrayContaining(['EventMessage', 'SrcIpAddr', 'UrlOriginal']));
    // 125 columns: 4 of the platform, 12 required, 1 kept.
    expect(others.size).toBe(108);
    for (const name of ['AdditionalFields', 'EventUid', 'TimeGenerated', 'TenantId']) {
      expect([...others]).not.toContain(name);
    }
  });

  test('names columns either to keep or to omit: both settings are an error, wherever they are read', () => {
    const both = { KEEP_COLUMNS: 'UrlOriginal', OMIT_COLUMNS: 'EventMessage' };
    const told =
      'KEEP_COLUMNS, OMIT_COLUMNS: expected at most one of them; found both. Remove one: what KEEP_COLUMNS does not name is left out already.';
    expect(problemsOf({ ...minimal, ...both })).toEqual([told]);
    expect(() => readTransformSettings(both)).toThrow(told);
    expect(() => readTransformSettings({ ...both, OMIT_COLUMNS: ' ' })).not.toThrow();
  });
});

describe('a secret in the wrong setting', () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhcHAifQ.c2lnbmF0dXJlMTIz';
  const names = [...Object.keys(wrong), 'EventHub__fullyQualifiedNamespace', 'EventHub'];
  const secrets = [
    [connectionString, key],
    [`https://user:${key}@a.example`, key],
    ['https://user:sla/shed@a.example', 'shed'],
    [`https://a.blob.core.windows.net/c?sv=1&sig=${key}`, key],
    [`AccountName=a;AccountKey=${key}`, key],
    [key, key],
    [jwt, jwt],
    [`InstrumentationKey=00000000-1111-2222-3333-444444444444;IngestionEndpoint=https://a.example`, '00000000-1111'],
  ] as const;
  test.each(names)('is never shown: %s', (name) => {
    const { EventHub: _, ...others } = minimal;
    for (const [value, secret] of secrets) {
      const told = problemsOf({ ...(name === 'EventHub__fullyQualifiedNamespace' ? others : minimal), [name]: value });
      expect(told.join('\n')).not.toContain(secret);
      // A whole connection string is what EventHub is for.
      expect(told.length).toBe(name === 'EventHub' && value === connectionString ? 0 : 1);
    }
  });
});

describe('the connection', () => {
  const name = /^EventHub or EventHub__fullyQualifiedNamespace: .*found (neither|both)\.$/;

  test('is required exactly once: neither and both are errors', () => {
    const { EventHub: _, ...none } = minimal;
    const both = { ...minimal, EventHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net' };
    expect(
      [problemsOf(none), problemsOf(both)].map((problems) => problems.map((problem) => name.exec(problem)?.[1])),
    ).toEqual([['neither'], ['both']]);
  });

  test.each([
    ['no endpoint', `SharedAccessKeyName=Root;SharedAccessKey=${key}`],
    ['no key', `Endpoint=sb://a.example/;SharedAccessKeyName=${key}`],
    ['no name of the key', `Endpoint=sb://a.example/;SharedAccessKey=${key}`],
    ['an empty key', `Endpoint=sb://a.example/;SharedAccessKeyName=${key};SharedAccessKey=`],
    ['another kind of endpoint', `Endpoint=https://a.example/;SharedAccessKeyName=Root;SharedAccessKey=${key}`],
    ['only the key', key],
  ])('with %s is refused without showing it', (_, text) => {
    const problems = problemsOf({ ...minimal, EventHub: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^EventHub: expected a connection string/);
    expect(problems[0]).not.toContain(key);
  });

  test.each([
    `Endpoint=sb://a.example/;SharedAccessSignature=SharedAccessSignature sr=x&sig=${key}`,
    `endpoint=sb://a.example/;sharedaccesskeyname=Root;sharedaccesskey=${key};EntityPath=hub`,
  ])('may be %s', (text) => {
    expect(readConfig({ ...minimal, EVENT_HUB_NAMES: 'hub', EventHub: text }).eventHub).toEqual({
      connectionString: text,
    });
  });

  test('is never shown, whatever else is invalid', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...Object.keys(wrong)), fc.string(), (before, other, value) => {
        fc.pre(!value.includes('TOPSECRET'));
        const problems = problemsOf({ ...minimal, EventHub: `${before}TOPSECRET`, [other]: value });
        expect(problems.join('\n')).not.toContain('TOPSECRET');
      }),
    );
  });
});

describe('the file of drop rules', () => {
  test('is read at start; its rules have the names of the file', () => {
    const { rules } = readConfig({ ...minimal, DROP_RULES_FILE: 'infra/rules/examples.json' });
    expect(rules?.names).toContain('loopback');
  });

  test('is reported with what is wrong with it, together with wrong settings', () => {
    const problems = problemsOf({ ...minimal, URL_REDACTION: 'off', DROP_RULES_FILE: 'infra/main.bicep' });
    expect(problems).toHaveLength(2);
    expect(problems[1]).toMatch(/^DROP_RULES_FILE: infra\/main\.bicep: the file is not JSON: /);
  });

  test('that is a folder or missing is a problem, too', () => {
    expect(problemsOf({ ...minimal, DROP_RULES_FILE: 'infra/rules' })).toEqual([
      'DROP_RULES_FILE: infra/rules: this is a folder; name a file in it.',
    ]);
    expect(problemsOf({ ...minimal, DROP_RULES_FILE: 'none.json' })[0]).toContain('there is no such file');
  });
});

test('the settings of the transform can be read alone, with the same checks', () => {
  expect(readTransformSettings({})).toEqual(documentedTransform);
  expect(Object.isFrozen(readTransformSettings({}))).toBe(true);
  expect(() => readTransformSettings({ URL_REDACTION: 'x', ADDITIONAL_FIELDS: 'y' })).toThrow('(2)');
});
