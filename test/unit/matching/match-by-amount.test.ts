import { describe, expect, it } from 'vitest';
import { MatchRule } from '#shared/matching/matching-policy.ts';
import {
  aLine,
  anItem,
  fromJuniper,
  invoiceIdOf,
  juniper,
  larkspur,
  matchesOf,
  matchOf,
  onDay,
  paymentIdOf,
} from '#test/builders/matching.ts';

describe('the payer', () => {
  it.each([
    [{ iban: 'GB29NWBK60161331926819' }, "account is known as Juniper & Finch Ltd's"],
    [{ name: 'FINCH AND JUNIPER LIMITED' }, "payer's name is like Juniper & Finch Ltd's (100 of 100)"],
    [{ name: 'Junipr & Finch Ltd' }, "payer's name is like Juniper & Finch Ltd's (94 of 100)"],
    [{ name: 'J&F RETAIL GROUP' }, "payer's name is like Juniper & Finch Ltd's (100 of 100)"],
  ])('is known by %j', async (counterparty, reason) => {
    const match = await matchOf(aLine({ counterparty }), { items: [anItem(1), anItem(2, { balance: 500 })] });
    expect(match).toMatchObject({ outcome: 'posted', rule: 'exact_amount', customerId: 'cus_juniper' });
    expect(match.reasons[0]).toBe(reason);
  });

  it('is nobody where two customers are called the same', async () => {
    const twin = { ...larkspur, name: 'Juniper Finch GmbH' };
    const match = await matchOf(aLine({ counterparty: { name: 'Juniper & Finch' } }), {
      items: [anItem(1)],
      payers: [juniper, twin],
    });
    expect(match).toMatchObject({ outcome: 'queued', rule: 'none', allocations: [], unapplied: 10_037 });
    expect(match.reasons[0]).toMatch(/^"Juniper & Finch" may be /);
  });

  it('alone is a suggestion, on account', async () => {
    const match = await matchOf(aLine({ amount: 7_777, counterparty: fromJuniper }), { items: [anItem(1)] });
    expect(match).toMatchObject({ outcome: 'suggested', rule: 'payer', allocations: [], unapplied: 7_777 });
  });

  it('unknown, with no reference, is queued', async () => {
    const match = await matchOf(aLine({ counterparty: { name: 'Erika Mustermann' } }), {
      items: [anItem(1)],
    });
    expect(match).toMatchObject({ outcome: 'queued', rule: 'none', score: 0, unapplied: 10_037 });
  });
});

describe('the amount of a known payer', () => {
  const paid = (amount: number) => aLine({ amount, counterparty: fromJuniper });

  it('is one open item less its discount, in time', async () => {
    const items = [anItem(1, { discount: { until: onDay('2026-03-02'), amount: 200 } })];
    expect(await matchOf(paid(9_837), { items })).toMatchObject({
      outcome: 'posted',
      rule: 'early_discount',
      allocations: [{ invoiceId: invoiceIdOf(1), amount: 9_837, discount: 200 }],
    });
  });

  it('is the one group that sums to it', async () => {
    const items = [anItem(1), anItem(2, { balance: 5_011 }), anItem(3, { balance: 777 })];
    expect(await matchOf(paid(10_814), { items })).toMatchObject({
      outcome: 'posted',
      rule: 'exact_sum',
      allocations: [
        { invoiceId: invoiceIdOf(1), amount: 10_037 },
        { invoiceId: invoiceIdOf(3), amount: 777 },
      ],
    });
  });

  it('is no group by chance: among more than fifty that could be made, the one that fits is a suggestion', async () => {
    // Powers of two: no two groups sum to the same.
    const items = (count: number) =>
      Array.from({ length: count }, (_, index) => anItem(index + 1, { balance: 2 ** (index + 5) + 1 }));
    const two = 2 ** 5 + 2 ** 8 + 2;
    // 9 items and 36 pairs; 10 items and 45 pairs.
    expect(await matchOf(paid(two), { items: items(9) })).toMatchObject({ outcome: 'posted' });
    const match = await matchOf(paid(two), { items: items(10) });
    expect(match).toMatchObject({ outcome: 'suggested', rule: 'exact_sum' });
    expect(match.reasons).toContain('so many groups can be made that one may sum to it by chance');
  });

  it('of two equal items is a suggestion of the older', async () => {
    const items = [anItem(1), anItem(2, { dueOn: onDay('2026-02-20') })];
    const match = await matchOf(paid(10_037), { items });
    expect(match).toMatchObject({
      outcome: 'suggested',
      allocations: [{ invoiceId: invoiceIdOf(2), amount: 10_037 }],
    });
    expect(match.reasons).toContain('other open items sum to the same amount');
  });

  it('that one item and a group have is a suggestion of the one item', async () => {
    const items = [anItem(1, { balance: 4_000 }), anItem(2, { balance: 6_037 }), anItem(3)];
    expect(await matchOf(paid(10_037), { items })).toMatchObject({
      outcome: 'suggested',
      rule: 'exact_amount',
      allocations: [{ invoiceId: invoiceIdOf(3), amount: 10_037 }],
    });
  });

  it('that is round is a suggestion', async () => {
    const match = await matchOf(paid(50_000), { items: [anItem(1, { balance: 50_000 })] });
    expect(match.outcome).toBe('suggested');
    expect(match.reasons).toContain('so round an amount may be on account');
  });

  it('within tolerance is a suggestion', async () => {
    expect(await matchOf(paid(10_030), { items: [anItem(1)] })).toMatchObject({
      outcome: 'suggested',
      rule: 'tolerance',
      allocations: [
        { invoiceId: invoiceIdOf(1), amount: 10_030, difference: { amount: 7, account: 'payment_fees' } },
      ],
    });
  });

  it('settles the oldest first where the customer agreed', async () => {
    const items = [anItem(1), anItem(2, { dueOn: onDay('2026-02-20'), balance: 500 })];
    const known = { items, payers: [{ ...juniper, oldestFirst: true }] };
    expect(await matchOf(paid(1_250), known)).toMatchObject({
      outcome: 'posted',
      rule: 'oldest_first',
      allocations: [
        { invoiceId: invoiceIdOf(2), amount: 500 },
        { invoiceId: invoiceIdOf(1), amount: 750 },
      ],
      unapplied: 0,
    });
  });

  it('is not posted where the text holds a number of ours that is not open', async () => {
    const line = { ...paid(10_037), text: 'INV-2026-000999' };
    expect((await matchOf(line, { items: [anItem(1)] })).outcome).toBe('suggested');
  });
});

describe('what was known before the money came', () => {
  const payment = {
    paymentId: paymentIdOf(1),
    customerId: juniper.customerId,
    currency: anItem(1).currency,
    amount: 10_037,
    references: ['pi_3NxYz9Kq'],
  };
  const advice = {
    adviceId: 'adv_1',
    customerId: juniper.customerId,
    currency: anItem(1).currency,
    total: 9_000,
    invoices: [
      { invoiceId: invoiceIdOf(1), amount: 8_500 },
      { invoiceId: invoiceIdOf(2), amount: 500 },
    ],
  };

  it('confirms a payment once, and allocates nothing', async () => {
    const line = aLine({ endToEndId: 'pi_3NxYz9Kq' });
    const [first, again] = await matchesOf([line, { ...line, line: 2, text: 'again' }], {
      items: [],
      payments: [payment],
    });
    expect(first).toMatchObject({
      outcome: 'posted',
      rule: 'payment_reference',
      confirms: paymentIdOf(1),
      allocations: [],
      unapplied: 0,
    });
    expect(again).toMatchObject({ outcome: 'suggested', duplicateOf: 1, unapplied: 10_037 });
    expect(again?.confirms).toBeUndefined();
  });

  it('follows the advice that payer and amount single out', async () => {
    const line = aLine({ amount: 9_000, counterparty: fromJuniper });
    expect(await matchOf(line, { items: [anItem(1), anItem(2)], advices: [advice] })).toMatchObject({
      outcome: 'posted',
      rule: 'remittance_advice',
      adviceId: 'adv_1',
      allocations: [
        { invoiceId: invoiceIdOf(1), amount: 8_500 },
        { invoiceId: invoiceIdOf(2), amount: 500 },
      ],
    });
  });

  it('follows the advice whose reference the text bears, whoever pays', async () => {
    const advices = [
      { ...advice, reference: 'PORTAL-7K3M9' },
      { ...advice, adviceId: 'adv_2' },
    ];
    const match = await matchOf(aLine({ amount: 9_000, text: 'portal 7k3m9' }), {
      items: [anItem(1), anItem(2)],
      advices,
    });
    expect(match).toMatchObject({
      outcome: 'posted',
      rule: 'remittance_advice',
      adviceId: 'adv_1',
      score: 1,
    });
  });

  it('follows none of two advices of the same amount', async () => {
    const match = await matchOf(aLine({ amount: 9_000, counterparty: fromJuniper }), {
      items: [anItem(1), anItem(2)],
      advices: [advice, { ...advice, adviceId: 'adv_2' }],
    });
    expect(match.outcome).toBe('suggested');
    expect(match.rule).toBe('payer');
  });
});

describe('money out', () => {
  it('is queued', async () => {
    const match = await matchOf(aLine({ amount: -10_037, text: 'INV-2026-000001' }), { items: [anItem(1)] });
    expect(match).toMatchObject({ outcome: 'queued', allocations: [], unapplied: -10_037 });
  });
});

describe('a payer that owes nothing of this amount', () => {
  const posting = { posts: MatchRule.options };

  it('is suggested on account, and posted where the policy says so and the payer is certain', async () => {
    const line = aLine({ amount: 777, counterparty: fromJuniper });
    expect(await matchOf(line, { items: [] })).toMatchObject({
      outcome: 'suggested',
      rule: 'payer',
      customerId: 'cus_juniper',
      allocations: [],
      unapplied: 777,
    });
    expect(await matchOf(line, { items: [] }, posting)).toMatchObject({ outcome: 'posted', unapplied: 777 });
    const byName = aLine({ amount: 777, counterparty: { name: 'Juniper Finch' } });
    expect(await matchOf(byName, { items: [] }, posting)).toMatchObject({ outcome: 'suggested' });
  });
});
