import type { NetworkEvent } from '../transform/event';
import type { RowRules, Ruling } from '../transform/ruling';
import type { Condition } from './compileRule';
import { noValue } from './noValue';
import { TimeLimit } from './timeLimit';
import { RecordView, RowView } from './views';

/** `drop` drops what matches; `count` only counts it; `sample` keeps one in `keepOneIn` of what matches. */
export const actions = ['drop', 'count', 'sample'] as const;

export interface Rule {
  readonly name: string;
  readonly action: (typeof actions)[number];
  /** Only for `sample`; 1 keeps all. */
  readonly keepOneIn: number;
  readonly condition: Condition;
}

/** A rule that takes so long for a record is measured again at once; the shorter time counts, so that a pause of the process does not. */
export const slowMs = 10;
/** An evaluation that takes so long is ended. */
export const mostMs = 15;
/** So many slow records, among so many in a row, switch a rule off. */
export const slowRecords = 3;
/** So does this time for them together, in milliseconds. */
export const slowTogetherMs = 500;
export const amongRecords = 1000;

/** Told once when a rule is switched off for the life of the process. */
export type OnSwitchedOff = (rule: string, milliseconds: number) => void;

interface ActiveRule extends Rule {
  evaluated: number;
  /** Value of `evaluated` at the first of the slow records that count. */
  slowSince: number;
  slow: number;
  /** Time of the records since the last thousand was full. */
  spentMs: number;
}

/** `ended`: it took too long. */
type Answer = boolean | 'failed' | 'ended';

/** The rules of a file, in their order. The first `drop` or `sample` that matches decides; `count` never does. */
export class DropRules implements RowRules {
  readonly names: readonly string[];
  readonly #rules: readonly Rule[];
  #active: readonly ActiveRule[];
  readonly #views = { row: new RowView(), record: new RecordView() };
  readonly #limit: TimeLimit;
  #onSwitchedOff: OnSwitchedOff = () => undefined;

  /** The conditions of the rules look at `limit`. */
  constructor(rules: readonly Rule[], limit: TimeLimit = new TimeLimit()) {
    this.names = rules.map(({ name }) => name);
    this.#rules = rules;
    this.#active = rules.map((rule) => ({ ...rule, evaluated: 0, slowSince: 0, slow: 0, spentMs: 0 }));
    this.#limit = limit;
  }

  set onSwitchedOff(told: OnSwitchedOff) {
    this.#onSwitchedOff = told;
  }

  /** Names of the rules that took too long and are asked no more. */
  get switchedOff(): readonly string[] {
    const active = new Set(this.#active.map(({ name }) => name));
    return this.names.filter((name) => !active.has(name));
  }

  /** The same rules, none of them switched off. */
  again(): DropRules {
    return new DropRules(this.#rules, this.#limit);
  }

  /** Each rule as if it were alone, by its name: shows what it would take without those before it. */
  each(): ReadonlyMap<string, DropRules> {
    return new Map(this.#rules.map((rule) => [rule.name, new DropRules([rule], this.#limit)]));
  }

  rulingOn(event: NetworkEvent): Ruling | undefined {
    const { row, record } = this.#views;
    row.show(event);
    record.show(event);
    let countedBy: string[] | undefined;
    let failedIn: string[] | undefined;
    let droppedBy: string | undefined;
    let begin = this.#limit.now();
    for (const rule of this.#active) {
      let answer = this.ask(rule, begin);
      let end = this.#limit.now();
      let milliseconds = end - begin;
      if (milliseconds >= slowMs) {
        const second = this.ask(rule, end);
        if (answer === 'ended') answer = second;
        begin = end;
        end = this.#limit.now();
        milliseconds = Math.min(milliseconds, end - begin);
      }
      this.took(rule, milliseconds);
      begin = end;
      if (answer === false) continue;
      if (answer === 'failed' || answer === 'ended') (failedIn ??= []).push(rule.name);
      else if (rule.action === 'count') (countedBy ??= []).push(rule.name);
      else {
        if (rule.action === 'drop' || !isKept(event.uid, rule.keepOneIn)) droppedBy = rule.name;
        break;
      }
    }
    if (droppedBy === undefined && countedBy === undefined && failedIn === undefined) return undefined;
    return { droppedBy, countedBy: countedBy ?? [], failedIn: failedIn ?? [] };
  }

  private ask({ condition }: Rule, begin: number): Answer {
    this.#limit.begin(begin + mostMs);
    try {
      const answer = condition(this.#views);
      return this.#limit.isOver ? 'ended' : answer;
    } catch (error) {
      if (this.#limit.isOver) return 'ended';
      return isAbsence(error) ? false : 'failed';
    }
  }

  /** Switches a rule off if its records of late took too long. */
  private took(rule: ActiveRule, milliseconds: number): void {
    if (rule.evaluated++ % amongRecords === 0) rule.spentMs = 0;
    rule.spentMs += milliseconds;
    if (milliseconds >= slowMs) {
      if (rule.slow === 0 || rule.evaluated - rule.slowSince >= amongRecords) {
        rule.slow = 0;
        rule.slowSince = rule.evaluated;
      }
      rule.slow++;
    }
    if (rule.slow < slowRecords && rule.spentMs < slowTogetherMs) return;
    this.#active = this.#active.filter((other) => other !== rule);
    this.#onSwitchedOff(rule.name, milliseconds);
  }
}

/** Whether a rule only asked an absent value, or a part of one. */
function isAbsence(error: unknown): boolean {
  if (error === noValue) return true;
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  if (code === 'no_such_key' || code === 'index_out_of_bounds') return true;
  // The library names the types of what an operator or a function cannot take, and no values.
  return (
    typeof code === 'string' && code !== 'variable_type_mismatch' && ofNull.test(String(Reflect.get(error, 'summary')))
  );
}
const ofNull = /^(?:no such overload|found no matching overload|Logical operator|.*must (?:be|return) bool).*\bnull\b/;

/** The same for the same event, on every instance: the digits of its EventUid are those of a hash. */
function isKept(uid: string, keepOneIn: number): boolean {
  return Number.parseInt(uid.slice(-12), 16) % keepOneIn === 0;
}
