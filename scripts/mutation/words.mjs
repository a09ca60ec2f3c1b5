// Stryker loads this file as it stands, so it has no types.
/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return */
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Three words in a row. */
const sentence = /\p{L}+[,;:.]? [\p{L}`"'(]+[^ ]* \p{L}/u;

/**
 * Leaves alone what is written for a person and may change without a change of behaviour: sentences (of errors, log lines and the
 * reference), and the words that stand beside a rule for the reference.
 */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'words', {
    shouldIgnore(path) {
      if (path.isStringLiteral() && sentence.test(path.node.value)) return 'a sentence';
      if (path.isTemplateLiteral() && path.node.quasis.some(({ value }) => sentence.test(value.raw)))
        return 'a sentence';
      return isPropertyInWords(path) ? 'for the reference' : undefined;
    },
  }),
];

/** Of an object with `why`, or a rule in words beside the one in code, the texts. */
function isPropertyInWords(path) {
  if (!path.isStringLiteral() || !path.parentPath.isObjectProperty()) return false;
  return path.parentPath.parent.properties.some(({ key }) => key?.name === 'why' || key?.name === 'detailsOf');
}
