import { distance } from 'fastest-levenshtein';

/** How a setting with a list of names is read. */
export interface NameList<T extends string> {
  readonly parse: (text: string) => ReadonlySet<T> | undefined;
  readonly wrongIn: (text: string) => readonly string[];
  readonly advice: (text: string) => readonly string[];
}

/**
 * A list of names, separated by commas, each once. `names` are allowed, in this spelling; `others` are known names that are
 * not, with the reason and what to do.
 */
export function nameList<T extends string>(
  names: readonly T[],
  others: Readonly<Record<string, string>>,
  listedIn: string,
): NameList<T> {
  const allowed: ReadonlySet<string> = new Set(names);
  const known = [...names, ...Object.keys(others)];
  const wrongItems = (text: string): string[] =>
    itemsOf(text).filter((item, i, items) => !allowed.has(item) || items.indexOf(item) < i);
  const adviceOn = (item: string): string => {
    if (item === '') return 'Remove the comma too many.';
    if (allowed.has(item)) return `${item}: name it once.`;
    const { name, letters } = nearest(item, known);
    const reason = letters === 0 ? others[name] : undefined;
    if (reason !== undefined) return `${name}: ${reason}.`;
    if (letters > Math.min(mostLetters, item.length / 3))
      return `${item.slice(0, 60)}: unknown; ${listedIn} lists the names.`;
    return letters === 0 ? `${item}: write ${name}.` : `${item}: did you mean ${name}?`;
  };
  return {
    parse(text) {
      const items = new Set(itemsOf(text));
      return wrongItems(text).length > 0 ? undefined : new Set(names.filter((name) => items.has(name)));
    },
    wrongIn: wrongItems,
    advice: (text) => [...new Set(wrongItems(text))].slice(0, mostAdvised).map(adviceOn),
  };
}

function itemsOf(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

/** A misspelt name differs from the right one by at most this many letters and a third of its own, in any case. */
const mostLetters = 3;
/** Advice on more items would hide the other problems. */
const mostAdvised = 10;

/** What to write instead of an unknown name; undefined if no name is near. */
export function didYouMean(item: string, names: readonly string[]): string | undefined {
  const { name, letters } = nearest(item, names);
  if (letters > Math.min(mostLetters, item.length / 3)) return undefined;
  return letters === 0 ? `Write ${name}.` : `Did you mean ${name}?`;
}

interface Near {
  readonly name: string;
  /** How many letters differ, in any case. */
  readonly letters: number;
}

function nearest(item: string, names: readonly string[]): Near {
  const meant = item.slice(0, 100).toLowerCase();
  return names
    .map((name) => ({ name, letters: distance(meant, name.toLowerCase()) }))
    .reduce<Near>((a, b) => (b.letters < a.letters ? b : a), { name: '', letters: Infinity });
}
