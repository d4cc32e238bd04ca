import { beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import type { Item } from '#shared/table/table.ts';
import { sellFourMugs, trading } from '../../builders/trading.ts';

type Change = (item: Item) => Record<string, unknown>;

/** March closed and handed over; in April a refund and a write-off. */
async function soundBooks(): Promise<Item[]> {
  const company = trading();
  const { done, table } = company;
  const invoiceId = await sellFourMugs(company, '2026-03-03T10:00:00.000Z');
  const { paymentId } = await done('recordPayment', {
    at: '2026-03-09T10:00:00.000Z',
    body: { customerId: 'cus_harbour', method: 'cash', currency: 'GBP', amount: 900 },
  });
  const at = '2026-04-02T10:00:00.000Z';
  await done('closePeriod', { at, params: { month: '2026-03' } });
  await done('takeJournal', { at });
  const refund = { amount: 400, reason: 'Paid twice' };
  await done('refundPayment', { at, params: { paymentId }, body: refund });
  await done('writeOffInvoice', { at, params: { invoiceId }, body: { reason: 'Insolvent', amount: 500 } });
  await done('takeJournal', { at: '2026-04-03T10:00:00.000Z' });
  return table.items();
}

const first = (prefix: string, change: Change, wanted: (item: Item) => boolean = () => true) => {
  const [pk = '', sk = ''] = prefix.split(' ');
  return (items: readonly Item[]) => {
    const at = items.findIndex(({ PK, SK }, n) => {
      const item = items[n];
      return PK.startsWith(pk) && SK.startsWith(sk) && item !== undefined && wanted(item);
    });
    if (at < 0) throw new Error(`nothing lies under ${prefix}`);
    return items.map((item, index) => (index === at ? { ...item, ...change(item) } : item));
  };
};
const entry = (kind: string, change: Change) =>
  first('ledger_2026 ENTRY', change, (item) => item['kind'] === kind);

describe('the auditor of the books', () => {
  let sound: Item[];
  beforeAll(async () => {
    sound = await soundBooks();
  });

  it('finds nothing in books that are as they should be', async () => {
    expect((await checkInvariants(sound, { settled: true })).violations).toEqual([]);
  });

  it.each([
    ['A', 'a closed month with an entry too many', first('ledger_periods PERIOD', () => ({ entries: 3 }))],
    ['A', 'a closed month that forgot its sums', first('ledger_periods PERIOD', () => ({ turnover: [] }))],
    [
      'A',
      'an entry dated in a closed month after it was closed',
      entry('payment', () => ({ at: '2026-04-02T10:00:00.001Z' })),
    ],
    [
      'B',
      'a journal that skips a day',
      first('ledger_journals JOURNAL#000002', () => ({ from: '2026-04-03' })),
    ],
    ['B', 'a journal that lacks an entry', first('ledger_journals JOURNAL#000002', () => ({ entries: 1 }))],
    ['B', 'a number of journals left out', first('ledger_journals JOURNAL#000002', () => ({ ordinal: 3 }))],
    ['C', 'a payment refunded and still to be used', first('pay_ HEAD', () => ({ refunded: 300 }))],
    ['C', 'a loss nobody owes less by', first('inv_ OPEN', () => ({ writtenOff: 400 }))],
    ['F', 'a refund booked as another kind', entry('refund', () => ({ kind: 'write_off' }))],
    ['F', 'a refund told and not booked', entry('refund', () => ({ source: 'pay_gone' }))],
    [
      'F',
      'goods that left at no cost',
      entry('invoice', () => ({
        postings: [
          { account: 'receivables', amount: 6_000 },
          { account: 'sales', amount: -5_000 },
          { account: 'output_tax', amount: -1_000 },
        ],
      })),
    ],
    [
      'E',
      'unapplied money booked against receivables',
      entry('payment', () => ({
        postings: [
          { account: 'cash', amount: 900 },
          { account: 'receivables', amount: -900 },
        ],
      })),
    ],
  ] as const)('%s catches %s', async (invariant, _, plant) => {
    const { violations } = await checkInvariants(plant(sound), { settled: true });
    expect(violations.map((violation) => violation.invariant)).toContain(invariant);
  });
});
