// Jest loads this file as it stands, so it has no types.
/* oxlint-disable eslint/no-underscore-dangle, typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/unbound-method */
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { default: TestRunner } = require('jest-runner');
const { namedTests } = require('./namedTests.cjs');

/**
 * Runs the test files of a mutant until one fails: that is enough to kill it. Jest's own `bail` ends the process, and Jest loads
 * every file to look for the tests that Stryker names. The first run, without a mutant, notes which file has which tests and
 * how long it takes; later ones pass over files without a named test, and begin with those that lately killed most mutants for
 * their time. Stryker tests the mutants of a file one after the other, so that is mostly the test of that file.
 */
const kills = new Map();
let known;

module.exports = class UntilOneFails extends TestRunner {
  async runTests(tests, watcher, options) {
    const notes = join(tests[0]?.context.config.rootDir ?? '', 'out', 'mutation', 'tests.json');
    const isFirst = process.env.__STRYKER_ACTIVE_MUTANT__ === undefined;
    if (!isFirst) known ??= JSON.parse(readFileSync(notes, 'utf8'));
    const found = {};
    let failed;
    this.on('test-file-success', ([{ path }, { testResults, perfStats, testExecError }]) => {
      found[path] = { ms: perfStats.runtime, names: testResults.map(({ fullName }) => fullName) };
      if (testExecError !== undefined || testResults.some(({ status }) => status === 'failed')) failed = path;
    });
    this.on('test-file-failure', ([{ path }]) => {
      failed = path;
    });
    for (const test of isFirst ? tests : this.chosen(tests)) {
      await super.runTests([test], watcher, options);
      if (failed === undefined || isFirst) continue;
      for (const [path, count] of kills) kills.set(path, count * 0.9);
      kills.set(failed, (kills.get(failed) ?? 0) + 1);
      break;
    }
    if (!isFirst) return;
    mkdirSync(dirname(notes), { recursive: true });
    writeFileSync(notes, JSON.stringify(found));
  }

  chosen(tests) {
    const { testNamePattern } = this._globalConfig;
    const named = testNamePattern === undefined ? undefined : namedTests(testNamePattern);
    return tests
      .filter(({ path }) => named === undefined || known[path]?.names.some((name) => named.has(name)))
      .toSorted((a, b) => rank(a.path) - rank(b.path));
  }
};

/** The time that a kill has cost, about. A file that has killed nothing lately counts as if it had killed a twentieth of a mutant. */
function rank(path) {
  return (known[path]?.ms ?? 0) / ((kills.get(path) ?? 0) + 0.05);
}
