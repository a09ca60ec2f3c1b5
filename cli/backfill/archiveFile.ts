/** A file of an archive, in a folder or a blob container. */
export interface ArchiveFile {
  /** Inside the archive, with `/` between folders. */
  readonly name: string;
  /** Stored size in bytes. */
  readonly size: number;
  /** Changes with the content. */
  readonly version: string;
  /** The bytes as stored. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/** Whether a file of a folder or container is read: JSON, one document or one per line, and CSV; gzip or not. */
export function isArchiveName(name: string): boolean {
  return /\.(?:json|ndjson|jsonl|log|csv)(?:\.gz)?$/i.test(name);
}

export function inOrder(files: readonly ArchiveFile[]): ArchiveFile[] {
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
