// Jest loads this file as it stands, so it has no types.
/* oxlint-disable eslint/no-underscore-dangle, typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/unbound-method */
const { join, resolve } = require('node:path');
const { transform, transformIgnorePatterns } = require('../../package.json').jest;

const rootDir = resolve(__dirname, '../..');

/**
 * The tests that run for a mutant: each part's own, as long as they need no process of their own, take seconds at most, and run what
 * they test inside of tests (Stryker cannot tell which test covers what runs while a file loads, and would run all of them).
 */
module.exports = {
  rootDir,
  roots: ['<rootDir>/shared', '<rootDir>/test/shared', '<rootDir>/test/transform'],
  runner: join(__dirname, 'untilOneFails.cjs'),
  testEnvironment: join(__dirname, 'environment.cjs'),
  testMatch: [
    '<rootDir>/test/transform/cases.test.ts',
    '<rootDir>/test/shared/transform/**/!(volume).test.ts',
    '<rootDir>/test/shared/delivery/!(deadLetterIdentity|rejectedRows|settles).test.ts',
    '<rootDir>/test/shared/errors/*.test.ts',
    '<rootDir>/test/shared/flows/mergedRow.test.ts',
    '<rootDir>/test/shared/@(books*|boundedMap|deadline|remembering).test.ts',
  ],
  moduleNameMapper: { '^fast-check$': join(__dirname, 'fastCheck.cjs') },
  transform,
  transformIgnorePatterns,
  // A mutant may make a test wait for ever.
  testTimeout: 5000,
  watchman: false,
};
