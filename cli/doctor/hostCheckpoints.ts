import type { TokenCredential } from '@azure/identity';
import type { ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import type { Environment } from '../../shared/config';
import { hostStorage } from './hostStorage';

/** How far the app has come in a partition, as the Functions host notes it. */
export interface Checkpoint {
  /** Of the last event that was settled. */
  readonly sequenceNumber: number;
  readonly written: Date;
}

/** Whose checkpoints. */
export interface CheckpointScope {
  /** Host name, without a port. */
  readonly namespace: string;
  readonly hub: string;
  readonly group: string;
}

/** Where the host keeps them: the extension's name, in the account of AzureWebJobsStorage. */
export const container = 'azure-webjobs-eventhub';
const once: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };

/** The checkpoints cannot be had: `cause` says why. */
export class NoCheckpoints extends Error {
  override readonly name = 'NoCheckpoints';
}

/** @throws when the settings name no storage account that could be asked. */
export async function openCheckpoints(
  environment: Environment,
  credentialOf: (clientId: string | undefined) => TokenCredential,
  options = once,
): Promise<ContainerClient> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const storage = hostStorage(environment);
  if (storage.kind === 'none') throw new Error(storage.problem);
  const service =
    storage.kind === 'connectionString'
      ? BlobServiceClient.fromConnectionString(storage.connectionString, options)
      : new BlobServiceClient(storage.blobs, credentialOf(storage.clientId), options);
  return service.getContainerClient(container);
}

/** By partition; empty when the host has written none yet. */
export async function readCheckpoints(
  client: ContainerClient,
  scope: CheckpointScope,
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, Checkpoint>> {
  const prefix = `${scope.namespace}/${scope.hub}/${scope.group}/checkpoint/`.toLowerCase();
  const found = new Map<string, Checkpoint>();
  try {
    for await (const { name, metadata, properties } of client.listBlobsFlat({
      prefix,
      includeMetadata: true,
      abortSignal,
    })) {
      const text = metadata?.['sequencenumber'] ?? '';
      if (!/^\d{1,15}$/.test(text)) continue;
      found.set(name.slice(prefix.length), { sequenceNumber: Number(text), written: properties.lastModified });
    }
  } catch (error) {
    // The host makes the container when it starts.
    if (error instanceof Error && 'code' in error && error.code === 'ContainerNotFound') return found;
    throw error;
  }
  return found;
}
