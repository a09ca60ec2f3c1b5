import { bundledPackages, bundleMetafile } from '../package/bundledPackages';
import { dependencyCost } from '../package/dependencyCosts';
import { deployed, development, emulated } from './dependencyReasons';
import { code, table } from './markdown';

/** When each file of `dist/` is loaded. */
const loaded: Readonly<Record<string, string>> = {
  'dist/app.js': 'at the start',
  'dist/sdks.js': 'with the first batch or telemetry',
  'dist/rules.js': 'with drop rules only',
};

/** The generated blocks of docs/dependencies.md, by name. */
export async function dependenciesBlocks(): Promise<Record<string, string>> {
  const metafile = await bundleMetafile();
  const rows = Object.entries(deployed).map(([name, { does, why, loadMs }]) => {
    const { own, withOthers, files } = dependencyCost(metafile, name);
    return [
      code(name),
      does,
      why,
      kib(own),
      kib(withOthers),
      String(loadMs),
      files.map((file) => loaded[file] ?? file).join(', '),
    ];
  });
  const packages = bundledPackages(metafile);
  const others = packages.filter(({ name }) => !Object.hasOwn(deployed, name)).map(({ name }) => code(name));
  return {
    deployed: table(
      ['package', 'does', 'why this one', 'KiB', 'KiB with what only it needs', 'ms to load', 'is loaded'],
      rows,
    ),
    others: `They bring ${others.length} more packages with code in the bundle: ${others.join(', ')}.`,
    development: reasonsTable(development),
    emulated: reasonsTable(emulated),
  };
}

function reasonsTable(reasons: Readonly<Record<string, { readonly does: string; readonly why: string }>>): string {
  return table(
    ['package', 'does', 'why this one'],
    Object.entries(reasons).map(([name, { does, why }]) => [code(name), does, why]),
  );
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
