import { settings } from '../../shared/appSettings';
import { type Environment, rowSettings } from '../../shared/config';
import type { DropRules } from '../../shared/rules/dropRules';
import type { RowRules } from '../../shared/transform/ruling';
import { additionalFieldsLevels } from '../../shared/transform/transformSettings';

/** Rules to try. */
export interface TriedRules extends RowRules {
  readonly switchedOff: readonly string[];
  /** The same rules, none of them switched off. */
  again(): TriedRules;
}

/** One way to pay less. */
export interface Lever {
  readonly name: string;
  /** Settings, by their names, that replace those of the environment. */
  readonly change: Environment;
  /** Asked after the rules of the environment. */
  readonly rules?: readonly TriedRules[];
  /** Whether it is one of those that are also tried together. */
  readonly isTogether: boolean;
}

const { additionalFields, omitColumns, keepColumns, omitAdditionalFields } = settings;

/** EventMessage is EventSubType, and EventSeverity is the same in every row: nothing is lost without them. */
const saysNothingNew = 'EventMessage,EventSeverity';
const hashes = 'InitiatingProcess.MD5,InitiatingProcess.SHA1';
/** What most detections of network sessions read, beside the required columns. */
export const coreColumns = [
  'SrcIpAddr,SrcPortNumber,SrcDvcHostname,SrcUserName,DstIpAddr,DstPortNumber,DstDvcHostname,DstDomainHostname',
  'UrlOriginal,NetworkProtocol,NetworkDirection,DvcAction,AdditionalFields',
].join(',');
export const coreLever = `${keepColumns.name}=(core)`;

/**
 * The levers of every row: each level of ADDITIONAL_FIELDS and an example of each setting that leaves something out, as far as
 * the environment does not have them already. A setting that is a list keeps what the environment names.
 */
export function standardLevers(environment: Environment): Lever[] {
  const set = (name: string): string => environment[name]?.trim() ?? '';
  const level = set(additionalFields.name) || additionalFields.default;
  const isKept = set(keepColumns.name) !== '';
  const isOmitted = set(omitColumns.name) !== '';
  return [
    ...additionalFieldsLevels
      .filter((one) => one !== level)
      .map((one) => lever({ [additionalFields.name]: one }, level === 'full' && one === 'lean')),
    ...(isKept ? [] : more(omitColumns.name, saysNothingNew, environment, true)),
    ...(isKept || isOmitted ? [] : [lever({ [keepColumns.name]: coreColumns }, false, coreLever)]),
    ...more(omitAdditionalFields.name, hashes, environment, false),
    ...(isKnown(mergeFlows) && set(mergeFlows) !== 'message' ? [lever({ [mergeFlows]: 'message' }, false)] : []),
  ];
}

/** Merging identical connections of a message into one row. */
const mergeFlows = 'MERGE_FLOWS';

function isKnown(setting: string): boolean {
  return rowSettings.some(({ name }) => name === setting);
}

/** A lever that adds names to a list; none if all are there. */
function more(setting: string, names: string, environment: Environment, isTogether: boolean): Lever[] {
  const before = (environment[setting] ?? '').split(',').map((name) => name.trim());
  const added = names.split(',').filter((name) => !before.includes(name));
  if (added.length === 0) return [];
  const all = [...before.filter((name) => name !== ''), ...added].join(',');
  return [{ name: `${setting}=${added.join(',')}`, change: { [setting]: all }, isTogether }];
}

export function lever(change: Readonly<Record<string, string>>, isTogether: boolean, name?: string): Lever {
  const text = Object.entries(change).map(([setting, value]) => `${setting}=${value}`);
  return { name: name ?? text.join(' '), change, isTogether };
}

/** Each rule of a file alone, and all of them in their order. A rule that only counts is tried as if it dropped. */
export function ruleLevers(rules: DropRules): Lever[] {
  const alone = Array.from(rules.each(), ([name, rule]): Lever => {
    return { name: `rule ${name}`, change: {}, rules: [dropping(rule)], isTogether: false };
  });
  return [...alone, { name: allRules, change: {}, rules: [dropping(rules.again())], isTogether: true }];
}
export const allRules = 'all rules';

function dropping(rules: DropRules): TriedRules {
  return {
    get switchedOff() {
      return rules.switchedOff;
    },
    again: () => dropping(rules.again()),
    rulingOn(event) {
      const ruling = rules.rulingOn(event);
      return ruling === undefined ? undefined : { ...ruling, droppedBy: ruling.droppedBy ?? ruling.countedBy[0] };
    },
  };
}

export const together = 'together';
/** Settings that name what is left out: together, all of it is. */
const lists: ReadonlySet<string> = new Set([omitColumns.name, omitAdditionalFields.name]);

/** All of them at once; undefined if fewer than two are to be tried together. */
export function allTogether(levers: readonly Lever[]): Lever | undefined {
  const some = levers.filter(({ isTogether }) => isTogether);
  if (some.length < 2) return undefined;
  const change: Record<string, string> = {};
  for (const [name, value = ''] of some.flatMap((one) => Object.entries(one.change))) {
    const before = lists.has(name) ? (change[name] ?? '') : '';
    change[name] = [...new Set([...before.split(','), ...value.split(',')])].filter((text) => text !== '').join(',');
  }
  return {
    name: together,
    change,
    rules: some.flatMap(({ rules = [] }) => rules.map((one) => one.again())),
    isTogether: false,
  };
}
