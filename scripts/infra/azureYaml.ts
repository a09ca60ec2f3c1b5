import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from '../../shared/json';
import { read } from './files';

const hookScripts = ['posix', 'windows'];
/** How azd deploys a service that is built here. */
const deployed: Readonly<Record<string, Json>> = { host: 'function', dist: 'out/package', remoteBuild: false };

/** @throws YAMLParseError when azure.yaml is not YAML */
export function readAzureYaml(root: string): JsonObject {
  const value: unknown = parse(read(root, 'azure.yaml'));
  return objectOf(value);
}

/** The services that azd deploys, by name. */
export function servicesOf(azureYaml: JsonObject): JsonObject {
  return objectOf(azureYaml['services']);
}

/** The script that a hook runs on one system, `posix` or `windows`; empty when there is none. */
export function scriptOf(hook: Json | undefined, system: string): string {
  const { run } = objectOf(objectOf(hook)[system]);
  return typeof run === 'string' ? run : '';
}

/** azure.yaml deploys this app as it is built here, from any system. */
export function azureYamlProblems(azureYaml: JsonObject): string[] {
  const services = Object.entries(servicesOf(azureYaml));
  if (services.length === 0) return ['azure.yaml: services: expected the app'];
  return [
    ...hookProblems('', azureYaml),
    ...services.flatMap(([name, service]) => serviceProblems(`services.${name}.`, objectOf(service))),
  ].map((problem) => `azure.yaml: ${problem}`);
}

function serviceProblems(path: string, service: JsonObject): string[] {
  const wrong = Object.entries(deployed).filter(([key, expected]) => service[key] !== expected);
  const problems = wrong.map(([key, expected]) => {
    const [should, is = 'nothing'] = [expected, service[key]].map((value) => JSON.stringify(value));
    return `${path}${key}: expected ${should}, found ${is}`;
  });
  return [...problems, ...hookProblems(path, service)];
}

function hookProblems(path: string, { hooks }: JsonObject): string[] {
  return Object.entries(objectOf(hooks)).flatMap(([name, hook]) =>
    hookScripts
      .filter((system) => scriptOf(hook, system) === '')
      .map((system) => `${path}hooks.${name}: expected a script under ${system}.run`),
  );
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
