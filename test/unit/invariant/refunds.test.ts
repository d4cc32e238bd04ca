import { beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants, type Invariant } from '#shared/invariant/check-invariants.ts';
import type { Item } from '#shared/table/table.ts';
import { sellFourMugs, trading } from '../../builders/trading.ts';

const at = '2026-03-03T10:00:00.000Z';
const finn = { sub: 'fin-2', name: 'Finn Finance', roles: ['finance'] } as const;

/**
 * GBP 60.00 paid of 700.00 and credited; of the credit 20.00 are paid out and 5.00 more wait; of the payment 600.00 were
 * approved.
 */
async function soundTable(): Promise<Item[]> {
  const company = trading();
  const { table, done } = company;
  const invoiceId = await sellFourMugs(company, at);
  const allocations = [{ invoiceId, amount: 6_000 }];
  const money = { customerId: 'cus_harbour', method: 'bank_transfer', currency: 'GBP', amount: 70_000 };
  const { paymentId } = await done('recordPayment', { at, body: { ...money, allocations } });
  const credit = { scope: 'full', reasonCode: 'other', reason: 'Not as ordered' };
  const { creditNoteId } = await done('createCreditNote', { at, params: { invoiceId }, body: credit });
  const policy = { approvalAbove: { GBP: 2_000 } };
  const named = { params: { name: 'refunds' }, body: { effectiveFrom: '2026-03-03', policy } };
  const out = { params: { creditNoteId }, at };
  await done('refundCreditNote', {
    ...out,
    body: { amount: 2_000, reason: 'Wants no goods', alreadySent: true },
  });
  const body = { amount: 60_000, reason: 'Paid twice', alreadySent: true };
  const { refundId } = await done('refundPayment', { params: { paymentId }, at, body });
  await done('approveRefund', { as: finn, params: { refundId }, at, body: {} });
  await done('putPolicy', { ...named, at });
  await done('refundCreditNote', {
    ...out,
    body: { amount: 2_500, reason: 'Wants no goods', alreadySent: true },
  });
  return table.items();
}

type Edit = (items: Item[]) => Item[];

/** The items with the first under `PK SK` changed that has one of the attributes to change. */
function changed(where: string, change: Record<string, unknown>): Edit {
  const [pk = '', sk = ''] = where.split(' ');
  return (items) => {
    const found = items.findIndex(
      (item) =>
        item.PK.startsWith(pk) &&
        item.SK.startsWith(sk) &&
        Object.keys(change).some((attribute) => item[attribute] !== undefined),
    );
    if (found < 0) throw new Error(`nothing lies under ${where}`);
    return items.map((item, index) => (index === found ? { ...item, ...change } : item));
  };
}

const factOf =
  (type: string, change: Record<string, unknown>): Edit =>
  (items) =>
    items.map((item) =>
      item['type'] === type ? { ...item, data: Object.assign({}, item['data'], change) } : item,
    );

/** The ledger without the entries of credit notes paid out. */
const withoutPayOuts: Edit = (items) =>
  items.filter(({ kind, source }) => kind !== 'refund' || !String(source).startsWith('crn_'));

const plants: [Invariant, string, Edit][] = [
  ['C', 'a refund decided about by who asked', changed('rfd_ HEAD', { deciderId: 'admin-1' })],
  ['C', 'credit that nothing is kept of any more', changed('crn_ OPEN', { reserved: undefined })],
  ['C', 'a refund that was approved and not done', factOf('payment.refunded', { refundId: undefined })],
  ['C', 'a payment that forgot what it was paid out for', changed('pay_ HEAD', { paidOut: undefined })],
  ['C', 'a credit note that forgot what was paid out', changed('crn_ OPEN', { refunded: undefined })],
  ['C', 'more given back than came in', factOf('payment.paid_out', { amount: 10_001 })],
  ['F', 'a pay-out that is not in the books', withoutPayOuts],
];

describe('the invariants of refunds', () => {
  let sound: Item[];
  beforeAll(async () => {
    sound = await soundTable();
  });

  it('hold of refunds done properly', async () => {
    expect((await checkInvariants(sound, { settled: true })).violations).toEqual([]);
  });

  it.each(plants)('%s catches %s', async (invariant, _, plant) => {
    const planted: Item[] = JSON.parse(JSON.stringify(plant(sound)));
    const { violations } = await checkInvariants(planted, { settled: true });
    expect(violations.map((violation) => violation.invariant)).toContain(invariant);
  });
});
