/**
 * A copy of the first `most` characters. A slice would keep the whole text in memory for as long as the slice is kept.
 * A lone surrogate becomes U+FFFD.
 */
export function shortened(text: string, most: number): string {
  return Buffer.from(text.slice(0, most).toWellFormed()).toString();
}
