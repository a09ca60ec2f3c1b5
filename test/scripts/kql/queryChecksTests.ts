import { problemsOfAlert, problemsOfFunction, problemsOfQuery } from '../../../scripts/kql/queryChecks';
import { workspace } from '../../../scripts/kql/queryFiles';

const declared = workspace();
const messages = (text: string): string[] => problemsOfQuery(text, declared).map(({ message }) => message);

describe('a query', () => {
  test('that names what the tables have is right', () => {
    expect(messages('NetworkSessions_CL\n| summarize count() by SrcIpAddr')).toEqual([]);
  });

  test('may call the saved function', () => {
    expect(messages('NetworkSessionsUnique(ago(1d), now())\n| project EventUid, TimeGenerated')).toEqual([]);
  });

  test('may not name a column that its table lacks; the problem names the line', () => {
    expect(problemsOfQuery('NetworkSessions_CL\n| where SrcIpAddress == "10.0.0.1"', declared)).toEqual([
      {
        line: 2,
        message: "The name 'SrcIpAddress' does not refer to any known column, table, variable or function.",
      },
    ]);
  });

  test('may not name a table that is not declared', () => {
    expect(messages('NetworkSession_CL | count')).toHaveLength(1);
  });

  test('may not compare values of different types', () => {
    expect(messages('NetworkSessions_CL | where SrcIpAddr > 3')).not.toEqual([]);
  });

  test('may not call a function that does not exist', () => {
    expect(messages('print a = lowercase("A")')).not.toEqual([]);
  });

  test('returns the columns that its comment declares, in that order', () => {
    const query = 'AppTraces\n| summarize Traces = count() by AppRoleName';
    expect(messages(`// Traces.\n// Returns: AppRoleName: string, Traces: long\n${query}`)).toEqual([]);
    expect(messages(`// Traces.\n// Returns: Traces: long\n${query}`)).toEqual([
      'it declares (Traces: long) and returns (AppRoleName: string, Traces: long)',
    ]);
  });
});

const byRule = (prefix: string): string =>
  `AppMetrics | where Name startswith "${prefix}" | summarize sum(Sum) by tostring(Properties.rule)`;

describe('metrics in a query', () => {
  test('a metric of the catalogue with one of its dimensions is right', () => {
    const query =
      'AppMetrics | where Name == "network_sessions.rows.sent" | summarize sum(Sum) by tostring(Properties.rule)';
    expect(messages(query)).toEqual([]);
  });

  test.each([
    ['Name == "network_sessions.rows.stored"', 'network_sessions.rows.stored'],
    ['Name == "rows.sent"', 'rows.sent'],
    ['Name in ("network_sessions.rows.sent", "heartbeat")', 'heartbeat'],
    ['Name == "network_sessions.rows.sent.bucket"', 'network_sessions.rows.sent.bucket'],
  ])('a name that the catalogue lacks is told: %s', (condition, name) => {
    expect(messages(`AppMetrics | where ${condition}`)).toEqual([
      `"${name}" is no metric of shared/telemetry/catalogue.ts`,
    ]);
  });

  test('a misspelt metric is a problem even outside a comparison with the column', () => {
    const query = 'AppMetrics | extend N = Name | where N == "network_sessions.heartbeats"';
    expect(messages(query)).toEqual(['"network_sessions.heartbeats" is no metric of shared/telemetry/catalogue.ts']);
  });

  test('a prefix stands for all metrics that begin with it, and for their dimensions', () => {
    expect(messages(byRule('network_sessions.ingestion.'))).toEqual([]);
    expect(messages(byRule('network_sessions.digestion.'))).toEqual([
      '"network_sessions.digestion." is no metric of shared/telemetry/catalogue.ts',
      'no metric of this query has the dimension "rule"',
    ]);
  });

  test('distributions have buckets, with their upper bound as a dimension', () => {
    const bucket =
      'AppMetrics | where Name == "network_sessions.event.delay.bucket" | summarize sum(Sum) by tostring(Properties.le)';
    expect(messages(bucket)).toEqual([]);
    expect(messages(bucket.replace('.bucket', ''))).toEqual(['no metric of this query has the dimension "le"']);
  });

  test.each(['Properties.rulle', 'Properties["messaging.destination.name"]', "Properties['table']"])(
    'a dimension that no metric of the query has is told: %s',
    (path) => {
      const query = `AppMetrics | where Name == "network_sessions.rows.sent" | summarize sum(Sum) by tostring(${path})`;
      expect(messages(query)).toHaveLength(1);
    },
  );

  test('names and properties of other tables are no metrics', () => {
    expect(
      messages('AppRequests | where Name == "anything" | summarize count() by tostring(Properties.theirs)'),
    ).toEqual([]);
  });
});

describe('the query of an alert', () => {
  const query = 'AppMetrics\n| where Name == "network_sessions.heartbeat"\n| summarize Value = sum(Sum)';

  test('says what its number means, when to alert, and returns it', () => {
    const comment = '// Beats.\n// Value: beats.\n// Alert when: Value > 0.\n// Returns: Value: real\n';
    expect(problemsOfAlert(comment + query, declared)).toEqual([]);
  });

  test('has a problem for each of these that is missing', () => {
    expect(problemsOfAlert(`// Beats.\n${query}`, declared).map(({ message }) => message)).toEqual([
      'its comment lacks // Value:',
      'its comment lacks // Alert when:',
      'its comment lacks // Returns: with Value as a number',
    ]);
  });
});

describe('the body of a function', () => {
  test('sees its parameters', () => {
    const body = 'NetworkSessions_CL | where TimeGenerated >= starttime';
    expect(problemsOfFunction(body, 'starttime:datetime=datetime(null)', declared)).toEqual([]);
    expect(problemsOfFunction(body, 'endtime:datetime=datetime(null)', declared)).toHaveLength(1);
  });
});
