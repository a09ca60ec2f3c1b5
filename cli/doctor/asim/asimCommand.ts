import { exitCodes, UsageError } from '../../common/exit';
import { columnsOf, fitted } from '../../common/terminal';
import { countsOf, reportText } from '../doctorReport';
import type { Examined } from '../examine';
import type { Finding } from '../finding';
import type { SignIns } from '../signIns';
import type { WorkspaceAccess } from '../workspaceAccess';
import { excludeBuiltIn, register, unregister } from './changes';
import { additionsToUnions } from './deployedUnions';
import { type Addition, additionsTo, lookFindings } from './lookFindings';
import { parsersOfThisFolder } from './parserFiles';
import type { NewFunction } from './savedFunctions';
import { type Look, SentinelWorkspace } from './sentinelWorkspace';
import { workspaceProblem } from './workspaceProblem';

export interface AsimOptions {
  readonly register: boolean;
  readonly excludeBuiltIn: boolean;
  readonly unregister: boolean;
  readonly strict: boolean;
  readonly json: boolean;
  readonly seconds: number;
}

/** Looks at the workspace's part of Sentinel; writes only what the options ask for. @throws UsageError */
export async function runAsim(access: WorkspaceAccess, signIns: SignIns, options: AsimOptions): Promise<number> {
  const expected = await parsersOfThisFolder();
  const workspace = new SentinelWorkspace(access, signIns, options.seconds);
  const before = await firstLook(workspace);
  const changes = await change(before, expected, { workspace, options });
  // What was written is reported even if nothing can be read any more.
  const after = changes.length === 0 ? before : await workspace.look().catch(nothingRead);
  const examined: readonly Examined[] = [
    ...(changes.length === 0 ? [] : [{ id: 'changes', findings: changes }]),
    ...lookFindings(after, expected),
  ];
  const additions = options.unregister
    ? []
    : [...additionsTo(after), ...(options.excludeBuiltIn ? unionsWithout(after) : [])];
  console.log(reportText(examined, columnsOf(process.stdout)));
  for (const addition of additions) console.log(additionText(addition, columnsOf(process.stdout)));
  const counts = countsOf(examined);
  if (options.json) console.log(JSON.stringify({ workspace: access.id, ...counts, checks: examined, add: additions }));
  const isWrong = counts.wrong > 0 || (options.strict && counts.warning + counts.unknown > 0);
  return isWrong ? exitCodes.wrong : exitCodes.well;
}

/** What the unions lack that keep Microsoft's parser, because they would lose devices. */
function unionsWithout({ functions, devices }: Look): readonly Addition[] {
  return 'value' in functions && 'value' in devices ? additionsToUnions(functions.value, devices.value) : [];
}

function nothingRead(error: unknown): Look {
  const part = { error };
  return { hasSentinel: part, tablePlan: part, functions: part, disabled: part, devices: part };
}

async function firstLook(workspace: SentinelWorkspace): Promise<Look> {
  return workspace.look().catch((error: unknown) => {
    const { found, next } = workspaceProblem(error, 'read');
    throw new UsageError(`The workspace ${workspace.access.id} cannot be read. ${found}\n${next}`, { cause: error });
  });
}

interface Wanted {
  readonly workspace: SentinelWorkspace;
  readonly options: AsimOptions;
}

async function change(
  look: Look,
  expected: readonly NewFunction[],
  { workspace, options }: Wanted,
): Promise<Finding[]> {
  if (options.unregister) return unregister(look, workspace);
  const registered = options.register ? await register(look, expected, workspace) : [];
  if (!options.excludeBuiltIn) return registered;
  // Whether Sentinel sees the app's rows decides whether the built-in parser may be stopped.
  const now = options.register ? await workspace.look().catch(nothingRead) : look;
  return [...registered, ...(await excludeBuiltIn(now, workspace))];
}

/** The lines as they are, to be copied: no table around them, nothing broken. */
function additionText({ function: name, lines }: Addition, columns: number): string {
  const what = `Add to the union in the function ${name}, with a comma after the source before it:`;
  return `\n${fitted(what, columns)}\n\n${lines}`;
}
