import { describe, expect, it } from 'vitest';
import { MatchRule } from '#shared/matching/matching-policy.ts';
import {
  aLine,
  anItem,
  fromJuniper,
  invoiceIdOf,
  larkspur,
  matchesOf,
  matchOf,
  onDay,
} from '#test/builders/matching.ts';

describe('a reference in the text', () => {
  it('posts a structured creditor reference, whoever pays', async () => {
    const item = anItem(42, { creditorReference: 'RF54INV2026000042' });
    expect(
      await matchOf(aLine({ creditorReference: 'RF54 INV2 0260 0004 2' }), { items: [item, anItem(43)] }),
    ).toEqual({
      line: 1,
      outcome: 'posted',
      rule: 'structured_reference',
      score: 1,
      reasons: [
        'creditor reference RF54INV2026000042 is that of INV-2026-000042',
        'amount is exactly what is owed',
      ],
      customerId: 'cus_juniper',
      allocations: [{ invoiceId: invoiceIdOf(42), amount: 10_037 }],
      unapplied: 0,
      policyVersion: 'shipped-1',
    });
  });

  it.each([
    'Rechnung INV-2026-000042 vom 12.02.2026',
    'inv 2026 000 042',
    'INV/2026/0000 42',
    'RGNRINV2026000042KDNR8841',
    'INV-2O26-000042',
    'INV2026000042',
  ])('reads the invoice number in "%s"', async (text) => {
    const match = await matchOf(aLine({ text }), { items: [anItem(42), anItem(43), anItem(420)] });
    expect(match).toMatchObject({
      outcome: 'posted',
      rule: 'invoice_number',
      score: 0.98,
      allocations: [{ invoiceId: invoiceIdOf(42), amount: 10_037 }],
    });
  });

  it('does not read INV-2026-0000421 as INV-2026-000042', async () => {
    const match = await matchOf(aLine({ text: 'INV-2026-0000421' }), { items: [anItem(42)] });
    expect(match).toMatchObject({ outcome: 'queued', rule: 'none', allocations: [], unapplied: 10_037 });
  });

  it('settles all invoices named where the sum fits', async () => {
    const items = [anItem(1), anItem(2, { balance: 5_000 }), anItem(3, { balance: 700 })];
    const line = aLine({ amount: 15_737, text: 'INV-2026-000001, INV-2026-000002 + INV-2026-000003' });
    expect((await matchOf(line, { items })).allocations).toEqual([
      { invoiceId: invoiceIdOf(1), amount: 10_037 },
      { invoiceId: invoiceIdOf(2), amount: 5_000 },
      { invoiceId: invoiceIdOf(3), amount: 700 },
    ]);
  });

  it('suggests where several are named and the sum is short', async () => {
    const line = aLine({
      amount: 12_000,
      text: 'INV-2026-000001 INV-2026-000002',
      counterparty: fromJuniper,
    });
    const match = await matchOf(line, { items: [anItem(1), anItem(2)] });
    expect(match.outcome).toBe('suggested');
    expect(match.reasons).toContain('which of the invoices is short is not said');
  });

  it('suggests a number whose amount differs, paid by nobody known', async () => {
    const match = await matchOf(aLine({ amount: 4_000, text: 'INV-2026-000042' }), { items: [anItem(42)] });
    expect(match.outcome).toBe('suggested');
    expect(match.reasons).toContain('neither payer nor amount confirms the number');
  });

  it("suggests another customer's invoice, though its amount is exact", async () => {
    const line = aLine({ text: 'INV-2026-000042', counterparty: { iban: 'DE89370400440532013000' } });
    const match = await matchOf(line, { items: [anItem(42)] });
    expect(match.outcome).toBe('suggested');
    expect(match.reasons).toContain('the payer is another customer');
  });
});

describe('a part of a number', () => {
  it.each(['Re 000042', 'INV-2026-00004', '2026-000042', 'INV-2026-000052'])(
    'means the one item of the payer that it can be and whose amount is paid: "%s"',
    async (text) => {
      const items = [anItem(42), anItem(977, { balance: 5_000 })];
      const match = await matchOf(aLine({ text, counterparty: fromJuniper }), { items });
      expect(match).toMatchObject({
        outcome: 'posted',
        rule: 'partial_number',
        allocations: [{ invoiceId: invoiceIdOf(42), amount: 10_037 }],
      });
    },
  );

  it('is confirmed by the amount where the payer is unknown', async () => {
    const match = await matchOf(aLine({ text: 'Re 000042' }), { items: [anItem(42), anItem(43)] });
    expect(match).toMatchObject({ outcome: 'posted', rule: 'partial_number' });
  });

  it('says nothing where neither payer nor amount confirms it', async () => {
    const match = await matchOf(aLine({ text: 'Re 000042', amount: 9_000 }), { items: [anItem(42)] });
    expect(match).toMatchObject({ outcome: 'queued', allocations: [], unapplied: 9_000 });
  });

  it('that two items bear, of the same amount, means neither', async () => {
    const items = [anItem(42), anItem(43, { number: 'INV-2025-000042' })];
    expect(await matchOf(aLine({ text: 'Re 000042' }), { items })).toMatchObject({
      outcome: 'queued',
      allocations: [],
    });
  });

  it("is the payer's own item though it makes the number of another customer", async () => {
    const items = [anItem(42), anItem(52, { customerId: larkspur.customerId, balance: 777 })];
    const match = await matchOf(aLine({ text: 'INV-2026-000052', counterparty: fromJuniper }), { items });
    expect(match).toMatchObject({
      outcome: 'posted',
      rule: 'partial_number',
      allocations: [{ invoiceId: invoiceIdOf(42), amount: 10_037 }],
    });
  });
});

describe('the amount of an invoice that the text names', () => {
  const discount = { until: onDay('2026-03-02'), amount: 200 };
  const named = { text: 'INV-2026-000001', counterparty: fromJuniper };
  const items = [anItem(1, { discount })];

  it('may be less the discount on its last day', async () => {
    const match = await matchOf(aLine({ ...named, amount: 9_837 }), { items });
    expect(match).toMatchObject({
      outcome: 'posted',
      allocations: [{ invoiceId: invoiceIdOf(1), amount: 9_837, discount: 200 }],
    });
  });

  it('is a part of what is owed where the discount is taken a day late', async () => {
    const match = await matchOf(aLine({ ...named, amount: 9_837, valueOn: onDay('2026-03-03') }), { items });
    expect(match.allocations).toEqual([{ invoiceId: invoiceIdOf(1), amount: 9_837 }]);
  });

  it.each([
    [10_032, 5, 'rounding'],
    [10_031, 6, 'payment_fees'],
    [9_536, 501, 'payment_fees'],
  ])('may be %i, short by %i: %s', async (amount, missing, account) => {
    const match = await matchOf(aLine({ ...named, amount }), { items: [anItem(1)] });
    expect(match).toMatchObject({
      outcome: 'posted',
      allocations: [{ invoiceId: invoiceIdOf(1), amount, difference: { amount: missing, account } }],
    });
  });

  it('is a part payment one cent beyond the tolerance of 5 %', async () => {
    const match = await matchOf(aLine({ ...named, amount: 9_534 }), { items: [anItem(1)] });
    expect(match).toMatchObject({ outcome: 'posted', unapplied: 0 });
    expect(match.allocations).toEqual([{ invoiceId: invoiceIdOf(1), amount: 9_534 }]);
  });

  it('opens a dispute over what is missing where the text says why', async () => {
    const line = aLine({ ...named, amount: 8_000, text: 'INV-2026-000001 less damaged goods' });
    expect((await matchOf(line, { items })).dispute).toEqual({
      invoiceId: invoiceIdOf(1),
      amount: 2_037,
      reasonCode: 'damaged',
    });
  });

  it('leaves unapplied what is more than owed', async () => {
    const match = await matchOf(aLine({ ...named, amount: 12_000 }), { items });
    expect(match).toMatchObject({
      outcome: 'posted',
      allocations: [{ invoiceId: invoiceIdOf(1), amount: 10_037 }],
      unapplied: 1_963,
    });
  });
});

describe('a line that comes again', () => {
  it('weeks later is no mistyped number of the next invoice of the same amount', async () => {
    const items = [anItem(1, { balance: 0 }), anItem(2)];
    const match = await matchOf(aLine({ text: 'INV-2026-000001', counterparty: fromJuniper }), { items });
    expect(match).toMatchObject({ outcome: 'suggested', allocations: [], unapplied: 10_037 });
    expect(match.reasons).toContain('invoice already paid: INV-2026-000001');
  });

  it('is on account, and says which line it repeats', async () => {
    const line = aLine({ text: 'INV-2026-000001', counterparty: fromJuniper });
    const [first, again, typed] = await matchesOf(
      [line, { ...line, line: 2 }, { ...line, line: 3, text: 'inv-2026-000001 again' }],
      { items: [anItem(1), anItem(2)] },
    );
    expect(first?.outcome).toBe('posted');
    expect(again).toMatchObject({ outcome: 'suggested', allocations: [], unapplied: 10_037, duplicateOf: 1 });
    expect(again?.reasons).toContain('looks like a duplicate of line 1');
    expect(typed).toMatchObject({ outcome: 'suggested', allocations: [], unapplied: 10_037, duplicateOf: 1 });
    expect(typed?.reasons).toContain('invoice already paid: INV-2026-000001');
  });
});

describe('an end-to-end id of a direct debit', () => {
  const debited = anItem(7, { endToEndId: 'D1AO2IL3V4B5C6D' });

  it.each([
    { endToEndId: 'D1AO2IL3V4B5C6D', text: '' },
    { text: 'SEPA DD EREF+D1AO2IL3V4B5C6D SVWZ+thanks' },
    { text: 'debit d1ao2il3v4b5c6d' },
    { bankReference: 'D1AO2IL3V4B5C6D', text: 'collection 000043' },
  ])('means the very invoice it collects: %j', async (told) => {
    const match = await matchOf(aLine(told), { items: [debited, anItem(43), anItem(2)] });
    expect(match).toMatchObject({
      outcome: 'posted',
      rule: 'structured_reference',
      score: 1,
      allocations: [{ invoiceId: invoiceIdOf(7), amount: 10_037 }],
    });
    expect(match.reasons[0]).toBe(
      'end-to-end id D1AO2IL3V4B5C6D is that of the direct debit of INV-2026-000007',
    );
  });

  it('with one sign wrong means nothing', async () => {
    const line = aLine({ endToEndId: 'D1AO2IL3V4B5C6E', text: '' });
    expect(await matchOf(line, { items: [debited] })).toMatchObject({ outcome: 'queued', allocations: [] });
  });
});

describe('a purchase order in the text', () => {
  const ordered = (n: number, poNumber: string, balance = 10_037) =>
    anItem(n, { balance, poNumbers: [poNumber] });

  it.each([
    ['PO-4711', 'PO 4711'],
    ['4711', 'your order 4711, thank you'],
    ['PO-4711', 'Bestellung 4711'],
    ['4500012345', '4500012345'],
    ['WEB-A77', 'web-a77'],
  ])('%s is the invoice that bills it where the amount agrees: "%s"', async (poNumber, text) => {
    const items = [ordered(1, poNumber), ordered(2, 'PO-9999', 5_000)];
    expect(await matchOf(aLine({ text, counterparty: fromJuniper }), { items })).toMatchObject({
      outcome: 'posted',
      rule: 'purchase_order',
      allocations: [{ invoiceId: invoiceIdOf(1), amount: 10_037 }],
    });
  });

  it('is all its invoices where their sum is paid', async () => {
    const items = [ordered(1, 'PO-4711', 6_000), ordered(2, 'PO-4711', 1_234), ordered(3, 'PO-1', 7_234)];
    const line = aLine({ amount: 7_234, text: 'PO-4711', counterparty: fromJuniper });
    expect(await matchOf(line, { items })).toMatchObject({
      outcome: 'posted',
      rule: 'purchase_order',
      allocations: [
        { invoiceId: invoiceIdOf(1), amount: 6_000 },
        { invoiceId: invoiceIdOf(2), amount: 1_234 },
      ],
    });
  });

  it('of several invoices, none or two of the amount, is never posted, nor another invoice in its place', async () => {
    const line = aLine({ amount: 7_777, text: 'PO-4711', counterparty: fromJuniper });
    const none = [ordered(1, 'PO-4711', 6_000), ordered(2, 'PO-4711', 1_234), anItem(3, { balance: 7_777 })];
    const match = await matchOf(line, { items: none });
    expect(match.outcome).toBe('suggested');
    expect(match.reasons).toContain('the amount does not say which invoices of order PO4711 are paid');
    const two = [ordered(1, 'PO-4711', 7_777), ordered(2, 'PO-4711', 7_777)];
    expect((await matchOf(line, { items: two })).outcome).toBe('suggested');
  });

  it('short and without a word for it is any number', async () => {
    const items = [ordered(1, '4711')];
    expect(await matchOf(aLine({ text: 'customer 4711' }), { items })).toMatchObject({ outcome: 'queued' });
  });

  it('of another amount is suggested, and a whole invoice number goes before it', async () => {
    const items = [ordered(1, 'PO-4711'), anItem(2, { balance: 500 })];
    const short = aLine({ amount: 9_000, text: 'PO-4711', counterparty: fromJuniper });
    expect(await matchOf(short, { items })).toMatchObject({ outcome: 'suggested', rule: 'purchase_order' });
    const named = aLine({ amount: 500, text: 'INV-2026-000002 for PO-4711', counterparty: fromJuniper });
    expect(await matchOf(named, { items })).toMatchObject({
      outcome: 'posted',
      rule: 'invoice_number',
      allocations: [{ invoiceId: invoiceIdOf(2), amount: 500 }],
    });
  });

  it('that is the part of another invoice number as well means neither by itself', async () => {
    const items = [ordered(1, '2026000042'), anItem(42)];
    const match = await matchOf(aLine({ text: '2026000042' }), { items });
    expect(match.outcome).not.toBe('posted');
  });
});

describe('an invoice that is paid already', () => {
  const paid = anItem(1, { balance: 0 });
  const line = aLine({ text: 'INV-2026-000001', counterparty: fromJuniper });
  const posting = { posts: MatchRule.options };

  it('is suggested on account, never onto another invoice', async () => {
    const match = await matchOf(line, { items: [paid, anItem(2), anItem(10)] });
    expect(match).toMatchObject({
      outcome: 'suggested',
      rule: 'paid_again',
      customerId: 'cus_juniper',
      allocations: [],
      unapplied: 10_037,
    });
    expect(match.reasons).toContain('invoice already paid: INV-2026-000001');
  });

  it('is posted on account where the policy says so and its customer pays', async () => {
    expect(await matchOf(line, { items: [paid] }, posting)).toMatchObject({
      outcome: 'posted',
      allocations: [],
    });
    const unknown = aLine({ text: 'INV-2026-000001' });
    expect(await matchOf(unknown, { items: [paid] }, posting)).toMatchObject({ outcome: 'suggested' });
  });

  it('named beside those that are paid now does not hold them up', async () => {
    const match = await matchOf(aLine({ text: 'INV-2026-000002, before INV-2026-000001' }), {
      items: [paid, anItem(2)],
    });
    expect(match).toMatchObject({
      outcome: 'posted',
      allocations: [{ invoiceId: invoiceIdOf(2), amount: 10_037 }],
    });
  });
});
