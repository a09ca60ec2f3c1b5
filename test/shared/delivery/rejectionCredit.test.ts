import { RejectionCredit } from '../../../shared/delivery/rejectionCredit';

describe('the credit of a DCR for rejected rows', () => {
  test('covers 20 rows at first, and not one more', () => {
    expect(new RejectionCredit().take(21)).toBe(false);
    expect(new RejectionCredit().take(20)).toBe(true);
  });

  test('shrinks by the rows that it covers; a request for more than is left takes nothing', () => {
    const credit = new RejectionCredit();
    expect([credit.take(15), credit.take(6), credit.take(5), credit.take(1)]).toEqual([true, false, true, false]);
  });

  test('grows by one with each accepted row, up to 20', () => {
    const credit = new RejectionCredit();
    credit.take(20);
    credit.accepted(3);
    expect([credit.take(4), credit.take(3)]).toEqual([false, true]);
    credit.accepted(1000);
    expect([credit.take(21), credit.take(20)]).toEqual([false, true]);
  });

  test('does not change when 0 rows or fewer are taken', () => {
    const credit = new RejectionCredit();
    credit.take(20);
    expect([credit.take(0), credit.take(-5), credit.take(1)]).toEqual([true, true, false]);
  });

  test('has a balance beside it: accepted rows minus rejected ones', () => {
    const credit = new RejectionCredit();
    expect(credit.balance).toBe(0);
    credit.accepted(30);
    credit.rejected(12);
    expect(credit.balance).toBe(18);
  });
});
