import { expect, it } from 'vitest';
import { workLine } from '#shared/bank/work-line-store.ts';
import { CalendarDate, Instant } from '#shared/kernel/time.ts';
import { loadEntriesOfDay } from '#shared/ledger/ledger-store.ts';
import { aBankAccount, anEntry, aStatement } from '../../builders/bank-line.ts';
import { sellFourMugs, trading } from '../../builders/trading.ts';

const at = '2026-03-03T10:00:00.000Z';

it('a credit note paid out by transfer is confirmed by its line, though the invoice was paid in cash', async () => {
  const company = trading();
  const invoiceId = await sellFourMugs(company, at);
  const allocations = [{ invoiceId, amount: 6_000 }];
  const money = { customerId: 'cus_harbour', method: 'cash', currency: 'GBP', amount: 6_000, allocations };
  const { paymentId } = await company.done('recordPayment', { at, body: money });
  const why = { scope: 'full', reasonCode: 'other', reason: 'Not as ordered' };
  const { creditNoteId } = await company.done('createCreditNote', { at, params: { invoiceId }, body: why });
  const transfer = { method: 'bank_transfer', reference: 'OUT-HARBOUR-7', alreadySent: true };
  const body = { amount: 2_500, reason: 'Wants no other goods', ...transfer };
  await company.done('refundCreditNote', { at, params: { creditNoteId }, body });

  const line = await workLine(company.table, {
    timeZone: 'Europe/London',
    statement: aStatement(-2_500, 1),
    account: aBankAccount(),
    entry: anEntry({ amount: -2_500, text: 'OUT-HARBOUR-7', bankReference: undefined }),
    match: undefined,
    at: Instant.parse('2026-04-01T08:00:00.000Z'),
    today: CalendarDate.parse('2026-04-01'),
    actor: 'import-statement',
  });
  expect(line).toMatchObject({
    status: 'matched',
    outcome: { kind: 'confirmation', paymentId, told: '000002' },
  });
  expect(line).not.toHaveProperty('outcome.from');
  // It was booked at the bank when it was paid out.
  expect(await loadEntriesOfDay(company.table, CalendarDate.parse('2026-04-01'))).toEqual([]);
});
