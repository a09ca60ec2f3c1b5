import type { Check } from './check';
import { backlogCheck } from './checks/backlog';
import { clockCheck } from './checks/clock';
import { consumerGroupCheck } from './checks/consumerGroup';
import { deadLettersCheck } from './checks/deadLetters';
import { hostJsonCheck } from './checks/hostJson';
import { hubsCheck } from './checks/hubs';
import { retentionCheck } from './checks/retention';
import { rolesCheck } from './checks/roles';
import { rulesCheck } from './checks/rules';
import { settingsCheck } from './checks/settings';
import { telemetryCheck } from './checks/telemetry';
import { tokensCheck } from './checks/tokens';
import { versionsCheck } from './checks/versions';

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
