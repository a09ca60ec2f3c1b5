/** `npm run mutation`: see docs/mutation.md. @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [
    'shared/books.ts',
    'shared/delivery/**/*.ts',
    'shared/transform/**/*.ts',
    '!shared/transform/sharedSources.ts',
  ],
  testRunner: 'jest',
  jest: { configFile: 'scripts/mutation/jest.config.cjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  plugins: ['@stryker-mutator/jest-runner', './scripts/mutation/words.mjs'],
  ignorers: ['words'],
  checkers: [],
  // Stryker would rewrite tsconfig.json with the compiler's API, which TypeScript 7 does not have. A name of no file keeps it away.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  ignorePatterns: ['out', 'dist', 'docs', 'obj', '.ci', '.github'],
  tempDirName: 'out/stryker',
  incremental: true,
  incrementalFile: 'out/mutation/incremental.json',
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: 'out/mutation/report.html' },
  jsonReporter: { fileName: 'out/mutation/report.json' },
  thresholds: { high: 90, low: 80, break: 80 },
  concurrency: 2,
  timeoutMS: 3000,
};
