import { changeAccount } from '../customer/customer-store.ts';
import { type Fact } from '../fact/fact.ts';
import { loadFact } from '../fact/fact-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { newId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { writeOffPostings } from '../ledger/postings.ts';
import { commit } from '../table/commit.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { mostToLose } from './credit-item.ts';
import type { WrittenOff } from './invoice-api.ts';
import { type InvoiceFile, saveOpenItem } from './invoice-store.ts';
import { writeOff } from './open-item.ts';

type Doing = {
  readonly actor: string;
  readonly at: Instant;
  readonly timeZone: string;
  readonly remember: (factId: string) => Action;
};

/**
 * Writes off `amount` of what is owed on an invoice, all of it when left out, in one transaction: idempotency record,
 * open item, account, books and fact.
 * @throws DomainError `invoice_not_open`, `write_off_exceeds_balance`, or `version_conflict` when the invoice changed
 *   meanwhile
 */
export async function writeOffInvoice(
  table: Table,
  { openItem: item, ...file }: Pick<InvoiceFile, 'openItem' | 'credited' | 'invoice'>,
  { amount: wanted, reason }: { readonly amount?: number | undefined; readonly reason: string },
  { actor, at, timeZone, remember }: Doing,
): Promise<WrittenOff> {
  const { amount, next } = writeOff(item, wanted, at, mostToLose({ ...file, openItem: item }));
  const { invoiceId, number, customerId, currency, balance, writtenOff = amount } = next;
  const slot = versionSlot(next.version);
  const data = { invoiceId, number, currency, amount, writtenOff, balance, reason };
  await commit(table, [
    remember(`${invoiceId}.${slot}`),
    saveOpenItem(next, item.version),
    changeAccount(customerId, { exposure: -amount, receivable: -amount }),
    postEntry({
      entryId: newId('ent', at),
      date: dateIn(timeZone, at),
      at,
      kind: 'write_off',
      source: invoiceId,
      reference: number,
      customerId,
      currency,
      postings: writeOffPostings(amount),
    }),
    recordFact('invoice.written_off', invoiceId, slot, { at, actor, customerId, data }),
  ]);
  return answerOf({ data, at, actor });
}

/** What the call that wrote an invoice off answered, told from the fact it recorded. */
export async function loadWriteOffAnswer(table: Table, factId: string): Promise<WrittenOff> {
  return answerOf(await loadFact(table, ['invoice.written_off'], factId));
}

function answerOf({
  data,
  at,
  actor,
}: Pick<Fact<'invoice.written_off'>, 'data' | 'at' | 'actor'>): WrittenOff {
  return { ...data, by: actor, at };
}
