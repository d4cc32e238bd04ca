import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditItem } from '#shared/invoice/credit-item.ts';
import type { OpenItem } from '#shared/invoice/invoice.ts';
import { payWithDiscount, writeOff } from '#shared/invoice/open-item.ts';
import { instant } from '#shared/kernel/time.ts';
import { anOpenItem } from '../../builders/invoice.ts';

const at = instant('2026-03-31T12:00:00Z');

/** An invoice of GBP 60.00 that offers `discount`, of which a sixth is tax. */
const offering = (discount: number) =>
  anOpenItem({ discount: { until: '2026-04-10', amount: discount, tax: Math.floor(discount / 6) } });

/** What was credited before, as the invoice keeps it. */
const creditedOf = (gross: number) => ({
  groups: [{ category: 'S', rate: '20', net: gross, tax: 0 } as const],
});

describe('crediting an invoice of GBP 60.00', () => {
  it('leaves nothing for the customer while something is owed', () => {
    const credit = creditItem(anOpenItem(), 5_999, undefined, at);
    expect(credit).toMatchObject({
      applied: 5_999,
      takenBack: {},
      openItem: { after: { balance: 1, version: 2 } },
    });
  });

  it('changes nothing on it where all was paid in money', () => {
    const paid = payWithDiscount(anOpenItem(), { amount: 6_000, discount: 0 }, at);
    expect(creditItem(paid, 6_000, undefined, at)).toEqual({ applied: 0, takenBack: {} });
  });

  it('takes the discount back in proportion, and keeps the day it was paid on', () => {
    const paid = payWithDiscount(offering(120), { amount: 5_880, discount: 120 }, at);
    const later = instant('2026-04-02T12:00:00Z');
    expect(creditItem(paid, 3_000, undefined, later)).toMatchObject({
      applied: 60,
      takenBack: { discountTakenBack: { amount: 60, tax: 10 } },
      openItem: { after: { status: 'paid', paidAt: at, discountTaken: { amount: 60, tax: 10 } } },
    });
  });

  it('counts an invoice whose whole loss is taken back as paid, and one of which some is left as lost', () => {
    const lost = writeOff(anOpenItem(), undefined, at).next;
    const part = creditItem(lost, 2_000, undefined, at);
    expect(part.openItem?.after).toMatchObject({
      status: 'written_off',
      writtenOff: 4_000,
      writtenOffAt: at,
    });
    const whole = creditItem(part.openItem?.after ?? lost, 4_000, creditedOf(2_000), at);
    expect(whole.openItem?.after).toMatchObject({ status: 'paid', balance: 0, paidAt: at });
    expect(whole.openItem?.after).not.toHaveProperty('writtenOff');
  });

  it('never leaves more than was paid, and exactly that once all is credited, however it is cut', () => {
    const amount = fc.integer({ min: 1, max: 2_500 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 0, max: 4_000 }),
        fc.integer({ min: 0, max: 1_400 }),
        fc.array(amount, { maxLength: 8 }),
        (discount, money, loss, parts) => {
          let item: OpenItem = payWithDiscount(offering(discount), { amount: money, discount }, at);
          if (loss > 0) item = writeOff(item, loss, at).next;
          let [credited, left] = [0, 0];
          for (const part of [...parts, 6_000]) {
            const gross = Math.min(part, 6_000 - credited);
            const { applied, openItem } = creditItem(item, gross, creditedOf(credited), at);
            item = openItem?.after ?? item;
            credited += gross;
            left += gross - applied;
            expect(left).toBeLessThanOrEqual(money);
          }
          expect([left, item.balance, item.discountTaken, item.writtenOff]).toEqual([
            money,
            0,
            undefined,
            undefined,
          ]);
        },
      ),
    );
  });
});
