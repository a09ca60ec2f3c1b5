import type { Area } from './behaviour';

const access = 'ingestion/access.test.ts';
const bodies = 'ingestion/bodies.test.ts';
const columns = 'ingestion/columns.test.ts';
const faults = 'ingestion/faults.test.ts';
const rate = 'ingestion/rate.test.ts';
const time = 'ingestion/time.test.ts';

export const ingestion: Area = {
  title: 'Logs Ingestion API',
  behaviours: [
    {
      does: 'Rows go to `POST /dataCollectionRules/{id}/streams/{stream}?api-version=2023-01-01`; anything else is refused.',
      ground: 'documented',
      held: [
        [access, '%s is refused'],
        [access, 'the SDK client, which writes the version as api%2Dversion, gets 204 and its row is stored'],
      ],
    },
    {
      does: 'An unknown rule is 404.',
      ground: 'recorded',
      held: [[access, 'an unknown rule is 404 NotFound']],
    },
    {
      does: 'A stream that the rule does not declare is 400, as is one in another case.',
      ground: 'guess',
      held: [
        [access, 'a stream that the rule does not declare is 400 InvalidStream, which is about configuration'],
        [access, 'names of streams are case-sensitive'],
      ],
    },
    {
      does: 'A bad token is 401, one for another audience `InvalidAudience`.',
      ground: 'recorded',
      held: [
        [access, 'a token that is not accepted is 401'],
        [access, 'a token for another audience is 401 InvalidAudience'],
      ],
    },
    {
      does: 'An identity without the role on the rule gets 403.',
      ground: 'recorded',
      held: [[access, 'only identities that hold the role may send, through managed identity end to end']],
    },
    {
      does: 'A new role takes time to work (up to 30 minutes); until then it is 403.',
      ground: 'documented',
      held: [
        [access, 'a role that is not effective yet refuses so many calls'],
        [access, 'a role that is not effective yet refuses for so many seconds'],
      ],
    },
    {
      does: 'A body that is no array, or no JSON, may be answered with 204 and stored nowhere: 204 is no proof of storage.',
      ground: 'recorded',
      held: [[bodies, 'as the service does, %s can be answered with 204 and stored nowhere']],
    },
    {
      does: 'An empty body is 500.',
      ground: 'recorded',
      held: [[bodies, '%s is refused and stores nothing']],
    },
    {
      does: 'Bodies may be gzip.',
      ground: 'documented',
      held: [[bodies, 'every row of every chunk is stored']],
    },
    {
      does: 'A call holds 1 MB; more is 413 `ContentLengthLimitExceeded`. By default the limit holds before and after gunzip.',
      ground: 'documented',
      held: [[bodies, '1,000,000 bytes pass and one more is 413, plain or gzipped']],
    },
    {
      does: 'As senders report it, the gateway counts the compressed body (1,048,576 bytes) and a later stage 50 MiB after gunzip.',
      ground: 'recorded',
      held: [[bodies, 'with the limits reported from the field, only the compressed size counts up to 50 MiB']],
    },
    {
      does: 'A field holds 64 KB; what is longer is cut without a word (refused here unless asked for).',
      ground: 'documented',
      held: [
        [columns, 'of 65,536 bytes passes, of one more is refused; bytes are counted in UTF-8'],
        [columns, 'is cut and counted on request, never in the middle of a character'],
      ],
    },
    {
      does: 'A stream declares 500 columns at the most, of the types string, int, long, real, boolean, datetime and dynamic: there is no guid.',
      ground: 'documented',
      held: [[columns, '%s is told at the start']],
    },
    {
      does: 'Column names are case-sensitive.',
      ground: 'documented',
      held: [[columns, 'differs from a declared one by case alone']],
    },
    {
      does: 'Columns that the stream does not declare are dropped without a word, and billed (refused here unless asked for).',
      ground: 'documented',
      held: [
        [columns, 'is dropped and counted on request, the rest of the row untouched'],
        [columns, 'is refused, and the message says that the service would not'],
      ],
    },
    {
      does: 'A dynamic column takes an object or an array, not their text. What another type does is documented nowhere: refused.',
      ground: 'documented',
      held: [[columns, '%s does not take %s']],
    },
    {
      does: 'Past the requests of a minute a rule answers 429 with Retry-After.',
      ground: 'documented',
      held: [[rate, 'one request too many is 429 with Retry-After, until the minute is over']],
    },
    {
      does: 'Past the bytes of a minute it does the same. Rules do not share limits: 12,000 requests and 2 GB each.',
      ground: 'documented',
      held: [
        [rate, 'bytes are counted uncompressed, and those of a refused call are not'],
        [rate, 'each rule has its own'],
        [rate, 'without other numbers a rule takes 12,000 requests and 2 GB a minute'],
      ],
    },
    {
      does: 'Each status can be had on demand: 400 to 413, 408, 429 and 5xx.',
      ground: 'documented',
      held: [
        [faults, '%d for the next two calls, then 204'],
        [faults, 'without a code of its own, a fault of status %d carries %s'],
      ],
    },
    {
      does: 'Failed does not mean not stored: a connection can be lost after the rows were stored.',
      ground: 'recorded',
      held: [[faults, 'storeThenReset: the connection is lost and the rows are stored, which the client cannot know']],
    },
    {
      does: '`TimeGenerated` older than 2 days or more than a day ahead is replaced by the time of receipt; missing, it is that time.',
      ground: 'documented',
      held: [
        [time, 'that is %s becomes the time of receipt'],
        [time, 'that is missing becomes the time of receipt'],
        [time, '%s is near enough to be stored as sent'],
      ],
    },
    {
      does: 'Tables of the auxiliary plan want exactly six decimals in `TimeGenerated`.',
      ground: 'documented',
      held: [[time, 'refuses %s, which has not six decimals']],
    },
    {
      does: 'Tables of the auxiliary plan refuse a call whose rows span more than 30 minutes, whole (`RecordsTimeRangeIsMoreThan30Minutes`).',
      ground: 'recorded',
      held: [[time, 'takes a call whose rows span 30 minutes and refuses one that spans more, whole']],
    },
    {
      does: 'Tables of the auxiliary plan take nested JSON in dynamic columns, and in no others.',
      ground: 'documented',
      held: [[time, 'takes nested JSON in a dynamic column, and in no column of text']],
    },
    {
      does: 'A row is stored as it was sent, long integers included.',
      ground: 'source',
      held: [
        [
          'ingestion/store.test.ts',
          'are the text that was sent, one line each: digits beyond 2^53, escapes, spaces, key order',
        ],
      ],
    },
    {
      does: 'Rows are billed by the size of their columns, also those dropped by the rule; plans differ in price.',
      ground: 'documented',
      because: 'Nothing is billed here. The commands count bytes.',
    },
    {
      does: 'The rule reports errors in DCRLogErrors and metrics of rows received, dropped and failed.',
      ground: 'documented',
      because: 'The emulator tells at once what is wrong with a call; its `statistics()` count the rest.',
    },
    {
      does: 'A transformation in the rule can drop and change rows.',
      ground: 'documented',
      because: 'There is no Kusto engine here; the app maps before it sends.',
    },
  ],
};
