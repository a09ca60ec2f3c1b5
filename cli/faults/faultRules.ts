import type { ProducedMessage, RecordTruth } from './faultRecords';

/** A rule of a fault run, and what it must drop: told from the session and the EventUid, without the product's code. */
interface FaultRule {
  readonly name: string;
  readonly action: 'drop' | 'count' | 'sample';
  readonly keepOneIn?: number;
  readonly when: string;
  readonly drops: (session: readonly string[], uid: string) => boolean;
}

const rules: readonly FaultRule[] = [
  { name: 'counts all', action: 'count', when: 'row.EventUid != null', drops: () => false },
  // Throws for every record, and must drop none.
  { name: 'throws', action: 'drop', when: '1 / (row.EventCount - row.EventCount) == 0', drops: () => false },
  {
    name: 'every second failure',
    action: 'sample',
    keepOneIn: 2,
    when: 'row.EventSubType == "ConnectionFailed"',
    drops: ([, action], uid) => action === 'ConnectionFailed' && '13579bdf'.includes(uid.slice(-1)),
  },
  {
    name: 'listening sockets',
    action: 'drop',
    when: 'row.EventSubType == "ListeningConnectionCreated"',
    drops: ([, action]) => action === 'ListeningConnectionCreated',
  },
  {
    name: 'secure web',
    action: 'drop',
    when: 'row.DstPortNumber == 443 && row.EventSubType == "SslConnectionInspected"',
    drops: (session) => session[1] === 'SslConnectionInspected' && session.at(-1) === '443',
  },
];

/** The file of these rules for DROP_RULES_FILE. */
export const rulesFile = JSON.stringify({
  rules: rules.map(({ name, action, keepOneIn, when }) => ({ name, action, keepOneIn, when })),
});

/** The message with its truths after the rules; a copy of a dropped record is dropped, too. */
export function afterRules(message: ProducedMessage): ProducedMessage {
  const dropped = new Map<string, string>();
  const truths = message.truths.map((truth): RecordTruth => {
    if (truth.state === 'duplicate') {
      const rule = dropped.get(truth.uid);
      return rule === undefined ? truth : { state: 'dropped', rule };
    }
    if (truth.state !== 'row') return truth;
    const session = truth.session.split(' ');
    const rule = rules.find(({ drops }) => drops(session, truth.uid))?.name;
    if (rule === undefined) return truth;
    dropped.set(truth.uid, rule);
    return { state: 'dropped', rule };
  });
  return { ...message, truths };
}
