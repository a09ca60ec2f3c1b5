import { alertProblems } from './alerts';
import { azdProblems } from './azd';
import { columnProblems } from './columns';
import { outputProblems } from './outputs';
import { parameterProblems } from './parameters';
import { resourceProblems } from './resources';
import { roleProblems } from './roles';
import { settingProblems } from './settings';

/** What the template, the app and the documents agree on, checked on their texts. Empty when all is well. */
export function contractProblems(root: string): string[] {
  return [
    columnProblems,
    settingProblems,
    roleProblems,
    parameterProblems,
    outputProblems,
    alertProblems,
    resourceProblems,
    azdProblems,
  ].flatMap((check) => check(root));
}
