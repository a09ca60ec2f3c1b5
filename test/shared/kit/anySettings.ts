import * as fc from 'fast-check';
import { additionalFieldNames } from '../../../shared/transform/additionalFields';
import { optionalColumns } from '../../../shared/transform/omissions';
import { additionalFieldsLevels, type TransformSettings } from '../../../shared/transform/transformSettings';
import { toAddressRange } from '../../../shared/transform/values/addressRange';
import { urlRedactions } from '../../../shared/transform/values/redactUrl';

const few = <T>(names: readonly T[]): fc.Arbitrary<ReadonlySet<T>> =>
  fc
    .oneof(fc.constant<T[]>([]), fc.subarray([...names], { maxLength: 8 }), fc.subarray([...names]))
    .map((some) => new Set(some));

/** Any settings of the transform. They leave out nothing, a few columns and keys, or many. */
export const anySettings: fc.Arbitrary<TransformSettings> = fc.record({
  additionalFields: fc.constantFrom(...additionalFieldsLevels),
  omittedColumns: few(optionalColumns),
  columnsBy: fc.constantFrom('OMIT_COLUMNS', 'KEEP_COLUMNS'),
  omittedFields: few(additionalFieldNames),
  mergeFlows: fc.constant('off'),
  urlRedaction: fc.constantFrom(...urlRedactions),
  knownNews: fc.constantFrom(new Set<string>(), new Set(['newcolumn'])),
  proxies: fc.constantFrom(
    [],
    [toAddressRange('0.0.0.0/0')].filter((range) => range !== undefined),
  ),
});
