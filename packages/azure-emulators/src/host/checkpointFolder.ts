import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, isFields } from '../fields';

/** The partitions that one consumer group of one hub reads. */
export interface Scope {
  readonly namespace: string;
  readonly eventHubName: string;
  readonly consumerGroup: string;
}

export interface StoredCheckpoint {
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly offset: string;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

export interface StoredOwnership {
  readonly partitionId: string;
  /** Empty if the partition was given back. */
  readonly ownerId: string;
  /** The host process of the owner, so that a dead host's partitions are free at once. */
  readonly processId: number;
  readonly claimedMs: number;
  /** Increases with every claim; a claim must name the version that it replaces. */
  readonly version: number;
}

/**
 * Checkpoints and ownerships as small JSON files, shared by every host that names the same folder. A file is written under
 * another name and then renamed, so that a reader sees the old file or the new one, never a part. An ownership's version is in
 * its file name: only one writer can create that name, which makes the claim atomic.
 */
export class CheckpointFolder {
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(private readonly root: string) {}

  async checkpoints(scope: Scope): Promise<readonly StoredCheckpoint[]> {
    const folder = await this.folder(scope, 'checkpoints');
    const found: StoredCheckpoint[] = [];
    for (const name of await jsonFiles(folder)) {
      const checkpoint = await readJson(join(folder, name));
      if (isCheckpoint(checkpoint)) found.push(checkpoint);
    }
    return found;
  }

  async checkpoint(scope: Scope, partitionId: string): Promise<StoredCheckpoint | undefined> {
    const checkpoint = await readJson(join(await this.folder(scope, 'checkpoints'), `${partitionId}.json`));
    return isCheckpoint(checkpoint) ? checkpoint : undefined;
  }

  async putCheckpoint(scope: Scope, checkpoint: StoredCheckpoint): Promise<void> {
    const folder = await this.folder(scope, 'checkpoints');
    const temporary = await writeTemporary(folder, checkpoint);
    await rename(temporary, join(folder, `${checkpoint.partitionId}.json`));
  }

  async ownerships(scope: Scope): Promise<readonly StoredOwnership[]> {
    const folder = await this.folder(scope, 'ownerships');
    return newestOf(folder, await jsonFiles(folder));
  }

  async ownership(scope: Scope, partitionId: string): Promise<StoredOwnership | undefined> {
    const folder = await this.folder(scope, 'ownerships');
    const names = (await jsonFiles(folder)).filter((name) => name.startsWith(`${partitionId}.`));
    return (await newestOf(folder, names))[0];
  }

  /** @returns false if that version exists already: another instance was faster. */
  async putOwnership(scope: Scope, ownership: StoredOwnership): Promise<boolean> {
    const { partitionId, version } = ownership;
    const folder = await this.folder(scope, 'ownerships');
    const earlier = (await jsonFiles(folder)).filter((name) => name.startsWith(`${partitionId}.`));
    if (earlier.some((name) => versionOf(name) >= version)) return false;
    const temporary = await writeTemporary(folder, ownership);
    const claimed = await createOnce(temporary, join(folder, `${partitionId}.${version}.json`));
    await Promise.all([temporary, ...(claimed ? earlier.map((name) => join(folder, name)) : [])].map(remove));
    return claimed;
  }

  private async folder(scope: Scope, kind: 'checkpoints' | 'ownerships'): Promise<string> {
    const folder = join(this.root, ...[scope.namespace, scope.eventHubName, scope.consumerGroup].map(fileName), kind);
    let made = this.#made.get(folder);
    if (made === undefined) {
      made = mkdir(folder, { recursive: true });
      this.#made.set(folder, made);
    }
    await made;
    return folder;
  }
}

/** Gives a finished file a new name. @returns false if that name exists already. */
async function createOnce(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
  }
  try {
    // The file system has no hard links.
    await copyFile(temporary, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function newestOf(folder: string, names: readonly string[]): Promise<readonly StoredOwnership[]> {
  const newest = new Map<string, StoredOwnership>();
  for (const name of names) {
    const ownership = await readJson(join(folder, name));
    if (isOwnership(ownership) && ownership.version > (newest.get(ownership.partitionId)?.version ?? 0)) {
      newest.set(ownership.partitionId, ownership);
    }
  }
  return [...newest.values()];
}

function fileName(name: string): string {
  return encodeURIComponent(name.toLowerCase());
}

function versionOf(name: string): number {
  return Number(name.split('.').at(-2));
}

async function jsonFiles(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.json'));
}

async function writeTemporary(folder: string, content: unknown): Promise<string> {
  const temporary = join(folder, `${randomUUID()}.temporary`);
  await writeFile(temporary, JSON.stringify(content));
  return temporary;
}

/** Undefined if another host has just replaced the file; the new one is read the next time. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch(() => {});
}

function isCheckpoint(value: unknown): value is StoredCheckpoint {
  return (
    isFields(value) &&
    typeof value['partitionId'] === 'string' &&
    typeof value['sequenceNumber'] === 'number' &&
    typeof value['offset'] === 'string' &&
    typeof value['writtenMs'] === 'number'
  );
}

function isOwnership(value: unknown): value is StoredOwnership {
  return (
    isFields(value) &&
    typeof value['partitionId'] === 'string' &&
    typeof value['ownerId'] === 'string' &&
    typeof value['processId'] === 'number' &&
    typeof value['claimedMs'] === 'number' &&
    typeof value['version'] === 'number'
  );
}
