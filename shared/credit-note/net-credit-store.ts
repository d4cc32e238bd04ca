import { type Fact } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { saveOpenCredit, saveOpenItem } from '../invoice/invoice-store.ts';
import { newId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { allocationPostings } from '../ledger/postings.ts';
import { commit } from '../table/commit.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { NettedCredit } from './net-credit.ts';
import type { NettingView } from './net-credit-api.ts';

type Doing = {
  readonly by: string;
  readonly at: Instant;
  readonly today: CalendarDate;
  readonly remember: (factId: string) => Action;
};

/**
 * Sets a credit note against invoices, or takes it back where `reason` is given, in one transaction: idempotency record,
 * what is left of the credit note, the invoices, the books and the fact. What is owed in all stays as it is.
 * @throws DomainError `version_conflict` when the credit note or an invoice changed meanwhile
 */
export async function recordNetting(
  table: Table,
  { before, credit, nettings, items }: NettedCredit,
  { by, at, today, remember }: Doing,
  reason?: string,
): Promise<NettingView> {
  const { creditNoteId, number, customerId, currency, unapplied, version } = credit;
  const slot = versionSlot(version);
  const amount = nettings.reduce((sum, netting) => sum + netting.amount, 0);
  const data = {
    creditNoteId,
    number,
    currency,
    allocations: nettings.map((one) => ({ ...one })),
    unapplied,
  };
  const told = { at, actor: by, customerId };
  await commit(table, [
    remember(`${creditNoteId}.${slot}`),
    saveOpenCredit(credit, before.version),
    ...items.map((item) => saveOpenItem(item.after, item.before.version)),
    postEntry({
      entryId: newId('ent', at),
      date: today,
      at,
      kind: reason === undefined ? 'allocation' : 'unallocation',
      source: creditNoteId,
      reference: number,
      customerId,
      currency,
      postings: allocationPostings(reason === undefined ? amount : -amount),
    }),
    reason === undefined
      ? recordFact('credit_note.allocated', creditNoteId, slot, { ...told, data })
      : recordFact('credit_note.unallocated', creditNoteId, slot, { ...told, data: { ...data, reason } }),
  ]);
  return viewOf({ data: { ...data, ...(reason !== undefined && { reason }) }, at, actor: by });
}

/** What the call that netted or took back answered, told from the fact it recorded. */
export async function loadNettingAnswer(table: Table, factId: string): Promise<NettingView> {
  return viewOf(await loadFact(table, ['credit_note.allocated', 'credit_note.unallocated'], factId));
}

type Told = Pick<Fact, 'at' | 'actor'> & {
  readonly data: Fact<'credit_note.allocated'>['data'] & { readonly reason?: string };
};

function viewOf({ data, at, actor }: Told): NettingView {
  const links = { creditNote: `/v1/credit-notes/${data.creditNoteId}` };
  return { ...data, changedAt: at, changedBy: actor, links };
}
