import type { Check } from '../doctorCheck';
import { backlogCheck } from './backlogCheck';
import { clockCheck } from './clockCheck';
import { consumerGroupCheck } from './consumerGroupCheck';
import { countedTwiceCheck } from './countedTwiceCheck';
import { dcrsCheck } from './dcrsCheck';
import { deadLettersCheck } from './deadLettersCheck';
import { hostJsonCheck } from './hostJsonCheck';
import { hubsCheck } from './hubsCheck';
import { retentionCheck } from './retentionCheck';
import { rolesCheck } from './rolesCheck';
import { settingsCheck } from './settingsCheck';
import { telemetryCheck } from './telemetryCheck';
import { tokensCheck } from './tokensCheck';
import { versionsCheck } from './versionsCheck';

/** In the order of the report: a check comes after those that it depends on. */
export const checks: readonly Check[] = [
  settingsCheck,
  tokensCheck,
  hubsCheck,
  consumerGroupCheck,
  deadLettersCheck,
  dcrsCheck,
  telemetryCheck,
  rolesCheck,
  clockCheck,
  backlogCheck,
  retentionCheck,
  hostJsonCheck,
  versionsCheck,
  countedTwiceCheck,
];
