import * as fc from 'fast-check';
import { matchFiles } from '../../src/host/worker/globs';
import { holds } from '../holds';
import { newFolder, removeFolders, writeApp } from './kit/fixture';

afterEach(removeFolders);

const appTree = {
  'index.js': '',
  'dist/b.js': '',
  'dist/a.js': '',
  'dist/a.js.map': '',
  'dist/deep/c.mjs': '',
  'dist/deep/e.js': '',
  '.hidden/d.js': '',
};

it.each([
  ['dist/*.js', ['dist/a.js', 'dist/b.js']],
  ['./dist/*.js', ['dist/a.js', 'dist/b.js']],
  ['dist\\*.js', ['dist/a.js', 'dist/b.js']],
  ['dist/**/*.{js,mjs}', ['dist/a.js', 'dist/b.js', 'dist/deep/c.mjs', 'dist/deep/e.js']],
  ['{index,dist/?}.js', ['dist/a.js', 'dist/b.js', 'index.js']],
  ['index.js', ['index.js']],
  ['index.mjs', []],
  ['dist', []],
  ['none/*.js', []],
  ['dist/[ab].js', []],
])(holds('matches %s', 'host.main-glob'), (pattern, files) => {
  expect(matchFiles(pattern, writeApp(appTree))).toEqual(files);
});

it('takes every pattern, and finds nothing in an empty folder', () => {
  const folder = newFolder();
  fc.assert(fc.property(fc.string(), (pattern) => expect(matchFiles(pattern, folder)).toEqual([])));
});
