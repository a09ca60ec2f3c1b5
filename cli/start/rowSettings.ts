import { type Environment, readTransformSettings, rowSettings as settings } from '../../shared/config';

/**
 * The settings of an environment that change rows, for the app that the command starts.
 * @throws ConfigError when one is wrong: the app would not start.
 */
export function rowSettings(environment: Environment): Record<string, string> {
  readTransformSettings(environment);
  return Object.fromEntries(
    settings.flatMap(({ name }) => {
      const text = environment[name];
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
