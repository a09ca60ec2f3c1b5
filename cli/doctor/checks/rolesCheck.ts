import type { DeployedApp } from '../deployedApp';
import type { Check } from '../doctorCheck';
import { type Finding, ok, trouble } from '../finding';
import { hostStorage } from '../hostStorage';
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
    const { app, environment } = deployment;
    const storage = hostStorage(environment);
    const withoutStorage =
      storage.kind === 'none'
        ? [trouble(app === undefined ? 'unknown' : 'wrong', 'AzureWebJobsStorage', storage.problem, nameStorage)]
        : [];
    if (app !== undefined) return [...needed.map((one) => judge(one, app)), ...withoutStorage];
    const listed = needed.map(({ role, on }) =>
      trouble(
        'unknown',
        role,
        `The app needs it on ${on}; who has it was not asked.`,
        'Run with --app NAME --resource-group GROUP to see.',
      ),
    );
    return [...listed, ...withoutStorage];
  },
};

const nameStorage =
  'Set AzureWebJobsStorage__accountName (and AzureWebJobsStorage__blobServiceUri) to the storage account of the app; without one the host does not start.';

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
