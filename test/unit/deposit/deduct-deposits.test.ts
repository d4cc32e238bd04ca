import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deductDeposits, suppliedTotals } from '#shared/deposit/deduct-deposits.ts';
import { leftOf, type OrderDeposits } from '#shared/deposit/deposit.ts';
import { CustomerId, InvoiceId, OrderId } from '#shared/kernel/ids.ts';
import { Currency } from '#shared/kernel/money.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import type { Totals } from '#shared/tax/tax.ts';
import { seed } from '#test/builders/pricing.ts';

const standard = { category: 'S', rate: '20' } as const;
const reduced = { category: 'S', rate: '5' } as const;

function totals(groups: Totals['groups']): Totals {
  const net = groups.reduce((sum, group) => sum + group.net, 0);
  const tax = groups.reduce((sum, group) => sum + group.tax, 0);
  return { net, tax, gross: net + tax, groups };
}

function deposits(...lefts: Totals['groups'][]): OrderDeposits {
  return {
    orderId: OrderId.parse('ord_01k0000000000000000000000a'),
    customerId: CustomerId.parse('cus_harbour'),
    currency: Currency.parse('GBP'),
    deposits: lefts.map((left, index) => ({
      invoiceId: InvoiceId.parse(`inv_01k000000000000000000000${index}a`),
      number: `INV-2026-00000${index + 1}`,
      issuedOn: CalendarDate.parse('2026-03-02'),
      gross: leftOf([{ left }]),
      left,
    })),
    version: 1,
  };
}

describe('deposits taken off an invoice', () => {
  it('go off what is taxed alike, oldest first, and leave the rest', () => {
    const invoice = totals([
      { ...standard, net: 1_000, tax: 200 },
      { ...reduced, net: 400, tax: 20 },
    ]);
    const { deductions, changes, ...rest } = deductDeposits(invoice, [
      deposits([{ ...standard, net: 700, tax: 140 }], [{ ...standard, net: 700, tax: 140 }]),
    ]);
    expect(rest).toEqual({
      totals: totals([
        { ...standard, net: 0, tax: 0 },
        { ...reduced, net: 400, tax: 20 },
      ]),
      used: 1_200,
    });
    expect(deductions.map(({ number, net, tax }) => [number, net, tax])).toEqual([
      ['INV-2026-000001', 700, 140],
      ['INV-2026-000002', 300, 60],
    ]);
    expect(changes[0]?.after.deposits.map(({ left }) => left)).toEqual([
      [],
      [{ ...standard, net: 400, tax: 80 }],
    ]);
  });

  it('cover the tax of what they cover, whoever rounded it how', () => {
    const invoice = totals([{ ...standard, net: 103, tax: 21 }]);
    const { totals: rest, changes } = deductDeposits(invoice, [
      deposits([{ ...standard, net: 103, tax: 20 }]),
    ]);
    expect(rest).toMatchObject({ net: 0, tax: 0, gross: 0 });
    expect(changes[0]?.after.deposits[0]?.left).toEqual([]);
  });

  it('stay where the invoice has nothing that is taxed alike', () => {
    const invoice = totals([{ ...reduced, net: 400, tax: 20 }]);
    expect(deductDeposits(invoice, [deposits([{ ...standard, net: 700, tax: 140 }])])).toEqual({
      totals: invoice,
      deductions: [],
      changes: [],
      used: 0,
    });
  });

  it(`never go below nothing, add up, and can be put back (seed ${seed})`, () => {
    const part = (rate: typeof standard | typeof reduced) =>
      fc
        .tuple(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 0, max: 99 }))
        .map(([net, tax]) => ({ ...rate, net, tax }));
    const groups = fc.tuple(part(standard), part(reduced));
    fc.assert(
      fc.property(groups, fc.array(groups, { minLength: 1, maxLength: 4 }), (invoiced, asked) => {
        const invoice = totals(invoiced);
        const before = deposits(...asked);
        const { totals: rest, deductions, changes, used } = deductDeposits(invoice, [before]);
        for (const { net, tax } of rest.groups) expect(Math.min(net, tax)).toBeGreaterThanOrEqual(0);
        expect(suppliedTotals({ totals: rest, deductions: [...deductions] })).toEqual(invoice);
        const after = changes[0]?.after ?? before;
        expect(leftOf(before.deposits) - leftOf(after.deposits)).toBe(used);
        const netOf = ({ deposits: all }: OrderDeposits) =>
          all.flatMap(({ left }) => left).reduce((sum, { net }) => sum + net, 0);
        expect(netOf(before) - netOf(after)).toBe(deductions.reduce((sum, { net }) => sum + net, 0));
      }),
      { seed, numRuns: 500 },
    );
  });
});
