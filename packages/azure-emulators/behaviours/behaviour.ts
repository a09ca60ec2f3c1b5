/** What the services do, each behaviour with its ground and with the tests that hold it. */

/** How a behaviour is known; docs/emulators.md says what each word means. */
export type Ground = 'documented' | 'recorded' | 'source' | 'run' | 'guess';

/** A test by its file below `test/` of this package and its title, as both stand in the source. */
export type HeldBy = readonly [file: string, title: string];

interface Stated {
  /** One sentence or two, in plain words. */
  readonly does: string;
  readonly ground: Ground;
}

/** The emulators do it. */
export interface Emulated extends Stated {
  readonly held: readonly [HeldBy, ...HeldBy[]];
}

/** Microsoft's own client or library does it, and runs unchanged here. */
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
