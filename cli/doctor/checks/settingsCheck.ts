import { settings } from '../../../shared/appSettings';
import type { Check } from '../doctorCheck';
import { type Finding, ok, warning, wrong } from '../finding';

const known = new Set<string>(Object.values(settings).map(({ name }) => name));
/** Names that begin like this are meant for the app; one that it does not know is probably misspelt. */
const own = /^(?:EventHub__|EVENT_?HUB_|DEAD_?LETTER_|LOGS_?INGESTION_|DELIVERY_)/i;
/** Read by the platform. */
const platform = new Set(['EventHub__tenantId', 'EventHub__clientSecret']);

export const settingsCheck: Check = {
  id: 'settings',
  question: 'Are the settings right?',
  how: "All of them are read as the app reads them. Names that look like the app's and are not are reported too.",
  run: async ({ environment, problems }) => {
    const misspelt = Object.keys(environment).filter(
      (name) => own.test(name) && !known.has(name) && !platform.has(name),
    );
    const next = 'Correct it: the app does not start with it. See docs/settings.md.';
    const findings: Finding[] = [
      ...problems.map((problem) => wrong(problem.split(':', 1)[0] ?? '', problem, next)),
      ...misspelt.map((name) =>
        warning(name, `${name} is no setting of the app and has no effect.`, 'Compare the name with docs/settings.md.'),
      ),
    ];
    return findings.length > 0 ? findings : [ok('', `All ${known.size} are as expected, defaults included.`)];
  },
};
