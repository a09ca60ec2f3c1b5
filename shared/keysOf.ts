/** The keys of an object literal whose type lists all of them. */
export function keysOf<T extends object>(object: T): (keyof T & string)[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets what a literal's type knows.
  return Object.keys(object) as (keyof T & string)[];
}
