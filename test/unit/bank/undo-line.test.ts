import { beforeEach, describe, expect, it } from 'vitest';
import { openBankDesk } from '../../builders/bank-desk.ts';
import { anEntry } from '../../builders/bank-line.ts';
import { harbour, okafor } from '../../builders/owing-customers.ts';

const { reset, atBank, counts, decide, done, invoice, learned, owed, queue, undo, violations, wait } =
  await openBankDesk();
beforeEach(reset);

describe('a payment that the bank took back', () => {
  const paid = async (method = 'bank_transfer') => {
    const allocations = [{ invoiceId: invoice(1), amount: 6_000 }];
    const payment = { customerId: harbour, method, currency: 'GBP', amount: 6_000, allocations };
    return (await done('recordPayment', {}, payment)).paymentId;
  };

  it.each(['bank_transfer', 'cheque'])(
    'by %s is reversed with what the bank charged for it',
    async (method) => {
      const paymentId = await paid(method);
      const before = await atBank();
      await wait(anEntry({ amount: -6_300, returnReason: 'AC04' }));
      expect(await decide({ reverse: paymentId, fee: 300 })).toMatchObject({
        status: 200,
        json: { outcome: { kind: 'confirmation', paymentId, told: '000002' } },
      });
      expect(await owed(1)).toBe(6_000);
      expect((await atBank()) - before).toBe(-6_300);
      expect(await violations()).toEqual([]);
    },
  );

  it('is confirmed where it was reversed by hand', async () => {
    const paymentId = await paid();
    await done('reversePayment', { paymentId }, { kind: 'returned', reason: 'AC04' });
    await wait(anEntry({ amount: -6_000 }));
    expect(await decide({ confirms: paymentId })).toMatchObject({
      status: 200,
      json: { outcome: { kind: 'confirmation', told: '000002' } },
    });
    expect(await violations()).toEqual([]);
  });

  it('is not reversed by money that came in', async () => {
    const paymentId = await paid();
    await wait(anEntry());
    expect(await decide({ reverse: paymentId })).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'reverse' }] },
    });
  });

  it('is not reversed beyond what it is', async () => {
    const paymentId = await paid();
    await wait(anEntry({ amount: -7_000 }));
    expect(await decide({ reverse: paymentId })).toMatchObject({
      json: { code: 'reversal_exceeds_payment' },
    });
  });
});

describe('undoing', () => {
  it('puts an ignored line into the queue again', async () => {
    await wait(anEntry());
    await decide({ ignore: 'Another company of the group' });
    expect(await queue()).toEqual([]);
    expect(await undo()).toMatchObject({ status: 200, json: { status: 'queued', version: 3 } });
    expect(await queue()).toHaveLength(1);
    expect(counts()).toMatchObject({ queued: 1, ignored: 0, matched: 0 });
    expect(await violations()).toEqual([]);
  });

  it('books back what was booked', async () => {
    await wait(anEntry());
    await decide({ clearing: true });
    await undo();
    expect(await atBank()).toBe(0);
    expect(await violations()).toEqual([]);
    await decide({ post: 'interest', reason: 'March' });
    expect(await atBank()).toBe(6_000);
    expect(await violations()).toEqual([]);
  });

  it('lets a payment be confirmed by another line', async () => {
    const paid = { customerId: harbour, method: 'cash', currency: 'GBP', amount: 6_000 };
    const { paymentId } = await done('recordPayment', {}, paid);
    await wait(anEntry());
    await decide({ confirms: paymentId });
    expect(await atBank()).toBe(6_000);
    await undo();
    expect(await atBank()).toBe(0);
    expect(await decide({ confirms: paymentId })).toMatchObject({ status: 200, json: { version: 4 } });
    expect(await violations()).toEqual([]);
  });

  it('reverses the payment that the line recorded, and forgets its payer', async () => {
    await wait(anEntry());
    const allocations = [{ invoiceId: invoice(1), amount: 6_000 }];
    await decide({ customerId: harbour, allocations });
    expect(await undo()).toMatchObject({ status: 200, json: { status: 'queued', version: 3 } });
    expect(await owed(1)).toBe(6_000);
    expect(await atBank()).toBe(0);
    expect(await learned(harbour)).toMatchObject({ aliases: [], accounts: [] });
    expect(await violations()).toEqual([]);
    await decide({ customerId: harbour, allocations });
    expect(await owed(1)).toBe(0);
    expect(await violations()).toEqual([]);
  });

  it('lets what was let go be owed again', async () => {
    await wait(anEntry({ amount: 5_900 }));
    const difference = { amount: 100, account: 'rounding' };
    await decide({
      customerId: harbour,
      allocations: [{ invoiceId: invoice(1), amount: 5_900, difference }],
    });
    await undo();
    expect(await owed(1)).toBe(6_000);
    expect(await violations()).toEqual([]);
  });

  it('reverses all payments of a batch, and its fee', async () => {
    await wait(anEntry({ amount: 9_000 }));
    const parts = [
      { customerId: harbour, amount: 6_000, allocations: [{ invoiceId: invoice(1), amount: 6_000 }] },
      { customerId: okafor, amount: 3_500 },
    ];
    await decide({ parts, fee: 500 });
    expect((await undo()).status).toBe(200);
    expect(await owed(1)).toBe(6_000);
    expect(await atBank()).toBe(0);
    expect(await violations()).toEqual([]);
  });

  it('is refused once part of the payment was given back', async () => {
    await wait(anEntry());
    const { outcome } = (await decide({ customerId: harbour })).json;
    await done('refundPayment', { paymentId: outcome.paymentId }, { amount: 1_000, reason: 'Paid twice' });
    expect(await undo()).toMatchObject({ status: 409, json: { code: 'bank_line_not_undoable' } });
  });

  it('is refused where nothing was decided', async () => {
    await wait(anEntry());
    expect(await undo()).toMatchObject({ status: 409, json: { code: 'bank_line_undecided' } });
  });
});
