import type { Area } from './behaviour';

const access = 'local/ingestion/access.test.ts';
const bodies = 'local/ingestion/bodies.test.ts';
const columns = 'local/ingestion/columns.test.ts';
const faults = 'local/ingestion/faults.test.ts';
const rate = 'local/ingestion/rate.test.ts';
const time = 'local/ingestion/time.test.ts';

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
      mutants: [{ file: 'ingestion/receive.ts', from: 'if (version !== apiVersion) {', to: 'if (version === "") {' }],
    },
    {
      does: 'An unknown rule is 404.',
      ground: 'recorded',
      held: [[access, 'an unknown rule is 404 NotFound']],
      mutants: [
        {
          file: 'ingestion/receive.ts',
          from: "throw new Refusal(404, 'NotFound', `Data collection rule",
          to: "throw new Refusal(400, 'NotFound', `Data collection rule",
        },
      ],
    },
    {
      does: 'A stream that the rule does not declare is 400, as is one in another case.',
      ground: 'guess',
      held: [
        [access, 'a stream that the rule does not declare is 400 InvalidStream, which is about configuration'],
        [access, 'names of streams are case-sensitive'],
      ],
      mutants: [
        {
          file: 'ingestion/rule.ts',
          from: 'const columns = this.#streams.get(stream);',
          to: 'const columns = [...this.#streams].find(([name]) => name.toLowerCase() === stream.toLowerCase())?.[1];',
        },
      ],
    },
    {
      does: 'A bad token is 401, one for another audience `InvalidAudience`.',
      ground: 'recorded',
      held: [
        [access, 'a token that is not accepted is 401'],
        [access, 'a token for another audience is 401 InvalidAudience'],
      ],
      mutants: [
        {
          file: 'ingestion/receive.ts',
          from: "problem === 'audience' ? 'InvalidAudience' : 'InvalidToken'",
          to: "'InvalidToken'",
        },
      ],
    },
    {
      does: 'An identity without the role on the rule gets 403.',
      ground: 'recorded',
      held: [[access, 'only identities that hold the role may send, through managed identity end to end']],
      mutants: [{ file: 'ingestion/rule.ts', from: 'if (holdsRole && waited) return;', to: 'if (waited) return;' }],
    },
    {
      does: 'A new role takes time to work (up to 30 minutes); until then it is 403.',
      ground: 'documented',
      held: [
        [access, 'a role that is not effective yet refuses so many calls'],
        [access, 'a role that is not effective yet refuses for so many seconds'],
      ],
      mutants: [{ file: 'ingestion/rule.ts', from: 'if (holdsRole && waited) return;', to: 'if (holdsRole) return;' }],
    },
    {
      does: 'A body that is no array, or no JSON, may be answered with 204 and stored nowhere: 204 is no proof of storage.',
      ground: 'recorded',
      held: [[bodies, 'as the service does, %s can be answered with 204 and stored nowhere']],
      mutants: [
        {
          file: 'ingestion/receive.ts',
          from: "if (options.leniency?.nonArrays !== 'ignore') throw unreadable;",
          to: 'throw unreadable;',
        },
      ],
    },
    {
      does: 'An empty body is 500.',
      ground: 'recorded',
      held: [[bodies, '%s is refused and stores nothing']],
      mutants: [
        {
          file: 'ingestion/body.ts',
          from: "new Refusal(500, 'InternalServerError', 'The body is empty.')",
          to: "new Refusal(400, 'InternalServerError', 'The body is empty.')",
        },
      ],
    },
    {
      does: 'Bodies may be gzip.',
      ground: 'documented',
      held: [[bodies, 'every row of every chunk is stored']],
      mutants: [
        {
          file: 'ingestion/body.ts',
          from: 'return await unzip(content, { maxOutputLength: limit });',
          to: 'return content;',
        },
      ],
    },
    {
      does: 'A call holds 1 MB; more is 413 `ContentLengthLimitExceeded`. By default the limit holds before and after gunzip.',
      ground: 'documented',
      held: [[bodies, '1,000,000 bytes pass and one more is 413, plain or gzipped']],
      mutants: [
        {
          file: 'ingestion/index.ts',
          from: 'compressedBytes: 1_000_000, uncompressedBytes: 1_000_000,',
          to: 'compressedBytes: 1_000_001, uncompressedBytes: 1_000_001,',
        },
        {
          file: 'ingestion/body.ts',
          from: "    413,\n    'ContentLengthLimitExceeded',",
          to: "    413,\n    'TooLarge',",
        },
      ],
    },
    {
      does: 'As senders report it, the gateway counts the compressed body (1,048,576 bytes) and a later stage 50 MiB after gunzip.',
      ground: 'recorded',
      held: [[bodies, 'with the limits reported from the field, only the compressed size counts up to 50 MiB']],
      mutants: [
        { file: 'ingestion/options.ts', from: 'uncompressedBytes: 52_428_800 }', to: 'uncompressedBytes: 1_048_576 }' },
      ],
    },
    {
      does: 'A field holds 64 KB; what is longer is cut without a word (refused here unless asked for).',
      ground: 'documented',
      held: [
        [columns, 'of 65,536 bytes passes, of one more is refused; bytes are counted in UTF-8'],
        [columns, 'is cut and counted on request, never in the middle of a character'],
      ],
      mutants: [
        {
          file: 'ingestion/rows.ts',
          from: 'if (bytes <= policy.fieldBytes) return;',
          to: 'if (bytes < policy.fieldBytes) return;',
        },
        {
          file: 'ingestion/rows.ts',
          from: 'cut(content, policy.fieldBytes)',
          to: 'cut(content, policy.fieldBytes - 1)',
        },
      ],
    },
    {
      does: 'A stream declares 500 columns at the most, of the types string, int, long, real, boolean, datetime and dynamic: there is no guid.',
      ground: 'documented',
      held: [[columns, '%s is told at the start']],
      mutants: [
        { file: 'ingestion/columns.ts', from: 'const columnLimit = 500;', to: 'const columnLimit = 501;' },
        { file: 'ingestion/columns.ts', from: '  string: isString,', to: '  string: isString,\n  guid: isString,' },
      ],
    },
    {
      does: 'Column names are case-sensitive.',
      ground: 'documented',
      held: [[columns, 'differs from a declared one by case alone']],
      mutants: [
        {
          file: 'ingestion/rows.ts',
          from: 'const type = policy.columns.get(member.name);',
          to: 'const type = [...policy.columns].find(([name]) => name.toLowerCase() === member.name.toLowerCase())?.[1];',
        },
      ],
    },
    {
      does: 'Columns that the stream does not declare are dropped without a word, and billed (refused here unless asked for).',
      ground: 'documented',
      held: [
        [columns, 'is dropped and counted on request, the rest of the row untouched'],
        [columns, 'is refused, and the message says that the service would not'],
      ],
      mutants: [
        { file: 'ingestion/rows.ts', from: '    row.replace(member, undefined);\n', to: '' },
        {
          file: 'ingestion/rows.ts',
          from: "if (policy.undeclaredColumns === 'refuse') {",
          to: 'if (policy.fieldBytes === 0) {',
        },
      ],
    },
    {
      does: 'A dynamic column takes an object or an array, not their text. What another type does is documented nowhere: refused.',
      ground: 'documented',
      held: [[columns, '%s does not take %s']],
      mutants: [
        {
          file: 'ingestion/columns.ts',
          from: "dynamic: (value) => value.startsWith('{') || value.startsWith('['),",
          to: 'dynamic: (value) => /^["{[]/.test(value),',
        },
        {
          file: 'ingestion/columns.ts',
          from: 'int: (value) => isWhole(value, 32),',
          to: 'int: (value) => isWhole(value, 64),',
        },
      ],
    },
    {
      does: 'Past the requests of a minute a rule answers 429 with Retry-After.',
      ground: 'documented',
      held: [[rate, 'one request too many is 429 with Retry-After, until the minute is over']],
      mutants: [
        {
          file: 'ingestion/rate.ts',
          from: 'this.#requests > this.#requestLimit',
          to: 'this.#requests > this.#requestLimit + 1',
        },
        {
          file: 'ingestion/rate.ts',
          from: 'minuteMilliseconds - now) / 1000)',
          to: 'minuteMilliseconds - now) / 1000) + 1',
        },
      ],
    },
    {
      does: 'Past the bytes of a minute it does the same. Rules do not share limits: 12,000 requests and 2 GB each.',
      ground: 'documented',
      held: [
        [rate, 'bytes are counted uncompressed, and those of a refused call are not'],
        [rate, 'each rule has its own'],
        [rate, 'without other numbers a rule takes 12,000 requests and 2 GB a minute'],
      ],
      mutants: [
        {
          file: 'ingestion/rate.ts',
          from: 'this.#bytes > 0 && this.#bytes + bytes > this.#byteLimit',
          to: 'this.#bytes > this.#byteLimit',
        },
        {
          file: 'ingestion/rule.ts',
          from: 'options.requestsPerMinute ?? 12_000',
          to: 'options.requestsPerMinute ?? 12_001',
        },
        {
          file: 'ingestion/rule.ts',
          from: 'options.bytesPerMinute ?? 2_000_000_000',
          to: 'options.bytesPerMinute ?? 2_000_000_001',
        },
      ],
    },
    {
      does: 'Each status can be had on demand: 400 to 413, 408, 429 and 5xx.',
      ground: 'documented',
      held: [
        [faults, '%d for the next two calls, then 204'],
        [faults, 'without a code of its own, a fault of status %d carries %s'],
      ],
      mutants: [
        {
          file: 'ingestion/serve.ts',
          from: "if (fault?.kind === 'status') return answer(response, refusalOf(fault));",
          to: "if (fault?.kind === 'status') return answer(response, undefined);",
        },
        { file: 'ingestion/serve.ts', from: "[403, 'OperationFailed'],", to: "[403, 'Forbidden']," },
      ],
    },
    {
      does: 'Failed does not mean not stored: a connection can be lost after the rows were stored.',
      ground: 'recorded',
      held: [[faults, 'storeThenReset: the connection is lost and the rows are stored, which the client cannot know']],
      mutants: [
        {
          file: 'ingestion/serve.ts',
          from: "    if (fault?.kind === 'storeThenReset') reset(response);\n    else await",
          to: '    await',
        },
      ],
    },
    {
      does: '`TimeGenerated` older than 2 days or more than a day ahead is replaced by the time of receipt; missing, it is that time.',
      ground: 'documented',
      held: [
        [time, 'that is %s becomes the time of receipt'],
        [time, 'that is missing becomes the time of receipt'],
        [time, '%s is near enough to be stored as sent'],
      ],
      mutants: [
        { file: 'ingestion/rows.ts', from: 'now - 2 * dayMilliseconds', to: 'now - 3 * dayMilliseconds' },
        {
          file: 'ingestion/rows.ts',
          from: 'milliseconds <= now + dayMilliseconds',
          to: 'milliseconds <= now + 2 * dayMilliseconds',
        },
        { file: 'ingestion/rows.ts', from: 'now - 2 * dayMilliseconds', to: 'now - dayMilliseconds' },
      ],
    },
    {
      does: 'Tables of the auxiliary plan want exactly six decimals in `TimeGenerated`.',
      ground: 'documented',
      held: [[time, 'refuses %s, which has not six decimals']],
      mutants: [{ file: 'ingestion/rows.ts', from: 'if (sent.decimals !== 6) {', to: 'if (sent.decimals > 7) {' }],
    },
    {
      does: 'Tables of the auxiliary plan refuse a call whose rows span more than 30 minutes, whole (`RecordsTimeRangeIsMoreThan30Minutes`).',
      ground: 'recorded',
      held: [[time, 'takes a call whose rows span 30 minutes and refuses one that spans more, whole']],
      mutants: [
        {
          file: 'ingestion/rows.ts',
          from: 'span.last - span.first > auxiliarySpanMilliseconds',
          to: 'span.last - span.first >= auxiliarySpanMilliseconds',
        },
        {
          file: 'ingestion/rows.ts',
          from: 'const auxiliarySpanMilliseconds = 30 * 60_000;',
          to: 'const auxiliarySpanMilliseconds = 40 * 60_000;',
        },
      ],
    },
    {
      does: 'Tables of the auxiliary plan take nested JSON in dynamic columns, and in no others.',
      ground: 'documented',
      held: [[time, 'takes nested JSON in a dynamic column, and in no column of text']],
      mutants: [{ file: 'ingestion/columns.ts', from: 'string: isString,', to: 'string: () => true,' }],
    },
    {
      does: 'A row is stored as it was sent, long integers included.',
      ground: 'source',
      held: [
        [
          'local/ingestion/store.test.ts',
          'are the text that was sent, one line each: digits beyond 2^53, escapes, spaces, key order',
        ],
      ],
      mutants: [
        {
          file: 'ingestion/rows.ts',
          from: 'this.#first === undefined) return this.#sent;',
          to: 'this.#first === undefined) return JSON.stringify(JSON.parse(this.#sent));',
        },
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
