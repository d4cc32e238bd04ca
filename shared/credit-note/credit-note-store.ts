import type { Account } from '../customer/customer.ts';
import { changeAccount } from '../customer/customer-store.ts';
import { saveDeposits } from '../deposit/deposit-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { sumTakenBack } from '../invoice/credit-item.ts';
import { issuedData, openCreditOf } from '../invoice/credit-note.ts';
import { creditorReference } from '../invoice/creditor-reference.ts';
import type { CreditNote, Invoice, OpenCredit } from '../invoice/invoice.ts';
import { documentActions, saveCredited, saveOpenCredit, saveOpenItem } from '../invoice/invoice-store.ts';
import { entryOfInvoice, openItemOfNew } from '../invoice/issue-invoice.ts';
import { recordIssued } from '../invoice/issue-invoice-store.ts';
import { reduceBalance } from '../invoice/open-item.ts';
import { type NextNumber, withNumber } from '../invoice/series-store.ts';
import type { CreditNoteId, CustomerId, InvoiceId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { entryOfCreditNote } from '../return/draft-return.ts';
import { commit } from '../table/commit.ts';
import { versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { CreditNoteDraft } from './draft-credit-note.ts';
import type { ReissueDraft } from './draft-reissue.ts';

type Doing = { actor: string; remember: (id: CreditNoteId | InvoiceId) => Action };

/**
 * Issues a drafted credit note under the next number of its series, in one transaction: document and lines, what is
 * left of it, what was credited of the invoice, what is owed on it, the account, the ledger and the fact.
 * @throws DomainError `version_conflict` when the invoice changed meanwhile, `table_busy`
 */
export async function issueCreditNote(
  table: Table,
  draft: CreditNoteDraft,
  next: NextNumber,
  { actor, remember }: Doing,
): Promise<CreditNote> {
  return withNumber(table, next, async ({ identity, take }) => {
    const creditNote = { ...draft.creditNote, ...identity };
    await commit(table, [
      remember(creditNote.creditNoteId),
      take,
      ...creditActions(creditNote, draft, appliedOf(creditNote, draft), actor),
      // A deposit's order claims again what the deposit asked for.
      ...accountActions(
        creditNote.customerId,
        sumTakenBack(creditNote) - creditNote.totals.gross,
        draft.deposit && creditNote.totals.gross,
      ),
    ]);
    return creditNote;
  });
}

/**
 * Credits an invoice and issues the one that takes its place, in one transaction: neither is there without the other.
 * @throws DomainError `version_conflict` when the invoice changed meanwhile, `table_busy`
 */
export async function reissue(
  table: Table,
  draft: ReissueDraft,
  next: { creditNote: NextNumber; invoice: NextNumber },
  doing: Doing & { nextActionAt: Instant },
): Promise<Invoice> {
  return withNumber(table, next.creditNote, (ofCredit) =>
    withNumber(table, next.invoice, async (ofInvoice) => {
      const creditNote = { ...draft.credit.creditNote, ...ofCredit.identity };
      const { creditNoteId, number } = creditNote;
      const invoice = {
        ...draft.invoice,
        ...ofInvoice.identity,
        creditorReference: creditorReference(ofInvoice.identity.number),
        replaces: { ...draft.replaces, creditNote: { creditNoteId, number } },
      };
      const { invoiceId } = invoice;
      const applied = [
        ...appliedOf(creditNote, draft.credit),
        ...(draft.carriedOver > 0 ? [{ invoiceId, amount: draft.carriedOver }] : []),
      ];
      await commit(table, [
        doing.remember(invoiceId),
        ofCredit.take,
        ofInvoice.take,
        ...creditActions(creditNote, draft.credit, applied, doing.actor),
        ...invoiceActions(invoice, draft, doing),
        ...accountActions(invoice.customerId, invoice.totals.gross - creditNote.totals.gross),
      ]);
      return invoice;
    }),
  );
}

function appliedOf({ corrects }: CreditNote, { applied }: CreditNoteDraft): OpenCredit['applied'] {
  return corrects && applied > 0 ? [{ invoiceId: corrects.invoiceId, amount: applied }] : [];
}

function creditActions(
  creditNote: CreditNote,
  { lines, credited, creditedBefore, openItem, deposit }: CreditNoteDraft,
  applied: OpenCredit['applied'],
  actor: string,
): Action[] {
  const { creditNoteId, customerId, issuedAt } = creditNote;
  const settled = applied.reduce((sum, { amount }) => sum + amount, 0);
  return [
    ...documentActions(creditNote, lines),
    saveOpenCredit(openCreditOf(creditNote, applied), 'absent'),
    saveCredited(credited, creditedBefore),
    ...(openItem ? [saveOpenItem(openItem.after, openItem.before.version)] : []),
    ...(deposit ? [saveDeposits(deposit)] : []),
    postEntry(entryOfCreditNote(creditNote, lines, { applied: settled, ofDeposit: deposit !== undefined })),
    recordFact('credit_note.issued', creditNoteId, versionSlot(1), {
      at: issuedAt,
      actor,
      customerId,
      data: issuedData(creditNote),
    }),
  ];
}

function invoiceActions(
  invoice: Invoice,
  { lines, carriedOver }: ReissueDraft,
  { actor, nextActionAt }: { actor: string; nextActionAt: Instant },
): Action[] {
  const owed = openItemOfNew(invoice, nextActionAt);
  const left = carriedOver > 0 ? reduceBalance(owed, carriedOver, invoice.issuedAt) : owed;
  return [
    ...documentActions(invoice, lines),
    saveOpenItem({ ...left, version: 1 }, 'absent'),
    postEntry(entryOfInvoice(invoice, lines)),
    recordIssued(invoice, actor),
  ];
}

function accountActions(customerId: CustomerId, by: Account['receivable'], claimed = 0): Action[] {
  const exposure = by + claimed;
  return by === 0 && exposure === 0 ? [] : [changeAccount(customerId, { exposure, receivable: by })];
}
