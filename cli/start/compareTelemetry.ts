import { setTimeout as sleep } from 'node:timers/promises';
import { metricsOf, sumOf, type TelemetryEndpoint } from 'azure-emulators/telemetry';
import { states, type Tally, total } from '../../shared/books';
import { catalogue } from '../../shared/telemetry/catalogue';

/** The app exports metrics at intervals, and a busy machine may skip several. */
const patienceMs = 30_000;

interface Figure {
  readonly what: string;
  readonly books: number;
  readonly metrics: number;
}

/** Each figure of the books, and the sum of the metric that counts the same. */
export function compareWithBooks(telemetry: Pick<TelemetryEndpoint, 'envelopes'>, tally: Tally): Figure[] {
  const rows = metricsOf(telemetry.envelopes());
  const sum = (metric: { readonly name: string }, properties?: Readonly<Record<string, string>>): number =>
    sumOf(rows, metric.name, properties);
  return [
    { what: 'messages', books: tally.messages, metrics: sum(catalogue.messages) },
    { what: 'bytes in', books: tally.bytesIn, metrics: sum(catalogue.bytesReceived) },
    { what: 'records received', books: tally.received, metrics: sum(catalogue.recordsReceived) },
    ...states.map((state) => ({
      what: `records ${state}`,
      books: tally[state],
      metrics: sum(catalogue.recordsSettled, { state }),
    })),
    { what: 'rows saved', books: total(tally.rowsSavedByLever), metrics: sum(catalogue.rowsSaved) },
    { what: 'bytes saved', books: total(tally.bytesSavedByLever), metrics: sum(catalogue.bytesSaved) },
    { what: 'rows sent', books: tally.sent, metrics: sum(catalogue.rowsSent) },
    { what: 'bytes out', books: tally.bytesOut, metrics: sum(catalogue.bytesSent, { encoding: 'identity' }) },
    { what: 'bytes sent', books: tally.bytesSent, metrics: sum(catalogue.bytesSent, { encoding: 'gzip' }) },
    { what: 'dead letters', books: tally.deadLettered, metrics: sum(catalogue.deadLetters) },
  ];
}

/** Waits until the metrics equal the books; returns the figures that still differ when patience is over. */
export async function telemetryProblems(telemetry: TelemetryEndpoint, tally: Tally): Promise<string[]> {
  const patience = AbortSignal.timeout(patienceMs);
  for (;;) {
    const unequal = compareWithBooks(telemetry, tally).filter(({ books, metrics }) => books !== metrics);
    if (unequal.length === 0 || patience.aborted) {
      return unequal.map(
        ({ what, books, metrics }) =>
          `Metric of ${what}: expected ${books}, as in the log lines of the batches; found ${metrics}.`,
      );
    }
    await Promise.race([telemetry.taken(), sleep(patienceMs, undefined, { signal: patience }).catch(() => undefined)]);
  }
}
