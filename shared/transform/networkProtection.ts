import type { NetworkEvent } from './event';
import { toText } from './values/text';

/** Network protection (ExploitGuard) in DeviceEvents: Defender itself allows or blocks a connection. */

function isExploitGuard(event: NetworkEvent): boolean {
  return event.is('ExploitGuardNetworkProtectionBlocked') || event.is('ExploitGuardNetworkProtectionAudited');
}

export function isNetworkProtection(event: NetworkEvent): boolean {
  return isExploitGuard(event) || event.is('NetworkProtectionUserBypassEvent');
}

/** Neither address nor URL of the peer is known, so there is no session to report. */
export function hasNoPeer(event: NetworkEvent): boolean {
  return (
    isNetworkProtection(event) &&
    toText(event.fact('RemoteIP')) === undefined &&
    toText(event.fact('RemoteUrl')) === undefined
  );
}

/** The values of `ResponseCategory` that name a threat. */
const threatCategories = new Set(['Malicious', 'Phishing', 'CmdCtrl']);

export function threatCategory(event: NetworkEvent): string | undefined {
  const category = isExploitGuard(event) ? event.detailText('ResponseCategory') : undefined;
  return category !== undefined && threatCategories.has(category) ? category : undefined;
}
