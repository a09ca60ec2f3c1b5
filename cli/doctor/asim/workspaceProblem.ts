import { AzureApiError } from '../../azure/azureApi';
import { networkAdvice, reasonFor } from '../errorReason';
import { OtherSearchKey } from './watchlist';

interface Problem {
  readonly found: string;
  readonly next: string;
}

/** Why the workspace was not read or changed, and what to do. */
export function workspaceProblem(error: unknown, wanted: keyof typeof roles): Problem {
  if (error instanceof AzureApiError) return answered(error, wanted);
  if (error instanceof OtherSearchKey) {
    return {
      found: error.message,
      next: 'Delete the watchlist in Microsoft Sentinel; --exclude-built-in makes it anew.',
    };
  }
  const reason = reasonFor(error);
  const next =
    reason.code === 'NoToken'
      ? 'Sign in: az login, azd auth login or Connect-AzAccount, in the tenant of the workspace.'
      : (networkAdvice(reason, '--management and --query') ?? 'Run it again; if it stays, check the network.');
  return { found: `No answer: ${reason.text}`, next };
}

/** What one needs to look at Sentinel's part, to change it, and to ask for rows. */
const roles = {
  read: 'Microsoft Sentinel Reader',
  change: 'Microsoft Sentinel Contributor',
  query: 'Log Analytics Reader',
} as const;

function answered({ status, code, message }: AzureApiError, wanted: keyof typeof roles): Problem {
  const found = `Answered ${status} ${code}: ${message}`;
  if (status === 401) return { found, next: 'Sign in again, in the tenant of the workspace (az login --tenant ...).' };
  if (status === 403) {
    return {
      found,
      next: `You need the role ${roles[wanted]} on the workspace; a new assignment can take 30 minutes.`,
    };
  }
  if (status === 409 || status === 412) {
    const changed = 'Somebody changed it while the command ran; nothing was overwritten.';
    return { found: `${changed} (${status} ${code})`, next: 'Run it again: it looks first at what is there now.' };
  }
  if (status === 404) return { found, next: 'Check subscription, resource group and name of the workspace.' };
  return { found, next: 'Run it again later.' };
}
