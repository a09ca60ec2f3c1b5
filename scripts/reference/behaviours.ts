import type { Area, Behaviour } from '../../packages/azure-emulators/behaviours/behaviour';
import type { HoldingTest } from '../../packages/azure-emulators/behaviours/heldBy';
import { code, paragraphs, table } from './markdown';

/** Who does it, or why nobody does. */
function doneBy(behaviour: Behaviour): string {
  if ('because' in behaviour) return `not emulated: ${behaviour.because}`;
  return 'by' in behaviour ? behaviour.by : 'the emulators';
}

function testsOf(held: readonly HoldingTest[]): string {
  const files = [...new Set(held.map(({ file }) => file))];
  const titles = (wanted: string): string[] =>
    held.filter(({ file }) => file === wanted).map(({ title }) => `"${title}"`);
  return files.map((file) => `${code(file)}: ${titles(file).join('; ')}`).join('. ');
}

type Held = ReadonlyMap<string, readonly HoldingTest[]>;

function areaSection({ title, behaviours }: Area, held: Held): string {
  const rows = Object.entries(behaviours).map(([id, behaviour]) => [
    code(id),
    behaviour.does,
    behaviour.ground,
    testsOf(held.get(id) ?? []),
    doneBy(behaviour),
  ]);
  return `## ${title}\n\n${table(['Id', 'The service', 'Ground', 'Tests', 'Done by'], rows)}`;
}

/** `packages/azure-emulators/BEHAVIOURS.md`, from the list in `behaviours/` and the tests that name its ids. */
export function behavioursReference(areas: readonly Area[], held: Held): string {
  const behaviours = areas.flatMap((area) => Object.values(area.behaviours));
  const ofClients = behaviours.filter((one) => 'by' in one).length;
  const notEmulated = behaviours.filter((one) => 'because' in one).length;
  return paragraphs(
    '# What the services do, and which tests hold it',
    '<!-- Generated from behaviours/ and test/ by "npm run generate". Do not edit. -->',
    `${behaviours.length} behaviours of the services and of their clients: ${behaviours.length - ofClients - notEmulated} are emulated, ${ofClients} are those of Microsoft's own clients and libraries, which run unchanged, ${notEmulated} are not emulated. The [README](README.md#how-it-is-known) says what the grounds mean. \`run\` means that the real component was seen to do it; the Functions host was version 4.1037.`,
    "A test names the behaviours that it holds by their ids: `test(holds('a wrong key is rejected', 'eventhubs.cbs-signature'), ...)`. `npx jest -t eventhubs.cbs-signature` runs the tests of one behaviour. `test/behaviours.test.ts` fails when no test holds a behaviour.",
    ...areas.map((area) => areaSection(area, held)),
  );
}
