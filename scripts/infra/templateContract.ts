import { isDeepStrictEqual } from 'node:util';
import { type Setting, settings } from '../../shared/appSettings';
import { isObject, type Json, type JsonObject, stringifyJson } from '../../shared/json';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import { headerOf } from '../kql/queryHeader';
import type { Contract } from './readContract';

/** Settings that the host and the SDKs read, not the app. */
export const platformSettings: readonly string[] = [
  'AzureWebJobsStorage__accountName',
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__clientId',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
];

/** Holds a key: for laptops and tests only. */
const neverDeployed: string = settings.eventHubConnection.name;

/** Flex Consumption takes these from the plan and rejects or ignores them: https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations */
const rejectedByFlex =
  /^(FUNCTIONS_(EXTENSION_VERSION|WORKER_RUNTIME(_VERSION)?|WORKER_PROCESS_COUNT|MAX_HTTP_CONCURRENCY|WORKER_DYNAMIC_CONCURRENCY_ENABLED)|ENABLE_ORYX_BUILD|SCM_DO_BUILD_DURING_DEPLOYMENT|WEBSITE_.*)$/;

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const builtInRoles: Readonly<Record<string, readonly [role: string, id: string]>> = {
  azureEventHubsDataReceiver: ['Azure Event Hubs Data Receiver', 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'],
  azureEventHubsDataSender: ['Azure Event Hubs Data Sender', '2b629674-e913-4c01-ae53-ef4638d8f975'],
  monitoringMetricsPublisher: ['Monitoring Metrics Publisher', '3913510d-42f4-4e42-8a64-420c390055eb'],
  storageBlobDataOwner: ['Storage Blob Data Owner', 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'],
  logAnalyticsReader: ['Log Analytics Reader', '73c42c96-874c-492b-b04d-ab87d138a893'],
  storageBlobDataReader: ['Storage Blob Data Reader', '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'],
};

/** Types that a stream may declare: https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure */
const streamTypes = new Set(['string', 'int', 'long', 'real', 'boolean', 'datetime', 'dynamic']);

/** Resource types without a stable API version. */
const previewOnly = new Set(['microsoft.insights/diagnosticsettings', 'microsoft.insights/privatelinkscopes']);

/** Compares the compiled template with the app and the documents; returns the differences, one line each. */
export function templateProblems(contract: Contract): string[] {
  const { template } = contract;
  const problems: string[] = [];
  const check: Check = (holds, problem) => {
    if (!holds) problems.push(problem);
  };
  checkService(contract, check);
  checkSettings(template, check);
  checkTunables(template, check);
  checkRoles(contract, check);
  checkParameters(contract, check);
  checkOutputs(contract, check);
  checkAlerts(contract, check);
  checkApiVersions(template, check);
  for (const [name, type] of Object.entries(columns))
    check(streamTypes.has(type), `column ${name}: a stream has no type "${type}"`);
  return problems;
}

/** Notes the problem unless the condition holds. */
type Check = (holds: boolean, problem: string) => void;

/** azd finds the app by its tag, which is the name of the service. */
function checkService({ template, service }: Contract, check: Check): void {
  const tag = textOf(at(template, 'resources', 'app', 'properties', 'parameters', 'serviceName')['value']);
  check(service === tag, `azure.yaml deploys the service "${service}", infra/main.bicep tags "${tag}"`);
}

/** The template sets every setting that the app reads, and no other. */
function checkSettings(template: JsonObject, check: Check): void {
  const { resources } = moduleNamed(template, 'app');
  const { properties = {} } = objectsIn(resources).find(({ type }) => type === 'Microsoft.Web/sites/config') ?? {};
  const names = JSON.stringify(properties).match(/(?<=')(?:[A-Z][A-Z0-9_]+|\w+__\w+|EventHub)(?=', )/g);
  const deployed = new Set<string>(names);
  const expected = new Set([...Object.values(settings).map(({ name }) => name), ...platformSettings]);
  expected.delete(neverDeployed);
  check(!deployed.has(neverDeployed), `modules/app.bicep sets ${neverDeployed}, which holds a key`);
  deployed.delete(neverDeployed);
  for (const name of expected) check(deployed.has(name), `modules/app.bicep does not set ${name}`);
  for (const name of deployed) {
    check(expected.has(name), `modules/app.bicep sets ${name}, which nothing reads`);
    check(!rejectedByFlex.test(name), `modules/app.bicep sets ${name}, which Flex Consumption does not take`);
  }
}

/** The settings that a user of the template may change have the app's defaults and bounds. */
function checkTunables(template: JsonObject, check: Check): void {
  const types = at(template, 'definitions', 'appSettingsType', 'properties');
  const known: Setting<unknown>[] = Object.values(settings);
  for (const [name, value] of Object.entries(at(template, 'parameters', 'appSettings', 'defaultValue'))) {
    const setting = known.find((one) => one.name === name);
    check(setting !== undefined, `main.bicep: appSettings has ${name}, which nothing reads`);
    if (setting === undefined) continue;
    const shown = textOf(value);
    check(shown === setting.default, `${name}: main.bicep begins with ${shown}, the app with ${setting.default}`);
    const isSame = accepts(setting, at(types, name));
    check(isSame, `${name}: types.bicep takes other values than the app (${setting.expected})`);
  }
}

/** Whether the type allows exactly what the app does: at its bounds, and at each of its words. */
function accepts(
  { parse, expected }: Setting<unknown>,
  { type, minValue, maxValue, allowedValues }: JsonObject,
): boolean {
  if (type === 'int') {
    const takes = (value: number): boolean => parse(String(value)) !== undefined;
    const [least, most] = [Number(minValue), Number(maxValue)];
    return takes(least) && !takes(least - 1) && takes(most) && !takes(most + 1);
  }
  // Bicep has no type for a text of a certain form.
  return allowedValues === undefined || isDeepStrictEqual(allowedValues, expected.split(', ').toSorted());
}

/** Role ids are the documented ones; each role is assigned on one resource, and the guide names it: to the app, and to whoever deploys. */
function checkRoles({ template, rolesInGuide, deployerRolesInGuide }: Contract, check: Check): void {
  checkAssignments(template, { module: 'roles', ids: 'roleIds', who: 'the app', inGuide: rolesInGuide }, check);
  const inGuide = deployerRolesInGuide;
  checkAssignments(template, { module: 'deployerRoles', ids: 'readerRoleIds', who: 'whoever deploys', inGuide }, check);
}

interface Assigned {
  readonly module: string;
  /** The variable of the module with the ids of its roles. */
  readonly ids: string;
  readonly who: string;
  readonly inGuide: readonly string[];
}

function checkAssignments(template: JsonObject, { module, ids, who, inGuide }: Assigned, check: Check): void {
  const roles = moduleNamed(template, module);
  const assignments = objectsIn(roles['resources']).filter(
    ({ type }) => type === 'Microsoft.Authorization/roleAssignments',
  );
  const assigned = JSON.stringify(assignments);
  for (const [name, id] of Object.entries(at(roles, 'variables', ids))) {
    const [role, documentedId] = builtInRoles[name] ?? [name, 'not known to scripts/infra/templateContract.ts'];
    check(id === documentedId, `types.bicep: ${name} is ${textOf(id)}, but ${role} is ${documentedId}`);
    check(assigned.includes(`variables('${ids}').${name}`), `modules/${module}.bicep does not assign ${name}`);
    check(inGuide.includes(role), `docs/deploy.md does not give ${who} ${role}`);
  }
  const isScoped = assignments.every(({ scope }) => scope !== undefined);
  check(isScoped, `modules/${module}.bicep: an assignment without a scope counts for the whole resource group`);
}

/** Every description says whether the parameter is needed; main.bicepparam shows each parameter with its default. */
function checkParameters({ template, parameters: given, shownInComments }: Contract, check: Check): void {
  for (const [name, parameter] of Object.entries(at(template, 'parameters'))) {
    const { defaultValue, nullable } = objectOf(parameter);
    const isOptional = defaultValue !== undefined || nullable === true;
    checkDescription(isOptional ? 'Optional.' : 'Required.', 'main.bicep', name, parameter, check);
    const isShown = given[name] !== undefined || shownInComments.includes(name);
    check(isShown, `main.bicepparam does not show ${name}`);
    const isExpression = typeof defaultValue === 'string' && defaultValue.startsWith('[');
    if (!isShown || !isOptional || isExpression) continue;
    const { value: shown = null } = objectOf(given[name]);
    const problem = `main.bicepparam shows ${name} as ${textOf(shown)}, but its default is ${textOf(defaultValue)}`;
    check(isDeepStrictEqual(shown, defaultValue ?? null), problem);
  }
  for (const [module, { parameters }] of modulesOf(template)) {
    for (const [name, parameter] of Object.entries(objectOf(parameters)))
      checkDescription('Required.', `module ${module}`, name, parameter, check);
  }
}

function checkDescription(word: string, file: string, name: string, parameter: Json, check: Check): void {
  const { description } = objectOf(objectOf(parameter)['metadata']);
  check(textOf(description).startsWith(word), `${file}: the description of ${name} should begin with "${word}"`);
}

/** A document or a command reads each output of the template; another file reads each output of a module. */
function checkOutputs({ template, words }: Contract, check: Check): void {
  const compiled = JSON.stringify(template);
  for (const name of Object.keys(at(template, 'outputs'))) {
    check(/^[A-Z][A-Z0-9_]*$/.test(name), `main.bicep: output ${name} is not in UPPER_SNAKE, as azd wants`);
    check(words.has(name), `main.bicep: nothing reads the output ${name}`);
  }
  for (const [module, { outputs }] of modulesOf(template)) {
    for (const name of Object.keys(objectOf(outputs))) {
      const isRead = new RegExp(`outputs\\.${name}\\b|'outputs', '${name}'`).test(compiled);
      check(isRead, `module ${module}: nothing reads the output ${name}`);
    }
  }
}

/** Every threshold has its alert, every query is loaded, and an alert splits by the columns that its query returns. */
function checkAlerts({ template, alertQueries }: Contract, check: Check): void {
  const module = moduleNamed(template, 'logAlerts');
  const uses = JSON.stringify([module, moduleNamed(template, 'metricAlerts')]);
  for (const kind of Object.keys(at(template, 'definitions', 'alertsType', 'properties'))) {
    check(new RegExp(`\\('alerts'\\)\\.${kind}\\b`).test(uses), `types.bicep: no alert uses alerts.${kind}`);
  }
  const { all, ...texts } = at(module, 'variables');
  const loaded = new Map<string, string[]>();
  for (const { query, dimensions } of objectsIn(all)) {
    const variable = /variables\('(.*)'\)/.exec(textOf(query))?.[1] ?? '';
    const columnNames = Array.isArray(dimensions) ? dimensions.map(textOf) : [];
    loaded.set(textOf(texts[variable]).trim(), columnNames.toSorted());
  }
  for (const [file, query] of Object.entries(alertQueries)) {
    const dimensions = loaded.get(query.trim());
    check(dimensions !== undefined, `${file}: no alert loads this query`);
    const returned = Object.keys(headerOf(query).returns ?? {}).filter((name) => name !== 'Value');
    const isSame = dimensions === undefined || isDeepStrictEqual(returned.toSorted(), dimensions);
    check(isSame, `${file} returns ${returned.join(', ')}, its alert splits by ${dimensions?.join(', ')}`);
  }
}

/** Each resource type has one API version, and a stable one if there is one. */
function checkApiVersions(template: JsonObject, check: Check): void {
  const versions = new Map<string, string>();
  const templates = modulesOf(template).concat([['main', template]]);
  for (const { type: name, apiVersion } of templates.flatMap(([, { resources }]) => objectsIn(resources))) {
    const [type, version] = [textOf(name), textOf(apiVersion)];
    const service = type.split('/').slice(0, 2).join('/').toLowerCase();
    if (service === 'microsoft.resources/deployments') continue;
    const first = versions.get(service) ?? version;
    versions.set(service, first);
    check(first === version, `${type} has the API versions ${first} and ${version}; use one`);
    check(!version.endsWith('-preview') || previewOnly.has(service), `${type}@${version} is a preview`);
  }
}

/** The compiled modules by their symbolic names, those of modules included. */
function modulesOf(template: JsonObject): [string, JsonObject][] {
  const found: [string, JsonObject][] = [];
  for (const [name, resource] of Object.entries(objectOf(template['resources']))) {
    const inner = objectOf(objectOf(resource)['properties'])['template'];
    if (isObject(inner)) found.push([name, inner], ...modulesOf(inner));
  }
  return found;
}

export function moduleNamed(template: JsonObject, name: string): JsonObject {
  return at(template, 'resources', name, 'properties', 'template');
}

/** The object under these keys. @throws TypeError that names the first key without an object. */
function at(value: JsonObject, ...keys: readonly string[]): JsonObject {
  return keys.reduce((inner: JsonObject, key) => {
    const found = inner[key];
    if (!isObject(found)) throw new TypeError(`The compiled template has no object ${keys.join('.')} (at ${key}).`);
    return found;
  }, value);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of an array, or of an object's members. */
function objectsIn(value: Json | undefined): JsonObject[] {
  return Object.values(value ?? {}).filter(isObject);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : stringifyJson([value ?? null]).slice(1, -1);
}
