import { describe, expect, it } from 'vitest';
import type { CorrectionReason } from '#shared/invoice/invoice.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { type Correction, measureAccuracy } from '#shared/report/invoice-accuracy.ts';

const period = {
  from: CalendarDate.parse('2026-03-01'),
  to: CalendarDate.parse('2026-03-31'),
  until: CalendarDate.parse('2026-04-30'),
};
const invoices = (count: number) => new Set(Array.from({ length: count }, (_, index) => `inv_${index + 1}`));

function correction(invoice: number, reason: CorrectionReason, amount = 100, currency = 'GBP'): Correction {
  return { invoiceId: `inv_${invoice}`, reason, amount, currency: Currency.parse(currency) };
}

describe('invoice accuracy', () => {
  it('is the share never corrected for being wrong; goods returned, goodwill and cancellation are no error', () => {
    const { reasons, ...figures } = measureAccuracy(period, invoices(200), [
      correction(1, 'price', 500),
      correction(1, 'price', 300, 'EUR'),
      correction(2, 'price', 200),
      correction(2, 'goodwill'),
      correction(3, 'address'),
      correction(4, 'goods_returned', 1_000),
      correction(5, 'cancelled'),
      correction(999, 'tax'),
    ]);
    expect(figures).toEqual({
      ...period,
      issued: 200,
      wrong: 3,
      otherwiseCredited: 2,
      uncorrected: 195,
      accuracy: '98.50',
      uncorrectedShare: '97.50',
    });
    expect(
      reasons.map(({ reason, error, creditNotes, invoices: of }) => [reason, error, creditNotes, of]),
    ).toEqual([
      ['price', true, 3, 2],
      ['address', true, 1, 1],
      ['cancelled', false, 1, 1],
      ['goods_returned', false, 1, 1],
      ['goodwill', false, 1, 1],
    ]);
    expect(reasons[0]?.amounts).toEqual([
      { currency: 'EUR', amount: 300 },
      { currency: 'GBP', amount: 700 },
    ]);
  });

  it.each(['price', 'quantity', 'tax', 'address', 'duplicate', 'other'] as const)(
    'says %s is an error',
    (reason) => {
      expect(measureAccuracy(period, invoices(1), [correction(1, reason)]).wrong).toBe(1);
    },
  );

  it('is never 100 % while one invoice was wrong', () => {
    expect(measureAccuracy(period, invoices(30_000), [correction(1, 'tax')]).accuracy).toBe('99.99');
  });

  it('has no share where nothing was issued', () => {
    expect(measureAccuracy(period, new Set(), [])).not.toHaveProperty('accuracy');
  });
});
