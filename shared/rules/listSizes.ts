import type { ASTNode } from '@marcbachmann/cel-js';
import { maxListItems } from './celValue';

/** The items of the lists that `exists`, `all` and `exists_one` inside each other go through, multiplied. */
export const maxLoopSteps = 10_000;

/** The most items that a node can give to a loop: those that are written, or of a list of the record. */
export function mostItems(node: ASTNode): number {
  if (node.op === 'list') return Math.max(node.args.length, ...node.args.map(nestedItems));
  if (node.op === '+') return mostItems(node.args[0]) + mostItems(node.args[1]);
  if (node.op === '?:') return Math.max(mostItems(node.args[1]), mostItems(node.args[2]));
  return maxListItems;
}

/** Of a list inside a list, through which an inner loop may go. */
function nestedItems(node: ASTNode): number {
  return node.op === 'list' || node.op === '+' || node.op === '?:' ? mostItems(node) : 0;
}
