import { basename } from 'node:path';
import { readAzureYaml, servicesOf } from './azureYaml';
import type { CompiledTemplate } from './bicepCli';
import { filesIn, read } from './files';

/** The compiled template, and what it must agree with besides the app. */
export interface Contract extends CompiledTemplate {
  /** The service that azure.yaml deploys. */
  readonly service: string;
  /** Roles that docs/deploy.md gives the app. */
  readonly rolesInGuide: readonly string[];
  /** Roles that it gives whoever deploys. */
  readonly deployerRolesInGuide: readonly string[];
  /** Parameters that main.bicepparam shows in a comment, because it cannot express their default. */
  readonly shownInComments: readonly string[];
  /** All words of the files that read outputs of the template. */
  readonly words: ReadonlySet<string>;
  /** The queries of the alerts, by file name. */
  readonly alertQueries: Readonly<Record<string, string>>;
}

export function readContract(root: string, compiled: CompiledTemplate): Contract {
  const [guide, azureYaml, manifest] = ['docs/deploy.md', 'azure.yaml', 'package.json'].map((file) => read(root, file));
  const queries = filesIn(root, 'infra/queries/alerts', '.kql');
  return {
    ...compiled,
    service: Object.keys(servicesOf(readAzureYaml(root)))[0] ?? '',
    rolesInGuide: found(guide, /^\| the app \| (.*?) \|/gm),
    deployerRolesInGuide: found(guide, /^\| whoever deploys \| (.*?) \|/gm),
    shownInComments: found(read(root, 'infra/main.bicepparam'), /^\/\/ param (\w+) = /gm),
    words: new Set([guide, azureYaml, manifest].flatMap((text) => found(text, /(\w+)/g))),
    alertQueries: Object.fromEntries(queries.map((file) => [basename(file), read(root, file)])),
  };
}

/** What the group of the pattern matches, each time. */
function found(text = '', pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, group = '']) => group);
}
