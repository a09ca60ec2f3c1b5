import type { Certificate } from '../certificate';

/** A query as it was sent. */
export interface LogsQuestion {
  readonly query: string;
  /** Rows with a `TimeGenerated` before it do not count, whatever the query says; undefined without such a limit. */
  readonly from: Date | undefined;
  /** Likewise for those after it. */
  readonly to: Date | undefined;
}

/** The result of a query. Times are ISO 8601, in UTC. */
export interface LogsTable {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface WorkspaceOptions {
  /** The plan of each table: Analytics, Basic or Auxiliary. It is read at each call. */
  readonly tables: Readonly<Record<string, string>>;
  /** Answers a query; the emulator has no Kusto engine. @throws QueryError for a query that it does not know */
  readonly answer: (question: LogsQuestion) => LogsTable | Promise<LogsTable>;
  /** Returns undefined for a token that is valid for the audience, else the reason. */
  readonly authorize: (authorization: string | undefined, audience: string) => string | undefined;
  /** `/subscriptions/.../workspaces/NAME`; a default is the same at every start. */
  readonly resourceId?: string;
  /** The workspace id, part of the address of each query; a default is the same at every start. */
  readonly customerId?: string;
  /** Port on 127.0.0.1; by default the system chooses one. */
  readonly port?: number;
  /** The default is a new certificate. */
  readonly certificate?: Certificate;
  /** Milliseconds since 1970; by default the system's clock. */
  readonly now?: () => number;
}

/** What can go wrong with a call, by default of either kind. The body is always read first. */
export type WorkspaceFault = { readonly on?: 'management' | 'query' } & (
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** A page, as a gateway answers in place of the service. */
  | { readonly kind: 'page'; readonly status: number }
  /** Connection closed without an answer. */
  | { readonly kind: 'reset' }
  /** Never an answer; the connection stays open. */
  | { readonly kind: 'silence' }
);
