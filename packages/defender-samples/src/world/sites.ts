import type { NonEmpty } from '../random';

/**
 * Hosts on the internet, by what they are used for. Names lie under the domains that are reserved for examples
 * (RFC 2606), addresses in the ranges reserved for documentation (RFC 5737, RFC 3849).
 */
export interface Site {
  readonly host: string;
  /** IPv4, always in the same order. */
  readonly addresses: NonEmpty<string>;
  readonly address6: string | undefined;
}

export type SiteKind = keyof typeof hosts;

const hosts = {
  web: [
    'www.harbourpost.example.org',
    'news.dailymeridian.example.com',
    'www.northgate-bank.example.com',
    'login.northgate-bank.example.com',
    'shop.alpine-outfitters.example.net',
    'static.alpine-outfitters.example.net',
    'www.railtickets.example.org',
    'api.railtickets.example.org',
    'maps.openatlas.example.org',
    'tiles.openatlas.example.org',
    'search.lanternfind.example.com',
    'suggest.lanternfind.example.com',
    'www.weathervane.example.net',
    'cdn.pixelbarn.example.net',
    'img.pixelbarn.example.net',
    'fonts.typefoundry.example.org',
    'video.streamhall.example.com',
    'edge7.streamhall.example.com',
    'metrics.clickwell.example.net',
    'ads.clickwell.example.net',
    'app.invoicehub.example.com',
    'docs.invoicehub.example.com',
    'jobs.talentquay.example.org',
    'forum.devcommons.example.org',
    'code.devcommons.example.org',
    'wiki.fieldnotes.example.org',
    'www.municipality.example.net',
    'travel.bluefinch.example.com',
    'crm.salesorchard.example.com',
    'hr.peoplecove.example.com',
    'learn.campusgrove.example.org',
    'tickets.deskbeacon.example.net',
  ],
  sign: ['login.cloudgate.example.com', 'device.login.cloudgate.example.com', 'mfa.cloudgate.example.com'],
  meetings: [
    'teams.meetwell.example.net',
    'relay-euw.meetwell.example.net',
    'relay-eun.meetwell.example.net',
    'presence.meetwell.example.net',
  ],
  mail: [
    'outlook.mailharbour.example.com',
    'autodiscover.mailharbour.example.com',
    'attachments.mailharbour.example.com',
  ],
  storage: ['sync.filecove.example.net', 'upload-eu.filecove.example.net', 'share.filecove.example.net'],
  updates: ['update.osworks.example.com', 'dl.delivery.osworks.example.com', 'fe3.update.osworks.example.com'],
  telemetry: [
    'events.endpoint.osworks.example.com',
    'eu-v20.events.osworks.example.com',
    'cdn.protection.osworks.example.com',
  ],
  certificates: ['ocsp.trustmark.example.org', 'crl3.trustmark.example.org', 'x1.c.openseal.example.org'],
  packages: ['deb.packagemirror.example.org', 'security.packagemirror.example.org', 'registry.modules.example.org'],
  repositories: ['git.devcommons.example.org', 'ssh.codeyard.example.net'],
  mailExchangers: [
    'mx1.alpine-outfitters.example.net',
    'mx.municipality.example.net',
    'mail-in.northgate-bank.example.com',
  ],
  partners: ['ftp.freightlink.example.net', 'sftp.customsdesk.example.org'],
  blocked: [
    'login.northgate-bank.secure-check.example.net',
    'parcel-tracking.freegifts.example.org',
    'cdn.updateyourplayer.example.net',
    'beacon.quietriver.example.org',
    'stream.livesports4you.example.net',
    'share.privatecloud.example.org',
  ],
} as const satisfies Record<string, NonEmpty<string>>;

const publicRanges = ['203.0.113', '198.51.100', '192.0.2'] as const;

/** The order of all hosts decides their addresses. */
const order: readonly string[] = Object.values(hosts).flat();

function siteOf(host: string): Site {
  const index = order.indexOf(host);
  const address = (offset: number): string =>
    `${publicRanges[(index + offset) % publicRanges.length] ?? publicRanges[0]}.${10 + ((index * 3 + offset * 71) % 200)}`;
  return {
    host,
    addresses: index % 4 === 1 ? [address(0), address(1), address(2)] : [address(0)],
    address6:
      index % 3 === 0 ? `2001:db8:${(0x4000 + index * 37).toString(16)}::${(index + 5).toString(16)}` : undefined,
  };
}

function sitesOf([first, ...rest]: NonEmpty<string>): NonEmpty<Site> {
  return [siteOf(first), ...rest.map(siteOf)];
}

export const sites: Readonly<Record<SiteKind, NonEmpty<Site>>> = {
  web: sitesOf(hosts.web),
  sign: sitesOf(hosts.sign),
  meetings: sitesOf(hosts.meetings),
  mail: sitesOf(hosts.mail),
  storage: sitesOf(hosts.storage),
  updates: sitesOf(hosts.updates),
  telemetry: sitesOf(hosts.telemetry),
  certificates: sitesOf(hosts.certificates),
  packages: sitesOf(hosts.packages),
  repositories: sitesOf(hosts.repositories),
  mailExchangers: sitesOf(hosts.mailExchangers),
  partners: sitesOf(hosts.partners),
  blocked: sitesOf(hosts.blocked),
};
