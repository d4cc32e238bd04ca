import { changeAccount } from '../customer/customer-store.ts';
import { saveDeposits } from '../deposit/deposit-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { creditorReference } from './creditor-reference.ts';
import type { Invoice } from './invoice.ts';
import { documentActions, invoiceOf, saveOpenItem } from './invoice-store.ts';
import { entryOfInvoice, type InvoiceDraft, openItemOfNew } from './issue-invoice.ts';
import { type NextNumber, type Numbered, withNumber } from './series-store.ts';
import { billedActions } from './to-bill-store.ts';

/** The shipment has its invoice already. */
class AlreadyIssued extends Error {
  readonly invoice: Invoice;

  constructor(invoice: Invoice) {
    super('the shipment has its invoice already');
    this.invoice = invoice;
  }
}

/**
 * Issues a drafted invoice under the next number of its series, in one transaction: document, lines, what is owed,
 * the customer's account, the ledger and the fact. Where the shipment was invoiced before, nothing is written and
 * that invoice is the answer.
 * @param next the next number of its series as last read
 * @param actor who issues it, for the fact
 * @param remember the write that remembers an idempotency key, where somebody asked for the invoice
 * @throws DomainError `table_busy` when others keep taking the number first; `version_conflict` when a shipment that
 *   waited for it was billed meanwhile
 */
export async function issueInvoice(
  table: Table,
  draft: InvoiceDraft,
  next: NextNumber,
  actor: string,
  remember?: (invoiceId: string) => Action,
): Promise<Invoice> {
  try {
    return await withNumber(table, next, async (numbered) => {
      const { identity } = numbered;
      const invoice = {
        ...draft.invoice,
        ...identity,
        creditorReference: creditorReference(identity.number),
      };
      await commit(table, [
        ...(remember ? [remember(invoice.invoiceId)] : []),
        ...issueActions(invoice, draft, numbered, actor),
      ]);
      return invoice;
    });
  } catch (error) {
    if (error instanceof AlreadyIssued) return error.invoice;
    throw error;
  }
}

function alreadyIssued(found: Item | undefined): Error {
  return found ? new AlreadyIssued(invoiceOf(found)) : new RangeError('a stored invoice was not shown');
}

/**
 * The writes of an invoice. The document goes first: that it is there already matters more than any other condition that
 * fails with it.
 */
export function issueActions(
  invoice: Invoice,
  draft: InvoiceDraft,
  { take }: Numbered,
  actor: string,
): Action[] {
  const { customerId, totals } = invoice;
  const exposure = totals.gross - draft.claim;
  return [
    ...documentActions(
      invoice,
      draft.lines,
      draft.toBill ? versionConflict('list of shipments to invoice') : alreadyIssued,
    ),
    ...billedActions(draft),
    ...(draft.deposits ?? []).map(saveDeposits),
    take,
    saveOpenItem(openItemOfNew(invoice, draft.nextActionAt), 'absent'),
    ...(exposure === 0 && totals.gross === 0
      ? []
      : [changeAccount(customerId, { exposure, receivable: totals.gross })]),
    postEntry(entryOfInvoice(invoice, draft.lines)),
    recordIssued(invoice, actor),
  ];
}

/** The fact that an invoice was issued, for the transaction that issues it. */
export function recordIssued(invoice: Invoice, actor: string): Action {
  const { invoiceId, number, type, orders, customerId, currency, dueOn, totals, issuedAt } = invoice;
  return recordFact('invoice.issued', invoiceId, versionSlot(1), {
    at: issuedAt,
    actor,
    customerId,
    data: { invoiceId, number, type, orders, dueOn, currency, net: totals.net, gross: totals.gross },
  });
}
