import type { Plugin } from 'esbuild';

/**
 * The packages that the app needs only after its start, with what it takes from them. They go into `dist/sdks.js`, which is
 * loaded when the first of them is asked for: inside `dist/app.js` they made each start 1.7 times as long.
 */
const late: Readonly<Record<string, string>> = {
  '@azure/core-rest-pipeline': '*',
  '@azure/event-hubs': '*',
  // All credential classes would take 100 KB more.
  '@azure/identity': '{ ManagedIdentityCredential }',
  '@azure/monitor-ingestion': '*',
  '@azure/monitor-opentelemetry-exporter': '*',
  '@opentelemetry/api': '*',
  '@opentelemetry/api-logs': '*',
  '@opentelemetry/core': '*',
  '@opentelemetry/resources': '*',
  '@opentelemetry/sdk-logs': '*',
  '@opentelemetry/sdk-metrics': '*',
  '@opentelemetry/sdk-trace-base': '*',
};

/**
 * What drop rules need of packages. It goes into `dist/rules.js`, which is loaded when a member is first used: never, without a
 * file of rules.
 */
const ofRules: Readonly<Record<string, readonly string[]>> = {
  '@marcbachmann/cel-js': ['Environment'],
  re2js: ['RE2JS'],
};

/** Packages that the SDKs load for other ways to sign in than a managed identity. */
const unused: Readonly<Record<string, string>> = { jsonwebtoken: 'a certificate', open: 'a browser' };

/** The entry of `dist/sdks.js`: a function for each package, which evaluates it when it is called first. */
export const sdksEntry = 'late:sdks';
/** The entry of `dist/rules.js`, likewise. */
export const rulesEntry = 'late:rules';

const entries: Readonly<Record<string, string>> = {
  sdks: entryOf(Object.keys(late)),
  rules: entryOf(Object.keys(ofRules)),
};

function entryOf(names: readonly string[]): string {
  return names
    .map((name) => `exports[${JSON.stringify(name)}] = () => require(${JSON.stringify(`late:${name}`)});`)
    .join('\n');
}

export const lateSdks: Plugin = {
  name: 'late SDKs',
  setup(builder) {
    const { absWorkingDir: resolveDir = '' } = builder.initialOptions;
    builder.onResolve({ filter: /^late:/ }, ({ path }) => ({ path: path.slice('late:'.length), namespace: 'late' }));
    builder.onLoad({ filter: /^/, namespace: 'late' }, ({ path }) => {
      const members = late[path] ?? `{ ${ofRules[path]?.join(', ') ?? ''} }`;
      return { contents: entries[path] ?? `export ${members} from ${JSON.stringify(path)};`, resolveDir };
    });

    for (const [names, file] of [
      [late, 'sdks.js'],
      [ofRules, 'rules.js'],
    ] as const) {
      builder.onResolve({ filter: exactly(names) }, ({ path, importer, namespace }) => {
        const isOurs = namespace !== 'late' && !/[\\/]node_modules[\\/]/.test(importer);
        return isOurs ? { path, namespace: `in ${file}` } : undefined;
      });
      builder.onResolve({ filter: /^/, namespace: `in ${file}` }, ({ path }) => ({ path, external: true }));
    }
    builder.onLoad({ filter: /^/, namespace: 'in sdks.js' }, ({ path }) => ({
      contents: `module.exports = require('./sdks.js')[${JSON.stringify(path)}]();`,
    }));
    builder.onLoad({ filter: /^/, namespace: 'in rules.js' }, ({ path }) => ({
      contents: (ofRules[path] ?? [])
        .map((name) => {
          const [member, from] = [JSON.stringify(name), JSON.stringify(path)];
          return `Object.defineProperty(exports, ${member}, { enumerable: true, get: () => require('./rules.js')[${from}]()[${member}] });`;
        })
        .join('\n'),
    }));

    builder.onResolve({ filter: exactly(unused) }, ({ path }) => ({ path, namespace: 'unused' }));
    builder.onLoad({ filter: /^/, namespace: 'unused' }, ({ path }) => {
      const message = `${path} is not in the bundle: the app signs in with a managed identity, not with ${unused[path] ?? ''}.`;
      const fail = `() => { throw new Error(${JSON.stringify(message)}); }`;
      return { contents: `module.exports = ${fail}; module.exports.sign = module.exports;` };
    });
  },
};

function exactly(names: Readonly<Record<string, unknown>>): RegExp {
  return new RegExp(`^(?:${Object.keys(names).join('|')})$`);
}
