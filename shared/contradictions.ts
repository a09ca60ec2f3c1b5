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
} = settings;

/** The host prefers these to the names without AzureWebJobs. */
const hostsOwn = [eventHubConnection, eventHubNamespace].map(({ name }) => `AzureWebJobs${name}`);

const namesOf = (texts: Texts): readonly string[] => (texts(eventHubNames) ?? '').split(',').map((name) => name.trim());
const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Settings that are each valid and cannot work together. */
export const contradictions: readonly Contradiction[] = [
  {
    rule: `\`${eventHubConnection.name}\` and \`${eventHubNamespace.name}\`: one of them is needed, not both.`,
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
      return `${eventHubClientId.name}: expected ${eventHubCredential.name}=${eventHubCredential.expected} beside it; found nothing there. Without it the trigger does not use this identity.`;
    },
  },
  {
    rule: `\`${eventHubClientId.name}\` and \`${eventHubCredential.name}\` do not go with a connection string in \`${eventHubConnection.name}\`, which signs in by its key.`,
    problem(texts) {
      if (isEmpty(texts(eventHubConnection))) return undefined;
      const useless = [eventHubClientId, eventHubCredential].filter((setting) => !isEmpty(texts(setting)));
      if (useless.length === 0) return undefined;
      return `${useless.map(({ name }) => name).join(', ')}: expected nothing beside ${eventHubConnection.name}, which signs in by its key; found an identity. Take one of the two out.`;
    },
  },
  {
    rule: `\`EntityPath\` in \`${eventHubConnection.name}\`: the trigger would read that hub alone, so it has to be the only one of \`${eventHubNames.name}\`.`,
    problem(texts) {
      const entity = /(?:^|;)\s*EntityPath\s*=\s*([^;]*)/i.exec(texts(eventHubConnection) ?? '')?.[1]?.trim() ?? '';
      const names = namesOf(texts);
      if (entity === '' || texts(eventHubNames) === undefined) return undefined;
      if (names.length === 1 && isSame(names[0] ?? '', entity)) return undefined;
      return `${eventHubConnection.name}: expected no EntityPath, or that of the only hub of ${eventHubNames.name}; found the EntityPath of another hub. The trigger would read that one for each. Take EntityPath out of the connection string.`;
    },
  },
  {
    rule: `\`${deadLetterEventHub.name}\` is none of \`${eventHubNames.name}\`, in any case: a dead letter would come back as a message, without end.`,
    problem(texts) {
      const deadLetters = texts(deadLetterEventHub) ?? '';
      if (deadLetters === '' || !namesOf(texts).some((name) => isSame(name, deadLetters))) return undefined;
      return `${deadLetterEventHub.name}: expected a hub that is none of ${eventHubNames.name}; found "${deadLetters}", which is one. Each dead letter would come back as a message, without end: name another hub.`;
    },
  },
  {
    rule: `\`${budgetSeconds.name}\` and \`${timeoutSeconds.name}\` are together at most ${functionTimeoutSeconds - marginSeconds}: an attempt that begins when the budget is nearly spent still has its own time, and past the functionTimeout of host.json (${functionTimeoutSeconds} s) the host ends the worker with every batch in flight.`,
    problem(texts) {
      const sum = Number(texts(budgetSeconds)) + Number(texts(timeoutSeconds));
      const most = functionTimeoutSeconds - marginSeconds;
      // NaN if one of them is invalid.
      if (!(sum > most)) return undefined;
      return `${budgetSeconds.name}, ${timeoutSeconds.name}: expected at most ${most} together, ${marginSeconds} s below the functionTimeout of host.json; found ${sum}. The host would end the worker with every batch in flight: make one of them shorter.`;
    },
  },
  {
    rule: `\`${endpoint.name}\` and \`${audience.name}\` are of one cloud (azure.com, azure.us, azure.cn): a token for another cloud is refused for ever.`,
    problem(texts) {
      const cloudOf = (setting: Setting<unknown>, host: RegExp): string | undefined =>
        host.exec(texts(setting) ?? '')?.[1]?.toLowerCase();
      const rules = cloudOf(endpoint, /\.ingest\.monitor\.azure\.(com|us|cn)\/?$/i);
      const tokens = cloudOf(audience, /^https:\/\/monitor\.azure\.(com|us|cn)\/?$/i);
      if (rules === undefined || tokens === undefined || rules === tokens) return undefined;
      return `${audience.name}: expected https://monitor.azure.${rules}, the cloud of ${endpoint.name}; found https://monitor.azure.${tokens}. The service would refuse every token.`;
    },
  },
  {
    rule: `${hostsOwn.map((name) => `\`${name}\``).join(', ')}: the host reads them before \`${eventHubConnection.name}\` and the app does not, so that trigger and dead letters would part.`,
    problem(_, environment) {
      const set = hostsOwn.filter((name) => !isEmpty(environment[name]?.trim()));
      if (set.length === 0) return undefined;
      return `${set.join(', ')}: expected nothing; found a connection, which the trigger would use and the dead letters would not. Use ${eventHubConnection.name} or ${eventHubNamespace.name}.`;
    },
  },
];

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text === '';
}
