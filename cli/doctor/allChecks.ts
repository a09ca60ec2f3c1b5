import { backlogCheck } from './checks/backlogCheck';
import { clockCheck } from './checks/clockCheck';
import { consumerGroupCheck } from './checks/consumerGroupCheck';
import { deadLettersCheck } from './checks/deadLettersCheck';
import { hostJsonCheck } from './checks/hostJsonCheck';
import { hubsCheck } from './checks/hubsCheck';
import { retentionCheck } from './checks/retentionCheck';
import { rolesCheck } from './checks/rolesCheck';
import { rulesCheck } from './checks/rulesCheck';
import { settingsCheck } from './checks/settingsCheck';
import { telemetryCheck } from './checks/telemetryCheck';
import { tokensCheck } from './checks/tokensCheck';
import { versionsCheck } from './checks/versionsCheck';
import type { Check } from './doctorCheck';

/** In the order of the table: what others depend on comes first. */
export const checks: readonly Check[] = [
  settingsCheck,
  tokensCheck,
  hubsCheck,
  consumerGroupCheck,
  deadLettersCheck,
  rulesCheck,
  telemetryCheck,
  rolesCheck,
  clockCheck,
  backlogCheck,
  retentionCheck,
  hostJsonCheck,
  versionsCheck,
];
