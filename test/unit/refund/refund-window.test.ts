import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { needsApproval, RefundPolicy } from '#shared/refund/refund-policy.ts';
import { countGiven, givenWithin, RefundsGiven } from '#shared/refund/refunds-given.ts';
import { fay, finn, type RefundDesk, refundDesk } from '../../builders/refund-desk.ts';

const day = (text: string) => CalendarDate.parse(text);
const whose = { customerId: CustomerId.parse('cus_elster'), currency: Currency.parse('EUR') };

describe('what a customer got back of late', () => {
  const given = RefundsGiven.parse({
    ...whose,
    days: [
      { on: '2026-03-02', amount: 100 },
      { on: '2026-03-03', amount: 20 },
      { on: '2026-04-01', amount: 3 },
    ],
    version: 7,
  });

  it('is the sum of the days of the window, today being the last of them', () => {
    expect(givenWithin(given, day('2026-04-01'), 31)).toBe(123);
    expect(givenWithin(given, day('2026-04-01'), 30)).toBe(23);
    expect(givenWithin(given, day('2026-04-01'), 1)).toBe(3);
    expect(givenWithin(given, day('2026-05-02'), 30)).toBe(0);
    expect(givenWithin(undefined, day('2026-04-01'), 30)).toBe(0);
  });

  it('grows day by day, and shrinks where a refund is taken back', () => {
    expect(countGiven(undefined, whose, { on: day('2026-03-02'), amount: 5 })).toEqual({
      ...whose,
      days: [{ on: '2026-03-02', amount: 5 }],
      version: 1,
    });
    expect(countGiven(given, whose, { on: day('2026-03-03'), amount: -20 }).days).toEqual([
      { on: '2026-03-02', amount: 100 },
      { on: '2026-04-01', amount: 3 },
    ]);
  });

  it('is kept for 366 days, and a day that was let go takes nothing back', () => {
    const next = countGiven(given, whose, { on: day('2027-03-03'), amount: 1 });
    expect(next.days.map(({ on }) => on)).toEqual(['2026-03-03', '2026-04-01', '2027-03-03']);
    expect(countGiven(next, whose, { on: day('2026-03-02'), amount: -100 }).days).toEqual(next.days);
  });

  it('counts against the limit with the refund itself; policies of before have thirty days', () => {
    const policy = RefundPolicy.parse({ approvalAbove: { EUR: 50_000 } });
    expect(policy.windowDays).toBe(30);
    const refund = (amount: number) => ({ amount, currency: Currency.parse('EUR') });
    expect(needsApproval(policy, refund(10_000), 40_000)).toBe(false);
    expect(needsApproval(policy, refund(10_001), 40_000)).toBe(true);
    expect(needsApproval(policy, { amount: 1, currency: Currency.parse('GBP') }, 0)).toBe(true);
  });
});

describe('a limit of EUR 500.00 in thirty days', () => {
  let desk: RefundDesk;
  let paymentId: string;
  beforeEach(async () => {
    desk = await refundDesk();
    paymentId = await desk.paid(500_000);
  });
  const status = async (amount: number, more = {}) =>
    (await desk.refund(paymentId, amount, {}, more)).json.status;

  it('is not dodged by refunds of 400.00, whichever payment they are of', async () => {
    expect(await status(40_000)).toBe('done');
    expect(await status(10_000)).toBe('done');
    expect(await status(1)).toBe('requested');
    paymentId = await desk.paid(500_000);
    expect(await status(40_000)).toBe('requested');
    expect(await desk.violations()).toEqual([]);
  });

  it('counts what waits for approval, and no more what is rejected', async () => {
    const { json } = await desk.refund(paymentId, 60_000);
    expect(json.status).toBe('requested');
    expect(await status(40_000)).toBe('requested');
    const params = { refundId: String(json.refundId) };
    const at = '2026-04-03T08:00:00.000Z';
    await desk.done('rejectRefund', { as: finn, at, params, body: { reason: 'Owes us more' } });
    expect(await status(10_000, { at })).toBe('done');
    expect(await status(1, { at })).toBe('requested');
    expect(await desk.violations()).toEqual([]);
  });

  it('counts no more what was undone', async () => {
    expect(await status(50_000)).toBe('done');
    const [{ endToEndId }] = await desk.waiting();
    const body = { reason: 'Wrong payment' };
    await desk.done('cancelRefundTransfer', { as: fay, params: { endToEndId }, body });
    expect(await status(50_000)).toBe('done');
    expect(await desk.violations()).toEqual([]);
  });

  it('is of another customer’s own, and begins anew after the window', async () => {
    expect(await status(50_000)).toBe('done');
    expect(await status(50_000, { at: '2026-04-30T08:00:00.000Z' })).toBe('requested');
    await desk.customer('cus_otto');
    const first = paymentId;
    paymentId = await desk.paid(500_000, 'DE02120300000000202051', { customerId: 'cus_otto' });
    expect(await status(50_000)).toBe('done');
    paymentId = first;
    // The 50,000 of 30 April wait still; those of 1 April have left.
    expect(await status(1, { at: '2026-05-01T08:00:00.000Z' })).toBe('requested');
    expect(await status(50_000, { at: '2026-05-31T08:00:00.000Z' })).toBe('done');
    expect(await desk.violations()).toEqual([]);
  });

  it('lets one of two at the same moment pass, not both', async () => {
    const other = await desk.paid(500_000);
    const ask = (id: string) =>
      desk.process('refundPayment', {
        params: { paymentId: id },
        body: { amount: 30_000, reason: 'Paid twice' },
      });
    const answers = await Promise.all([ask(paymentId).send(), ask(other).send()]);
    expect(
      answers.map(({ json }) => String(json.status)).toSorted((one, other) => one.localeCompare(other)),
    ).toEqual(['done', 'requested']);
    expect(await desk.violations()).toEqual([]);
  });
});
