import { legacyColumns } from '../../shared/defender/defenderTables';
import { keysOf } from '../../shared/keysOf';
import { additionalFieldKeys } from '../../shared/transform/additionalFields';
import { initiatingProcessColumns, modernColumns } from '../../shared/transform/defenderColumns';
import { orientationSources } from '../../shared/transform/orientation';
import type { MappingEntries } from './columnsSection';
import { code, codes, paragraphs, table } from './markdown';

/** The columns of the retired table NetworkCommunicationEvents, in its own spelling. */
export const legacyTableColumns = [
  'EventTime',
  'MachineId',
  'ComputerName',
  'ActionType',
  'RemoteIP',
  'RemotePort',
  'RemoteUrl',
  'LocalIP',
  'LocalPort',
  'Protocol',
  'LocalIPType',
  'RemoteIPType',
  'InitiatingProcessSHA1',
  'InitiatingProcessMD5',
  'InitiatingProcessFileName',
  'InitiatingProcessId',
  'InitiatingProcessCommandLine',
  'InitiatingProcessCreationTime',
  'InitiatingProcessFolderPath',
  'InitiatingProcessParentFileName',
  'InitiatingProcessParentId',
  'InitiatingProcessParentCreationTime',
  'InitiatingProcessAccountDomain',
  'InitiatingProcessAccountName',
  'InitiatingProcessAccountSid',
  'InitiatingProcessIntegrityLevel',
  'InitiatingProcessTokenElevation',
  'ReportId',
  'AppGuardContainerId',
] as const;

/** What the mapping uses a source field for. */
export interface Fate {
  /** The columns of NetworkSessions that it fills. */
  readonly columns: readonly string[];
  /** The keys of AdditionalFields that keep it. */
  readonly keys: readonly string[];
  /** Whether it helps to decide source and destination. */
  readonly decidesOrientation: boolean;
}

/** The fate of a source as the mapping names it: `RemoteIP`, `AdditionalFields.uid`, `envelope.time`. */
export function fateOf(source: string, mapping: MappingEntries): Fate {
  const names = (from: string): boolean => from === source || from.startsWith(`${source}.`);
  const columns = keysOf(mapping).filter((column) => {
    const entry = mapping[column];
    return column !== 'AdditionalFields' && entry.kind === 'filled' && entry.from.some(names);
  });
  const inner = initiatingProcessColumns.find(({ column }) => column === source);
  const keys = additionalFieldKeys.filter(({ from }) => from.includes(source)).map(({ key }) => key);
  return {
    columns,
    keys: inner === undefined ? keys : [`InitiatingProcess.${inner.key}`],
    decidesOrientation: orientationSources.some(names),
  };
}

/** The fate of a column of NetworkCommunicationEvents: that of its modern name. */
export function legacyFateOf(column: string, mapping: MappingEntries): Fate {
  return fateOf(Object.entries(legacyColumns).find(([old]) => old === column)?.[1] ?? column, mapping);
}

const manyColumns = 20;

function columnsCell({ columns, decidesOrientation }: Fate): string {
  const named = columns.length > manyColumns ? `${columns.length} columns` : codes(columns);
  return [...(decidesOrientation ? ['source and destination'] : []), ...(named === '' ? [] : [named])].join('; ');
}

function oldNameOf(column: string): string {
  const old = Object.entries(legacyColumns).find(([, modern]) => modern === column)?.[0] ?? column;
  return legacyTableColumns.some((name) => name === old) ? code(old) : '';
}

/** Fields of the envelope that no column reads, and why. */
const otherEnvelopeFields = [
  ['`category`', 'names the table'],
  ['`operationName`, `Tenant`', 'not kept: Defender always writes the same values (`Publish`, `DefaultTenant`)'],
] as const;

export function sourcesSection(mapping: MappingEntries): string {
  const fields = modernColumns.map((column) => {
    const fate = fateOf(column, mapping);
    return [code(column), oldNameOf(column), columnsCell(fate), codes(fate.keys)];
  });
  const named = new Set(Object.values(mapping).flatMap((entry) => (entry.kind === 'filled' ? entry.from : [])));
  for (const source of orientationSources) named.add(source);
  const inside = [...named].filter((source) => source.startsWith('AdditionalFields.')).toSorted();
  const details = inside.map((source) => [
    code(source.slice('AdditionalFields.'.length)),
    columnsCell(fateOf(source, mapping)),
  ]);
  const envelope = [...named]
    .filter((source) => source.startsWith('envelope.'))
    .map((source) => {
      const fate = fateOf(source, mapping);
      const keys = fate.keys.map((key) => `AdditionalFields.${key}`);
      return [code(source.slice('envelope.'.length)), codes([...fate.columns, ...keys])];
    });
  return paragraphs(
    '## Where every source field goes',
    `The ${modernColumns.length} columns seen on streamed DeviceNetworkEvents, and the ${legacyTableColumns.length} of the retired table NetworkCommunicationEvents. Any other column is kept under ${code('AdditionalFields.Unmapped')} and counted by name.`,
    table(['Column', 'In NetworkCommunicationEvents', 'Decides', 'Key in AdditionalFields'], fields),
    "Keys of Defender's own AdditionalFields that decide a column. All keys, including these, are in `AdditionalFields.Detail`.",
    table(['Key', 'Decides'], details),
    'Fields of the envelope around the record:',
    table(['Field', 'Goes to'], [...envelope, ...otherEnvelopeFields]),
  ).trimEnd();
}
