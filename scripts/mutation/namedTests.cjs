// Jest loads the files that require this one as they stand, so it has no types.
/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return */

let known = { pattern: undefined, names: undefined };

/**
 * Returns the names in Stryker's pattern, which lists the tests of a mutant, escaped: `(first)|(second)`. Jest would use it as a
 * regular expression. With a thousand names, matching it against the names of all tests takes seconds.
 */
exports.namedTests = (pattern) => {
  if (known.pattern !== pattern) {
    const names = pattern
      .slice(1, -1)
      .split(')|(')
      .map((name) => name.replaceAll(/\\(.)/g, '$1'));
    known = { pattern, names: new Set(names) };
  }
  return known.names;
};
