import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root } from '../../scripts/kql/queryFiles';
import { readMessage } from '../../shared/defender/readMessage';
import { isObject, type JsonObject, parseJson, stringifyJson } from '../../shared/json';
import { transform } from '../../shared/transform/transform';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import type { Workspace } from '../kql/evaluator/evaluate';
import { caseRows, cellsOf, destinations, workspaceWith } from './asimWorkspace';
import type { Cells } from './testers';

const device = '5d9f1c3a7b2e4f60819a2b3c4d5e6f708192a3b4';
const adele = 'S-1-5-21-1004336348-1177238915-682003330-1104';

/** What the reference of the schema asks of a case's row, worked out by hand; no value where there is none. */
const byHand: Readonly<Record<string, Cells>> = {
  'connection/success-with-url': {
    EventSchema: 'NetworkSession',
    EventSchemaVersion: '0.2.7',
    EventType: 'EndpointNetworkSession',
    EventSubType: '',
    EventOriginalType: 'ConnectionSuccess',
    EventResult: 'Success',
    EventResultDetails: 'NA',
    EventOriginalResultDetails: 'ConnectionSuccess',
    EventSeverity: 'Informational',
    Dvc: 'fin-ws-0421.corp.example.com',
    DvcFQDN: 'fin-ws-0421.corp.example.com',
    DvcHostname: 'fin-ws-0421',
    DvcDomain: 'corp.example.com',
    DvcDomainType: 'FQDN',
    DvcId: device,
    DvcIdType: 'MDEid',
    NetworkDirection: 'Outbound',
    NetworkProtocolVersion: 'IPv4',
    NetworkApplicationProtocol: 'HTTPS',
    Src: 'fin-ws-0421.corp.example.com',
    SrcHostname: 'fin-ws-0421',
    SrcDvcId: device,
    SrcUserId: adele,
    SrcUserIdType: 'SID',
    SrcUsername: 'corp\\adele.vance',
    SrcUsernameType: 'Windows',
    SrcUserType: 'Regular',
    SrcUserUpn: 'adele.vance@corp.example.com',
    SrcAppName: 'msedge.exe',
    SrcAppId: '9312',
    SrcAppType: 'Process',
    SrcProcessName: 'msedge.exe',
    ParentProcessName: 'msedge.exe',
    ParentProcessId: '7544',
    Dst: 'cdn.example.org',
    DstHostname: 'cdn',
    DstFQDN: 'cdn.example.org',
    DstDomain: 'example.org',
    DstDvcId: '',
    DstUsername: '',
    DstAppName: '',
    Url: 'https://cdn.example.org/app/main.js',
    DstDomainHostname: 'cdn.example.org',
    IpAddr: '10.20.30.41',
    Hostname: 'cdn',
    User: '',
    TcpFlagsSyn: '',
  },
  'connection/inbound-accepted': {
    NetworkDirection: 'Inbound',
    Src: '198.51.100.69',
    SrcDvcId: '',
    SrcAppName: '',
    Dst: 'web-srv-02.corp.example.com',
    DstDvcId: device,
    DstDvcIdType: 'MDEid',
    DstUsername: 'nt authority\\system',
    DstUserType: 'System',
    DstAppName: 'System',
    DstProcessId: '4',
    Process: 'System',
    User: 'nt authority\\system',
    IpAddr: '10.2.0.5',
    Hostname: '',
  },
  'connection/listening': {
    NetworkDirection: 'Listen',
    Src: '',
    Dst: 'fin-ws-0421.corp.example.com',
    DstAppName: 'msedge.exe',
    IpAddr: '10.20.30.41',
    Hostname: '',
  },
  'firewall/inbound-blocked': {
    EventResult: 'Failure',
    EventResultDetails: 'Unknown',
    EventSeverity: 'Low',
    DvcAction: 'Deny',
    DvcOriginalAction: 'FirewallInboundConnectionBlocked',
    IpAddr: '10.20.30.41',
  },
  'aggregated/success-and-failed': {
    EventType: 'Flow',
    EventCount: '37',
    IpAddr: '192.0.2.10',
    Hostname: 'beacon',
    SrcUserId: 'S-1-5-21-1-2-3-1104',
  },
  'packet/attempt-inbound-by-ports': {
    EventResult: 'NA',
    EventResultDetails: 'NA',
    SrcAppName: '',
    DstAppName: '',
    DstAppId: '',
    DstAppType: '',
    TcpFlagsSyn: 'true',
    TcpFlagsAck: 'false',
    TcpFlagsUrg: 'false',
  },
};

describe.each(destinations)('a session in %s', (to) => {
  const names = Object.keys(byHand);
  const rows = names.map((name) => caseRows.find((one) => one.name === name)?.row ?? {});
  let sessions: readonly Cells[] = [];
  beforeAll(() => {
    sessions = cellsOf('NetworkSessionsAll()', workspaceWith(rows, to)).rows;
  });

  test.each(names.map((name, i) => [name, i] as const))(
    'has the columns that were worked out by hand: %s',
    (name, i) => {
      expect(sessions[i]).toMatchObject(byHand[name] ?? {});
    },
  );
});

const captured = resolve(root, '..', 'shared', 'samples', 'defender-captured.ndjson');

/** The rows that the app makes of the captured events. */
function capturedRows(): JsonObject[] {
  const messages = readFileSync(captured, 'utf8').trim().split('\n');
  const parts = messages.flatMap((message) => readMessage(Buffer.from(message), { table: undefined }));
  return parts.flatMap((part) => {
    const made = part.kind === 'record' ? transform(part, defaultTransformSettings) : part;
    const row = made.kind === 'row' ? parseJson(stringifyJson(made.columns)) : undefined;
    return isObject(row) ? [row] : [];
  });
}

(existsSync(captured) ? describe : describe.skip).each(destinations)(
  'a rule for _Im_NetworkSession finds, in %s',
  (to) => {
    let workspace: Workspace;
    beforeAll(() => {
      workspace = workspaceWith(capturedRows(), to);
    });
    const answers = (rule: string): readonly Cells[] => cellsOf(rule, workspace).rows;

    test('every captured session', () => {
      expect(answers('_Im_NetworkSession() | count')).toEqual([{ Count: '18' }]);
    });

    test('connections that the firewall denied', () => {
      const rule =
        '_Im_NetworkSession(dvcaction=dynamic(["Deny"]), eventresult="Failure") | project SrcIpAddr, DstIpAddr, DstPortNumber';
      expect(answers(rule)).toEqual([
        { SrcIpAddr: '192.168.0.182', DstIpAddr: '192.168.0.142', DstPortNumber: '137' },
        { SrcIpAddr: '192.168.8.35', DstIpAddr: '95.166.126.90', DstPortNumber: '80' },
      ]);
    });

    test('who reached a service of ours from outside', () => {
      const rule = `_Im_NetworkSession(starttime=datetime(2023-01-01), endtime=datetime(2027-01-01), dstportnumber=443)
      | where NetworkDirection == "Inbound" and EventResult == "Success"
      | summarize Sessions = sum(EventCount) by SrcIpAddr, IpAddr, Dvc`;
      expect(answers(rule)).toEqual([
        { SrcIpAddr: '198.199.114.69', IpAddr: '10.2.0.5', Dvc: 'test-hostname', Sessions: '1' },
      ]);
    });

    test('an indicator, by address and by name, and the end that matched', () => {
      const byAddress = '_Im_NetworkSession(ipaddr_has_any_prefix=dynamic(["46.228.174.", "23.199.249.50"]))';
      expect(answers(`${byAddress} | project Dst, ASimMatchingIpAddr`)).toEqual([
        { Dst: 'sync.1rx.io', ASimMatchingIpAddr: 'DstIpAddr' },
        { Dst: 'x1.c.lencr.org', ASimMatchingIpAddr: 'DstIpAddr' },
      ]);
      const byName = '_Im_NetworkSession(hostname_has_any=dynamic(["sync"])) | project Dst, ASimMatchingHostname';
      expect(answers(byName)).toEqual([{ Dst: 'sync.1rx.io', ASimMatchingHostname: 'DstHostname' }]);
    });
  },
);
