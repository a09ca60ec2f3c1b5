import { groupBy } from '../../shared/groupBy';
import { keysOf } from '../../shared/keysOf';
import { type Action, actionsByTable, genericAction, genericInspectedAction } from '../../shared/transform/actions';
import { bases, firstEphemeralPort, firstUnprivilegedPort, orientationRules } from '../../shared/transform/orientation';
import { resultRules } from '../../shared/transform/results';
import type { Examples } from './examples';
import { code, paragraphs, table } from './markdown';

interface NamedAction {
  readonly name: string | undefined;
  /** Its text in the reference. */
  readonly label: string;
  readonly action: Action;
}

const known: readonly NamedAction[] = keysOf(actionsByTable).flatMap((tableName) =>
  Object.entries<Action>(actionsByTable[tableName]).map(([name, action]) => {
    const label = tableName === 'DeviceNetworkEvents' ? code(name) : `${code(name)} (${tableName})`;
    return { name, label, action };
  }),
);

const all: readonly NamedAction[] = [
  ...known,
  { name: undefined, label: 'any other `...Inspected`', action: genericInspectedAction },
  { name: undefined, label: 'any other of DeviceNetworkEvents', action: genericAction },
];

/** Source and destination, by action type. */
export function orientationSection(examples: Examples): string {
  const rows = all.map(({ name, label, action }) => {
    const { src, dst, direction, device, basis } = orientationRules[action.orientation];
    const example = name === undefined ? undefined : examples.ofAction(name);
    return [label, src, dst, direction, device, basis, example === undefined ? '' : code(example.caseName)];
  });
  const reasons = [...groupBy(all, ({ action }) => action.orientation)].map(([orientation, actions]) => [
    actions.map(({ label }) => label).join(', '),
    orientationRules[orientation].why,
  ]);
  return paragraphs(
    '## Source and destination',
    'Defender calls the two ends Local and Remote. The action type decides which one is the source. NetworkDirection is relative to the reporting device, not to the organisation: traffic between two private addresses, or over loopback, is also Inbound or Outbound. Names, the account of the process and DvcIpAddr go to the side of the device.',
    table(['ActionType', 'Src', 'Dst', 'NetworkDirection', 'Device', 'DirectionBasis', 'Case'], rows),
    '**The port rule** needs two ports between 1 and 65535. ' +
      `If exactly one of them is ${firstEphemeralPort} or higher (ephemeral), the other end is the server. Otherwise, if exactly one is below ${firstUnprivilegedPort}, that end is the server. Otherwise it does not decide. The server is Dst, the client Src.`,
    '`AdditionalFields.DirectionBasis` says what decided, so that a query can leave out guesses:',
    table(
      ['DirectionBasis', 'Meaning'],
      Object.entries(bases).map(([basis, meaning]) => [code(basis), meaning]),
    ),
    '### Why',
    table(['ActionType', 'Reason'], reasons),
  ).trimEnd();
}

/** EventResult, EventResultDetails, DvcAction and the application protocol, by action type. */
export function resultSection(): string {
  const rows = [...groupBy(all, ({ action }) => action.result)].map(([rule, actions]) => {
    const { result, details } = resultRules[rule];
    const decisions = new Set(actions.map(({ action }) => action.dvcAction ?? 'absent'));
    return [actions.map(({ label }) => label).join(', '), result, details, [...decisions].join(' or ')];
  });
  const protocols = known.flatMap(({ label, action: { application } }) =>
    application === undefined ? [] : [[label, application === 'TLS' ? '`TLS`, or `HTTPS`' : code(application)]],
  );
  return paragraphs(
    '## Result',
    "EventResult is absent if the record does not state the outcome; an attempt is not a success. DvcAction is set only where Defender itself decides, in the firewall and in network protection; the sensor behind DeviceNetworkEvents only watches. Keys such as `status_code` are keys of Defender's AdditionalFields.",
    table(['ActionType', 'EventResult', 'EventResultDetails', 'DvcAction'], rows),
    `NetworkApplicationProtocol comes from the action type, never from a port number. Any other row has it only if RemoteUrl begins with \`http://\` or \`https://\`. TLS is called HTTPS if HTTP was negotiated (ALPN) or RemoteUrl says so.`,
    table(['ActionType', 'NetworkApplicationProtocol'], protocols),
  ).trimEnd();
}
