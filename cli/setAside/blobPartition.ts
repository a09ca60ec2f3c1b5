import type { BlockBlobClient, ContainerClient, Metadata } from '@azure/storage-blob';
import { reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { container, folderOf } from '../doctor/hostCheckpoints';
import type { CheckpointTarget, Partition, PartitionStorage, StoredCheckpoint } from './partitionStorage';

type Properties = Awaited<ReturnType<BlockBlobClient['getProperties']>>;

/**
 * The host's blobs, as BlobCheckpointStoreInternal.cs of azure-sdk-for-net writes them: `checkpoint/<partition>` with the
 * metadata `sequencenumber`, `offset` and `clientidentifier`, and `ownership/<partition>` with `ownerid`. The blobs are empty.
 */
export class BlobPartition implements PartitionStorage {
  readonly name: string;
  readonly #checkpoint: BlockBlobClient;
  readonly #ownership: BlockBlobClient;

  constructor(client: ContainerClient, partition: Partition) {
    const checkpoint = `${folderOf(partition)}/checkpoint/${partition.id}`;
    this.name = `${container}/${checkpoint}`;
    this.#checkpoint = client.getBlockBlobClient(checkpoint);
    this.#ownership = client.getBlockBlobClient(`${folderOf(partition)}/ownership/${partition.id}`);
  }

  async checkpoint(): Promise<StoredCheckpoint | undefined> {
    const found = await propertiesOf(this.#checkpoint);
    if (found === undefined) return undefined;
    const text = valueOf(found.metadata, 'sequencenumber');
    if (/^\d{1,15}$/.test(text)) return { sequenceNumber: Number(text), version: found.etag ?? '' };
    throw new UsageError(
      `The checkpoint ${this.name} has no sequence number (found "${text}"), so it does not say what is settled. Let the app write one, or delete the blob: the app then begins with the oldest event.`,
    );
  }

  async owner(): ReturnType<PartitionStorage['owner']> {
    const found = await propertiesOf(this.#ownership);
    if (found === undefined) return undefined;
    const { metadata, etag = '', date = new Date(), lastModified = date } = found;
    const renewedSecondsAgo = Math.max(0, (date.getTime() - lastModified.getTime()) / 1000);
    return { id: valueOf(metadata, 'ownerid'), renewedSecondsAgo, version: etag };
  }

  claim(ownerId: string, version: string | undefined): Promise<string | undefined> {
    return write(this.#ownership, { ownerid: ownerId }, version);
  }

  async moveCheckpoint(
    { sequenceNumber, offset }: CheckpointTarget,
    ownerId: string,
    from: StoredCheckpoint | undefined,
  ): Promise<StoredCheckpoint | undefined> {
    const metadata = { offset, sequencenumber: String(sequenceNumber), clientidentifier: ownerId };
    const version = await write(this.#checkpoint, metadata, from?.version);
    return version === undefined ? undefined : { sequenceNumber, version };
  }
}

/** Undefined when the blob or its container does not exist yet; the host creates both. */
async function propertiesOf(blob: BlockBlobClient): Promise<Properties | undefined> {
  try {
    return await blob.getProperties();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw storageError(error);
  }
}

/** Writes the metadata unless the blob has changed since it was read. Resolves to its new version. */
async function write(
  blob: BlockBlobClient,
  metadata: Metadata,
  version: string | undefined,
): Promise<string | undefined> {
  try {
    const written =
      version === undefined
        ? await blob.upload('', 0, { metadata, conditions: { ifNoneMatch: '*' } })
        : await blob.setMetadata(metadata, { conditions: { ifMatch: version } });
    return written.etag;
  } catch (error) {
    const status = statusOf(error);
    if (status === 409 || status === 412) return undefined;
    throw storageError(error);
  }
}

/** Finds a metadata value by its name in any case, because HTTP does not keep the case. */
function valueOf(metadata: Metadata = {}, name: string): string {
  return Object.entries(metadata).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
}

function storageError(cause: unknown): UsageError {
  const status = statusOf(cause);
  const storage = `The host's storage (container ${container})`;
  const message =
    status === 401 || status === 403
      ? `${storage} answered ${status}. Assign yourself the role Storage Blob Data Contributor on the app's storage account (a new assignment takes minutes), and check that its firewall lets this machine in.`
      : `${storage} cannot be used: ${reasonOf(cause)}. Check AzureWebJobsStorage (or AzureWebJobsStorage__accountName): it must be the app's.`;
  return new UsageError(message, { cause });
}
