import { stat } from 'node:fs/promises';
import type { TokenCredential } from '@azure/identity';
import type { ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import { CheckpointFolder, scopeOf } from 'azure-emulators/host/checkpoints';
import type { Environment } from '../../shared/config';
import { errorCode } from '../common/errorText';
import { hostStorage } from './hostStorage';

/** How far the app has read a partition, as the Functions host stores it. */
export interface Checkpoint {
  /** The sequence number of the last settled event. */
  readonly sequenceNumber: number;
  readonly written: Date;
}

/** Names the checkpoints of one consumer group. */
export interface CheckpointScope {
  /** Host name, without a port. */
  readonly namespace: string;
  readonly hub: string;
  readonly group: string;
}

/** Setting with the folder of the embedded host's checkpoints. `npm start` sets it; the app does not read it. */
export const checkpointFolder = 'EMBEDDED_HOST_CHECKPOINTS';

/** The Event Hubs extension of the host keeps its checkpoints here, in the account of AzureWebJobsStorage. */
export const container = 'azure-webjobs-eventhub';
const once: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };

/** The checkpoints cannot be read: `cause` says why. */
export class NoCheckpoints extends Error {
  override readonly name = 'NoCheckpoints';
}

/** @throws when the settings name no storage account. */
export async function openCheckpoints(
  environment: Environment,
  credentialFor: (clientId: string | undefined) => TokenCredential,
  options = once,
): Promise<ContainerClient> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const storage = hostStorage(environment);
  if (storage.kind === 'none') throw new Error(storage.problem);
  const service =
    storage.kind === 'connectionString'
      ? BlobServiceClient.fromConnectionString(storage.connectionString, options)
      : new BlobServiceClient(storage.blobs, credentialFor(storage.clientId), options);
  return service.getContainerClient(container);
}

/** The folder of the host's blobs about one consumer group. */
export function folderOf({ namespace, hub, group }: CheckpointScope): string {
  return `${namespace}/${hub}/${group}`.toLowerCase();
}

/** The checkpoints by partition; empty when the host has not written any yet. */
export type ReadCheckpoints = (scope: CheckpointScope, signal: AbortSignal) => Promise<ReadonlyMap<string, Checkpoint>>;

/** Where the host of these settings keeps them: in the storage account, or in a folder. @throws like `openCheckpoints` */
export async function checkpointsReader(
  environment: Environment,
  credentialFor: (clientId: string | undefined) => TokenCredential,
): Promise<ReadCheckpoints> {
  const folder = environment[checkpointFolder]?.trim() ?? '';
  if (folder !== '') return async (scope) => readFolder(folder, scope);
  const client = await openCheckpoints(environment, credentialFor);
  return async (scope, signal) => readBlobs(client, scope, signal);
}

async function readFolder(folder: string, { namespace, hub, group }: CheckpointScope): ReturnType<ReadCheckpoints> {
  // To read a folder that is not there would make it.
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new Error(`${checkpointFolder}: ${folder} is no folder.`);
  const checkpoints = await new CheckpointFolder(folder).checkpoints(scopeOf(namespace, hub, group));
  return new Map(
    checkpoints.map(({ partitionId, sequenceNumber, writtenMs }) => [
      partitionId,
      { sequenceNumber, written: new Date(writtenMs) },
    ]),
  );
}

async function readBlobs(
  client: ContainerClient,
  scope: CheckpointScope,
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, Checkpoint>> {
  const prefix = `${folderOf(scope)}/checkpoint/`;
  const found = new Map<string, Checkpoint>();
  try {
    for await (const blob of client.listBlobsFlat({ prefix, includeMetadata: true, abortSignal })) {
      const text = blob.metadata?.['sequencenumber'] ?? '';
      if (!/^\d{1,15}$/.test(text)) continue;
      const written = blob.properties.lastModified;
      found.set(blob.name.slice(prefix.length), { sequenceNumber: Number(text), written });
    }
  } catch (error) {
    // The host creates the container when it starts.
    if (errorCode(error) !== 'ContainerNotFound') throw error;
  }
  return found;
}
