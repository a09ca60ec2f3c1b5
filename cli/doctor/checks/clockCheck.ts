import { number } from '../../common/numberText';
import type { Check } from '../doctorCheck';
import { type Finding, ok, unknown, warning, wrong } from '../finding';

/** Servers accept tokens whose times are up to five minutes off. */
const wrongFromMs = 300_000;
const noticedFromMs = 30_000;

export const clockCheck: Check = {
  id: 'clock',
  question: 'Is the clock right?',
  how: 'The `Date` of the answers that other checks got is compared with the clock of this machine. It says nothing about the clock of the app unless it is run there.',
  run: async (deployment) => {
    const dcrIds = deployment.ingestion?.ruleIds ?? [];
    await Promise.allSettled([
      ...dcrIds.map(async (dcrId) => deployment.answerOf(dcrId)),
      deployment.telemetryAnswer(''),
    ]);
    const findings = [...deployment.clocks.ahead].map(([host, ms]) => clockOf(host, ms));
    if (findings.length > 0) return findings;
    return [unknown('', 'No server answered with its time.', 'See the checks rules (the DCRs) and telemetry.')];
  },
};

function clockOf(host: string, aheadMs: number): Finding {
  const off = Math.abs(aheadMs);
  if (off < noticedFromMs) return ok(host, `Less than ${noticedFromMs / 1000} s from the server's clock.`);
  const found = `This machine is ${number(off / 1000)} s ${aheadMs > 0 ? 'behind' : 'ahead of'} the server.`;
  const next =
    'Set the clock by NTP: services reject tokens and signatures from about 5 minutes on, and delays are measured wrong.';
  return (off >= wrongFromMs ? wrong : warning)(host, found, next);
}
