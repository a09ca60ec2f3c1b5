import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Files below a folder that match a pattern, sorted, with forward slashes. The pattern may use `*`, `?`, `**` and
 * `{a,b}`: the part of the platform's glob syntax that package.json `main` fields are seen to use.
 */
export function matchFiles(pattern: string, folder: string): readonly string[] {
  const normalised = pattern.replaceAll('\\', '/').replace(/^\.\//, '');
  if (!/[*?{]/.test(normalised)) {
    return existingFile(normalised, folder);
  }
  const expression = toExpression(normalised);
  const files: string[] = [];
  collect(folder, '', files);
  return files.filter((file) => expression.test(file)).toSorted();
}

function existingFile(file: string, folder: string): readonly string[] {
  const slash = file.lastIndexOf('/');
  const parent = slash < 0 ? folder : join(folder, file.slice(0, slash));
  const name = file.slice(slash + 1);
  return readEntries(parent).some((entry) => entry.isFile() && entry.name === name) ? [file] : [];
}

function collect(folder: string, prefix: string, files: string[]): void {
  for (const entry of readEntries(folder)) {
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
      collect(join(folder, entry.name), `${prefix}${entry.name}/`, files);
    } else if (entry.isFile()) {
      files.push(prefix + entry.name);
    }
  }
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

const tokens = /\*\*\/|\*\*|\*|\?|\{[^}]*\}|[\\^$.|+()[\]]/g;

function toExpression(pattern: string): RegExp {
  const source = pattern.replace(tokens, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('{')) {
      const choices = token.slice(1, -1).split(',');
      return `(?:${choices.map((choice) => toExpression(choice).source.slice(1, -1)).join('|')})`;
    }
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
