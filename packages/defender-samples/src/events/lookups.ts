import type { Event, Scene } from '../scene';
import type { Site } from '../world/sites';
import { bare, clientPort } from './endpoints';
import { inspectedEvent, ts, uid } from './inspections';
import { nameServer } from './servers';

/** The device asks its office's name server for a site. */
export function lookUp(scene: Scene, site: Site, at: number): Event {
  const { random, device } = scene;
  const isIp6 = site.address6 !== undefined && random.oneIn(3);
  const isUnknown = random.oneIn(14);
  const answers = isUnknown ? [] : isIp6 ? [site.address6] : site.addresses;
  const flow = {
    direction: 'Out' as const,
    originator: bare(device.address, clientPort(device.os, random)),
    responder: bare(nameServer(scene), 53),
    host: null,
    at,
  };
  return inspectedEvent(scene, flow, 'DnsConnectionInspected', random.oneIn(12) ? 'Tcp' : 'Udp', {
    trans_id: String(random.below(65_536)),
    rtt: `0.0${random.between(10_000, 99_999)}`,
    query: isUnknown ? `${random.letters(10).toLowerCase()}.${site.host}` : site.host,
    qclass: '1',
    qclass_name: 'C_INTERNET',
    qtype: isIp6 ? '28' : '1',
    qtype_name: isIp6 ? 'AAAA' : 'A',
    rcode: isUnknown ? '3' : '0',
    rcode_name: isUnknown ? 'NXDOMAIN' : 'NOERROR',
    AA: 'false',
    TC: 'false',
    RD: 'true',
    RA: 'true',
    ...(isUnknown
      ? {}
      : {
          answers: JSON.stringify(answers),
          TTLs: `[${answers.map(() => `${random.between(20, 3600)}.0`).join(',')}]`,
        }),
    rejected: 'false',
    uid: uid(random),
    ts: ts(scene, at),
  });
}
