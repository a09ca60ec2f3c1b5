import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

/**
 * Jest loads this file in the place of Microsoft's language service. The service calls its globals all the time, which takes long
 * inside the sandbox that Jest makes for each test file. So it runs outside, once for all files of a worker, and the sandbox refers to it.
 */
if (runInThisContext('typeof Kusto') === 'undefined') {
  for (const name of ['bridge', 'Kusto.Language.Bridge']) {
    const filename = require.resolve(`@kusto/language-service-next/${name}.min.js`);
    runInThisContext(readFileSync(filename, 'utf8'), { filename });
  }
}
for (const name of ['Bridge', 'System', 'Kusto'])
  Object.assign(globalThis, { [name]: runInThisContext(name) as unknown });
