import type { DeployedApp } from '../deployedApp';
import type { Check } from '../doctorCheck';
import { type Finding, ok, unknown, wrong } from '../finding';
import { hostStorage } from '../hostStorage';
import { type NeededRole, neededRoles } from '../neededRoles';

export const rolesCheck: Check = {
  id: 'roles',
  question: "Does the app's identity have its roles?",
  how: "With `--app` the role assignments of the app's identities are read with the Azure CLI. Without it the roles that the app needs are listed: all other checks run as whoever runs the command.",
  assumes:
    'That a role on a whole subscription, management group or resource group includes the resource. A role on any DCR counts: which DCR a resource id belongs to is not checked.',
  run: async (deployment) => {
    if (deployment.isLocal) return [ok('', 'On a laptop the emulators allow everything to everyone.')];
    const { app, environment } = deployment;
    const needed = neededRoles(deployment);
    const storage = hostStorage(environment);
    const noStorage =
      storage.kind === 'none'
        ? [(app === undefined ? unknown : wrong)('AzureWebJobsStorage', storage.problem, nameStorage)]
        : [];
    if (app !== undefined) return [...needed.map((one) => roleOf(one, app)), ...noStorage];
    const next = 'Run with --app NAME --resource-group GROUP to see.';
    const listed = needed.map(({ role, on }) =>
      unknown(role, `The app needs it on ${on}; not checked who has it.`, next),
    );
    return [...listed, ...noStorage];
  },
};

const nameStorage =
  'Set AzureWebJobsStorage__accountName (and AzureWebJobsStorage__blobServiceUri) to the storage account of the app; without one the host does not start.';

/** The scope of a subscription, a management group or a resource group. */
const above =
  /^\/(?:subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?|providers\/Microsoft\.Management\/managementGroups\/[^/]+)?$/i;

function roleOf({ role, orMore, on, scope }: NeededRole, { roles }: DeployedApp): Finding {
  const held = roles.find(
    (one) => [role, ...orMore].includes(one.role) && (scope.test(one.scope) || above.test(one.scope)),
  );
  if (held !== undefined) return ok(role, `${held.role} on ${held.scope}.`);
  const next = 'Assign it to the identity of the app; a new assignment can take 30 minutes.';
  return wrong(role, `No identity of the app has it on ${on}.`, next);
}
