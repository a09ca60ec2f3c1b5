import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isToken, looksSecret } from '../secrets';
import { type ReadRules, readRules } from './ruleFile';

/** Far more than the largest file that is allowed: 50 rules of 2,000 characters. */
const maxBytes = 512 * 1024;

/** Reads the rules of a file. Never throws: what is wrong with the file is a problem. `begins`: where a path begins. */
export function loadRules(path: string, begins = 'the current folder'): ReadRules {
  try {
    const file = statSync(path);
    const { size } = file;
    if (!file.isFile())
      return wrong(file.isDirectory() ? (reasons['EISDIR'] ?? '') : 'this is no ordinary file; name a file with rules');
    if (size > maxBytes)
      return wrong(`the file has ${size} bytes; at most ${maxBytes} are allowed. Shorten what the rules give up`);
    const bytes = readFileSync(path);
    return readRules(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return wrong(reasonOf(error, begins));
  }
}

/** Reads the rules of a file inside the package, the folder that holds host.json. `/` divides its parts on every system. */
export function loadPackagedRules(path: string): ReadRules {
  const root = packageFolder(__dirname);
  const file = resolve(root, path);
  if (existsSync(file) && !isInside(realpathSync(root), realpathSync(file)))
    return wrong('the file is outside the package: it would not be deployed. Copy it into the package');
  return loadRules(file, 'the folder of host.json, and the file must be deployed');
}

/** Whether a text can be a path inside the package. */
export function isPackagedPath(path: string): boolean {
  const isPlain = path.length <= 200 && !/[\p{Cc}]/u.test(path) && !looksSecret(path) && !isToken(path);
  return isPlain && !isAbsolute(path) && !/^[a-z]:|^[/\\]/i.test(path) && !path.split(/[/\\]/).includes('..');
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

/** The nearest folder above with host.json; the code is in dist/ when it is deployed, and in shared/rules/ before. */
function packageFolder(from: string): string {
  if (existsSync(join(from, 'host.json'))) return from;
  const above = dirname(from);
  return above === from ? process.cwd() : packageFolder(above);
}

function wrong(reason: string): ReadRules {
  return { kind: 'wrong', problems: [`${reason}.`] };
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'this is a folder; name a file in it',
  EACCES: 'the file cannot be read: its permissions forbid it. Allow it to the user that runs this',
  ENOTDIR: 'a part of the path is a file, not a folder. Correct the path',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'the file is not UTF-8: save it as UTF-8',
};

function reasonOf(error: unknown, begins: string): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `there is no such file. The path begins at ${begins}: docs/rules.md`;
  return (typeof code === 'string' ? reasons[code] : undefined) ?? String(error);
}
