import { beforeAll, describe, expect, it } from 'vitest';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import type { Item } from '#shared/table/table.ts';
import { openBankDesk } from '../../builders/bank-desk.ts';
import { anEntry, STATEMENT_ID } from '../../builders/bank-line.ts';
import { harbour } from '../../builders/owing-customers.ts';

const desk = await openBankDesk();

type Edit = (item: Item) => Item | undefined;
/** Changes what lies under a partition and sort key that begin so. */
const on =
  (start: string, change: Edit): Edit =>
  (item) =>
    `${item.PK} ${item.SK}`.replace(/_[^ ]*/, '').startsWith(start) ? change(item) : item;
const isIn = (item: Item, text: string) => JSON.stringify(item).includes(text);

let paid: Item[];
let confirmed: Item[];
let booked: Item[];
/** A line that recorded a payment, one that confirmed one, and one that was booked. */
beforeAll(async () => {
  desk.reset();
  await desk.wait(anEntry());
  await desk.decide({ customerId: harbour });
  paid = desk.items();

  desk.reset();
  const payment = { customerId: harbour, method: 'cheque', currency: 'GBP', amount: 6_000 };
  const { paymentId } = await desk.done('recordPayment', {}, payment);
  await desk.wait(anEntry());
  await desk.decide({ confirms: paymentId });
  confirmed = desk.items();

  desk.reset();
  await desk.wait(anEntry({ amount: 6_000 }));
  await desk.decide({ post: 'interest', reason: 'March' });
  booked = desk.items();
});

/** The invariants that a table breaks once each of its items went through `edit`. */
async function broken(items: readonly Item[], edit: Edit): Promise<string[]> {
  const { violations } = await checkInvariants(items.flatMap((item) => edit(item) ?? []));
  return [...new Set(violations.map(({ invariant }) => invariant))];
}

describe('the invariants of the bank', () => {
  it('hold where everything was done properly', async () => {
    for (const items of [paid, confirmed, booked]) expect(await broken(items, (item) => item)).toEqual([]);
  });

  it.each<[string, string, () => Item[], Edit]>([
    [
      'C',
      'a balance that its entries do not explain',
      () => paid,
      on('bst HEAD', (item) => ({ ...item, sum: 5_999 })),
    ],
    ['C', 'a line that is gone', () => paid, on('bst LINE', () => undefined)],
    [
      'F',
      'a payment whose line waits',
      () => paid,
      on('bst LINE', (item) => {
        const { outcome: _outcome, by: _by, at: _at, ...line } = item;
        return { ...line, status: 'queued' };
      }),
    ],
    [
      'F',
      'a payment that says another line',
      () => paid,
      on('pay HEAD', (item) => ({
        ...item,
        bankLine: { bankStatementId: STATEMENT_ID, line: 2 },
      })),
    ],
    ['F', 'a decision nobody told of', () => paid, on('bst FACT#line', () => undefined)],
    [
      'F',
      'a payment on a statement of which no line tells',
      () => confirmed,
      on('bst LINE', (item) => ({
        ...item,
        outcome: { kind: 'booking', account: 'clearing', reason: 'cleared' },
      })),
    ],
    [
      'F',
      'a line that confirms what another one did',
      () => confirmed,
      on('pay ON_STATEMENT', () => undefined),
    ],
    [
      'F',
      'a booking of a line that is ignored',
      () => booked,
      on('bst LINE', (item) => {
        const { outcome: _outcome, ...line } = item;
        return { ...line, status: 'ignored', reason: 'Not ours' };
      }),
    ],
    [
      'A',
      'a matched line that is not booked',
      () => booked,
      on('ledger ENTRY', (item) => (isIn(item, 'interest') ? undefined : item)),
    ],
  ])('%s catches %s', async (invariant, _, items, edit) => {
    expect(await broken(items(), edit)).toContain(invariant);
  });
});
