// Jest loads this file as it stands, so it has no types.
/* oxlint-disable eslint/no-underscore-dangle, typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/unbound-method */
const fastCheck = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

const mostRuns = 10;

/** The same few random records for every mutant, and no search for the smallest one that fails: a failure is enough. */
function assert(property, { numRuns = mostRuns, ...parameters } = {}) {
  return fastCheck.assert(property, {
    ...parameters,
    numRuns: Math.min(numRuns, mostRuns),
    seed: 1,
    endOnFailure: true,
  });
}

module.exports = { ...fastCheck, assert };
