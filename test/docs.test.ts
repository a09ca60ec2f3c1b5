import { exec, execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../package.json';

const root = resolve(__dirname, '..');
const packages = readdirSync(resolve(root, 'packages')).map((name) => `packages/${name}/README.md`);
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  '.github/pull_request_template.md',
  'test/cases/README.md',
  ...packages.filter((page) => existsSync(resolve(root, page))),
  ...readdirSync(resolve(root, 'docs')).map((name) => `docs/${name}`),
];
const textOf = (file: string): string => readFileSync(resolve(root, file), 'utf8');
const withoutFences = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '');

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(file: string): string[] {
  return [...withoutFences(textOf(file)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isBroken(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? resolve(root, page) : resolve(root, dirname(page), path);
  return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
}

test.each(pages)('every relative link of %s leads to a file, and its anchor to a heading', (page) => {
  const links = [...withoutFences(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !/^[a-z]+:/.test(link) && isBroken(page, link))).toEqual([]);
});

test.each(pages)('every "npm run" command that %s names is in package.json', (page) => {
  const named = [...textOf(page).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

/** What a source prints with `--help`; several in one process, as each would load the SDKs. */
async function helpOf(sources: readonly string[]): Promise<string> {
  // None ends the process before the others have said anything.
  const script = ['process.exit = () => undefined;', ...sources.map((source) => `await import('./${source}');`)];
  const args = ['--import', 'tsx', '--input-type', 'module', '--eval', script.join('\n'), '--', '--help'];
  return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
}

/** The usage of each npm script that is a command of ours. */
async function usages(): Promise<Map<string, string>> {
  const scripts = Object.values(manifest.scripts);
  const sources = [...new Set(scripts.flatMap((script) => /--import tsx (\S+\.ts)/.exec(script)?.[1] ?? []))];
  // These run only as the main file, because a test imports what they export.
  const alone = sources.filter((source) => textOf(source).includes('require.main === module'));
  const own = alone.map((source) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', source, '--help'], { cwd: root }),
  );
  const together = helpOf(sources.filter((source) => !alone.includes(source)));
  const printed = [await together, ...(await Promise.all(own)).map(({ stdout }) => stdout)].join('\n');
  const texts = printed.split(/^(?=Usage: npm )/m).filter((text) => text.startsWith('Usage: '));
  expect(texts).toHaveLength(sources.length);
  return new Map(texts.map((text) => [/^Usage: npm (?:run (?:-s )?)?([\w:-]+)/.exec(text)?.[1] ?? '', text]));
}

test('every option after "--" of an npm command that a page names is in the usage of the command', async () => {
  const usage = await usages();
  const unknown = pages.flatMap((page) =>
    Array.from(textOf(page).matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w:-]*) -- ([^`\n]*)/g)).flatMap(
      ([, name = '', rest = '']) => {
        const text = usage.get(name);
        const options = rest.replace(/\s(?:#|&&|\|).*/, '').match(/(?<!\S)--[a-z][\w-]*/g) ?? [];
        const isKnown = (option: string) => text === undefined || new RegExp(`${option}(?![\\w-])`).test(text);
        return options.filter((option) => !isKnown(option)).map((option) => `${page}: ${name} ${option}`);
      },
    ),
  );
  expect(unknown).toEqual([]);
});

test('the start page leads to every page of docs/', () => {
  const linked = new Set(Array.from(textOf('docs/README.md').matchAll(/\]\(([\w-]+\.md)/g), ([, link = '']) => link));
  const others = readdirSync(resolve(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(others.filter((name) => !linked.has(name))).toEqual([]);
});

const folders = ['cli', 'docs', 'functions', 'infra', 'packages', 'scripts', 'shared', 'test'];

/** What a text names in these folders. */
function pathsIn(text: string): string[] {
  const paths = new RegExp(`(?<![\\w/.-])(?:${folders.join('|')})/[\\w./-]*[\\w/]`, 'g');
  return [...text.matchAll(paths)].map(([path]) => path);
}

test.each(pages)('every path that %s names exists', (page) => {
  const planned = new Set(['test/cases/zeek/http-content-type.json', 'test/cases/zeek/telnet-out.json']);
  const paths = pathsIn(withoutFences(textOf(page)));
  expect(paths.filter((path) => !planned.has(path) && !existsSync(resolve(root, path)))).toEqual([]);
});

/** What runs the programs that README.md and CONTRIBUTING.md name: the gate, or a test. */
const ranBy: Readonly<Record<string, string>> = {
  ci: '.ci/run',
  test: '.ci/run',
  check: '.ci/run',
  interop: '.ci/run',
  bench: '.ci/run',
  sabotage: '.ci/run',
  page: '.ci/run',
  start: 'test/e2e/startCommand.test.ts',
  faults: 'test/e2e/faultRun.test.ts',
  emulators: 'test/e2e/emulators.test.ts',
  map: 'test/cli/map.test.ts',
  replay: 'test/cli/replay/replay.test.ts',
  doctor: 'test/cli/doctor/doctor.test.ts',
  backfill: 'test/cli/backfill/backfill.test.ts',
  package: 'test/scripts/package.test.ts',
  cost: 'test/cli/costCommands.test.ts',
  cases: 'test/scripts/casesCommand.test.ts',
  hostile: 'test/scripts/hostile/command.test.ts',
};
/** They write files that a check or a test then compares, or take many minutes. */
const ranByHand = ['dependencies', 'sbom', 'watch', 'format', 'generate', 'compare', 'memory', 'mutation', 'scale'];
/** The parts of `npm run check`. */
const checks = manifest.scripts.check.match(/check:\w+/g) ?? [];

test('the gate, a test or a person runs each npm command that README.md and CONTRIBUTING.md name', () => {
  const named = ['README.md', 'CONTRIBUTING.md'].flatMap((page) =>
    (textOf(page).match(/`[^`]*`/g) ?? []).flatMap((code) =>
      Array.from(code.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w:-]*)/g), ([, name = '']) => name),
    ),
  );
  expect([...Object.keys(ranBy), ...ranByHand, ...checks].toSorted()).toEqual([...new Set(named)].toSorted());
});

test.each(Object.entries(ranBy))('npm %s is run by %s', (_, runner) => {
  expect(existsSync(resolve(root, runner))).toBe(true);
});

describe('The gate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gate-'));
  const bin = join(folder, 'bin');

  afterAll(() => rmSync(folder, { recursive: true }));

  test('runs the npm commands that it has to', async () => {
    mkdirSync(bin);
    cpSync(resolve(root, '.ci'), join(folder, '.ci'), { recursive: true });
    // Programs that do nothing but print how they were called.
    for (const program of ['npm', 'dotnet', 'bicep', 'chmod', 'chromium']) {
      writeFileSync(join(bin, program), '#!/bin/sh\necho "called: ${0##*/} $*"\n', { mode: 0o755 });
    }
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
    const { stdout } = await promisify(execFile)('bash', [join(folder, '.ci', 'run')], { env });
    const called = Array.from(stdout.matchAll(/^called: npm (?:run )?([\w:-]+)/gm), ([, name = '']) => name);
    const expected = Object.keys(ranBy).filter((name) => ranBy[name] === '.ci/run');
    expect(called.toSorted()).toEqual(expected.toSorted());
  });
});

describe("CONTRIBUTING.md's first hour", () => {
  const [, section = ''] = /^## The first hour\n([^]*?)^## /m.exec(textOf('CONTRIBUTING.md')) ?? [];
  const commands = Array.from(section.matchAll(/`(npm [^`]+)`/g), ([, command = '']) => command.split(' && ')).flat();
  /** The gate and test/e2e/startCommand.test.ts run these: they take too long here. */
  const elsewhere = /^npm (?:ci|start)\b/;

  test('has commands that are run here', () => {
    expect(commands.filter((command) => !elsewhere.test(command))).not.toEqual([]);
  });

  test.each(commands.filter((command) => !elsewhere.test(command)))(
    '%s succeeds and prints something',
    async (command) => {
      const { stdout } = await promisify(exec)(command, { cwd: root });
      expect(stdout).not.toBe('');
    },
  );
});

const sources = folders.flatMap((folder) =>
  readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|bicep|kql|mjs|cjs)$/.test(name) && !/node_modules/.test(name))
    .map((name) => `${folder}/${name}`),
);

test('every page that a source names exists, and so does its heading', () => {
  const named = sources
    .filter((file) => !file.startsWith('test/'))
    .flatMap((file) =>
      Array.from(textOf(file).matchAll(/(?<![\w/-])docs\/[\w-]+\.md(?:#[\w-]+)?/g), ([link]) => ({ file, link })),
    );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(({ link }) => isBroken('README.md', link))).toEqual([]);
});

test('every path that a comment names exists', () => {
  const comment = /(?:^|[^:])\/\/.*|\/\*[\s\S]*?\*\//gm;
  const missing = sources.flatMap((file) => {
    // In a package a path may begin at its folder.
    const starts = [root, resolve(root, /^packages\/[^/]+/.exec(file)?.[0] ?? '')];
    return pathsIn([...textOf(file).matchAll(comment)].join('\n'))
      .filter((path) => !starts.some((start) => existsSync(resolve(start, path))))
      .map((path) => `${file}: ${path}`);
  });
  expect(sources.length).toBeGreaterThan(700);
  expect(missing).toEqual([]);
});
