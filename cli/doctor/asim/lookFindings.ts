import { counted } from '../../common/numberText';
import type { Examined } from '../examine';
import { type Finding, ok, unknown, warning, wrong } from '../finding';
import { countedTwice } from './countedTwice';
import { type FunctionState, stateOfHook, stateOfParser } from './functionState';
import { linesToAdd } from './hookText';
import type { NewFunction, SavedFunction } from './savedFunctions';
import { disabledParsers, exclusionRows, type Parser, parsers } from './sentinelNames';
import { type Look, type Part, valueOf } from './sentinelWorkspace';
import { isStoppedIn, stops, type WatchlistItem } from './watchlist';
import { workspaceProblem } from './workspaceProblem';

const table = 'NetworkSessions_CL';
const register = 'Run it again with --register.';

/** What a person has to add to a function that is another's. */
export interface Addition {
  readonly function: string;
  readonly lines: string;
}

/** What was found, in the order of the report. */
export function lookFindings(look: Look, expected: readonly NewFunction[]): readonly Examined[] {
  return [
    { id: 'sentinel', findings: [read('Microsoft Sentinel', look.hasSentinel, sentinelOn)] },
    { id: 'table', findings: [read(table, look.tablePlan, planOf)] },
    { id: 'parsers', findings: all(look, (functions) => expected.map((one) => parserIn(one, functions))) },
    { id: 'hooks', findings: all(look, (functions) => parsers.map((one) => hookIn(one, functions))) },
    { id: 'disabledParsers', findings: [read(disabledParsers, look.disabled, disabledIn)] },
    { id: 'countedTwice', findings: countedTwice(look) },
  ];
}

export function additionsTo(look: Look): readonly Addition[] {
  const functions = valueOf(look.functions) ?? [];
  return parsers.flatMap((parser) => {
    const state = stateOfHook(parser, functions);
    const lacks = state.kind === 'another' && (state.missing === undefined || state.missing.length > 0);
    return lacks ? [{ function: parser.hook, lines: linesToAdd(parser, state.found) }] : [];
  });
}

type Functions = readonly SavedFunction[];

function all({ functions, tablePlan }: Look, findings: (value: Functions) => readonly Finding[]): readonly Finding[] {
  if (!('value' in functions)) return [notRead('functions of the workspace', functions.error)];
  const isWanted = !('value' in tablePlan) || tablePlan.value === 'Analytics';
  return findings(functions.value).map((one) =>
    one.next === register && !isWanted ? ok(one.subject, 'Not needed.') : one,
  );
}

function read<T>(subject: string, part: Part<T>, finding: (value: T) => Finding): Finding {
  return 'value' in part ? finding(part.value) : notRead(subject, part.error);
}

function notRead(subject: string, error: unknown): Finding {
  const { found, next } = workspaceProblem(error, 'read');
  return unknown(subject, found, next);
}

function sentinelOn(isOn: boolean): Finding {
  if (isOn) return ok('', 'Microsoft Sentinel is on.');
  const next =
    "Turn Microsoft Sentinel on for this workspace; without it there are no parsers that could call the app's.";
  return wrong('', 'Microsoft Sentinel is not on for this workspace.', next);
}

function planOf(plan: string | undefined): Finding {
  if (plan === undefined)
    return ok(table, 'Not in this workspace: nothing to register. ASimNetworkSessionLogs needs no parser of the app.');
  if (plan === 'Analytics') return ok(table, 'Its plan is Analytics.');
  const found = `Its plan is ${plan}: not to be registered, because its limits and its price per query would then hold for every query through _Im_NetworkSession.`;
  return ok(table, found);
}

function parserIn(expected: NewFunction, functions: readonly SavedFunction[]): Finding {
  const state = stateOfParser(expected, functions);
  return own(expected.name, state, 'Not in this workspace.', {
    current: 'As in this folder.',
    another: () =>
      wrong(
        expected.name,
        'A function of this name is there and is not of this app.',
        'Rename it: it is left as it is.',
      ),
  });
}

function hookIn(parser: Parser, functions: readonly SavedFunction[]): Finding {
  const { hook, builtIn, name } = parser;
  return own(hook, stateOfHook(parser, functions), `There is none: ${builtIn} does not see ${table}.`, {
    current: `Calls ${name}, and nothing else.`,
    another: (missing) => {
      if (missing === undefined) {
        const found = `Another function is here, and it does not call ${name}. It is left as it is.`;
        return warning(hook, found, 'Add the lines below the table to its union.');
      }
      if (missing.length === 0) return ok(hook, `Another function, and it calls ${name}.`);
      const found = `Another function, and it calls ${name} without ${missing.join(', ')}: queries with these filters get more rows than they ask for.`;
      return warning(hook, found, 'Replace the call by the lines below the table.');
    },
  });
}

interface Texts {
  readonly current: string;
  readonly another: (missing: readonly string[] | undefined) => Finding;
}

function own(subject: string, state: FunctionState, missing: string, texts: Texts): Finding {
  if (state.kind === 'missing') return warning(subject, missing, register);
  if (state.kind === 'another') return texts.another(state.missing);
  if (state.kind === 'several') {
    const found = `${counted(state.names.length, 'function')} have this name: ${state.names.join(', ')}. It is not known which one Sentinel calls.`;
    return wrong(subject, found, 'Delete or rename all but one.');
  }
  if (state.isCurrent) return ok(subject, texts.current);
  return warning(subject, 'It is of another version of this app.', register);
}

function disabledIn(items: readonly WatchlistItem[] | undefined): Finding {
  if (items === undefined) return ok(disabledParsers, 'There is no such watchlist: Sentinel uses all its parsers.');
  const stopped = exclusionRows.filter((row) => items.some((item) => stops(item, row)));
  if (stopped.length === 0) return ok(disabledParsers, "Does not stop Microsoft's parser of DeviceNetworkEvents.");
  if (parsers.every(({ builtIn }) => isStoppedIn(builtIn, items)))
    return ok(disabledParsers, "Stops Microsoft's parser of DeviceNetworkEvents.");
  const callers = stopped.map(({ CallerContext }) => CallerContext).join(', ');
  const found = `Stops Microsoft's parser of DeviceNetworkEvents only for ${callers}.`;
  return warning(disabledParsers, found, 'Run it again with --exclude-built-in, or delete these rows.');
}
