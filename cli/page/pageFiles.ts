import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** A file of the page, in memory. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

const own = resolve(__dirname, 'static');
const chartLibrary = dirname(require.resolve('uplot/dist/uPlot.min.css'));

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** By path; nothing else is served, so no path of a request ever names a file. */
const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': [join(own, 'index.html'), types.html],
  '/page.css': [join(own, 'page.css'), types.css],
  '/tables.css': [join(own, 'tables.css'), types.css],
  '/icon.svg': [join(own, 'icon.svg'), types.svg],
  '/uPlot.css': [join(chartLibrary, 'uPlot.min.css'), types.css],
  '/uPlot.js': [join(chartLibrary, 'uPlot.esm.js'), types.js],
  ...Object.fromEntries(
    ['main', 'dom', 'server', 'counts', 'charts', 'rowList', 'recordDialog', 'tryRecord', 'letterList', 'savings'].map(
      (name) => [`/${name}.js`, [join(own, `${name}.js`), types.js]],
    ),
  ),
};

/** Reads the files once. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const read = Object.entries(files).map(
    async ([path, [file, type]]): Promise<[string, PageFile]> => [path, { type, content: await readFile(file) }],
  );
  return new Map(await Promise.all(read));
}
