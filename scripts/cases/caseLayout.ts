import { isObject, type Json, type JsonObject, stringifyJson } from '../../shared/json';

/** The width of the files under `test/cases/`. */
const lineWidth = 120;

/**
 * The JSON text of a case: each of its keys begins a line; below it values share lines of at most `width` characters. With a
 * width of 0 every value has its own line.
 */
export function layout(value: JsonObject, width: number = lineWidth): string {
  const lines = Object.entries(value).map(([key, item]) => `  ${named(key, item, '  ', width)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function named(key: string, value: Json, indent: string, width: number): string {
  const name = `${JSON.stringify(key)}: `;
  return name + block(value, indent + name, indent, width);
}

/** A value on one line if it fits after `before`, otherwise on several. */
function block(value: Json, before: string, indent: string, width: number): string {
  const line = inline(value);
  if (before.length + line.length < width || line.length === 2) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => block(item, inner, inner, width));
    return `[\n${sideBySide(items, inner, width)}\n${indent}]`;
  }
  if (!isObject(value)) return line;
  const items = Object.entries(value).map(([key, item]) => named(key, item, inner, width));
  return `{\n${sideBySide(items, inner, width)}\n${indent}}`;
}

/** Items on as few lines as possible; an item of several lines shares none of them. */
function sideBySide(items: readonly string[], indent: string, width: number): string {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const together = `${last}, ${item}`;
    const fits = indent.length + together.length < width && !together.includes('\n');
    if (last !== undefined && fits) lines[lines.length - 1] = together;
    else lines.push(item);
  }
  return lines.map((line) => indent + line).join(',\n');
}

function inline(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (!isObject(value)) return stringifyJson([value]).slice(1, -1);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
