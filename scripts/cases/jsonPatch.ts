import { messageOf } from '../../shared/errors/messageOf';
import { isObject, type Json, stringifyJson } from '../../shared/json';

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

/** @throws TypeError for a value that is no operation. */
export function readOperation(value: Json): Operation {
  const { op, path, value: operand } = isObject(value) ? value : {};
  if (typeof path === 'string') {
    if (op === 'remove' && operand === undefined) return { op, path };
    if ((op === 'add' || op === 'replace') && operand !== undefined) return { op, path, value: operand };
  }
  throw new TypeError(
    `an operation is { "op": "add" or "replace", "path": "/...", "value": ... } or { "op": "remove", "path": "/..." }, ` +
      `not ${stringifyJson([value]).slice(1, -1)}`,
  );
}

/** Applies the operations of a JSON Patch (RFC 6902) to a copy. @throws RangeError for a path that does not exist. */
export function applyOperations(target: Json, operations: readonly Operation[]): Json {
  return operations.reduce((value: Json, operation) => {
    try {
      return changed(value, tokensOf(operation.path), operation);
    } catch (error) {
      throw new RangeError(`${operation.op} ${operation.path}: ${messageOf(error)}`, { cause: error });
    }
  }, target);
}

/** The reference tokens of a JSON Pointer (RFC 6901). */
function tokensOf(path: string): string[] {
  const [start, ...tokens] = path.split('/');
  if (start !== '') throw new RangeError('a path begins with /');
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A copy in which the operation is applied where the tokens lead. */
function changed(holder: Json, [token, ...rest]: readonly string[], operation: Operation): Json {
  if (token === undefined) {
    if (operation.op === 'remove') throw new RangeError('the whole value cannot be removed');
    return operation.value;
  }
  const isAdded = rest.length === 0 && operation.op === 'add';
  const isRemoved = rest.length === 0 && operation.op === 'remove';
  if (Array.isArray(holder)) {
    const indexes = [...holder.keys(), ...(isAdded ? [holder.length] : [])].map(String);
    const index = isAdded && token === '-' ? holder.length : indexes.indexOf(token);
    if (index < 0) throw new RangeError(`the array has ${holder.length} elements, none at ${token}`);
    if (isAdded) return holder.toSpliced(index, 0, operation.value);
    return isRemoved ? holder.toSpliced(index, 1) : holder.with(index, changed(holder[index] ?? null, rest, operation));
  }
  if (!isObject(holder)) throw new RangeError(`there is no object or array that could hold "${token}"`);
  const members = new Map(Object.entries(holder));
  const old = members.get(token);
  if (old === undefined && !isAdded) throw new RangeError(`there is no "${token}"`);
  if (isRemoved) members.delete(token);
  else members.set(token, changed(old ?? null, rest, operation));
  return Object.fromEntries(members);
}
