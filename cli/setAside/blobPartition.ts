import type { BlockBlobClient, ContainerClient, Metadata } from '@azure/storage-blob';
import { reasonOf } from '../azure/hubError';
import { UsageError } from '../common/exit';
import { container } from '../doctor/hostCheckpoints';
import type { PartitionStorage, Position, StoredCheckpoint } from './partitionStorage';

export interface Partition {
  /** Host name, without a port. */
  readonly namespace: string;
  readonly hub: string;
  readonly group: string;
  readonly id: string;
}

type Properties = Awaited<ReturnType<BlockBlobClient['getProperties']>>;

/**
 * The host's blobs, as BlobCheckpointStoreInternal.cs of azure-sdk-for-net writes them: `<namespace>/<hub>/<group>/`, in
 * lower case, then `checkpoint/<partition>` with the metadata `sequencenumber`, `offset`, `clientidentifier`, and
 * `ownership/<partition>` with `ownerid`; the blobs are empty.
 */
export class BlobPartition implements PartitionStorage {
  readonly name: string;
  readonly #checkpoint: BlockBlobClient;
  readonly #ownership: BlockBlobClient;

  constructor(client: ContainerClient, { namespace, hub, group, id }: Partition) {
    const folder = `${namespace}/${hub}/${group}`.toLowerCase();
    this.name = `${container}/${folder}/checkpoint/${id}`;
    this.#checkpoint = client.getBlockBlobClient(`${folder}/checkpoint/${id}`);
    this.#ownership = client.getBlockBlobClient(`${folder}/ownership/${id}`);
  }

  async checkpoint(): Promise<StoredCheckpoint | undefined> {
    const found = await propertiesOf(this.#checkpoint);
    if (found === undefined) return undefined;
    const text = valueOf(found.metadata, 'sequencenumber');
    if (!/^\d{1,15}$/.test(text)) {
      throw new UsageError(
        `The checkpoint ${this.name} has no sequence number (found "${text}"), so nobody can tell what is settled. Let the app write one, or delete the blob: the app then begins with the oldest event.`,
      );
    }
    return { sequenceNumber: Number(text), version: found.etag ?? '' };
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
    { sequenceNumber, offset }: Position,
    ownerId: string,
    from: StoredCheckpoint | undefined,
  ): Promise<StoredCheckpoint | undefined> {
    const metadata = { offset, sequencenumber: String(sequenceNumber), clientidentifier: ownerId };
    const version = await write(this.#checkpoint, metadata, from?.version);
    return version === undefined ? undefined : { sequenceNumber, version };
  }
}

/** Undefined when there is no such blob, or no container yet: the host makes both. */
async function propertiesOf(blob: BlockBlobClient): Promise<Properties | undefined> {
  try {
    return await blob.getProperties();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw storageError(error);
  }
}

/** Writes the metadata if the blob is as it was read. Resolves to its new version. */
async function write(
  blob: BlockBlobClient,
  metadata: Metadata,
  version: string | undefined,
): Promise<string | undefined> {
  try {
    const { etag } =
      version === undefined
        ? await blob.upload('', 0, { metadata, conditions: { ifNoneMatch: '*' } })
        : await blob.setMetadata(metadata, { conditions: { ifMatch: version } });
    return etag;
  } catch (error) {
    const status = statusOf(error);
    if (status === 409 || status === 412) return undefined;
    throw storageError(error);
  }
}

/** The case of a metadata name depends on who wrote it, and HTTP does not keep it. */
function valueOf(metadata: Metadata = {}, name: string): string {
  return Object.entries(metadata).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
}

export function storageError(error: unknown): UsageError {
  const status = statusOf(error);
  const isRefused = status === 401 || status === 403;
  const advice = isRefused
    ? "Give yourself the role Storage Blob Data Contributor on the app's storage account (a new assignment takes minutes), and check that its firewall lets this machine in."
    : "Check AzureWebJobsStorage (or AzureWebJobsStorage__accountName): it must be the app's.";
  const said = isRefused ? `answered ${status}` : reasonOf(error);
  return new UsageError(
    `The host's storage (container ${container}) ${isRefused ? said : `cannot be used: ${said}`}. ${advice}`,
    {
      cause: error,
    },
  );
}
