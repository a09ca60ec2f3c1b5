import type { Area, Behaviour } from '../../test/conformance/behaviour';
import { code, paragraphs, table } from './markdown';

/** What was broken to see the tests fail, or why nothing could be. */
function provenBy(behaviour: Behaviour): string {
  if ('because' in behaviour) return `not emulated: ${behaviour.because}`;
  if ('by' in behaviour) return `done by ${behaviour.by}`;
  const files = [...new Set(behaviour.mutants.map(({ file }) => code(`local/${file}`)))];
  const { length } = behaviour.mutants;
  return `${length} ${length === 1 ? 'mutant' : 'mutants'} in ${files.join(', ')}`;
}

function testsOf(behaviour: Behaviour): string {
  if (!('held' in behaviour)) return '';
  const files = [...new Set(behaviour.held.map(([file]) => file))];
  const titles = (file: string): string[] =>
    behaviour.held.filter(([other]) => other === file).map(([, title]) => `"${title}"`);
  return files.map((file) => `${code(file)}: ${titles(file).join('; ')}`).join('. ');
}

function areaSection({ title, behaviours }: Area): string {
  const rows = behaviours.map((behaviour) => [
    behaviour.does,
    behaviour.ground,
    testsOf(behaviour),
    provenBy(behaviour),
  ]);
  return `## ${title}\n\n${table(['The service', 'Ground', 'Held by', 'Proven by'], rows)}`;
}

/** `docs/conformance.md`, from the list in `test/conformance`. */
export function conformanceReference(areas: readonly Area[]): string {
  const behaviours = areas.flatMap((area) => area.behaviours);
  const emulated = behaviours.filter((one) => 'mutants' in one);
  const ofClients = behaviours.filter((one) => 'by' in one).length;
  const mutants = emulated.reduce((sum, one) => sum + one.mutants.length, 0);
  return paragraphs(
    '# What the services do, and what holds it here',
    '<!-- Generated from test/conformance by "npm run generate". Do not edit. -->',
    `${behaviours.length} behaviours of the services and of their clients: ${emulated.length} are emulated in \`local/\`, ${ofClients} are those of Microsoft's own clients and libraries, which run unchanged, ${behaviours.length - emulated.length - ofClients} are not emulated. What the grounds mean, and what the emulators guess and leave out: [emulators.md](emulators.md). \`run\` means that the real component was seen to do it; the Functions host was version 4.1037.`,
    `\`npm test\` fails when a test named here is gone. \`npm run mutants\` takes each emulated behaviour away, ${mutants} changes in all, each of one place and in a copy of the tree, and runs the tests that hold it: it reports every change that no test notices, and fails.`,
    ...areas.map(areaSection),
  );
}
