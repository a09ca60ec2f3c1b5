import { BenefitOfDoubt } from '../../../shared/delivery/rejectionCredit';

describe('the credit of a DCR for rejected rows', () => {
  test('is 20 rows to begin with, and no row more', () => {
    expect(new BenefitOfDoubt().take(21)).toBe(false);
    expect(new BenefitOfDoubt().take(20)).toBe(true);
  });

  test('is used up by what is taken; a request for more than is left takes nothing', () => {
    const doubt = new BenefitOfDoubt();
    expect([doubt.take(15), doubt.take(6), doubt.take(5), doubt.take(1)]).toEqual([true, false, true, false]);
  });

  test('grows with accepted rows, row by row, up to 20', () => {
    const doubt = new BenefitOfDoubt();
    doubt.take(20);
    doubt.accepted(3);
    expect([doubt.take(4), doubt.take(3)]).toEqual([false, true]);
    doubt.accepted(1000);
    expect([doubt.take(21), doubt.take(20)]).toEqual([false, true]);
  });

  test('is not changed by taking nothing or less than nothing', () => {
    const doubt = new BenefitOfDoubt();
    doubt.take(20);
    expect([doubt.take(0), doubt.take(-5), doubt.take(1)]).toEqual([true, true, false]);
  });

  test('keeps a balance beside it: accepted rows less rejected ones', () => {
    const doubt = new BenefitOfDoubt();
    expect(doubt.balance).toBe(0);
    doubt.accepted(30);
    doubt.refused(12);
    expect(doubt.balance).toBe(18);
  });
});
