/** `12,345` */
export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 row`, `2 rows`; `write` gives the digits. */
export function counted(count: number, what: string, write: (count: number) => string = number): string {
  return `${write(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** `1.5 MB` */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
