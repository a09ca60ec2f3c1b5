import { addressFunctions } from './addressFunctions';
import { dynamicFunctions } from './dynamicFunctions';
import { numberFunctions } from './numberFunctions';
import { type Builtin, textFunctions } from './textFunctions';
import { timeFunctions } from './timeFunctions';

/** Of values alone. */
export const builtins: Readonly<Record<string, Builtin>> = {
  ...textFunctions,
  ...numberFunctions,
  ...timeFunctions,
  ...dynamicFunctions,
  ...addressFunctions,
  not: (value = null) => (typeof value === 'boolean' ? !value : null),
  iff: (condition = null, yes = null, no = null) => (condition === true ? yes : no),
  iif: (condition = null, yes = null, no = null) => (condition === true ? yes : no),
  case: (...values) => {
    for (let i = 0; i + 1 < values.length; i += 2) if (values[i] === true) return values[i + 1] ?? null;
    return values.at(-1) ?? null;
  },
  coalesce: (...values) => values.find((value) => value !== null && value !== '') ?? values.at(-1) ?? null,
};
