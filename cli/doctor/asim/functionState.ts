import { hookOf, isOurs, missingArguments } from './hookText';
import { type NewFunction, ownCategory, type SavedFunction } from './savedFunctions';
import type { Parser } from './sentinelNames';

/** Whose a function is. Only what is ours is ever changed. */
export type FunctionState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'ours'; readonly found: SavedFunction; readonly isCurrent: boolean }
  | {
      readonly kind: 'another';
      readonly found: SavedFunction;
      /** What its call of the app's parser does not pass on; undefined if it does not call it. */
      readonly missing: readonly string[] | undefined;
    }
  | { readonly kind: 'several'; readonly names: readonly string[] };

export function stateOfHook(parser: Parser, functions: readonly SavedFunction[]): FunctionState {
  return stateOf(functions, hookOf(parser), {
    isOurs: (found) => isOurs(parser, found),
    missing: (found) => missingArguments(parser, found),
  });
}

export function stateOfParser(expected: NewFunction, functions: readonly SavedFunction[]): FunctionState {
  return stateOf(functions, expected, {
    isOurs: ({ name, alias, category }) =>
      name === expected.name && alias === expected.alias && category === ownCategory,
    missing: () => undefined,
  });
}

interface Rules {
  readonly isOurs: (found: SavedFunction) => boolean;
  readonly missing: (found: SavedFunction) => readonly string[] | undefined;
}

function stateOf(functions: readonly SavedFunction[], expected: NewFunction, rules: Rules): FunctionState {
  const same = (text: string): boolean => text.toLowerCase() === expected.alias.toLowerCase();
  const candidates = functions.filter(({ name, alias }) => same(name) || same(alias));
  const [found] = candidates;
  if (found === undefined) return { kind: 'missing' };
  if (candidates.length > 1) return { kind: 'several', names: candidates.map(({ name }) => name) };
  if (!rules.isOurs(found)) return { kind: 'another', found, missing: rules.missing(found) };
  const isCurrent =
    plain(found.query) === plain(expected.query) && plain(found.parameters) === plain(expected.parameters);
  return { kind: 'ours', found, isCurrent };
}

/** The service may change line ends and the space around a text. */
function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

/** Whether the hook calls the app's parser: then Sentinel's built-in parser reads NetworkSessions_CL. */
export function isHooked(parser: Parser, functions: readonly SavedFunction[]): boolean {
  const state = stateOfHook(parser, functions);
  return state.kind === 'ours' || (state.kind === 'another' && state.missing !== undefined);
}
