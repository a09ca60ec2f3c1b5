import * as fc from 'fast-check';
import type { WritableColumn } from '../../../shared/sessions/row';
import { additionalFieldNames } from '../../../shared/transform/additionalFields';
import { optionalColumns } from '../../../shared/transform/omissions';

const few = <T>(names: readonly T[]): fc.Arbitrary<ReadonlySet<T>> =>
  fc
    .oneof(fc.constant<T[]>([]), fc.subarray([...names], { maxLength: 8 }), fc.subarray([...names]))
    .map((some) => new Set(some));

/** Settings that leave out nothing, a few columns and keys, or many. */
export const omissions: {
  readonly omittedColumns: fc.Arbitrary<ReadonlySet<WritableColumn>>;
  readonly omittedFields: fc.Arbitrary<ReadonlySet<string>>;
} = { omittedColumns: few(optionalColumns), omittedFields: few(additionalFieldNames) };
