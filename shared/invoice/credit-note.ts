import type { FactData } from '../fact/fact.ts';
import type { CreditNote, OpenCredit } from './invoice.ts';

/** What of a new credit note is left to use once `applied` of it was set against invoices. */
export function openCreditOf(creditNote: CreditNote, applied: OpenCredit['applied']): OpenCredit {
  const { creditNoteId, number, customerId, currency, totals } = creditNote;
  const used = applied.reduce((sum, { amount }) => sum + amount, 0);
  const unapplied = totals.gross - used;
  return { creditNoteId, number, customerId, currency, total: totals.gross, applied, unapplied, version: 1 };
}

/** What the fact `credit_note.issued` tells. */
export function issuedData(creditNote: CreditNote): FactData<'credit_note.issued'> {
  const { creditNoteId, number, scope, returnId, corrects, reasonCode, currency, totals } = creditNote;
  const { discountTakenBack, writeOffTakenBack } = creditNote;
  return {
    creditNoteId,
    number,
    scope,
    ...(returnId !== undefined && { returnId }),
    ...(corrects && { invoiceId: corrects.invoiceId }),
    reasonCode,
    currency,
    net: totals.net,
    gross: totals.gross,
    ...(discountTakenBack && { discountTakenBack }),
    ...(writeOffTakenBack !== undefined && { writeOffTakenBack }),
  };
}
