/** Each kind of fault of a run in words, by its key in the JSON output. */
const names: Readonly<Record<string, string>> = {
  'hub connection reset': 'hub: the connection breaks as it opens',
  'hub cbs busy': 'sign-in to the hub: busy',
  'hub attach busy': 'opening a sender or receiver of the hub: busy',
  'hub management drop': 'asking for the properties of the hub: the connection closes',
  'hub send busy': 'sending to the hub: busy',
  'hub send detach': 'sending to the hub: the link is closed',
  'hub send loseAcknowledgement': 'the hub stores the event, then closes the connection',
  'hub deliver detach': 'receiving from the hub: the link is closed',
  'hub deliver reset': 'receiving from the hub: the connection breaks',
  'dead-letter hub send busy': 'sending the first dead letter: busy',
  'ingestion status 429 with Retry-After': 'ingestion throttles and says how long to wait (429)',
  'ingestion status 429': 'ingestion throttles (429)',
  'ingestion status 500': 'ingestion has an internal error (500)',
  'ingestion status 503': 'ingestion is unavailable (503)',
  'ingestion status 503 with Retry-After': 'ingestion is unavailable, says how long to wait (503)',
  'ingestion status 408': 'ingestion waits too long for the request (408)',
  'ingestion reset': 'ingestion breaks the connection, stores nothing',
  'ingestion storeThenReset': 'ingestion stores the rows, then breaks the connection',
  'ingestion storeThenStatus 503': 'ingestion stores the rows, then returns 503',
  'ingestion silence': 'ingestion never answers',
  'ingestion slowBody': 'ingestion reads the request late',
  'ingestion slowAnswer': 'ingestion answers late',
  'ingestion status 403': 'the app has no role on the DCR (403)',
  'identity status 500': 'managed identity has an internal error (500)',
  'identity status 429': 'managed identity throttles (429)',
  'identity shortLife': 'token that expires early',
  'host kill before a batch': 'worker killed before a batch',
  'host kill during a batch': 'worker killed during a batch',
  'host kill after a batch': 'worker killed after a batch, before the host knows',
  'host time-out': 'the function runs too long; its worker is killed',
  'host rebalance': 'partitions move to another instance',
};

/** A kind of fault in words. */
export function faultName(kind: string): string {
  return names[kind] ?? kind;
}

/** The keys of all kinds that have words. */
export const namedFaults: readonly string[] = Object.keys(names);
