import * as fc from 'fast-check';
import { readInstant, writeInstant } from '../../src/ingestion/datetime';

const years = { min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true };

test('digits after the milliseconds do not move the instant', () => {
  expect(readInstant('2026-11-21T08:15:28.1883509Z')).toBe(1_795_248_928_188);
  expect(readInstant('2026-11-21T08:15:28Z')).toBe(1_795_248_928_000);
});

test('an instant is the same in every zone', () => {
  fc.assert(
    fc.property(fc.date(years), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
      const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
      const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
      const zone = `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
      expect(readInstant(`${local}${zone}`)).toBe(date.getTime());
    }),
  );
});

test('what is written has six decimals and reads back', () => {
  expect(writeInstant(0)).toBe('1970-01-01T00:00:00.000000Z');
  fc.assert(
    fc.property(fc.date(years), (date) => {
      expect(readInstant(writeInstant(date.getTime()))).toBe(date.getTime());
    }),
  );
});

test('any text is read as a finite instant or not at all', () => {
  const nearly = fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), nearly), (text) => {
      const milliseconds = readInstant(text) ?? 0;
      expect(Number.isFinite(milliseconds)).toBe(true);
    }),
  );
});
