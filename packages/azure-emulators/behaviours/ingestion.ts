import type { Area } from './behaviour';

export const ingestion = {
  title: 'Logs Ingestion API',
  behaviours: {
    'ingestion.address': {
      does: 'Rows go to `POST /dataCollectionRules/{id}/streams/{stream}?api-version=2023-01-01`; anything else is rejected.',
      ground: 'documented',
    },
    'ingestion.unknown-rule': { does: 'An unknown DCR is 404.', ground: 'recorded' },
    'ingestion.unknown-stream': {
      does: 'A stream that the DCR does not declare is 400; case matters.',
      ground: 'guess',
    },
    'ingestion.bad-token': {
      does: 'A bad token is 401, one for another audience `InvalidAudience`.',
      ground: 'recorded',
    },
    'ingestion.no-role': { does: 'An identity without the role on the DCR gets 403.', ground: 'recorded' },
    'ingestion.new-role': {
      does: 'A new role takes up to 30 minutes to work; until then the answer is 403.',
      ground: 'documented',
      because: "A fault gives the same answers: `{ kind: 'status', status: 403, times: n }`.",
    },
    'ingestion.no-array': {
      does: 'A body that is not a JSON array may be answered with 204 and not stored: 204 does not prove storage.',
      ground: 'recorded',
      because: 'Rejected with 400, and the message says what the service does.',
    },
    'ingestion.empty-body': { does: 'An empty body is 500.', ground: 'recorded' },
    'ingestion.gzip': { does: 'Bodies may be gzipped.', ground: 'documented' },
    'ingestion.body-size': {
      does: 'A call holds 1 MB; more is 413 `ContentLengthLimitExceeded`. By default the limit holds before and after gunzip.',
      ground: 'documented',
    },
    'ingestion.reported-body-size': {
      does: 'As senders report it, the gateway counts the compressed body (1,048,576 bytes) and a later stage 50 MiB after gunzip.',
      ground: 'recorded',
    },
    'ingestion.field-size': {
      does: 'A field holds 64 KB. The service cuts longer ones silently; the emulator rejects the call.',
      ground: 'documented',
    },
    'ingestion.column-types': {
      does: 'A stream declares 500 columns at the most, of the types string, int, long, real, boolean, datetime and dynamic: there is no guid.',
      ground: 'documented',
    },
    'ingestion.column-case': { does: 'Column names are case-sensitive.', ground: 'documented' },
    'ingestion.undeclared-columns': {
      does: 'The service silently drops columns that the stream does not declare, and bills them; the emulator rejects the call.',
      ground: 'documented',
    },
    'ingestion.dynamic-columns': {
      does: 'A dynamic column takes an object or an array, not their text. What happens to values of another type is not documented; the emulator rejects them.',
      ground: 'documented',
    },
    'ingestion.request-rate': {
      does: 'Above its limit of requests per minute a DCR answers 429 with Retry-After.',
      ground: 'documented',
    },
    'ingestion.byte-rate': {
      does: 'Above its limit of bytes per minute a DCR does the same. Each DCR has its own limits: 12,000 requests and 2 GB.',
      ground: 'documented',
    },
    'ingestion.any-status': {
      does: 'The service can answer 400 to 413, 408, 429 and 5xx; faults give each of them.',
      ground: 'documented',
    },
    'ingestion.stored-but-lost': {
      does: 'Failed does not mean not stored: a connection can be lost after the rows were stored.',
      ground: 'recorded',
    },
    'ingestion.time-generated': {
      does: '`TimeGenerated` older than 2 days or more than a day ahead is replaced by the time of receipt; missing, it is that time.',
      ground: 'documented',
    },
    'ingestion.auxiliary-plan': {
      does: 'Tables of the auxiliary plan want exactly six decimals in `TimeGenerated`, take nested JSON in dynamic columns only, and reject a call whose rows span more than 30 minutes (`RecordsTimeRangeIsMoreThan30Minutes`).',
      ground: 'documented',
      because: 'Every table is one of the analytics plan.',
    },
    'ingestion.rows-as-sent': { does: 'A row is stored as it was sent, long integers included.', ground: 'source' },
    'ingestion.row-times': {
      does: 'Of each row it is known when it was received (`_TimeReceived`) and when it was stored (`ingestion_time()`).',
      ground: 'documented',
    },
    'ingestion.billing': {
      does: 'Rows are billed by the size of their columns, also those that the DCR drops; plans differ in price.',
      ground: 'documented',
      because: 'Nothing is billed; `statistics()` count bytes.',
    },
    'ingestion.rule-errors': {
      does: 'The DCR reports errors in DCRLogErrors and metrics of rows received, dropped and failed.',
      ground: 'documented',
      because: 'The emulator reports errors in its answer, and counts in `statistics()`.',
    },
    'ingestion.transformations': {
      does: 'A transformation in the DCR can drop and change rows.',
      ground: 'documented',
      because: 'The emulator has no Kusto engine.',
    },
  },
} as const satisfies Area;
