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

/** Packages that the SDKs load for other ways to sign in than a managed identity. */
const unused: Readonly<Record<string, string>> = { jsonwebtoken: 'a certificate', open: 'a browser' };

/** The entry of `dist/sdks.js`: a function for each package, which evaluates it when it is called first. */
export const sdksEntry = 'late:sdks';
const entry = Object.keys(late)
  .map((name) => `exports[${JSON.stringify(name)}] = () => require(${JSON.stringify(`late:${name}`)});`)
  .join('\n');

export const lateSdks: Plugin = {
  name: 'late SDKs',
  setup(builder) {
    const { absWorkingDir: resolveDir = '' } = builder.initialOptions;
    builder.onResolve({ filter: /^late:/ }, ({ path }) => ({ path: path.slice('late:'.length), namespace: 'late' }));
    builder.onLoad({ filter: /^/, namespace: 'late' }, ({ path }) => {
      const contents = path === 'sdks' ? entry : `export ${late[path] ?? ''} from ${JSON.stringify(path)};`;
      return { contents, resolveDir };
    });

    builder.onResolve({ filter: exactly(late) }, ({ path, importer, namespace }) => {
      const isOurs = namespace !== 'late' && !/[\\/]node_modules[\\/]/.test(importer);
      return isOurs ? { path, namespace: 'in sdks.js' } : undefined;
    });
    builder.onLoad({ filter: /^/, namespace: 'in sdks.js' }, ({ path }) => ({
      contents: `module.exports = require('./sdks.js')[${JSON.stringify(path)}]();`,
    }));
    builder.onResolve({ filter: /^/, namespace: 'in sdks.js' }, ({ path }) => ({ path, external: true }));

    builder.onResolve({ filter: exactly(unused) }, ({ path }) => ({ path, namespace: 'unused' }));
    builder.onLoad({ filter: /^/, namespace: 'unused' }, ({ path }) => {
      const message = `${path} is not in the bundle: the app signs in with a managed identity, not with ${unused[path] ?? ''}.`;
      const fail = `() => { throw new Error(${JSON.stringify(message)}); }`;
      return { contents: `module.exports = ${fail}; module.exports.sign = module.exports;` };
    });
  },
};

function exactly(names: Readonly<Record<string, string>>): RegExp {
  return new RegExp(`^(?:${Object.keys(names).join('|')})$`);
}
