/** Variables of this process that every worker needs, on the three operating systems. */
const inheritedVariables = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'SystemRoot',
  'SystemDrive',
  'TEMP',
  'TMP',
  'TMPDIR',
  'LANG',
  'TZ',
  'NODE_EXTRA_CA_CERTS',
];

/** The environment of a worker process: what it needs, what the platform sets, then the app settings. */
export function workerEnvironment(settings: Readonly<Record<string, string>>, appDirectory: string): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (inheritedVariables.some((inherited) => inherited.toLowerCase() === name.toLowerCase())) {
      environment[name] = value;
    }
  }
  return {
    ...environment,
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    AzureWebJobsScriptRoot: appDirectory,
    FUNCTIONS_EXTENSION_VERSION: '~4',
    FUNCTIONS_WORKER_RUNTIME: 'node',
    ...settings,
  };
}
