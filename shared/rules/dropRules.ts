import type { NetworkEvent } from '../transform/event';
import type { RowRules, Ruling } from '../transform/ruling';
import type { Condition } from './compileRule';
import { noValue } from './noValue';
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
/** So many slow records, among so many in a row, switch a rule off. */
export const slowRecords = 3;
export const amongRecords = 1000;

/** Told once when a rule is switched off for the life of the process. */
export type OnSwitchedOff = (rule: string, milliseconds: number) => void;

interface ActiveRule extends Rule {
  evaluated: number;
  /** Value of `evaluated` at the first of the slow records that count. */
  slowSince: number;
  slow: number;
}

/** The rules of a file, in their order. The first `drop` or `sample` that matches decides; `count` never does. */
export class DropRules implements RowRules {
  readonly names: readonly string[];
  readonly #rules: readonly Rule[];
  #active: readonly ActiveRule[];
  readonly #views = { row: new RowView(), record: new RecordView() };
  readonly #now: () => number;
  #onSwitchedOff: OnSwitchedOff = () => undefined;

  /** `now` gives milliseconds. */
  constructor(rules: readonly Rule[], now: () => number = () => performance.now()) {
    this.names = rules.map(({ name }) => name);
    this.#rules = rules;
    this.#active = rules.map((rule) => ({ ...rule, evaluated: 0, slowSince: 0, slow: 0 }));
    this.#now = now;
  }

  set onSwitchedOff(told: OnSwitchedOff) {
    this.#onSwitchedOff = told;
  }

  /** Each rule as if it were alone, by its name: shows what it would take without those before it. */
  each(): ReadonlyMap<string, DropRules> {
    return new Map(this.#rules.map((rule) => [rule.name, new DropRules([rule])]));
  }

  rulingOn(event: NetworkEvent): Ruling | undefined {
    const { row, record } = this.#views;
    row.show(event);
    record.show(event);
    let countedBy: string[] | undefined;
    let failedIn: string[] | undefined;
    let droppedBy: string | undefined;
    let begin = this.#now();
    for (const rule of this.#active) {
      const answer = this.ask(rule);
      rule.evaluated++;
      const end = this.#now();
      if (end - begin >= slowMs) this.wasSlow(rule, end - begin);
      begin = end;
      if (answer === false) continue;
      if (answer === 'failed') (failedIn ??= []).push(rule.name);
      else if (rule.action === 'count') (countedBy ??= []).push(rule.name);
      else {
        if (rule.action === 'drop' || !isKept(event.uid, rule.keepOneIn)) droppedBy = rule.name;
        break;
      }
    }
    row.show(undefined);
    record.show(undefined);
    if (droppedBy === undefined && countedBy === undefined && failedIn === undefined) return undefined;
    return { droppedBy, countedBy: countedBy ?? [], failedIn: failedIn ?? [] };
  }

  private ask({ condition }: Rule): boolean | 'failed' {
    try {
      return condition(this.#views);
    } catch (error) {
      return isAbsence(error) ? false : 'failed';
    }
  }

  private wasSlow(rule: ActiveRule, firstMs: number): void {
    const begin = this.#now();
    this.ask(rule);
    const milliseconds = Math.min(firstMs, this.#now() - begin);
    if (milliseconds < slowMs) return;
    if (rule.slow === 0 || rule.evaluated - rule.slowSince >= amongRecords) {
      rule.slow = 0;
      rule.slowSince = rule.evaluated;
    }
    if (++rule.slow < slowRecords) return;
    this.#active = this.#active.filter((other) => other !== rule);
    this.#onSwitchedOff(rule.name, milliseconds);
  }
}

/** Whether a rule only asked an absent value, or a part of one. */
function isAbsence(error: unknown): boolean {
  return error === noValue || (error instanceof Error && 'code' in error && error.code === 'no_such_key');
}

/** The same for the same event, on every instance: the digits of its EventUid are those of a hash. */
function isKept(uid: string, keepOneIn: number): boolean {
  return Number.parseInt(uid.slice(-12), 16) % keepOneIn === 0;
}
