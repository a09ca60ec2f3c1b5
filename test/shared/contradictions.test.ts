import hostJson from '../../host.json';
import type { Environment } from '../../shared/config';
import { functionTimeoutSeconds } from '../../shared/contradictions';
import { connectionString, key, minimal, problemsOf } from './kit/settings';

describe('settings that are each valid and cannot work together', () => {
  const clientId = '00000000-1111-2222-3333-444444444444';
  const byIdentity: Environment = {
    ...minimal,
    EventHub: '',
    EventHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
  };

  test.each<[string, Environment, RegExp]>([
    [
      'the dead-letter hub among the hubs',
      { ...minimal, EVENT_HUB_NAMES: 'a,b', DEAD_LETTER_EVENT_HUB: 'b' },
      /^DEAD_LETTER_EVENT_HUB: expected a hub that is none of EVENT_HUB_NAMES; found "b"/,
    ],
    [
      'the dead-letter hub among the hubs, in another case',
      { ...minimal, EVENT_HUB_NAMES: 'a, Dead-Letters', DEAD_LETTER_EVENT_HUB: 'dead-LETTERS' },
      /^DEAD_LETTER_EVENT_HUB: .*found "dead-LETTERS"/,
    ],
    [
      'the default dead-letter hub among the hubs',
      { ...minimal, EVENT_HUB_NAMES: 'NETWORK-sessions-dead-letters' },
      /^DEAD_LETTER_EVENT_HUB: /,
    ],
    [
      'a client id without its credential',
      { ...byIdentity, EventHub__clientId: clientId },
      /^EventHub__clientId: expected EventHub__credential=managedidentity beside it/,
    ],
    [
      'a client id beside a connection string',
      { ...minimal, EventHub__clientId: clientId, EventHub__credential: 'managedidentity' },
      /^EventHub__clientId, EventHub__credential: expected nothing beside EventHub/,
    ],
    [
      'an EntityPath of another hub',
      { ...minimal, EventHub: `${connectionString};EntityPath=other` },
      /^EventHub: expected no EntityPath, or that of the only hub of EVENT_HUB_NAMES; found the EntityPath of another hub/,
    ],
    [
      'an EntityPath and several hubs',
      { ...minimal, EVENT_HUB_NAMES: 'a,b', EventHub: `${connectionString};entitypath = a` },
      /^EventHub: expected no EntityPath/,
    ],
    [
      'a budget and an attempt that outlive the function',
      { ...minimal, DELIVERY_BUDGET_SECONDS: '540', LOGS_INGESTION_TIMEOUT_SECONDS: '300' },
      /^DELIVERY_BUDGET_SECONDS, LOGS_INGESTION_TIMEOUT_SECONDS: expected at most 570 together, .*found 840/,
    ],
    [
      'a budget that outlives the function by a second, with the default attempt',
      { ...minimal, DELIVERY_BUDGET_SECONDS: '540', LOGS_INGESTION_TIMEOUT_SECONDS: '31' },
      /found 571/,
    ],
    [
      'an audience of another cloud',
      { ...minimal, LOGS_INGESTION_ENDPOINT: 'https://r.usgovvirginia-1.ingest.monitor.azure.us' },
      /^LOGS_INGESTION_AUDIENCE: expected https:\/\/monitor\.azure\.us, .*found https:\/\/monitor\.azure\.com/,
    ],
    [
      'a connection that the host alone reads',
      { ...minimal, AzureWebJobsEventHub: connectionString },
      /^AzureWebJobsEventHub: expected nothing/,
    ],
    [
      'a namespace that the host alone reads',
      { ...minimal, AzureWebJobsEventHub__fullyQualifiedNamespace: 'a.example' },
      /^AzureWebJobsEventHub__fullyQualifiedNamespace: /,
    ],
  ])('%s: one problem that says what to do', (_, environment, problem) => {
    const problems = problemsOf(environment);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems.join('\n')).not.toContain(key);
  });

  test.each<[string, Environment]>([
    [
      'the EntityPath of the only hub, in any case',
      { ...minimal, EVENT_HUB_NAMES: 'hub', EventHub: `${connectionString};EntityPath=HUB` },
    ],
    [
      'a client id with its credential',
      { ...byIdentity, EventHub__clientId: clientId, EventHub__credential: 'managedidentity' },
    ],
    ['an identity of the system', byIdentity],
    ['570 seconds together', { ...minimal, DELIVERY_BUDGET_SECONDS: '540', LOGS_INGESTION_TIMEOUT_SECONDS: '30' }],
    [
      'another cloud in both',
      {
        ...minimal,
        LOGS_INGESTION_ENDPOINT: 'https://r.usgovvirginia-1.ingest.monitor.azure.us',
        LOGS_INGESTION_AUDIENCE: 'https://monitor.azure.us',
      },
    ],
    ['32 hubs', { ...minimal, EVENT_HUB_NAMES: numbered('hub', 32) }],
  ])('may be %s', (_, environment) => {
    expect(problemsOf(environment)).toEqual([]);
  });

  test('too many hubs or DCRs are an error', () => {
    for (const [name, value] of [
      ['EVENT_HUB_NAMES', numbered('hub', 33)],
      ['EVENT_HUB_NAMES', numbered('hub', 300)],
      ['LOGS_INGESTION_RULE_IDS', numbered('dcr-', 33)],
    ] as const) {
      const [problem, ...more] = problemsOf({ ...minimal, [name]: value });
      expect(problem).toMatch(new RegExp(`^${name}: expected at most 32 `));
      expect(more).toEqual([]);
    }
  });

  test('are reported together with invalid settings', () => {
    const problems = problemsOf({ ...minimal, EVENT_HUB_NAMES: 'a', DEAD_LETTER_EVENT_HUB: 'A', URL_REDACTION: 'x' });
    expect(problems.map((problem) => problem.split(':', 1)[0])).toEqual(['URL_REDACTION', 'DEAD_LETTER_EVENT_HUB']);
  });

  test('functionTimeout is that of host.json', () => {
    const [hours = 0, minutes = 0, seconds = 0] = hostJson.functionTimeout.split(':').map(Number);
    expect(functionTimeoutSeconds).toBe(hours * 3600 + minutes * 60 + seconds);
  });
});

function numbered(name: string, count: number): string {
  return Array.from({ length: count }, (_, i) => `${name}${i}`).join(',');
}
