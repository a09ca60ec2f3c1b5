import { stat } from 'node:fs/promises';
import type { Environment } from '../../shared/config';
import { credentialOf } from '../azure/signIn';
import { reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { checkpointFolder, openCheckpoints } from '../doctor/hostCheckpoints';
import { BlobPartition } from './blobPartition';
import { FolderPartition } from './folderPartition';
import type { Partition, PartitionStorage } from './partitionStorage';

/** Retries until a short throttling is over; an account that does not exist is reported within seconds. */
const options = { retryOptions: { maxTries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 4000 } };

/** @throws UsageError when the settings name no storage. */
export async function openStorage(environment: Environment, partition: Partition): Promise<PartitionStorage> {
  const folder = environment[checkpointFolder]?.trim() ?? '';
  if (folder !== '') {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory() === true) return new FolderPartition(folder, partition);
    throw new UsageError(`${checkpointFolder}: ${folder} is no folder. Use the settings file of a running npm start.`);
  }
  try {
    const client = await openCheckpoints(environment, (id) => credentialOf(environment, id), options);
    return new BlobPartition(client, partition);
  } catch (cause) {
    throw new UsageError(
      `The app's storage, where the host keeps its checkpoints, is not known: ${reasonOf(cause)} Put the app's AzureWebJobsStorage settings into the environment or the file of --settings.`,
      { cause },
    );
  }
}
