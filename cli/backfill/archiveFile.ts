/** A file of an archive, wherever it lies. */
export interface ArchiveFile {
  /** Inside the archive, with `/` between folders. */
  readonly name: string;
  /** In bytes, as stored. */
  readonly size: number;
  /** Another value when the content is another. */
  readonly version: string;
  /** The bytes as stored. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/** Files that are taken from a folder or container: JSON, a document or one a line, and CSV; gzip or not. */
export function isArchiveName(name: string): boolean {
  return /\.(?:json|ndjson|jsonl|log|csv)(?:\.gz)?$/i.test(name);
}

export function inOrder(files: readonly ArchiveFile[]): ArchiveFile[] {
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
