import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { makeCertificate } from '../certificate';
import { listenOnLoopback } from '../http/loopback';
import { FaultPlan, type Faults } from '../injectedFaults';
import { type IngestionFault } from './ingestionFaults';
import type { IngestionOptions } from './ingestionOptions';
import { type IngestionStatistics, Tally } from './ingestionStatistics';
import { readRules } from './rule';
import { serveCalls } from './serve';
import { openStore, type StoredRow } from './store';

export type { IngestionFault } from './ingestionFaults';
export type {
  ColumnDeclaration,
  IngestionOptions,
  Limits,
  RuleOptions,
  StoredAnswer,
  StoredCall,
} from './ingestionOptions';
export type { IngestionStatistics, StreamStatistics } from './ingestionStatistics';
export type { StoredRow } from './store';

/** The Logs Ingestion API on loopback. */
export interface IngestionEmulator {
  /** `https://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** PEM to trust, through `tlsOptions.ca` of a client or NODE_EXTRA_CA_CERTS of a process. */
  readonly certificate: string;
  readonly faults: Faults<IngestionFault>;
  statistics(): IngestionStatistics;
  /** The stored rows of a stream, each as its exact JSON text on one line. Works after `stop`, too. */
  rows(stream: string): AsyncIterable<string>;
  /** The same, with the times of each row. */
  storedRows(stream: string): AsyncIterable<StoredRow>;
  /**
   * Resolves when all accepted rows are on disk; rejects if they cannot be written. Calls that are not stored yet get no
   * answer.
   */
  stop(): Promise<void>;
}

/** @throws when a DCR is wrong (column types, names), or the port is in use */
export async function startIngestion(options: IngestionOptions): Promise<IngestionEmulator> {
  const now = options.now ?? Date.now;
  if (options.clientIdOf === undefined && options.rules.some((rule) => rule.allowedClientIds !== undefined)) {
    throw new Error('A DCR has allowedClientIds: pass clientIdOf as well, which tells whose token it is.');
  }
  const tally = new Tally();
  const store = openStore(options.directory, now);
  const faults = new FaultPlan<IngestionFault>();
  const calls = serveCalls(
    {
      options,
      limits: { compressedBytes: 1_000_000, uncompressedBytes: 1_000_000, ...options.limits },
      rules: readRules(options.rules),
      store,
      tally,
      now,
    },
    faults,
  );
  const { key, cert } = options.certificate ?? (await makeCertificate());
  const server = createServer({ key, cert }, (request: IncomingMessage, response: ServerResponse) =>
    calls.serve(request, response),
  );
  server.on('secureConnection', (socket: TLSSocket) => socket.once('close', () => calls.closed(socket)));
  const listener = await listenOnLoopback(server, options.port ?? 0, 'Logs Ingestion emulator');

  async function stop(): Promise<void> {
    try {
      await calls.stop();
      await store.close();
    } finally {
      await listener.close();
    }
  }
  let stopped: Promise<void> | undefined;

  return {
    endpoint: `https://127.0.0.1:${listener.port}`,
    certificate: cert,
    faults,
    statistics: () => tally.read(),
    rows: (stream) => textsOf(store.rows(stream)),
    storedRows: (stream) => store.rows(stream),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function* textsOf(rows: AsyncIterable<StoredRow>): AsyncGenerator<string> {
  for await (const { text } of rows) yield text;
}
