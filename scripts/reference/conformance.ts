import type { Area, Behaviour } from '../../packages/azure-emulators/behaviours/behaviour';
import { code, paragraphs, table } from './markdown';

/** Who does it, or why nobody does. */
function doneBy(behaviour: Behaviour): string {
  if ('because' in behaviour) return `not emulated: ${behaviour.because}`;
  return 'by' in behaviour ? behaviour.by : 'the emulators';
}

function testsOf(behaviour: Behaviour): string {
  if (!('held' in behaviour)) return '';
  const files = [...new Set(behaviour.held.map(([file]) => file))];
  const titles = (file: string): string[] =>
    behaviour.held.filter(([other]) => other === file).map(([, title]) => `"${title}"`);
  return files.map((file) => `${code(file)}: ${titles(file).join('; ')}`).join('. ');
}

function areaSection({ title, behaviours }: Area): string {
  const rows = behaviours.map((behaviour) => [behaviour.does, behaviour.ground, testsOf(behaviour), doneBy(behaviour)]);
  return `## ${title}\n\n${table(['The service', 'Ground', 'Held by', 'Done by'], rows)}`;
}

/** `docs/conformance.md`, from the list in `packages/azure-emulators/behaviours`. */
export function conformanceReference(areas: readonly Area[]): string {
  const behaviours = areas.flatMap((area) => area.behaviours);
  const ofClients = behaviours.filter((one) => 'by' in one).length;
  const notEmulated = behaviours.filter((one) => 'because' in one).length;
  return paragraphs(
    '# What the services do, and what holds it here',
    '<!-- Generated from packages/azure-emulators/behaviours by "npm run generate". Do not edit. -->',
    `${behaviours.length} behaviours of the services and of their clients: ${behaviours.length - ofClients - notEmulated} are emulated in \`packages/azure-emulators\`, ${ofClients} are those of Microsoft's own clients and libraries, which run unchanged, ${notEmulated} are not emulated. What the grounds mean, and what the emulators guess and leave out: [emulators.md](emulators.md). \`run\` means that the real component was seen to do it; the Functions host was version 4.1037.`,
    '`npm test` fails when a test named here is gone.',
    ...areas.map(areaSection),
  );
}
