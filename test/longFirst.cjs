// Jest loads this file as it stands, so it has no types.
/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-return, unicorn/no-array-sort */
const { default: Sequencer } = require('@jest/test-sequencer');

/** Jest knows how long a file takes only when it has run before; on a fresh clone it goes by size, and long ones come last. */
const long =
  /[\\/]test[\\/](?:e2e|hunting|cli[\\/](?:doctor|backfill|replay)|scripts[\\/]kql|host|functions|transform|asim|shared[\\/][a-z]+\.test)/i;

module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(({ path }) => long.test(path)), ...sorted.filter(({ path }) => !long.test(path))];
  }
};
