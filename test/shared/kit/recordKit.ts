import { type Column, columns, detailColumns, sessionActions, valueOf } from 'defender-samples/hostile';
import { Random } from 'defender-samples/random';
import * as fc from 'fast-check';
import { type Json, type JsonObject, parseJson } from '../../../shared/json';
import { anyJson, anyText, hostileText, objectOf } from './valueKit';

/** The action types of single sessions in both mapped tables, and some that nobody has listed. */
export const actionTypes = [
  ...sessionActions.filter((action) => !action.endsWith('AggregatedReport')),
  'QuicConnectionInspected',
  'SomethingNew',
];

const hostileValue: fc.Arbitrary<Json> = fc.oneof(hostileText, anyJson);

/** A column's values as the hostile stream has them, and at times any other. */
function valuesOf(column: Column): fc.Arbitrary<Json> {
  const drawn = fc.integer().map((seed) => parseJson(valueOf(column, new Random(seed))));
  const listed = fc.constantFrom(...column.listed.map(parseJson));
  return fc.oneof(
    { weight: 3, arbitrary: column.drawn.length > 0 ? drawn : listed },
    { weight: 3, arbitrary: listed },
    { weight: 1, arbitrary: hostileValue },
  );
}

const unknownEntries = fc.array(fc.tuple(fc.oneof(anyText, fc.constantFrom('__proto__', 'NewColumn')), hostileValue), {
  maxLength: 2,
});

function objectWith(known: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(fc.record(known, { requiredKeys: [] }), unknownEntries)
    .map(([object, unknown]) => objectOf([...Object.entries(object), ...unknown]));
}

function arbitraries(of: ReadonlyMap<string, Column>): Record<string, fc.Arbitrary<Json>> {
  return Object.fromEntries([...of].map(([name, column]) => [name, valuesOf(column)]));
}

export const detailValues = arbitraries(detailColumns);
const details = objectWith(detailValues);
const additionalFields: fc.Arbitrary<Json> = fc.oneof(
  details,
  details.map((object) =>
    JSON.stringify(object, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
  ),
  fc.constantFrom<Json>(null, '', '{}', '[]', '{"direction":"Out"', '["a"]', 'text', 5),
);

/** A string of the size at which the service, or this product, starts to cut. */
export const longText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('a', '€', '😀', '\u0000', '\ud800', '"', '.'), fc.integer({ min: 9000, max: 70_000 }))
  .map(([character, length]) => character.repeat(length));

const times = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

export const columnValues = {
  ...arbitraries(columns),
  ReportId: fc.oneof(
    fc.nat(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }),
    fc.constantFrom<Json>('639199916335081329', null, 1.5),
  ),
  InitiatingProcessCommandLine: fc.oneof({ weight: 100, arbitrary: fc.string() }, { weight: 1, arbitrary: longText }),
  AdditionalFields: additionalFields,
};

/** Properties of a record: known columns with usual or hostile values, unknown columns. Nearly all have a good Timestamp. */
export const properties: fc.Arbitrary<JsonObject> = fc
  .tuple(objectWith(columnValues), fc.oneof({ weight: 12, arbitrary: times }, { weight: 1, arbitrary: hostileValue }))
  .map(([columnsOf, timestamp]) => objectOf([...Object.entries(columnsOf), ['Timestamp', timestamp]]));

export const categories = fc.constantFrom(
  'AdvancedHunting-DeviceNetworkEvents',
  'AdvancedHunting-DeviceNetworkEvents',
  'AdvancedHunting-DeviceEvents',
  'advancedhunting-networkcommunicationevents',
  'DeviceNetworkEvents',
  'AdvancedHunting-DeviceProcessEvents',
);

export const tenantId = '11111111-2222-3333-4444-555555555555';

/** A record as it stands in `records`. */
export const record: fc.Arbitrary<JsonObject> = fc.tuple(categories, properties).map(([category, columnsOf]) => ({
  time: '2026-11-21T08:16:03.9948950Z',
  tenantId,
  operationName: 'Publish',
  category,
  properties: columnsOf,
}));
