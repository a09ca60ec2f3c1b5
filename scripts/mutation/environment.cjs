// Jest loads this file as it stands, so it has no types.
/* oxlint-disable eslint/no-underscore-dangle, typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/unbound-method */
const { TestEnvironment } = require('jest-environment-node');
const { namedTests } = require('./namedTests.cjs');

/**
 * Tests that take seconds each: how long a large text takes (a slower mutant is no wrong one), very many or large records, and every
 * case once more with a plan.
 */
const slow =
  /\blinear time\b|\blong texts\b|\bmore classes than are remembered\b|\bfor 2,000 believable records\b|^in the case |\bfor every web URL$/;

/** Skips slow tests and, while a mutant is tested, the rest of a file after the first failure. */
module.exports = class UntilOneFailsEnvironment extends TestEnvironment {
  #hasFailed = false;

  handleTestEvent(event, state) {
    // Jest only calls `test` of the pattern.
    if (event.name === 'setup' && event.testNamePattern !== undefined) {
      const names = namedTests(event.testNamePattern);
      state.testNamePattern = { test: (name) => names.has(name) };
    }
    const isMutant = process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined;
    if (isMutant && (event.name === 'test_fn_failure' || event.name === 'hook_failure')) this.#hasFailed = true;
    if (event.name === 'test_start' && (this.#hasFailed || slow.test(event.test.name))) event.test.mode = 'skip';
  }
};
