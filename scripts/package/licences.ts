import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOptions } from '../../cli/bundle';
import type { BundledPackage } from './bundledPackages';

/** Licences that ask for nothing but their own text beside the code. */
const accepted = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);

const licenceFile = /^(?:licen[cs]e|copying|notice|third-?party-?notices?)\b/i;

/** The licences of what is bundled, whose comments the bundler leaves out. @throws when one asks for more than its text */
export function licencesText(packages: readonly BundledPackage[]): string {
  const others = packages.filter(({ license }) => !accepted.has(license));
  if (others.length > 0) {
    const named = others.map(({ name, license }) => `${name} (${license})`).join(', ');
    throw new Error(
      `Licences that nobody has looked at: ${named}. Read them; add them to scripts/package/licences.ts, or remove the package.`,
    );
  }
  return packages.map(section).join(`\n${'-'.repeat(80)}\n\n`);
}

function section({ name, version, license, folder }: BundledPackage): string {
  const directory = join(bundleOptions.absWorkingDir, folder);
  const texts = readdirSync(directory)
    .filter((file) => licenceFile.test(file))
    .toSorted()
    .map((file) => `${readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim()}\n`);
  return [
    `${name} ${version}: ${license}\n`,
    ...(texts.length > 0 ? texts : ['The package has no file with the text of its licence.\n']),
  ].join('\n');
}
