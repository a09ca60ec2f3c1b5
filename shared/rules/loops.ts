import { itemsOf } from './celValue';
import { type Checker, type Evaluator, type MacroCall, RejectedNode } from './macros';
import { noValue } from './noValue';
import { type TimeLimit, tookTooLong } from './timeLimit';

/** The scope of an item, as the library makes it. */
interface Scope {
  reuse(context: unknown): Scope;
  setIterValue(item: unknown, evaluator: unknown): Scope;
}

/** The scope around a loop, while types are checked. */
interface Outer {
  forkWithVariable(name: string, type: unknown): Scope;
}

type LoopName = 'exists' | 'all' | 'exists_one';
type Answer = (item: unknown) => unknown;

/**
 * A call `list.name(variable, condition)`. The library's own goes on with the next item after any error, so nothing could end
 * it; and an absent list would be an error.
 */
export function loopMacro({ ast, args, receiver }: MacroCall, name: LoopName, limit: TimeLimit): object {
  const [variable, condition] = args;
  if (receiver === null || condition === undefined || variable?.op !== 'id')
    throw new RejectedNode(variable ?? ast, `${name} needs a name for the item, as in value.${name}(x, x == 1)`);
  const { args: item } = variable;
  let scope: Scope | undefined;
  return {
    typeCheck(checker: Checker, _: unknown, outer: Outer & object) {
      const list = checker.check(receiver, outer);
      if (list.kind !== 'list' && list.kind !== 'dyn')
        throw new RejectedNode(
          receiver,
          `${name} goes through a list, and this is ${list.name}. Compare the value itself`,
        );
      scope = outer.forkWithVariable(item, list.valueType ?? checker.getType('dyn'));
      const { kind, name: type } = checker.check(condition, scope);
      if (kind !== 'dyn' && type !== 'bool')
        throw new RejectedNode(condition, `${name} needs a condition, and this is ${type}. Compare it, as in x == 1`);
      return checker.getType('bool');
    },
    evaluate(evaluator: Evaluator, _: unknown, context: unknown) {
      if (scope === undefined) throw new TypeError('The expression was not checked.');
      const items = itemsOf(evaluator.run(receiver, context));
      const inner = scope.reuse(context);
      const answer: Answer = (one) => {
        limit.look();
        return evaluator.run(condition, inner.setIterValue(one, evaluator));
      };
      if (name === 'exists_one') return items.filter((one) => toBoolean(answer(one))).length === 1;
      return untilOneIs(name === 'exists', items, answer);
    },
  };
}

/** As in CEL, what an item throws counts only if no other item decides. */
function untilOneIs(decides: boolean, items: readonly unknown[], answer: Answer): boolean {
  let failure: unknown;
  for (const item of items) {
    try {
      if (toBoolean(answer(item)) === decides) return decides;
    } catch (error) {
      if (error === tookTooLong) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decides;
}

function toBoolean(answer: unknown): boolean {
  if (answer === null) throw noValue;
  if (typeof answer === 'boolean') return answer;
  throw new TypeError('A condition gave neither true nor false.');
}
