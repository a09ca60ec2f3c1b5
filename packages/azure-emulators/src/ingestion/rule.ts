import { type ColumnType, readColumns } from './declaredColumns';
import type { RuleOptions } from './ingestionOptions';
import { RateWindow } from './rate';
import { Rejection } from './rejection';

/** Stream names become file names, so only these characters are allowed. The service requires the prefixes. */
const streamName = /^(Custom|Microsoft)-[A-Za-z0-9_-]{1,200}$/;

/** A data collection rule (DCR) and its counters. */
export class Rule {
  readonly immutableId: string;
  readonly #streams: ReadonlyMap<string, ReadonlyMap<string, ColumnType>>;
  readonly #allowed: ReadonlySet<string> | undefined;
  readonly #rate: RateWindow;

  /** @throws when the service would not accept a stream's name or a column's type */
  constructor(options: RuleOptions) {
    this.immutableId = options.immutableId;
    this.#streams = new Map(
      Object.entries(options.streams).map(([stream, columns]) => {
        if (!streamName.test(stream)) {
          throw new Error(
            `DCR '${options.immutableId}': stream '${stream}' must begin with 'Custom-' or 'Microsoft-' and continue with letters, digits, '_' and '-'.`,
          );
        }
        return [stream, readColumns(stream, columns)];
      }),
    );
    this.#allowed = options.allowedClientIds && new Set(options.allowedClientIds.map((id) => id.toLowerCase()));
    this.#rate = new RateWindow(options.requestsPerMinute ?? 12_000, options.bytesPerMinute ?? 2_000_000_000);
  }

  /** @throws Rejection when the identity does not hold the role. */
  checkRole(clientId: string | undefined): void {
    if (this.#allowed === undefined || (clientId !== undefined && this.#allowed.has(clientId.toLowerCase()))) return;
    throw new Rejection(
      403,
      'OperationFailed',
      `The authentication token provided does not have access to ingest data for the data collection rule with immutable Id '${this.immutableId}'.`,
    );
  }

  /** @throws Rejection when the DCR declares no such stream. */
  columnsOf(stream: string): ReadonlyMap<string, ColumnType> {
    const columns = this.#streams.get(stream);
    if (columns !== undefined) return columns;
    throw new Rejection(
      400,
      'InvalidStream',
      `Stream '${stream}' is not declared by the data collection rule with immutable Id '${this.immutableId}'.`,
    );
  }

  countRequest(now: number): void {
    this.throttle(this.#rate.admitRequest(now));
  }

  countBytes(bytes: number, now: number): void {
    this.throttle(this.#rate.admitBytes(bytes, now));
  }

  private throttle(seconds: number | undefined): void {
    if (seconds === undefined) return;
    throw new Rejection(
      429,
      'TooManyRequests',
      `The data collection rule with immutable Id '${this.immutableId}' has reached its limit for this minute. Retry after ${seconds} seconds.`,
      seconds,
    );
  }
}

/** @throws when two DCRs have the same id */
export function readRules(options: readonly RuleOptions[]): ReadonlyMap<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const rule of options) {
    if (rules.has(rule.immutableId)) throw new Error(`DCR '${rule.immutableId}' is given twice.`);
    rules.set(rule.immutableId, new Rule(rule));
  }
  return rules;
}
