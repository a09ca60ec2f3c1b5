import type { Random } from '../random';
import type { Device } from '../world/devices';
import type { Endpoint } from './networkEvent';

/** An end of a connection as the kernel's sensor reports it: with the kind of its address. */
export function classified(ip: string, port: number | null): Endpoint {
  return { ip, port, type: typeOf(ip) };
}

/** As the other producers report it. */
export function bare(ip: string, port: number | null): Endpoint {
  return { ip, port, type: null };
}

/** An IPv4 address on a socket of IPv6. */
export function mapped(ip: string, port: number | null, isClassified: boolean): Endpoint {
  return { ip: `::ffff:${ip}`, port, type: isClassified ? 'FourToSixMapping' : null };
}

function typeOf(ip: string): string {
  if (ip.startsWith('10.') || ip.startsWith('192.168.')) return 'Private';
  if (ip.startsWith('127.') || ip === '::1') return 'Loopback';
  return ip.startsWith('100.') ? 'CarrierGradeNat' : 'Public';
}

/** A port that the system gives to a client. */
export function clientPort(os: Device['os'], random: Random): number {
  return os === 'Linux' ? random.between(32_768, 60_999) : random.between(49_152, 65_535);
}

/** Somebody on the internet. */
export function visitor(random: Random): string {
  return `${random.pick(['198.51.100', '203.0.113'])}.${random.between(211, 254)}`;
}
