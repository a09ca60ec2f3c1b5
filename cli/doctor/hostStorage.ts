import type { Environment } from '../../shared/config';

/** The host's storage account, where its package, checkpoints and leases are. */
export type HostStorage =
  /** Signs in with a key or a signature, so no role is needed. */
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  /** Signs in with the app's identity. */
  | {
      readonly kind: 'identity';
      readonly account: string;
      readonly blobs: string;
      readonly clientId: string | undefined;
    }
  | { readonly kind: 'none'; readonly problem: string };

const prefix = 'AzureWebJobsStorage';

/**
 * The host reads `AzureWebJobsStorage` (a connection string), `__accountName`, or the addresses of the services. The trigger
 * keeps its checkpoints in blobs, so queues and tables alone are not enough.
 * https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
 */
export function hostStorage(environment: Environment): HostStorage {
  const setting = (suffix: string): string => valueOf(environment, prefix + suffix);
  const connectionString = setting('');
  if (connectionString !== '') return { kind: 'connectionString', connectionString };
  const accountName = setting('__accountName');
  const address = setting('__blobServiceUri') || setting('__serviceUri');
  const blobs = address || (accountName === '' ? '' : `https://${accountName}.blob.core.windows.net`);
  if (blobs === '') return { kind: 'none', problem: withoutBlobs(setting) };
  const account = accountOf(blobs);
  if (account === undefined)
    return { kind: 'none', problem: `${prefix}__blobServiceUri is no address of a blob service: "${blobs}".` };
  return { kind: 'identity', account, blobs, clientId: setting('__clientId') || undefined };
}

function withoutBlobs(setting: (suffix: string) => string): string {
  const others = ['__queueServiceUri', '__tableServiceUri'].filter((suffix) => setting(suffix) !== '');
  if (others.length === 0) return `Neither ${prefix} nor ${prefix}__accountName nor ${prefix}__blobServiceUri is set.`;
  const names = others.map((suffix) => prefix + suffix).join(' and ');
  return `${names} ${others.length > 1 ? 'name' : 'names'} no blob service, where the host keeps its checkpoints.`;
}

/** The first label of the host name; for an IP address, as Azurite has it, the first part of the path. */
function accountOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname, protocol } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  const isAddress = /^[\d.]+$|^\[/.test(hostname) || hostname === 'localhost';
  const account = (isAddress ? pathname.split('/')[1] : hostname.split('.')[0]) ?? '';
  // The second region of the account has this suffix.
  return account === '' ? undefined : account.replace(/-secondary$/, '');
}

/** The platform ignores the case of setting names. */
function valueOf(environment: Environment, name: string): string {
  const anyCase = Object.entries(environment).find(([other]) => other.toLowerCase() === name.toLowerCase());
  return (environment[name] ?? anyCase?.[1] ?? '').trim();
}
