import { type Environment, type Setting, settings } from './appSettings';

/** A setting's text, trimmed, or its default; undefined if it is missing or invalid. */
export type Texts = (setting: Setting<unknown>) => string | undefined;

export interface Contradiction {
  /** What is not allowed and why, for docs/settings.md. */
  readonly rule: string;
  /** What is wrong and what to do; undefined if nothing is. Never shows a secret. */
  readonly problem: (texts: Texts, environment: Environment) => string | undefined;
}

/** `functionTimeout` of host.json in seconds. The host then ends the worker and every batch in flight. */
export const functionTimeoutSeconds = 600;
/** Seconds for the work of an invocation outside its calls: mapping the batch and writing its log lines. */
export const marginSeconds = 30;

const {
  eventHubConnection,
  eventHubNamespace,
  eventHubCredential,
  eventHubClientId,
  eventHubNames,
  deadLetterEventHub,
  endpoint,
  audience,
  timeoutSeconds,
  budgetSeconds,
  keepColumns,
  omitColumns,
} = settings;

/** The host prefers these to the names without AzureWebJobs. */
const hostsOwn = [eventHubConnection, eventHubNamespace].map(({ name }) => `AzureWebJobs${name}`);

const namesOf = (texts: Texts): readonly string[] => (texts(eventHubNames) ?? '').split(',').map((name) => name.trim());
const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Settings of rows that are each valid and cannot work together. */
export const rowContradictions: readonly Contradiction[] = [
  {
    rule: `\`${keepColumns.name}\` and \`${omitColumns.name}\`: set at most one of them.`,
    problem(_, environment) {
      const [keep, omit] = [keepColumns, omitColumns].map(({ name }) => environment[name]?.trim());
      if (isEmpty(keep) || isEmpty(omit)) return undefined;
      return `${keepColumns.name}, ${omitColumns.name}: expected at most one of them; found both. Remove one: what ${keepColumns.name} does not name is left out already.`;
    },
  },
];

/** Settings that are each valid and cannot work together. */
export const contradictions: readonly Contradiction[] = [
  ...rowContradictions,
  {
    rule: `\`${eventHubConnection.name}\` and \`${eventHubNamespace.name}\`: set exactly one of them.`,
    problem(texts) {
      const isKeySet = texts(eventHubConnection) !== '';
      if (isKeySet !== (texts(eventHubNamespace) !== '')) return undefined;
      return `${eventHubConnection.name} or ${eventHubNamespace.name}: expected one of them, ${eventHubConnection.expected}, or ${eventHubNamespace.expected}; found ${isKeySet ? 'both' : 'neither'}.`;
    },
  },
  {
    rule: `\`${eventHubClientId.name}\` needs \`${eventHubCredential.name}\`: without it the host's trigger does not use the user-assigned identity.`,
    problem(texts) {
      if (isEmpty(texts(eventHubClientId)) || texts(eventHubCredential) !== '') return undefined;
      return `${eventHubClientId.name}: expected ${eventHubCredential.name}=${eventHubCredential.expected} beside it; found nothing. Without it the trigger does not use this identity.`;
    },
  },
  {
    rule: `\`${eventHubClientId.name}\` and \`${eventHubCredential.name}\` cannot be combined with a connection string in \`${eventHubConnection.name}\`, which signs in with its key.`,
    problem(texts) {
      if (isEmpty(texts(eventHubConnection))) return undefined;
      const useless = [eventHubClientId, eventHubCredential].filter((setting) => !isEmpty(texts(setting)));
      if (useless.length === 0) return undefined;
      return `${useless.map(({ name }) => name).join(', ')}: expected nothing beside ${eventHubConnection.name}, which signs in with its key; found an identity. Remove one of the two.`;
    },
  },
  {
    rule: `\`EntityPath\` in \`${eventHubConnection.name}\`: the trigger reads only that hub, so it must be the only one in \`${eventHubNames.name}\`.`,
    problem(texts) {
      const entity = /(?:^|;)\s*EntityPath\s*=\s*([^;]*)/i.exec(texts(eventHubConnection) ?? '')?.[1]?.trim() ?? '';
      const names = namesOf(texts);
      if (entity === '' || texts(eventHubNames) === undefined) return undefined;
      if (names.length === 1 && isSame(names[0] ?? '', entity)) return undefined;
      return `${eventHubConnection.name}: expected no EntityPath, or that of the only hub of ${eventHubNames.name}; found the EntityPath of another hub. Every trigger would read that one. Remove EntityPath from the connection string.`;
    },
  },
  {
    rule: `\`${deadLetterEventHub.name}\` must not be one of \`${eventHubNames.name}\`, in any case: every dead letter would come back as a message, without end.`,
    problem(texts) {
      const deadLetters = texts(deadLetterEventHub) ?? '';
      if (deadLetters === '' || !namesOf(texts).some((name) => isSame(name, deadLetters))) return undefined;
      return `${deadLetterEventHub.name}: expected a hub that is none of ${eventHubNames.name}; found "${deadLetters}", which is one. Every dead letter would come back as a message, without end: choose another hub.`;
    },
  },
  {
    rule: `\`${budgetSeconds.name}\` and \`${timeoutSeconds.name}\` must not exceed ${functionTimeoutSeconds - marginSeconds} together: a call can begin just before the budget ends and still take its own time, and after the functionTimeout of host.json (${functionTimeoutSeconds} s) the host ends the worker and every batch in flight.`,
    problem(texts) {
      const sum = Number(texts(budgetSeconds)) + Number(texts(timeoutSeconds));
      const most = functionTimeoutSeconds - marginSeconds;
      // NaN if one of them is invalid.
      if (!(sum > most)) return undefined;
      return `${budgetSeconds.name}, ${timeoutSeconds.name}: expected at most ${most} together, ${marginSeconds} s below the functionTimeout of host.json; found ${sum}. The host would end the worker and every batch in flight: make one of them shorter.`;
    },
  },
  {
    rule: `\`${endpoint.name}\` and \`${audience.name}\` must belong to the same cloud (azure.com, azure.us, azure.cn): a token for another cloud is always rejected.`,
    problem(texts) {
      const cloudOf = (setting: Setting<unknown>, host: RegExp): string | undefined =>
        host.exec(texts(setting) ?? '')?.[1]?.toLowerCase();
      const rules = cloudOf(endpoint, /\.ingest\.monitor\.azure\.(com|us|cn)\/?$/i);
      const tokens = cloudOf(audience, /^https:\/\/monitor\.azure\.(com|us|cn)\/?$/i);
      if (rules === undefined || tokens === undefined || rules === tokens) return undefined;
      return `${audience.name}: expected https://monitor.azure.${rules}, the cloud of ${endpoint.name}; found https://monitor.azure.${tokens}. The service would reject every token.`;
    },
  },
  {
    rule: `${hostsOwn.map((name) => `\`${name}\``).join(', ')}: the host prefers them to \`${eventHubConnection.name}\` and the app ignores them, so the trigger and the dead letters would use different namespaces.`,
    problem(_, environment) {
      const set = hostsOwn.filter((name) => !isEmpty(environment[name]?.trim()));
      if (set.length === 0) return undefined;
      return `${set.join(', ')}: expected nothing; found a connection that the trigger would use and the dead letters would not. Use ${eventHubConnection.name} or ${eventHubNamespace.name}.`;
    },
  },
];

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text === '';
}
