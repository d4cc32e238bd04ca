import { describe, expect, it } from 'vitest';
import { dispute, reduceBalance, resolveDispute } from '#shared/invoice/open-item.ts';
import { instant } from '#shared/kernel/time.ts';
import { anOpenItem } from '../../builders/invoice.ts';

const at = instant('2026-03-31T12:00:00Z');

describe('settling an open invoice of GBP 60.00', () => {
  it('leaves GBP 20.00 after GBP 40.00, with its next reminder as planned', () => {
    expect(reduceBalance(anOpenItem(), 4_000, at)).toMatchObject({
      status: 'open',
      balance: 2_000,
      total: 6_000,
      nextActionAt: '2026-04-08T23:00:00.000Z',
      version: 2,
    });
  });

  it('makes it paid by the last penny, and no reminder is left', () => {
    const paid = reduceBalance(anOpenItem(), 6_000, at);
    expect(paid).toMatchObject({
      status: 'paid',
      balance: 0,
      paidAt: '2026-03-31T12:00:00.000Z',
      version: 2,
    });
    expect(paid).not.toHaveProperty('nextActionAt');
  });

  it('refuses one penny more than is owed', () => {
    expect(() => reduceBalance(anOpenItem(), 6_001, at)).toThrow(
      expect.objectContaining({ code: 'allocation_exceeds_balance' }),
    );
  });

  it('refuses a paid invoice', () => {
    expect(() => reduceBalance(anOpenItem({ status: 'paid' }), 1, at)).toThrow(
      expect.objectContaining({ code: 'invoice_not_open' }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses to settle %s', (amount) => {
    expect(() => reduceBalance(anOpenItem(), amount, at)).toThrow(RangeError);
  });

  it('keeps a disputed invoice disputed while something is left, and makes it paid with nothing left', () => {
    const disputed = anOpenItem({ status: 'disputed' });
    expect(reduceBalance(disputed, 5_999, at)).toMatchObject({
      status: 'disputed',
      balance: 1,
      dispute: { reason: 'two mugs broken' },
    });
    const paid = reduceBalance(disputed, 6_000, at);
    expect(paid).toMatchObject({ status: 'paid', balance: 0 });
    expect(paid).not.toHaveProperty('dispute');
  });
});

describe('disputing an invoice', () => {
  const objection = { reason: 'two mugs broken', by: 'orders@harbour.example', at };

  it('takes it out of the reminders and says who objects and why', () => {
    const disputed = dispute(anOpenItem({ dunningStep: 1 }), objection);
    expect(disputed).toMatchObject({
      status: 'disputed',
      balance: 6_000,
      dunningStep: 1,
      version: 2,
      dispute: objection,
    });
    expect(disputed).not.toHaveProperty('nextActionAt');
  });

  it('is refused when it is disputed already, or paid', () => {
    for (const status of ['disputed', 'paid'] as const) {
      expect(() => dispute(anOpenItem({ status }), objection)).toThrow(
        expect.objectContaining({ code: 'invoice_not_open' }),
      );
    }
  });

  it('ends with the invoice open again', () => {
    const open = resolveDispute(anOpenItem({ status: 'disputed', version: 4 }), at);
    expect(open).toMatchObject({ status: 'open', balance: 6_000, nextActionAt: at, version: 5 });
    expect(open).not.toHaveProperty('dispute');
  });

  it('can be ended only where there is one', () => {
    for (const status of ['open', 'paid'] as const) {
      expect(() => resolveDispute(anOpenItem({ status }), at)).toThrow(
        expect.objectContaining({ code: 'invoice_not_disputed' }),
      );
    }
  });
});
