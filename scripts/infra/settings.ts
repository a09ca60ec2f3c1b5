import { type Setting, settings } from '../../shared/appSettings';
import { declaration, propertiesAfter, stringsIn } from './bicepText';
import { read } from './files';
import { unless } from './unless';

/** Read by the host and by the SDKs of the platform, not by the app. */
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

/** With a key, for laptops and tests. */
const neverDeployed = new Set<string>([settings.eventHubConnection.name]);

/** Flex Consumption takes these from the plan and refuses or ignores them: https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations */
const refusedByFlex =
  /^(FUNCTIONS_(EXTENSION_VERSION|WORKER_RUNTIME(_VERSION)?|WORKER_PROCESS_COUNT|MAX_HTTP_CONCURRENCY|WORKER_DYNAMIC_CONCURRENCY_ENABLED)|ENABLE_ORYX_BUILD|SCM_DO_BUILD_DURING_DEPLOYMENT|WEBSITE_.*)$/;

/** Every setting that the app reads is set by the template, the other way round, and with the same defaults and bounds. */
export function settingProblems(root: string): string[] {
  const deployed = propertiesAfter(
    read(root, 'infra/modules/app.bicep').split("name: 'appsettings'")[1] ?? '',
    'properties: {',
  );
  const known: Setting<unknown>[] = Object.values(settings);
  const expected = new Set([...known.map(({ name }) => name), ...platformSettings]);
  return [
    ...[...expected]
      .filter((name) => deployed.has(name) === neverDeployed.has(name))
      .map((name) =>
        neverDeployed.has(name)
          ? `infra/modules/app.bicep sets ${name}, which holds a key`
          : `infra/modules/app.bicep does not set ${name}, which the app reads`,
      ),
    ...[...deployed.keys()]
      .filter((name) => !expected.has(name))
      .map((name) => `infra/modules/app.bicep sets ${name}, which nothing reads`),
    ...[...deployed.keys()]
      .filter((name) => refusedByFlex.test(name))
      .map((name) => `infra/modules/app.bicep sets ${name}, which Flex Consumption does not take`),
    ...tunableProblems(root, known),
  ];
}

/** The settings that a user of the template may change: default and bounds are the app's own. */
function tunableProblems(root: string, known: readonly Setting<unknown>[]): string[] {
  const defaults = propertiesAfter(read(root, 'infra/main.bicep'), 'param appSettings appSettingsType = {');
  const type = declaration(read(root, 'infra/types.bicep'), 'type', 'appSettingsType').text;
  return [...defaults].flatMap(([name, text]) => {
    const setting = known.find((one) => one.name === name);
    if (setting === undefined) return [`appSettings of infra/main.bicep has ${name}, which nothing reads`];
    const value = text.replaceAll("'", '');
    return [
      unless(
        value === setting.default,
        `${name}: infra/main.bicep begins with ${value}, the app with ${setting.default}`,
      ),
      unless(
        accepts(setting, type),
        `${name}: infra/types.bicep takes other values than the app (${setting.expected})`,
      ),
    ].flat();
  });
}

/** Whether the type allows exactly what the app does: at its bounds, and at each of its words. */
function accepts(setting: Setting<unknown>, type: string): boolean {
  const property = new RegExp(
    `(?:@minValue\\((\\d+)\\)\\n  @maxValue\\((\\d+)\\)\\n  )?${setting.name}: (.*)$`,
    'm',
  ).exec(type);
  if (property === null) return false;
  const [, least, most, kind = ''] = property;
  const takes = (value: number): boolean => setting.parse(String(value)) !== undefined;
  if (kind === 'int')
    return takes(Number(least)) && !takes(Number(least) - 1) && takes(Number(most)) && !takes(Number(most) + 1);
  // Text of a form that no type of Bicep can say.
  if (kind === 'string') return true;
  return stringsIn(kind).join(', ') === setting.expected;
}
