import type { Check } from '../check';
import type { DeployedApp } from '../deployedApp';
import { type Finding, ok, trouble } from '../finding';
import { type NeededRole, neededRoles } from '../neededRoles';

export const rolesCheck: Check = {
  id: 'roles',
  question: 'Has the identity of the app its roles?',
  how: "With `--app` the role assignments of the app's identities are read with the Azure CLI. Without it the roles that the app needs are listed: all other checks run as whoever runs the command.",
  assumes:
    'That a role on a whole subscription, management group or resource group holds for the resource; a rule is not told from another rule.',
  run: async (deployment) => {
    const needed = neededRoles(deployment);
    if (deployment.isLocal) return [ok('', 'On a laptop the emulators let everybody do everything.')];
    const { app } = deployment;
    if (app !== undefined) return needed.map((one) => judge(one, app));
    return needed.map(({ role, on }) =>
      trouble(
        'unknown',
        role,
        `The app needs it on ${on}; who has it was not asked.`,
        'Run with --app NAME --resource-group GROUP to see.',
      ),
    );
  },
};

/** Above any resource: a subscription, a management group, a resource group. */
const above =
  /^\/(?:subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?|providers\/Microsoft\.Management\/managementGroups\/[^/]+)?$/i;

function judge({ role, orMore, on, scope }: NeededRole, { roles }: DeployedApp): Finding {
  const held = roles.find(
    (one) => [role, ...orMore].includes(one.role) && (scope.test(one.scope) || above.test(one.scope)),
  );
  if (held !== undefined) return ok(role, `${held.role} on ${held.scope}.`);
  return trouble(
    'wrong',
    role,
    `No identity of the app has it on ${on}.`,
    'Assign it to the identity of the app; it takes up to 30 minutes to work.',
  );
}
