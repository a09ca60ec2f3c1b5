import { counted } from '../../common/numberText';
import { type Finding, ok, warning, wrong } from '../finding';
import { within } from '../timeLimit';
import { type DeployedUnion, deployedUnions } from './deployedUnions';
import { type DeviceCounts, unseenDevices } from './deviceCounts';
import { type FunctionState, isHooked, stateOfHook, stateOfParser } from './functionState';
import { hookOf, mentions } from './hookText';
import type { NewFunction, SavedFunction } from './savedFunctions';
import { disabledParsers, type ExclusionRow, exclusionRows, parsers } from './sentinelNames';
import { type Look, type SentinelWorkspace, valueOf } from './sentinelWorkspace';
import { ifThere, isOwnRow, isStoppedIn, stops, type WatchlistItem } from './watchlist';
import { workspaceProblem } from './workspaceProblem';

/** A watchlist of two rows takes the service seconds. */
const listSeconds = 120;

/** Writes the app's parsers and the hooks that call them, where nothing else is. */
export async function register(
  look: Look,
  expected: readonly NewFunction[],
  to: SentinelWorkspace,
): Promise<Finding[]> {
  const refused = whyNotRegister(look);
  if (refused !== undefined) return [refused];
  const functions = valueOf(look.functions) ?? [];
  const findings: Finding[] = [];
  // Each calls the one before it: after the first that cannot be written the others would fail in every query.
  const steps = [
    ...expected.map((one): [NewFunction, FunctionState] => [one, stateOfParser(one, functions)]),
    ...parsers.map((parser): [NewFunction, FunctionState] => [hookOf(parser), stateOfHook(parser, functions)]),
  ];
  const isParser = new Set(expected);
  for (const [one, state] of steps) {
    const finding = await write(one, state, to);
    findings.push(finding);
    if (finding.status === 'wrong' && isParser.has(one)) return findings;
  }
  return findings;
}

function whyNotRegister(look: Look): Finding | undefined {
  const plan = valueOf(look.tablePlan);
  const devices = valueOf(look.devices);
  if (valueOf(look.hasSentinel) !== true || !('value' in look.functions) || !('value' in look.tablePlan))
    return nothingWritten(
      'the workspace could not be looked at, or Microsoft Sentinel is not on.',
      'See the checks below.',
    );
  if (plan !== 'Analytics')
    return nothingWritten(
      `NetworkSessions_CL ${plan === undefined ? 'is not here' : `has the plan ${plan}`}.`,
      'See the check table.',
    );
  if (devices !== undefined && devices.Asim > 0)
    return nothingWritten(
      `the rows of ${counted(devices.Asim, 'device')} also go to ASimNetworkSessionLogs, which Sentinel reads already.`,
      'Send rows to one of the two tables, and run it again a day later.',
    );
  return undefined;
}

function nothingWritten(found: string, next: string): Finding {
  return wrong('register', `Nothing was written: ${found}`, next);
}

async function write(
  one: NewFunction,
  state: FunctionState,
  { functions, seconds }: SentinelWorkspace,
): Promise<Finding> {
  const subject = one.name;
  if (state.kind === 'several') return wrong(subject, 'Not written: several functions have this name.', 'See below.');
  if (state.kind === 'another') {
    if (state.missing?.length === 0) return ok(subject, "Another's, and it calls the app's parser already.");
    return wrong(
      subject,
      'Not written: the function that is there is not of this app.',
      'See below what to add to it.',
    );
  }
  if (state.kind === 'ours' && state.isCurrent) return ok(subject, 'Was there already.');
  return attempt(subject, seconds, async (signal) => {
    await functions.put(one, state.kind === 'ours' ? state.found.etag : undefined, signal);
    return ok(subject, state.kind === 'ours' ? 'Updated.' : 'Written.');
  });
}

/** Adds the rows that stop Microsoft's parser of DeviceNetworkEvents, for each union that loses no device by that. */
export async function excludeBuiltIn(look: Look, to: SentinelWorkspace): Promise<Finding[]> {
  const devices = valueOf(look.devices);
  const functions = valueOf(look.functions);
  const isRead = valueOf(look.hasSentinel) === true && 'value' in look.disabled;
  if (!isRead || devices === undefined || functions === undefined) {
    const found = 'No row was added: the workspace could not be looked at, or Microsoft Sentinel is not on.';
    return [wrong(disabledParsers, found, 'See the checks below.')];
  }
  const refused = whyNotExclude(devices, functions);
  if (refused !== undefined) return [refused];
  const unions = deployedUnions(functions, devices);
  const losing = unions.filter(({ unseen }) => unseen > 0);
  const stopped = new Set([...parsers.map(({ builtIn }) => builtIn), ...unions.map(({ name }) => name)]);
  for (const { name } of losing) stopped.delete(name);
  const rows = exclusionRows.filter(({ union }) => stopped.has(union));
  const items = valueOf(look.disabled);
  const losses = losing.map((union) => lossOf(union, items ?? []));
  return [...losses, ...(await addRows(rows, items, to))];
}

function whyNotExclude(devices: DeviceCounts, functions: readonly SavedFunction[]): Finding | undefined {
  if (devices.BuiltIn === 0)
    return ok(disabledParsers, 'No row was added: DeviceNetworkEvents has had no rows for a day, so none is needed.');
  const custom = parsers.every((parser) => isHooked(parser, functions));
  const hidden = unseenDevices(devices, { custom, asim: true });
  if (hidden === 0) return undefined;
  const found = `No row was added: ${counted(hidden, 'device')} would disappear from Sentinel's queries, because only DeviceNetworkEvents has ${hidden === 1 ? 'it' : 'them'} or the hooks do not call the app's parsers.`;
  return wrong(disabledParsers, found, 'Register first, stream all devices to the app, and run it again a day later.');
}

function lossOf({ name, parser, unseen, reads }: DeployedUnion, items: readonly WatchlistItem[]): Finding {
  const lost = counted(unseen, 'device');
  const found = isStoppedIn(name, items)
    ? `Does not see ${lost}: its row is in the watchlist already, and it does not read the app's table.`
    : `Its row was not added: ${lost} would disappear from ${name}, which does not read the app's table.`;
  const next = reads.custom
    ? `Add ${parser.native} to its union, and run it again.`
    : 'Add the lines below the table to its union, and run it again.';
  return warning(name, found, next);
}

async function addRows(
  rows: readonly ExclusionRow[],
  items: readonly WatchlistItem[] | undefined,
  to: SentinelWorkspace,
): Promise<Finding[]> {
  const wanted = rows.filter((row) => !(items ?? []).some((item) => stops(item, row)));
  if (wanted.length === 0) return [ok(disabledParsers, 'The rows were there already.')];
  if (items === undefined) {
    const made = await attempt(disabledParsers, listSeconds, async (signal) => {
      await to.disabled.create(signal);
      return ok(disabledParsers, 'The watchlist was made.');
    });
    if (made.status === 'wrong') return [made];
  }
  const findings: Finding[] = [];
  for (const row of wanted) {
    const subject = row.SourceSpecificParser;
    if (items?.some(({ id }) => id === row.id) === true) {
      findings.push(
        wrong(subject, 'Not added: the row of this command was edited.', 'Delete that row, and run it again.'),
      );
    } else {
      findings.push(
        await attempt(subject, to.seconds, async (signal) => {
          await to.disabled.add(row, signal);
          return ok(subject, 'Added.');
        }),
      );
    }
  }
  return findings;
}

/** Removes what `register` and `excludeBuiltIn` have written, and nothing that somebody else has changed or uses. */
export async function unregister(look: Look, to: SentinelWorkspace): Promise<Finding[]> {
  return [...(await removeFunctions(to)), ...(await removeRows(look, to))];
}

async function removeFunctions(to: SentinelWorkspace): Promise<Finding[]> {
  const findings: Finding[] = [];
  const names = [...parsers.map(({ hook }) => hook), ...parsers.map(({ name }) => name).toReversed()];
  for (const name of names) {
    findings.push(
      await attempt(name, to.seconds, async (signal) => {
        // The service takes no etag for a removal, so what is there is read right before it.
        const kept = whyKept(name, await to.functions.list(signal));
        if (kept === undefined) await ifThere(to.functions.remove(name, signal));
        return kept ?? ok(name, 'Removed.');
      }),
    );
  }
  return findings;
}

function whyKept(name: string, functions: readonly SavedFunction[]): Finding | undefined {
  const hook = parsers.find((parser) => parser.hook === name);
  const parser = parsers.find((one) => one.name === name);
  const state =
    hook === undefined
      ? stateOfParser({ name, alias: name, category: '', parameters: '', query: '' }, functions)
      : stateOfHook(hook, functions);
  if (state.kind === 'missing') return ok(name, 'Was not there.');
  if (state.kind === 'several') return wrong(name, 'Not removed: several functions have this name.', 'Look at each.');
  if (state.kind === 'another') {
    if (state.missing === undefined) return ok(name, "Left: it is another's, and does not call the app's parser.");
    return wrong(
      name,
      `Left: it is another's. It calls ${hook?.name}.`,
      'Remove the call from its union, then run it again.',
    );
  }
  const users = parser === undefined ? [] : functions.filter((one) => one.name !== name && mentions(one, name));
  if (users.length === 0) return undefined;
  const found = `Left: ${users.map(({ alias, name: resource }) => alias || resource).join(', ')} calls it.`;
  return warning(name, found, 'Without a hook Sentinel does not use it; the template may have made the others.');
}

async function removeRows(look: Look, to: SentinelWorkspace): Promise<Finding[]> {
  if (!('value' in look.disabled)) {
    const { found, next } = workspaceProblem(look.disabled.error, 'read');
    return [wrong(disabledParsers, found, next)];
  }
  const items = look.disabled.value ?? [];
  const findings: Finding[] = [];
  for (const row of exclusionRows) {
    const subject = row.SourceSpecificParser;
    const found = items.find(({ id }) => id === row.id);
    if (found === undefined) continue;
    if (!isOwnRow(found, row)) {
      findings.push(warning(subject, 'Left: the row was edited.', `Look at the watchlist ${disabledParsers}.`));
      continue;
    }
    findings.push(
      await attempt(subject, to.seconds, async (signal) => {
        await ifThere(to.disabled.remove(row, signal));
        return ok(subject, 'Removed.');
      }),
    );
  }
  return findings.length > 0 ? findings : [ok(disabledParsers, 'Has no row of this command.')];
}

async function attempt(
  subject: string,
  seconds: number,
  work: (signal: AbortSignal) => Promise<Finding>,
): Promise<Finding> {
  return within(seconds, work).catch((error: unknown) => {
    const { found, next } = workspaceProblem(error, 'change');
    return wrong(subject, found, next);
  });
}
