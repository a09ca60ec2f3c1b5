import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from 'azure-emulators/certificate';
import { startIdentity } from 'azure-emulators/identity';
import { accountOf, type Ended, run } from '../../replay/kit/replayCommand';
import type { Finding } from './doctorBench';
import { type ManagementServer, startManagement } from './managementServer';

export const [filtering, parameterless] = [
  'vimNetworkSessionMicrosoftDefenderStream',
  'ASimNetworkSessionMicrosoftDefenderStream',
] as const;
export const [hook, secondHook] = ['Im_NetworkSessionCustom', 'ASim_NetworkSessionCustom'] as const;
export const functionsInOrder = [filtering, parameterless, hook, secondHook];

/** As Microsoft's template of empty hooks has it (Azure-Sentinel, ASIM/deploy/EmptyCustomUnifyingParsers). */
export const signature =
  "starttime:datetime=datetime(null),endtime:datetime=datetime(null),srcipaddr_has_any_prefix:dynamic=dynamic([]),dstipaddr_has_any_prefix:dynamic=dynamic([]),ipaddr_has_any_prefix:dynamic=dynamic([]),dstportnumber:int=int(null),hostname_has_any:dynamic=dynamic([]),dvcaction:dynamic=dynamic([]),eventresult:string='*',disabled:bool=False,pack:bool=false";

export const ownHook = `union isfuzzy=true
    vimNetworkSessionMicrosoftDefenderStream(
        starttime=starttime,
        endtime=endtime,
        srcipaddr_has_any_prefix=srcipaddr_has_any_prefix,
        dstipaddr_has_any_prefix=dstipaddr_has_any_prefix,
        ipaddr_has_any_prefix=ipaddr_has_any_prefix,
        dstportnumber=dstportnumber,
        hostname_has_any=hostname_has_any,
        dvcaction=dvcaction,
        eventresult=eventresult,
        disabled=disabled,
        pack=pack)`;

/** A hook as it may be in the workspace. */
export const anothers =
  'union isfuzzy=true\n  vimNetworkSessionFirewall(starttime=starttime, endtime=endtime, pack=pack)';

/** What `--asim --json` reports. */
interface Asim extends Ended {
  readonly of: (check: string) => readonly Finding[];
  readonly add: readonly { readonly function: string; readonly lines: string }[];
}

interface AsimBench {
  readonly azure: ManagementServer;
  /** The command with --asim and --json for the emulated workspace. */
  readonly asim: (...args: readonly string[]) => Promise<Asim>;
  /** Likewise, without --json. */
  readonly printed: (...args: readonly string[]) => Promise<Ended>;
  /** The command with these arguments alone, and with settings in its environment. */
  readonly doctor: (args: readonly string[], settings?: Readonly<Record<string, string>>) => Promise<Ended>;
  /** Puts a hook into the workspace that this command has not written. */
  readonly putHook: (query: string, functionParameters?: string, name?: string) => void;
  readonly stop: () => Promise<void>;
}

/** The bench of one test file: starts before its tests, forgets everything after each, stops after the last. */
export function useAsimBench(): Omit<AsimBench, 'stop'> {
  let bench: AsimBench;
  beforeAll(async () => {
    bench = await startAsimBench();
  });
  afterEach(() => bench.azure.reset());
  afterAll(() => bench.stop());
  return {
    get azure() {
      return bench.azure;
    },
    asim: async (...args) => bench.asim(...args),
    printed: async (...args) => bench.printed(...args),
    doctor: async (...args) => bench.doctor(...args),
    putHook: (...args) => bench.putHook(...args),
  };
}

async function startAsimBench(): Promise<AsimBench> {
  const folder = await mkdtemp(join(tmpdir(), 'asim-'));
  const certificate = await makeCertificate();
  const identity = await startIdentity();
  const azure = await startManagement(certificate, (authorization, audience) =>
    identity.verify(authorization, audience),
  );
  const trusted = join(folder, 'emulator.pem');
  await writeFile(trusted, certificate.cert);
  const environment = { NODE_EXTRA_CA_CERTS: trusted, ...identity.environment };
  let etags = 0;
  const doctor: AsimBench['doctor'] = async (args, settings = {}) =>
    run('doctor', args, folder, { ...environment, ...settings });
  const printed: AsimBench['printed'] = async (...args) =>
    doctor(['--asim', ...whereIs(azure), '--timeout', '120', ...args]);
  return {
    azure,
    printed,
    doctor,
    asim: async (...args) => {
      const ended = await printed('--json', ...args);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command promises this object in its last line.
      const { add } = accountOf(ended) as Pick<Asim, 'add'>;
      return { ...ended, add, of: (check) => findingsOf(ended, check) };
    },
    putHook: (query, functionParameters = signature, name = hook) => {
      const properties = { category: 'Security', displayName: 'x', functionAlias: hook, functionParameters, query };
      etags++;
      azure.workspace.functions.set(name, { etag: `W/"by hand ${etags}"`, properties });
    },
    stop: async () => {
      await Promise.all([identity.stop(), azure.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** The options that lead to the emulated workspace. */
export function whereIs({ workspaceId, endpoint }: ManagementServer): readonly string[] {
  return ['--workspace', workspaceId, '--management', endpoint, '--query', endpoint];
}

export function findingsOf(ended: Ended, check: string): readonly Finding[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command promises this object in its last line.
  const { checks } = accountOf(ended) as { checks: { id: string; findings: Finding[] }[] };
  return checks.find(({ id }) => id === check)?.findings ?? [];
}

/** `status subject` of each. */
export function statuses(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ status, subject }) => `${status} ${subject}`);
}
