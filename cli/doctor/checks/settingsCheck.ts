import { settings } from '../../../shared/settings';
import type { Check } from '../doctorCheck';
import { type Finding, ok, trouble } from '../finding';

const known = new Set<string>(Object.values(settings).map(({ name }) => name));
/** What begins so is meant for the app; a name that it does not know is probably a slip. */
const own = /^(?:EventHub__|EVENT_?HUB_|DEAD_?LETTER_|LOGS_?INGESTION_|DELIVERY_)/i;
/** Read by the platform. */
const platform = new Set(['EventHub__tenantId', 'EventHub__clientSecret']);

export const settingsCheck: Check = {
  id: 'settings',
  question: 'Are the settings right?',
  how: "All of them are read by the rules of the app. Names that look like the app's and are not are told too.",
  run: async ({ environment, problems }) => {
    const slips = Object.keys(environment).filter((name) => own.test(name) && !known.has(name) && !platform.has(name));
    const findings: Finding[] = [
      ...problems.map((problem) =>
        trouble(
          'wrong',
          problem.split(':', 1)[0] ?? '',
          problem,
          'Correct it: the app does not start with it. See docs/settings.md.',
        ),
      ),
      ...slips.map((name) =>
        trouble(
          'warning',
          name,
          `${name} is no setting of the app and has no effect.`,
          'Compare the name with docs/settings.md.',
        ),
      ),
    ];
    return findings.length > 0 ? findings : [ok('', `All ${known.size} are as expected, defaults included.`)];
  },
};
