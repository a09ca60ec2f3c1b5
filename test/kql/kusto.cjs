// Jest loads this file in the place of Microsoft's language service, as it stands, so it has no types.
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access */
const { readFileSync } = require('node:fs');
const { runInThisContext } = require('node:vm');

/**
 * The service calls its globals all the time, which takes twice as long inside the sandbox that Jest makes for each test file. So it
 * runs outside, once for all files of a worker, and the sandbox has references to it.
 */
if (runInThisContext('typeof Kusto') === 'undefined') {
  for (const name of ['bridge', 'Kusto.Language.Bridge']) {
    const filename = require.resolve(`@kusto/language-service-next/${name}.min.js`);
    runInThisContext(readFileSync(filename, 'utf8'), { filename });
  }
}
for (const name of ['Bridge', 'System', 'Kusto']) globalThis[name] = runInThisContext(name);
