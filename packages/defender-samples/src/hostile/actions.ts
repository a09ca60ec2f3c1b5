import type { NonEmpty, Random } from '../random';

/** Action types as Microsoft documents them; written down here, so that a list of the product is not tested by itself. */

const networkActions: NonEmpty<string> = [
  'ConnectionSuccess',
  'ConnectionFailed',
  'ConnectionRequest',
  'InboundConnectionAccepted',
  'InboundConnectionAttempt',
  'ConnectionAttempt',
  'ConnectionAcknowledged',
  'InboundConnectionAcknowledged',
  'ConnectionFound',
  'ListeningConnectionCreated',
  'InboundInternetScanInspected',
  'NetworkSignatureInspected',
  'HttpConnectionInspected',
  'SslConnectionInspected',
  'DnsConnectionInspected',
  'IcmpConnectionInspected',
  'SshConnectionInspected',
  'FtpConnectionInspected',
  'SmtpConnectionInspected',
  'NtlmAuthenticationInspected',
  'KerberosConnectionInspected',
  'KerberosAuthenticationInspected',
  'ConnectionSuccessAggregatedReport',
  'ConnectionFailedAggregatedReport',
  'HttpConnectionInspectedAggregatedReport',
];

/** Rows of DeviceEvents that are sessions whatever else they hold. */
export const firewallActions: NonEmpty<string> = [
  'FirewallOutboundConnectionBlocked',
  'FirewallInboundConnectionBlocked',
  'FirewallInboundConnectionBlockedAggregatedReport',
];

/** Rows of DeviceEvents that are sessions when they name a peer. */
export const protectionActions: NonEmpty<string> = [
  'ExploitGuardNetworkProtectionBlocked',
  'ExploitGuardNetworkProtectionAudited',
  'NetworkProtectionUserBypassEvent',
];

export const actionTypes: NonEmpty<string> = [...networkActions, ...firewallActions, ...protectionActions];

/** The word in another spelling that means the same: letters in any case, spaces around it. */
export function anyCase(random: Random, word: string): string {
  const bits = random.word();
  let spelt = '';
  for (let i = 0; i < word.length; i++) {
    const letter = word.charAt(i);
    spelt += (bits >>> (i % 32)) & 1 ? letter.toUpperCase() : letter.toLowerCase();
  }
  const space = random.oneIn(8) ? random.pick([' ', '\t', '\u00a0']) : '';
  return `${space}${spelt}${space}`;
}
