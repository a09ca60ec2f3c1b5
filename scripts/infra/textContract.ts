import { messageOf } from '../../shared/errors/messageOf';
import { azureYamlProblems, readAzureYaml } from './azureYaml';
import { filesIn, read } from './files';

/** These suffixes belong to one cloud; they may stand in the list of clouds only. */
const suffixes = /core\.windows\.net|servicebus\.windows\.net|monitor\.azure\.(?:com|us|cn)|opinsights\.azure\.com/;
const listOfClouds = 'infra/types.bicep';

/** What can be checked without compiling: azure.yaml deploys this app as it is built here, and the template runs in every cloud. */
export function textProblems(root: string): string[] {
  return [
    ...deploymentProblems(root),
    ...filesIn(root, 'infra', '.bicep').flatMap((file) => {
      const suffix = suffixes.exec(read(root, file).replaceAll(/^ *\/\/.*$/gm, ''));
      return suffix === null || file === listOfClouds ? [] : [`${file}: ${suffix[0]} is not the same in every cloud`];
    }),
  ];
}

function deploymentProblems(root: string): string[] {
  try {
    return azureYamlProblems(readAzureYaml(root));
  } catch (error) {
    return [`azure.yaml: ${messageOf(error)}`];
  }
}
