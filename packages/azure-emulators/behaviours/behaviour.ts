/** How a behaviour is known; the README says what each word means. */
export type Ground = 'documented' | 'recorded' | 'source' | 'run' | 'guess';

interface Stated {
  /** One sentence or two, in plain words. */
  readonly does: string;
  readonly ground: Ground;
}

/** The emulators do it. */
export type Emulated = Stated;

/** Microsoft's own client or library does it, and runs unchanged here. */
export interface OfClients extends Stated {
  readonly by: string;
}

/** The emulators do not do it. */
export interface NotEmulated extends Stated {
  readonly because: string;
}

export type Behaviour = Emulated | OfClients | NotEmulated;

export interface Area {
  readonly title: string;
  /** By a short id that never changes; tests name it through `holds`. */
  readonly behaviours: Readonly<Record<string, Behaviour>>;
}
