import type { Inspection } from '../activities';
import { second } from '../clock';
import { nested } from '../json';
import type { NonEmpty, Random } from '../random';
import type { Event, Scene } from '../scene';
import { company } from '../world/offices';
import { noProcess } from '../world/processes';
import { type Site, sites } from '../world/sites';
import { type Endpoint, networkEvent } from './networkEvent';
import { cipherSuites, ftpReplies, httpExchanges, mailHosts, mailSubjects, sshClients, sshServers } from './phrases';

/** A connection as Zeek sees it: who opened it, not which side is the device. */
export interface Flow {
  readonly direction: 'Out' | 'In';
  readonly originator: Endpoint;
  readonly responder: Endpoint;
  /** The name of the side that answers, where one is known. */
  readonly host: string | null;
  /** When it was seen, in ticks before the end of the stream. */
  readonly at: number;
}

/** Every value is a string, whatever it means. */
export type Fields = Readonly<Record<string, string>>;

/** A `*Inspected` row: the originator is always Local, no process, no kinds of addresses. */
export function inspectedEvent(
  scene: Scene,
  { direction, originator, responder, at }: Flow,
  action: string,
  protocol: string,
  fields: Fields,
): Event {
  return networkEvent(scene, {
    action,
    at,
    local: originator,
    remote: responder,
    protocol,
    url: null,
    process: noProcess,
    additionalFields: nested({ direction, ...fields }),
    // Whoever opened the connection is Local, be it the device or not.
    meaning: { from: 'local', direction: direction === 'In' ? 'Inbound' : 'Outbound' },
  });
}

export function inspect(scene: Scene, flow: Flow, inspection: Inspection): Event {
  return inspectedEvent(scene, flow, actions[inspection], 'Tcp', fieldsOf[inspection](scene, flow));
}

const actions: Readonly<Record<Inspection, string>> = {
  http: 'HttpConnectionInspected',
  ssl: 'SslConnectionInspected',
  ssh: 'SshConnectionInspected',
  smtp: 'SmtpConnectionInspected',
  ftp: 'FtpConnectionInspected',
  ntlm: 'NtlmAuthenticationInspected',
};

const fieldsOf: Readonly<Record<Inspection, (scene: Scene, flow: Flow) => Fields>> = {
  http,
  ssl,
  ssh,
  smtp,
  ftp,
  ntlm,
};

export function uid(random: Random): string {
  return `C${random.letters(17)}`;
}

/** Zeek saw the start up to six seconds before the event's time. */
export function ts({ clock, random }: Scene, at: number): string {
  return clock.fileTime(at - random.below(6 * second));
}

function http({ random }: Scene, { host, responder }: Flow): Fields {
  const exchange = random.pick(httpExchanges[purposeOf(host, responder)]);
  const bytes = exchange.status === '200' ? random.between(120, 90_000) : exchange.status === '304' ? 0 : 315;
  return {
    host: host ?? responder.ip ?? '',
    method: exchange.method,
    request_body_len: String(exchange.method === 'POST' ? random.between(60, 4000) : 0),
    response_body_len: String(bytes),
    status_code: exchange.status,
    status_msg: exchange.message,
    tags: '[]',
    trans_depth: String(random.between(1, 4)),
    uri: exchange.uri,
    user_agent: exchange.agent,
    version: '1.1',
  };
}

function purposeOf(host: string | null, { port }: Endpoint): keyof typeof httpExchanges {
  if (port === 5985) return 'management';
  if (port === 9100) return 'metrics';
  const names = (site: Site): boolean => site.host === host;
  return sites.certificates.some(names) ? 'certificates' : sites.updates.some(names) ? 'updates' : 'web';
}

function ssl(scene: Scene, { host, at }: Flow): Fields {
  const { random } = scene;
  const suite = random.pick(cipherSuites);
  const isEstablished = !random.oneIn(25);
  const name = host ?? `device-${random.between(100, 999)}.${company.domain}`;
  const isInside = name.endsWith(company.domain);
  return {
    version: suite.version,
    curve: suite.curve,
    server_name: name,
    resumed: String(random.oneIn(5)),
    ...(isEstablished ? { next_protocol: random.pick(['h2', 'h2', 'http/1.1']) } : {}),
    established: String(isEstablished),
    ...(suite.version === 'TLSv12' ? { subject: `CN=${name}`, issuer: isInside ? inside : random.pick(issuers) } : {}),
    uid: uid(random),
    cipher: suite.cipher,
    ts: ts(scene, at),
  };
}

const inside = `CN=Issuing CA 2,DC=${company.domain.split('.').join(',DC=')}`;
const issuers: NonEmpty<string> = [
  'CN=Trustmark TLS ECC CA G3,O=Trustmark Ltd,C=IE',
  'CN=Openseal R12,O=Openseal Foundation,C=CH',
  'CN=Cloudgate Server CA 07,O=Cloudgate Inc,C=US',
];

function ssh({ random }: Scene, { direction }: Flow): Fields {
  const attempts = direction === 'In' ? random.between(0, 4) : random.between(0, 1);
  return {
    auth_attempts: String(attempts),
    ...(attempts === 0 ? {} : { auth_success: String(direction === 'Out' || random.oneIn(3)) }),
    client: random.pick(sshClients),
    host_key: (random.hex(32).match(/../g) ?? []).join(':'),
    server: random.pick(sshServers),
    version: '2',
    uid: uid(random),
  };
}

function smtp({ random, clock }: Scene, { direction, at }: Flow): Fields {
  const partner = random.pick(mailHosts);
  const outside = `orders@${partner}`;
  const colleague = `${random.pick(['finance', 'freight', 'service', 'reception'])}@${company.mail}`;
  const [from, to] = direction === 'Out' ? [colleague, outside] : [outside, colleague];
  const isRefused = random.oneIn(8);
  return {
    helo: direction === 'Out' ? `mail.${company.mail}` : `mta${random.between(1, 9)}.${partner}`,
    mailfrom: from,
    rcptto: JSON.stringify([to]),
    from: `<${from}>`,
    to: JSON.stringify([`<${to}>`]),
    subject: random.pick(mailSubjects),
    date: `${clock.published(at).slice(0, 19).replace('T', ' ')} +0000`,
    path: JSON.stringify([partner]),
    last_reply: isRefused
      ? '451 4.7.1 Greylisted, please try again later'
      : `250 2.0.0 Ok: queued as ${random.letters(11)}`,
    tls: String(!random.oneIn(3)),
    fuids: JSON.stringify([`F${random.letters(17)}`]),
    trans_depth: '1',
    user_agent: 'Mailwright 7.2',
    uid: uid(random),
  };
}

function ftp({ random }: Scene, _flow: Flow): Fields {
  const reply = random.pick(ftpReplies);
  return {
    user: random.oneIn(5) ? '<unknown>' : 'freight-batch',
    reply_msg: reply.message,
    reply_code: reply.code,
    cwd: '/outbound',
    command: reply.command,
    uid: uid(random),
  };
}

function ntlm(scene: Scene, { direction, host, at }: Flow): Fields {
  const { random, device } = scene;
  const server = (host ?? device.host).split('.')[0] ?? device.host;
  return {
    hostname: (direction === 'Out'
      ? device.host
      : `${device.office.code}-lt-${random.between(1000, 1099)}`
    ).toUpperCase(),
    server_nb_computer_name: server.toUpperCase(),
    server_nb_domain_name: company.netbios.toUpperCase(),
    server_dns_computer_name: `${server}.${company.domain}`,
    server_dns_domain_name: company.domain,
    server_tree_name: company.domain,
    ...(random.oneIn(3) ? { username: device.user.name, domainname: company.netbios.toUpperCase() } : {}),
    uid: uid(random),
    success: String(!random.oneIn(9)),
    server_version: '10.0 26100 15',
    ts: ts(scene, at),
  };
}
