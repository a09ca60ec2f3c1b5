import { stat } from 'node:fs/promises';
import type { TokenCredential } from '@azure/identity';
import type { Environment } from '../../shared/config';
import { reasonOf } from '../azure/hubError';
import { signIn } from '../azure/signIn';
import { UsageError } from '../common/exit';
import { openCheckpoints } from '../doctor/hostCheckpoints';
import { BlobPartition, type Partition } from './blobPartition';
import { FolderPartition } from './folderPartition';
import type { PartitionStorage } from './partitionStorage';

/** `npm start` names here the folder in which its embedded host keeps checkpoints; the app does not know it. */
export const checkpointFolder = 'EMBEDDED_HOST_CHECKPOINTS';

/** A moment of throttling is sat out; a storage that is not there is told within seconds. */
const options = { retryOptions: { maxTries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 4000 } };

/** @throws UsageError when the settings name no storage. */
export async function openStorage(environment: Environment, partition: Partition): Promise<PartitionStorage> {
  const folder = environment[checkpointFolder]?.trim() ?? '';
  if (folder !== '') {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory() === true) return new FolderPartition(folder, partition);
    throw new UsageError(`${checkpointFolder}: ${folder} is no folder. Take the settings file of a running npm start.`);
  }
  try {
    return new BlobPartition(await openCheckpoints(environment, (id) => person(environment, id), options), partition);
  } catch (error) {
    throw new UsageError(
      `The app's storage, where the host keeps its checkpoints, is not known: ${reasonOf(error)} Put the app's AzureWebJobsStorage settings into the environment or the file of --settings.`,
      { cause: error },
    );
  }
}

/** Signs in when the first token is needed. */
function person(environment: Environment, clientId: string | undefined): TokenCredential {
  let signedIn: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, asked) => {
      signedIn ??= signIn(environment, clientId);
      return (await signedIn).getToken(scopes, asked);
    },
  };
}
