import type { Metafile } from 'esbuild';
import { packageFolder } from './bundledPackages';

/** What one package costs in `dist/`, in bytes. */
export interface DependencyCost {
  /** Its own code. */
  readonly own: number;
  /** What `dist/` would lose without it: its own code, and that of packages that nothing else needs. */
  readonly withOthers: number;
  /** The files of `dist/` with its code. */
  readonly files: readonly string[];
}

export function dependencyCost(metafile: Metafile, name: string): DependencyCost {
  const bytes = bytesByInput(metafile);
  const isOwn = (file: string): boolean => packageFolder(file)?.endsWith(`node_modules/${name}`) ?? false;
  const own = [...bytes.keys()].filter(isOwn);
  const left = reached(metafile, isOwn);
  const lost = [...bytes.keys()].filter((file) => !left.has(file));
  const sum = (files: readonly string[]): number => files.reduce((total, file) => total + (bytes.get(file) ?? 0), 0);
  const files = Object.entries(metafile.outputs)
    .filter(([, { inputs }]) => own.some((file) => (inputs[file]?.bytesInOutput ?? 0) > 0))
    .map(([output]) => output);
  return { own: sum(own), withOthers: sum(lost), files };
}

function bytesByInput({ outputs }: Metafile): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      bytes.set(file, (bytes.get(file) ?? 0) + bytesInOutput);
    }
  }
  return bytes;
}

/** The files that the entries lead to when some are not there. */
function reached({ inputs, outputs }: Metafile, isMissing: (file: string) => boolean): Set<string> {
  const files = new Set(Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []));
  // A set also visits what is added meanwhile.
  for (const file of files) {
    for (const { path, external } of inputs[file]?.imports ?? []) {
      if (external !== true && !isMissing(path)) files.add(path);
    }
  }
  return files;
}
