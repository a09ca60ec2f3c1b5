import type { Check } from '../doctorCheck';
import { type Finding, ok, trouble } from '../finding';

/** Tokens are good from and until a second; servers forgive five minutes. */
const wrongFromMs = 300_000;
const noticedFromMs = 30_000;

export const clockCheck: Check = {
  id: 'clock',
  question: 'Is the clock right?',
  how: 'The `Date` of the answers that other checks got is held against the clock of this machine. It says nothing about the clock of the app unless it is run there.',
  run: async (deployment) => {
    const rules = deployment.ingestion?.ruleIds ?? [];
    await Promise.allSettled([...rules.map(async (rule) => deployment.answerOf(rule)), deployment.telemetryAnswer('')]);
    const findings = [...deployment.clocks.ahead].map(([host, ms]) => judge(host, ms));
    return findings.length > 0
      ? findings
      : [trouble('unknown', '', 'No server answered with its time.', 'See the checks rules and telemetry.')];
  },
};

function judge(host: string, aheadMs: number): Finding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) < noticedFromMs) return ok(host, `Less than ${noticedFromMs / 1000} s apart from the server.`);
  const found = `This machine is ${seconds.toLocaleString('en-US')} s ${aheadMs > 0 ? 'behind' : 'ahead of'} the server.`;
  const next =
    'Set the clock by NTP: tokens and signatures are refused from about 5 minutes on, and delays are measured wrong.';
  return trouble(Math.abs(aheadMs) >= wrongFromMs ? 'wrong' : 'warning', host, found, next);
}
