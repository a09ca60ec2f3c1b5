import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject } from '../../shared/json';
import { columns } from '../../shared/sessions/columns';
import { type Setting, settings } from '../../shared/settings';
import { headerOf } from '../kql/queryHeader';
import type { CompiledTemplate } from './bicepCli';
import { filesIn, read } from './files';

/** Settings that the host and the SDKs read, not the app. */
const platformSettings = [
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
};

/** Types that a stream may declare: https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure */
const streamTypes = new Set(['string', 'int', 'long', 'real', 'boolean', 'datetime', 'dynamic']);

/** Resource types without a stable API version. */
const previewOnly = new Set(['microsoft.insights/diagnosticsettings', 'microsoft.insights/privatelinkscopes']);

/** What the compiled template must agree on with the app and the documents, one line for each difference. */
export function templateProblems(root: string, { template, parameters }: CompiledTemplate): string[] {
  return [
    ...settingProblems(template),
    ...tunableProblems(template),
    ...roleProblems(root, template),
    ...parameterProblems(root, template, parameters),
    ...outputProblems(root, template),
    ...alertProblems(root, template),
    ...apiVersionProblems(template),
    ...Object.entries(columns)
      .filter(([, type]) => !streamTypes.has(type))
      .map(([name, type]) => `column ${name}: a stream has no type "${type}"`),
  ];
}

/** The template sets every setting that the app reads, and no other. */
function settingProblems(template: JsonObject): string[] {
  const { type: _, ...site } = at(moduleNamed(template, 'app'), 'resources', 'app::settings');
  const deployed = new Set(
    JSON.stringify(site['properties']).match(/(?<=')(?:[A-Z][A-Z0-9_]+|\w+__\w+|EventHub)(?=', )/g),
  );
  const expected = new Set([...Object.values(settings).map(({ name }) => name), ...platformSettings]);
  expected.delete(neverDeployed);
  const all = [...deployed];
  return [
    ...(deployed.has(neverDeployed) ? [`modules/app.bicep sets ${neverDeployed}, which holds a key`] : []),
    ...[...expected].filter((name) => !deployed.has(name)).map((name) => `modules/app.bicep does not set ${name}`),
    ...all
      .filter((name) => !expected.has(name) && name !== neverDeployed)
      .map((name) => `modules/app.bicep sets ${name}, which nothing reads`),
    ...all
      .filter((name) => rejectedByFlex.test(name))
      .map((name) => `modules/app.bicep sets ${name}, which Flex Consumption does not take`),
  ];
}

/** The settings that a user of the template may change have the app's defaults and bounds. */
function tunableProblems(template: JsonObject): string[] {
  const types = at(template, 'definitions', 'appSettingsType', 'properties');
  const known: Setting<unknown>[] = Object.values(settings);
  return Object.entries(at(template, 'parameters', 'appSettings', 'defaultValue')).flatMap(([name, value]) => {
    const setting = known.find((one) => one.name === name);
    if (setting === undefined) return [`main.bicep: appSettings has ${name}, which nothing reads`];
    const isDefault = String(value) === setting.default;
    return [
      ...(isDefault ? [] : [`${name}: main.bicep begins with ${String(value)}, the app with ${setting.default}`]),
      ...(accepts(setting, at(types, name))
        ? []
        : [`${name}: types.bicep takes other values than the app (${setting.expected})`]),
    ];
  });
}

/** Whether the type allows exactly what the app does: at its bounds, and at each of its words. */
function accepts({ parse, expected }: Setting<unknown>, type: JsonObject): boolean {
  const { minValue, maxValue, allowedValues } = type;
  if (type['type'] === 'int') {
    const takes = (value: number): boolean => parse(String(value)) !== undefined;
    const [least, most] = [Number(minValue), Number(maxValue)];
    return takes(least) && !takes(least - 1) && takes(most) && !takes(most + 1);
  }
  // Bicep has no type for a text of a certain form.
  if (allowedValues === undefined) return true;
  return isDeepStrictEqual(allowedValues, expected.split(', ').toSorted());
}

/** Role ids are the documented ones; each role is assigned on one resource, and the guide names it. */
function roleProblems(root: string, template: JsonObject): string[] {
  const roles = moduleNamed(template, 'roles');
  const guide = read(root, 'docs/deploy.md');
  const assignments = Object.values(at(roles, 'resources'))
    .filter(isObject)
    .filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments');
  const assigned = JSON.stringify(assignments);
  return [
    ...Object.entries(at(roles, 'variables', 'roleIds')).flatMap(([name, id]) => {
      const known = builtInRoles[name];
      if (known === undefined) return [`types.bicep: scripts/infra/templateContract.ts does not know the role ${name}`];
      return [
        ...(id === known[1] ? [] : [`types.bicep: ${name} is ${String(id)}, but ${known[0]} is ${known[1]}`]),
        ...(assigned.includes(`variables('roleIds').${name}`) ? [] : [`modules/roles.bicep does not assign ${name}`]),
        ...(guide.includes(`| the app | ${known[0]} |`) ? [] : [`docs/deploy.md does not give the app ${known[0]}`]),
      ];
    }),
    ...assignments
      .filter(({ scope }) => scope === undefined)
      .map(() => 'modules/roles.bicep: an assignment without a scope counts for the whole resource group'),
  ];
}

/** Every description says whether the parameter is needed; main.bicepparam shows each parameter with its default. */
function parameterProblems(root: string, template: JsonObject, given: JsonObject): string[] {
  const text = read(root, 'infra/main.bicepparam');
  const ofMain = Object.entries(at(template, 'parameters')).flatMap(([name, parameter]) => {
    const { defaultValue, nullable } = objectOf(parameter);
    const isOptional = defaultValue !== undefined || nullable === true;
    const isExpression = typeof defaultValue === 'string' && defaultValue.startsWith('[');
    const isShown = given[name] !== undefined || new RegExp(`^// param ${name} = `, 'm').test(text);
    const shown = objectOf(given[name] ?? {})['value'];
    const isAsShown = !isOptional || isExpression || isDeepStrictEqual(shown ?? null, defaultValue ?? null);
    return [
      ...describedAs(isOptional ? 'Optional.' : 'Required.', 'main.bicep', name, parameter),
      ...(isShown ? [] : [`main.bicepparam does not show ${name}`]),
      ...(!isShown || isAsShown
        ? []
        : [
            `main.bicepparam shows ${name} as ${JSON.stringify(shown)}, but its default is ${JSON.stringify(defaultValue)}`,
          ]),
    ];
  });
  const ofModules = modulesOf(template).flatMap(([module, inner]) =>
    Object.entries(objectOf(inner['parameters'] ?? {})).flatMap(([name, parameter]) =>
      describedAs('Required.', `module ${module}`, name, parameter),
    ),
  );
  return [...ofMain, ...ofModules];
}

function describedAs(word: string, file: string, name: string, parameter: Json): string[] {
  const { description } = objectOf(objectOf(parameter)['metadata'] ?? {});
  const isRight = typeof description === 'string' && description.startsWith(word);
  return isRight ? [] : [`${file}: the description of ${name} should begin with "${word}"`];
}

/** A document or a command reads each output of the template; another file each output of a module. */
function outputProblems(root: string, template: JsonObject): string[] {
  const readers = ['docs/deploy.md', 'azure.yaml', 'package.json'].map((file) => read(root, file)).join('\n');
  const compiled = JSON.stringify(template);
  return [
    ...Object.keys(at(template, 'outputs')).flatMap((name) => [
      ...(/^[A-Z][A-Z0-9_]*$/.test(name) ? [] : [`main.bicep: output ${name} is not in UPPER_SNAKE, as azd wants`]),
      ...(new RegExp(`\\b${name}\\b`).test(readers) ? [] : [`main.bicep: nothing reads the output ${name}`]),
    ]),
    ...modulesOf(template).flatMap(([module, { outputs = {} }]) =>
      Object.keys(objectOf(outputs))
        .filter((name) => !new RegExp(`outputs\\.${name}\\b|'outputs', '${name}'`).test(compiled))
        .map((name) => `module ${module}: nothing reads the output ${name}`),
    ),
  ];
}

/** Every threshold has its alert, every query is loaded, and an alert splits by the columns that its query returns. */
function alertProblems(root: string, template: JsonObject): string[] {
  const { variables, ...module } = moduleNamed(template, 'logAlerts');
  const uses = JSON.stringify([variables ?? null, module, moduleNamed(template, 'metricAlerts')]);
  const alerts = at({ variables: variables ?? {} }, 'variables');
  const loaded = new Map(
    arrayOf(alerts['all']).map((alert) => {
      const { query, dimensions } = objectOf(alert);
      const text = alerts[/variables\('(.*)'\)/.exec(String(query))?.[1] ?? ''];
      return [String(text).trim(), arrayOf(dimensions).map(String).toSorted()] as const;
    }),
  );
  return [
    ...Object.keys(at(template, 'definitions', 'alertsType', 'properties'))
      .filter((kind) => !new RegExp(`\\('alerts'\\)\\.${kind}\\b`).test(uses))
      .map((kind) => `types.bicep: no alert uses alerts.${kind}`),
    ...filesIn(root, 'infra/queries/alerts', '.kql').flatMap((file) => {
      const query = read(root, file);
      const dimensions = loaded.get(query.trim());
      if (dimensions === undefined) return [`${basename(file)}: no alert loads this query`];
      const returned = Object.keys(headerOf(query).returns ?? {}).filter((name) => name !== 'Value');
      if (isDeepStrictEqual(returned.toSorted(), dimensions)) return [];
      return [`${basename(file)} returns ${returned.join(', ')}, its alert splits by ${dimensions.join(', ')}`];
    }),
  ];
}

/** Each resource type has one API version, and a stable one where there is one. */
function apiVersionProblems(template: JsonObject): string[] {
  const versions = new Map<string, string>();
  return [template, ...modulesOf(template).map(([, module]) => module)].flatMap((one) =>
    Object.values(objectOf(one['resources'] ?? {})).flatMap((resource) => {
      const { type, apiVersion } = objectOf(resource);
      const service = String(type).split('/').slice(0, 2).join('/').toLowerCase();
      if (service === 'microsoft.resources/deployments') return [];
      const version = String(apiVersion);
      const first = versions.get(service) ?? version;
      versions.set(service, first);
      return [
        ...(first === version ? [] : [`${String(type)} has the API versions ${first} and ${version}; use one`]),
        ...(version.endsWith('-preview') && !previewOnly.has(service)
          ? [`${String(type)}@${version} is a preview`]
          : []),
      ];
    }),
  );
}

/** The compiled modules by their symbolic names, those of modules included. */
function modulesOf(template: JsonObject): [string, JsonObject][] {
  return Object.entries(objectOf(template['resources'] ?? {})).flatMap(([name, resource]) => {
    const { properties } = objectOf(resource);
    const inner = isObject(properties) ? properties['template'] : undefined;
    return isObject(inner) ? [[name, inner], ...modulesOf(inner)] : [];
  });
}

function moduleNamed(template: JsonObject, name: string): JsonObject {
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

function arrayOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
