/**
 * The first characters of a text from outside, as a text of its own. A slice is only a view that keeps the whole text in
 * memory for as long as the slice is kept. A lone surrogate becomes U+FFFD.
 */
export function shortened(text: string, most: number): string {
  return Buffer.from(text.slice(0, most).toWellFormed()).toString();
}
