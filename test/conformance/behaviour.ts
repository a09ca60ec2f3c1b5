/** What the services do, each behaviour with its ground and with the tests that hold it. */

/** How a behaviour is known; docs/emulators.md says what each word means. */
export type Ground = 'documented' | 'recorded' | 'source' | 'run' | 'guess';

/** A test by its file in `test/` and its title, as both stand in the source. */
export type HeldBy = readonly [file: string, title: string];

/**
 * A change of one place in `local/` that takes the behaviour away. At least one of the tests that hold the behaviour
 * must fail for it: `npm run mutants` tries.
 */
export interface Mutant {
  /** Path below `local/`. */
  readonly file: string;
  /** Text that stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

interface Stated {
  /** One sentence or two, in plain words. */
  readonly does: string;
  readonly ground: Ground;
}

/** `local/` does it. */
export interface Emulated extends Stated {
  readonly held: readonly [HeldBy, ...HeldBy[]];
  readonly mutants: readonly [Mutant, ...Mutant[]];
}

/** Microsoft's own client or library does it, which runs unchanged here: there is nothing in `local/` to break. */
export interface OfClients extends Stated {
  readonly held: readonly [HeldBy, ...HeldBy[]];
  readonly by: string;
}

/** Nothing here shows it. */
export interface NotEmulated extends Stated {
  readonly because: string;
}

export type Behaviour = Emulated | OfClients | NotEmulated;

export interface Area {
  readonly title: string;
  readonly behaviours: readonly Behaviour[];
}
