import { beforeEach, describe, expect, it } from 'vitest';
import { openBankDesk } from '../../builders/bank-desk.ts';
import { aMatch, anEntry } from '../../builders/bank-line.ts';
import { harbour, okafor } from '../../builders/owing-customers.ts';

const {
  reset,
  atBank,
  counts,
  decide,
  done,
  invoice,
  items,
  line,
  openItems,
  owed,
  queue,
  violations,
  wait,
} = await openBankDesk();
beforeEach(reset);

describe('a decision about a bank line', () => {
  it('for a customer records the payment and settles what it names', async () => {
    await wait(anEntry({ amount: 7_000 }));
    const allocations = [{ invoiceId: invoice(1), amount: 6_000 }];
    expect(await decide({ customerId: harbour, allocations })).toMatchObject({
      status: 200,
      json: { status: 'matched', outcome: { kind: 'payment' }, by: 'Ada Admin', version: 2 },
    });
    expect(await owed(1)).toBe(0);
    expect(await queue()).toEqual([]);
    expect(counts()).toMatchObject({ matched: 1, queued: 0 });
    expect(await violations()).toEqual([]);
  });

  it('counts as paid what the bank kept', async () => {
    await wait(anEntry({ amount: 5_900 }));
    const allocations = [{ invoiceId: invoice(1), amount: 6_000 }];
    expect((await decide({ customerId: harbour, allocations, fee: 100 })).status).toBe(200);
    expect(await owed(1)).toBe(0);
    expect(await atBank()).toBe(5_900);
    expect(await violations()).toEqual([]);
  });

  it('lets go what lacks', async () => {
    await wait(anEntry({ amount: 5_900 }));
    const difference = { amount: 100, account: 'payment_fees' };
    const allocations = [{ invoiceId: invoice(1), amount: 5_900, difference }];
    expect((await decide({ customerId: harbour, allocations })).status).toBe(200);
    expect(await owed(1)).toBe(0);
    expect(await violations()).toEqual([]);
  });

  it('does not let go a part of what is owed', async () => {
    await wait(anEntry({ amount: 5_000 }));
    const difference = { amount: 100, account: 'payment_fees' };
    const allocations = [{ invoiceId: invoice(1), amount: 5_000, difference }];
    expect(await decide({ customerId: harbour, allocations })).toMatchObject({
      status: 422,
      json: { code: 'validation_failed', issues: [{ path: 'allocations.0.difference' }] },
    });
    expect(await line()).toMatchObject({ status: 'queued', version: 1 });
  });

  it('splits a deposit for several customers, less what a processor kept', async () => {
    await wait(anEntry({ amount: 17_500 }));
    const parts = [
      {
        customerId: harbour,
        amount: 12_000,
        allocations: [
          { invoiceId: invoice(1), amount: 6_000 },
          { invoiceId: invoice(2), amount: 6_000 },
        ],
      },
      { customerId: okafor, amount: 6_000, allocations: [{ invoiceId: invoice(3), amount: 6_000 }] },
    ];
    expect(await decide({ parts, fee: 500 })).toMatchObject({
      status: 200,
      json: { outcome: { kind: 'batch', parts: [{ amount: 12_000 }, { amount: 6_000 }], fee: 500 } },
    });
    expect(await openItems()).toEqual([]);
    expect(await atBank()).toBe(17_500);
    expect(await violations()).toEqual([]);
  });

  it('refuses parts that do not come to the line', async () => {
    await wait(anEntry({ amount: 17_500 }));
    const parts = [{ customerId: harbour, amount: 12_000 }];
    expect(await decide({ parts })).toMatchObject({ status: 422, json: { issues: [{ path: 'parts' }] } });
  });

  it('accepts what is suggested', async () => {
    await wait(
      anEntry(),
      aMatch({ outcome: 'suggested', allocations: [{ invoiceId: invoice(2), amount: 6_000 }] }),
    );
    expect(await decide({ accept: true })).toMatchObject({ status: 200, json: { status: 'matched' } });
    expect(await owed(2)).toBe(0);
    expect(counts()).toMatchObject({ matched: 1, suggested: 0 });
    expect(await violations()).toEqual([]);
  });

  it('accepts nothing where nothing is suggested', async () => {
    await wait(anEntry());
    expect(await decide({ accept: true })).toMatchObject({ status: 422 });
  });

  it('clears the payout of a processor', async () => {
    await wait(anEntry());
    expect(await decide({ clearing: true })).toMatchObject({
      json: { outcome: { kind: 'booking', account: 'clearing' } },
    });
    expect(await atBank()).toBe(6_000);
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['what the bank charges', -450, 'payment_fees'],
    ['interest', 120, 'interest'],
  ])('books %s', async (_, amount, post) => {
    await wait(anEntry({ amount }));
    expect((await decide({ post, reason: 'March' })).status).toBe(200);
    expect(await atBank()).toBe(amount);
    expect(await violations()).toEqual([]);
  });

  it('confirms a payment recorded by hand', async () => {
    const paid = { customerId: harbour, method: 'bank_transfer', currency: 'GBP', amount: 6_000 };
    const { paymentId } = await done('recordPayment', {}, paid);
    await wait(anEntry());
    expect(await decide({ confirms: paymentId })).toMatchObject({
      json: { outcome: { kind: 'confirmation', paymentId, told: '000001' } },
    });
    expect(await atBank()).toBe(6_000);
    expect(await violations()).toEqual([]);
  });

  it('confirms nothing of another amount', async () => {
    const paid = { customerId: harbour, method: 'bank_transfer', currency: 'GBP', amount: 5_999 };
    const { paymentId } = await done('recordPayment', {}, paid);
    await wait(anEntry());
    expect(await decide({ confirms: paymentId })).toMatchObject({
      status: 422,
      json: { issues: [{ path: 'confirms' }] },
    });
  });

  it('is refused where the money went out and is not of a customer', async () => {
    await wait(anEntry({ amount: -6_000 }));
    expect(await decide({ customerId: harbour })).toMatchObject({ status: 422 });
  });

  it('is made once, and answered alike when it is sent again', async () => {
    await wait(anEntry());
    const answer = await decide({ customerId: harbour }, 'once');
    const before = items();
    expect(await decide({ customerId: harbour }, 'once')).toMatchObject({ status: 200, json: answer.json });
    expect(await decide({ customerId: okafor })).toMatchObject({
      status: 409,
      json: { code: 'bank_line_decided' },
    });
    expect(items()).toEqual(before);
  });

  it('is refused for a line that is not there', async () => {
    expect(await decide({ ignore: 'Not ours' })).toMatchObject({
      status: 404,
      json: { code: 'bank_line_not_found' },
    });
  });
});
