import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalendarDate } from '#shared/kernel/time.ts';
import { AccountMovement, movementOf } from '#shared/ledger/account-movement.ts';
import { composeStatement, type StatementSources, type UnappliedItem } from '#shared/statement/statement.ts';
import { aCustomer } from '#test/builders/customer.ts';
import { anEntry, anOpenItem } from '#test/builders/invoice.ts';

const customer = aCustomer();
const on = CalendarDate.parse('2026-05-01');
const march = { from: CalendarDate.parse('2026-03-01'), to: CalendarDate.parse('2026-03-31') };

function movement(details: Record<string, unknown>): AccountMovement {
  return AccountMovement.parse({
    date: '2026-03-03',
    kind: 'invoice',
    reference: 'INV-2026-000001',
    source: 'inv_1',
    currency: 'GBP',
    amount: 6_000,
    ...details,
  });
}

const credit = (amount: number): UnappliedItem => ({
  kind: 'payment',
  id: 'pay_1',
  reference: 'FT 4711',
  date: CalendarDate.parse('2026-04-20'),
  amount,
});

describe('a statement of open items', () => {
  const open = (sources: Partial<Extract<StatementSources, { kind: 'open_item' }>>) =>
    composeStatement(customer, { kind: 'open_item', on, items: [], unapplied: [], ...sources });

  it('is every open invoice by due date, credit, and what is due in all', () => {
    const statement = open({
      items: [
        anOpenItem({ number: 'INV-2026-000002', dueOn: '2026-05-15', balance: 2_000 }),
        anOpenItem({ balance: 6_000 }),
        anOpenItem({ status: 'paid' }),
      ],
      unapplied: [credit(500)],
    });
    expect(statement).toMatchObject({ invoiced: 8_000, credit: 500, total: 7_500 });
    expect(statement.items).toMatchObject([
      { number: 'INV-2026-000001', dueOn: '2026-04-02', overdueDays: 29, balance: 6_000, total: 6_000 },
      { number: 'INV-2026-000002', dueOn: '2026-05-15', overdueDays: 0, balance: 2_000 },
    ]);
    expect(statement.ageing).toEqual({ not_due: 2_000, '1-30': 6_000, '31-60': 0, '61-90': 0, over_90: 0 });
  });

  it('ages instalments one by one, the settled ones left out', () => {
    const { items, ageing } = open({
      items: [
        anOpenItem({
          total: 9_000,
          balance: 7_000,
          instalments: [
            { dueOn: '2026-01-31', amount: 3_000 },
            { dueOn: '2026-04-30', amount: 3_000 },
            { dueOn: '2026-05-31', amount: 3_000 },
          ],
        }),
      ],
    });
    expect(items[0]).toMatchObject({
      dueOn: '2026-01-31',
      overdueDays: 90,
      instalments: [
        { dueOn: '2026-01-31', amount: 1_000 },
        { dueOn: '2026-04-30', amount: 3_000 },
        { dueOn: '2026-05-31', amount: 3_000 },
      ],
    });
    expect(ageing).toEqual({ not_due: 3_000, '1-30': 3_000, '31-60': 0, '61-90': 1_000, over_90: 0 });
  });

  it('may be in the customer’s favour', () => {
    expect(open({ unapplied: [credit(500)] }).total).toBe(-500);
  });
});

describe('a statement of a period', () => {
  it('leads from the opening to the closing balance, whatever moved in between', () => {
    const statement = composeStatement(customer, {
      kind: 'period',
      ...march,
      movements: [
        movement({ date: '2026-02-27', amount: 1_000 }),
        movement({}),
        movement({ kind: 'payment', date: '2026-03-10', reference: 'FT 1', amount: -1_000 }),
        movement({ kind: 'payment', date: '2026-03-12', reference: 'FT 2', amount: -2_000, discount: -40 }),
        movement({ kind: 'write_off', date: '2026-03-31', amount: -4_000 }),
        movement({ date: '2026-04-01', amount: 9_999 }),
      ],
    });
    expect(statement).toMatchObject({ opening: 1_000, closing: 0 });
    expect(statement.movements.map(({ kind, amount, balance }) => [kind, amount, balance])).toEqual([
      ['invoice', 6_000, 7_000],
      ['payment', -1_000, 6_000],
      ['payment', -1_960, 4_040],
      ['discount', -40, 4_000],
      ['write_off', -4_000, 0],
    ]);
  });

  it('adds up for any movements and any period', () => {
    const days = fc.integer({ min: 1, max: 28 }).map((day) => `2026-03-${String(day).padStart(2, '0')}`);
    const movements = fc.array(
      fc.record({
        date: days,
        amount: fc.integer({ min: -1e9, max: 1e9 }),
        discount: fc.integer({ min: -1e6, max: 0 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(movements, days, days, (given, one, other) => {
        const all = given
          .toSorted((a, b) => (a.date < b.date ? -1 : 1))
          .map((each) => movement({ ...each, kind: 'payment' }));
        const [from, to] = [one, other].toSorted().map((date) => CalendarDate.parse(date));
        const { opening, closing, ...statement } = composeStatement(customer, {
          kind: 'period',
          from: from ?? on,
          to: to ?? on,
          movements: all,
        });
        const moved = statement.movements.reduce((sum, { amount }) => sum + amount, 0);
        const until = all
          .filter(({ date }) => date <= (to ?? ''))
          .reduce((sum, { amount }) => sum + amount, 0);
        expect(opening + moved).toBe(closing);
        expect(closing).toBe(until);
        expect(statement.movements.at(-1)?.balance ?? opening).toBe(closing);
      }),
    );
  });
});

describe('what an entry does to an account', () => {
  it('is what it posts to claims and to what is kept for the customer', () => {
    expect(movementOf(anEntry())).toMatchObject({ kind: 'invoice', amount: 6_000 });
    const postings = [
      { account: 'bank' as const, amount: 5_880 },
      { account: 'receivables' as const, amount: -5_000 },
      { account: 'unapplied' as const, amount: -880 },
      { account: 'discounts_allowed' as const, amount: 100 },
      { account: 'output_tax' as const, amount: 20 },
      { account: 'receivables' as const, amount: -120 },
    ];
    expect(movementOf(anEntry({ kind: 'payment', postings }))).toMatchObject({
      amount: -6_000,
      discount: -120,
    });
  });
});
