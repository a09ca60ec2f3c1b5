import { isObject, type Json, type JsonObject } from '../json';
import { didYouMean } from '../nameList';
import { compileRule, type Wrong } from './compileRule';
import { actions, DropRules, type Rule } from './dropRules';
import { checkingEnvironment, runningEnvironment } from './language';
import { repeatedKey } from './repeatedKeys';
import { TimeLimit } from './timeLimit';

/** The fields of a rule in the file, with what each must hold. */
export const ruleFields = {
  name: 'a text of 1 to 60 letters, digits, spaces, dots, - and _ that begins with a letter or digit',
  action: 'drop, count or sample',
  keepOneIn: 'a whole number from 2 to 1000000; for sample, and only for it',
  when: 'the expression: a text, or a list of texts, which are its lines',
  givesUp: 'a text for people: what is no longer seen. It may be left out',
} as const;
type RuleField = keyof typeof ruleFields;

export const maxRules = 50;

export type ReadRules =
  | { readonly kind: 'rules'; readonly rules: DropRules; readonly givesUp: readonly string[] }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** Reads the text of a rules file. Every problem names the rule, the place in its expression, the reason and what to do. */
export function readRules(text: string, limit: TimeLimit = new TimeLimit()): ReadRules {
  const list = rulesIn(text);
  if ('problem' in list) return { kind: 'wrong', problems: [list.problem] };
  const problems: string[] = [...list.problems];
  const rules: Rule[] = [];
  const givesUp: string[] = [];
  const checking = checkingEnvironment(limit);
  const running = runningEnvironment(limit);
  const seen = new Map<string, number>();
  for (const [i, item] of list.rules.entries()) {
    const read = readRule(item, i + 1, seen);
    problems.push(...read.problems);
    if (read.when === undefined) continue;
    const compiled = compileRule(read.when, checking, running);
    if ('wrong' in compiled)
      problems.push(...compiled.wrong.map((wrong) => placed(read.title, read.when ?? '', wrong)));
    else if (read.rule !== undefined) {
      rules.push({ ...read.rule, condition: compiled.condition });
      givesUp.push(read.givesUp);
    }
  }
  return problems.length > 0
    ? { kind: 'wrong', problems }
    : { kind: 'rules', rules: new DropRules(rules, limit), givesUp };
}

function rulesIn(
  text: string,
): { readonly rules: readonly Json[]; readonly problems: readonly string[] } | { readonly problem: string } {
  const shape = '{ "rules": [ { "name": "...", "action": "count", "when": "..." } ] }';
  if (text.trim() === '') return { problem: `the file is empty. Write ${shape}, or remove the setting.` };
  let json: Json;
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse gives.
    json = JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `the file is not JSON: ${reason}. Write ${shape}.` };
  }
  const twice = repeatedKey(text);
  if (twice !== undefined)
    return {
      problem: `line ${twice.line}: the key "${shownKey(twice.key)}" stands twice in one object, and only one of them would count. Keep one.`,
    };
  const rules = isObject(json) ? json['rules'] : undefined;
  if (!isObject(json) || !Array.isArray(rules)) return { problem: `expected ${shape}; found ${kindOf(json)}.` };
  if (rules.length > maxRules)
    return {
      problem: `the file has ${rules.length} rules; at most ${maxRules} are allowed. Join some of them with ||.`,
    };
  const unknown = Object.keys(json).filter((key) => key !== 'rules');
  return { rules, problems: unknown.map((key) => `unknown key "${shownKey(key)}" beside "rules". Remove it.`) };
}

interface ReadRule {
  readonly title: string;
  readonly problems: readonly string[];
  readonly when: string | undefined;
  readonly givesUp: string;
  readonly rule: Omit<Rule, 'condition'> | undefined;
}

function readRule(item: Json, number: number, seen: Map<string, number>): ReadRule {
  if (!isObject(item)) {
    const problem = `rule ${number}: expected an object; found ${kindOf(item)}.`;
    return { title: '', problems: [problem], when: undefined, givesUp: '', rule: undefined };
  }
  const { name, action, keepOneIn = null, when = null, givesUp = '' } = item;
  const isNamed = typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$/.test(name);
  const title = isNamed ? `rule "${name}"` : `rule ${number}`;
  const problems: string[] = unknownKeys(item).map((problem) => `${title}: ${problem}`);
  const expect = (field: RuleField, found: Json | undefined): void => {
    problems.push(
      `${title}: ${field}: expected ${ruleFields[field]}; found ${found === undefined ? 'nothing' : shown(found)}.`,
    );
  };
  if (!isNamed) expect('name', name);
  else {
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined)
      problems.push(
        `${title}: rule ${earlier} has the same name, and rules are counted by name. Give rule ${number} another.`,
      );
    else seen.set(name.toLowerCase(), number);
  }
  const known = actions.find((one) => one === action);
  if (known === undefined) expect('action', action);
  const isCount =
    typeof keepOneIn === 'number' && Number.isInteger(keepOneIn) && keepOneIn >= 2 && keepOneIn <= 1_000_000;
  if (known === 'sample' ? !isCount : known !== undefined && keepOneIn !== null) expect('keepOneIn', keepOneIn);
  const expression = Array.isArray(when) && when.every((line) => typeof line === 'string') ? when.join('\n') : when;
  const isExpression = typeof expression === 'string' && expression.trim() !== '';
  if (!isExpression) expect('when', item['when']);
  if (typeof givesUp !== 'string') expect('givesUp', givesUp);
  return {
    title,
    problems,
    when: isExpression ? expression : undefined,
    givesUp: typeof givesUp === 'string' ? givesUp : '',
    rule:
      isNamed && known !== undefined
        ? { name, action: known, keepOneIn: typeof keepOneIn === 'number' ? keepOneIn : 1 }
        : undefined,
  };
}

function unknownKeys(item: JsonObject): string[] {
  const fields = Object.keys(ruleFields);
  return Object.keys(item)
    .filter((key) => !fields.includes(key))
    .map((key) => `unknown key "${shownKey(key)}". ${didYouMean(key, fields) ?? `A rule has ${fields.join(', ')}.`}`);
}

/** `rule "dns", line 1, column 5: ...` */
function placed(title: string, expression: string, { at, reason }: Wrong): string {
  const before = expression.slice(0, at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `${title}, line ${before.length}, column ${column}: ${reason}`;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (isObject(value)) return 'an object without a list "rules"';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}...`;
}

function shownKey(key: string): string {
  return key.length <= 60 ? key : `${key.slice(0, 60)}...`;
}
