import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';

const root = resolve(__dirname, '..', '..');
const leftOut = new Set(['.git', 'node_modules', 'dist', 'out']);

/** A change of one place. */
export interface Mutation {
  /** Path below the root of the tree. */
  readonly file: string;
  /** Text that stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** A copy of the working tree in which something can be broken; dependencies are shared with the original. */
export class TreeCopy {
  private constructor(readonly directory: string) {}

  static async make(): Promise<TreeCopy> {
    const directory = await mkdtemp(join(tmpdir(), 'mutants-'));
    await cp(root, directory, {
      recursive: true,
      filter: (source) => !leftOut.has(relative(root, source).split(sep)[0] ?? ''),
    });
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
    return new TreeCopy(directory);
  }

  /** Does the work while the mutant is in place. @throws when its text is not there exactly once. */
  async with<T>({ file, from, to }: Mutation, work: () => Promise<T>): Promise<T> {
    const path = join(this.directory, file);
    const text = await readFile(path, 'utf8');
    const [before, after, ...more] = text.split(from);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} does not hold this exactly once: ${from}`);
    }
    await writeFile(path, `${before}${to}${after}`);
    try {
      return await work();
    } finally {
      await writeFile(path, text);
    }
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}
