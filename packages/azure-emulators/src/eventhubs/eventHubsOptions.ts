import type { Certificate } from '../certificate';
import type { SharedAccessPolicy } from './cbs';
import type { EntraOptions } from './entra';

export interface HubOptions {
  readonly name: string;
  /** 1 to 32, as in a Standard namespace. */
  readonly partitions: number;
  /** `$Default` is always there. */
  readonly consumerGroups?: readonly string[];
}

export interface EventHubsOptions {
  readonly hubs: readonly HubOptions[];
  /** The port for clients with a connection string, over plain TCP. 0, the default, lets the system choose. */
  readonly port?: number;
  /** A second port with TLS, which the SDKs use whenever they sign in with an identity. */
  readonly tls?: TlsOptions;
  /** Keep the events in files here, so that a restart resumes. Without it they are in memory only. */
  readonly directory?: string;
  /** How long an event is kept; default 7 days, the longest of a Standard namespace. */
  readonly retentionMs?: number;
  /** Bytes of events kept per partition; the oldest events are dropped first. Default: no limit. */
  readonly retentionBytes?: number;
  /** Largest message (event or batch); default 1,048,576 as in a Standard namespace. */
  readonly maxMessageSize?: number;
  /** Shared access policies; the first one is in the connection string. Default: one that allows everything. */
  readonly policies?: readonly SharedAccessPolicy[];
  /** The clock for enqueued times, retention and expiry, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Gets lines for the operator, without event content. Default: standard error. */
  readonly log?: (line: string) => void;
}

export interface TlsOptions extends EntraOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** A certificate for localhost. Clients must trust it, through NODE_EXTRA_CA_CERTS. */
  readonly certificate: Certificate;
}
