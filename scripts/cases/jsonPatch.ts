import { messageOf } from '../../shared/errors/messageOf';
import { isObject, type Json } from '../../shared/json';

/**
 * Applies a JSON Merge Patch (RFC 7396) to a copy: null removes a member, an object changes an object, any other value
 * replaces the old one. Members keep their order; new ones come last.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const members = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) members.delete(key);
    else members.set(key, mergePatch(members.get(key), value));
  }
  // fromEntries defines keys, so `__proto__` is an ordinary key.
  return Object.fromEntries(members);
}

/** One operation of a JSON Patch (RFC 6902). `move`, `copy` and `test` are not supported. */
export type Operation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** Applies the operations of a JSON Patch (RFC 6902) to a copy. @throws RangeError for a path that does not exist. */
export function applyOperations(target: Json, operations: readonly Operation[]): Json {
  return operations.reduce((value: Json, operation) => {
    try {
      return changed(value, tokensOf(operation.path), operation);
    } catch (error) {
      const why = messageOf(error);
      throw new RangeError(`${operation.op} ${operation.path}: ${why}`, { cause: error });
    }
  }, target);
}

/** @throws TypeError for a value that is no operation. */
export function readOperation(value: Json): Operation {
  const { op, path, value: operand } = isObject(value) ? value : {};
  if (typeof path === 'string') {
    if (op === 'remove' && operand === undefined) return { op, path };
    if ((op === 'add' || op === 'replace') && operand !== undefined) return { op, path, value: operand };
  }
  throw new TypeError(
    'an operation is { "op": "add" or "replace", "path": "/...", "value": ... } or { "op": "remove", "path": "/..." }',
  );
}

/** The reference tokens of a JSON Pointer (RFC 6901). */
function tokensOf(path: string): string[] {
  const [start, ...tokens] = path.split('/');
  if (start !== '') throw new RangeError('a path begins with /');
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function changed(holder: Json, tokens: readonly string[], operation: Operation): Json {
  const [token, ...rest] = tokens;
  if (token === undefined) return operandOf(operation);
  if (Array.isArray(holder)) return changedArray(holder, token, rest, operation);
  if (!isObject(holder)) throw new RangeError(`there is no object or array that could hold "${token}"`);
  const members = new Map(Object.entries(holder));
  const old = members.get(token);
  if (old === undefined && (rest.length > 0 || operation.op !== 'add')) throw new RangeError(`there is no "${token}"`);
  if (old !== undefined && rest.length > 0) members.set(token, changed(old, rest, operation));
  else if (operation.op === 'remove') members.delete(token);
  else members.set(token, operation.value);
  return Object.fromEntries(members);
}

function changedArray(holder: readonly Json[], token: string, rest: readonly string[], operation: Operation): Json {
  const isAdded = operation.op === 'add' && rest.length === 0;
  const index = isAdded && token === '-' ? holder.length : Number(token);
  const old = holder[index];
  if (token !== '-' && !/^(?:0|[1-9]\d*)$/.test(token)) throw new RangeError(`"${token}" is no index of an array`);
  if (isAdded && index <= holder.length) return holder.toSpliced(index, 0, operation.value);
  if (old === undefined) throw new RangeError(`the array has ${holder.length} elements, none at ${token}`);
  if (rest.length > 0) return holder.with(index, changed(old, rest, operation));
  return operation.op === 'remove' ? holder.toSpliced(index, 1) : holder.with(index, operandOf(operation));
}

function operandOf(operation: Operation): Json {
  if (operation.op === 'remove') throw new RangeError('the whole value cannot be removed');
  return operation.value;
}
