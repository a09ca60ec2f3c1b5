import columns from '../../infra/networkSessions.columns.json';
import { readCases } from '../../scripts/cases/caseFiles';
import { Examples } from '../../scripts/reference/examples';
import { mappingReference } from '../../scripts/reference/mappingReference';
import { fateOf, legacyFateOf, legacyTableColumns } from '../../scripts/reference/sourcesSection';
import { legacyColumns } from '../../shared/defender/defenderTables';
import { readMessage } from '../../shared/defender/readMessage';
import { isMapped } from '../../shared/transform/actions';
import { modernColumns } from '../../shared/transform/defenderColumns';
import { NetworkEvent } from '../../shared/transform/event';
import { mapping } from '../../shared/transform/mapping';
import type { Filled, Platform, Unavailable } from '../../shared/transform/mappingEntry';
import { orientate, orientationSources } from '../../shared/transform/orientation';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';

/** Every column seen on streamed records of DeviceNetworkEvents. */
const observed =
  'ActionType AdditionalFields AppGuardContainerId DeviceId DeviceName InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessCreationTime InitiatingProcessFileName InitiatingProcessFileSize InitiatingProcessFolderPath InitiatingProcessId InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentCreationTime InitiatingProcessParentFileName InitiatingProcessParentId InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessSessionId InitiatingProcessTokenElevation InitiatingProcessUniqueId InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion IsInitiatingProcessRemoteSession LocalIP LocalIPType LocalPort MachineGroup Protocol RemoteIP RemoteIPType RemotePort RemoteUrl ReportId Timestamp'.split(
    ' ',
  );

/** Every column of the published reference of NetworkCommunicationEvents. */
const legacy =
  'EventTime MachineId ComputerName ActionType RemoteIP RemotePort RemoteUrl LocalIP LocalPort Protocol LocalIPType RemoteIPType InitiatingProcessSHA1 InitiatingProcessMD5 InitiatingProcessFileName InitiatingProcessId InitiatingProcessCommandLine InitiatingProcessCreationTime InitiatingProcessFolderPath InitiatingProcessParentFileName InitiatingProcessParentId InitiatingProcessParentCreationTime InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountSid InitiatingProcessIntegrityLevel InitiatingProcessTokenElevation ReportId AppGuardContainerId'.split(
    ' ',
  );

const entries: Readonly<Record<string, Filled<unknown> | Unavailable | Platform>> = mapping;
const cases = readCases();
const reference = mappingReference(mapping, new Examples(cases));

describe('everything is accounted for', () => {
  test('there are 125 columns, 46 modern fields and 29 old ones', () => {
    expect([columns.length, observed.length, legacy.length]).toEqual([125, 46, 29]);
    expect(Object.keys(mapping).toSorted()).toEqual(columns.map(({ name }) => name).toSorted());
    expect(modernColumns.toSorted()).toEqual(observed.toSorted());
    expect(legacyTableColumns.toSorted()).toEqual(legacy.toSorted());
  });

  test.each(columns.map(({ name }) => name))(
    'column %s: filled, or empty for a reason, and in the reference',
    (name) => {
      const entry = entries[name];
      expect(entry?.kind === 'filled' ? entry.rule : entry?.reason).toMatch(/\S/);
      expect(reference).toContain(`\`${name}\``);
    },
  );

  test.each(observed)('field %s: in a column, or a key of AdditionalFields', (name) => {
    const fate = fateOf(name, mapping);
    expect([...fate.columns, ...fate.keys]).not.toEqual([]);
  });

  test.each(legacy)('old field %s: goes where its modern name goes', (name) => {
    const fate = legacyFateOf(name, mapping);
    expect([...fate.columns, ...fate.keys]).not.toEqual([]);
    const modern = Object.entries(legacyColumns).find(([old]) => old === name)?.[1] ?? name;
    expect(reference).toContain(`| \`${modern}\` | \`${name}\` |`);
  });

  test('every key that a record of the cases can have in AdditionalFields is in the reference', () => {
    for (const one of cases) {
      for (const row of one.rows) {
        const fields =
          typeof row === 'object' && row !== null && 'AdditionalFields' in row ? row['AdditionalFields'] : {};
        for (const key of Object.keys(fields ?? {})) expect(reference).toContain(`\`${key}\``);
      }
    }
  });
});

test('the orientation rules read the sources that they name, and no others', () => {
  const read = new Set<string>(['ActionType']);
  for (const one of cases) {
    for (const part of readMessage(Buffer.from(one.message), { table: one.table })) {
      if (part.kind !== 'record' || !isMapped(part.table)) continue;
      orientate(new NetworkEvent(part, part.table, defaultTransformSettings, (source) => read.add(source)));
    }
  }
  expect([...read].toSorted()).toEqual([...orientationSources].toSorted());
});
