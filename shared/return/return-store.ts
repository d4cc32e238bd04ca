import { changeAccount } from '../customer/customer-store.ts';
import { recordFact } from '../fact/record-fact.ts';
import { sumTakenBack } from '../invoice/credit-item.ts';
import { issuedData, openCreditOf } from '../invoice/credit-note.ts';
import type { CreditNote, OpenCredit } from '../invoice/invoice.ts';
import { documentActions, saveCredited, saveOpenCredit, saveOpenItem } from '../invoice/invoice-store.ts';
import { type NextNumber, withNumber } from '../invoice/series-store.ts';
import { type CustomerId, ReturnId } from '../kernel/ids.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { restock } from '../stock/stock-store.ts';
import { commit } from '../table/commit.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { entryOfCreditNote, type ReturnDraft } from './draft-return.ts';
import { Return } from './return.ts';

export async function loadReturn(table: Table, returnId: ReturnId): Promise<Return | undefined> {
  const item = await table.get(keys.return(returnId), { consistent: true });
  return item && returnOf(item);
}

/** The return that bears the customer's or source system's number `reference`, if there is one. */
export async function returnWithReference(
  table: Table,
  customerId: CustomerId,
  reference: string,
): Promise<Return | undefined> {
  const claim = await table.get(keys.returnReference(customerId, reference), { consistent: true });
  return claim && loadReturn(table, ReturnId.parse(claim['returnId']));
}

/** Another call took a return under the same reference between reading and writing. */
export class ReferenceTaken extends Error {}

/**
 * Takes a return and issues its credit note under the next number of its series, in one transaction: idempotency
 * record, reference, document and lines, the return itself, the goods, the invoice, the account, the ledger and the
 * fact. At most 95 actions: five chunks of credited lines, 80 SKUs, and ten others.
 * @param next the next number of the credit notes as last read
 * @param remember the write that remembers the request
 * @throws ReferenceTaken
 * @throws DomainError `version_conflict` when the invoice changed meanwhile, `table_busy`
 */
export async function takeReturn(
  table: Table,
  draft: ReturnDraft,
  next: NextNumber,
  remember: (returnId: ReturnId) => Action,
): Promise<Return> {
  return withNumber(table, next, async ({ identity, take }) => {
    const creditNote = { ...draft.creditNote, ...identity };
    const taken = { ...draft.taken, creditNoteNumber: identity.number };
    await commit(table, [
      remember(taken.returnId),
      ...claimReference(taken),
      ...documentActions(creditNote, draft.lines),
      take,
      saveReturn(taken),
      saveOpenCredit(openCreditOf(creditNote, appliedOf(taken)), 'absent'),
      ...draft.restocked.map(restock),
      ...correctionActions(draft),
      ...accountActions(taken.customerId, sumTakenBack(creditNote) - taken.gross),
      postEntry(entryOfCreditNote(creditNote, draft.lines, { applied: taken.applied })),
      issuedFact(creditNote, taken.receivedBy),
    ]);
    return taken;
  });
}

function accountActions(customerId: CustomerId, by: number): Action[] {
  return by === 0 ? [] : [changeAccount(customerId, { exposure: by, receivable: by })];
}

function correctionActions({ correction }: ReturnDraft): Action[] {
  if (!correction) return [];
  const { credited, creditedBefore, openItem } = correction;
  return [
    saveCredited(credited, creditedBefore),
    ...(openItem ? [saveOpenItem(openItem.after, openItem.before.version)] : []),
  ];
}

function issuedFact(creditNote: CreditNote, actor: string): Action {
  const { creditNoteId, customerId, issuedAt } = creditNote;
  return recordFact('credit_note.issued', creditNoteId, versionSlot(1), {
    at: issuedAt,
    actor,
    customerId,
    data: issuedData(creditNote),
  });
}

function claimReference({ customerId, reference, returnId }: Return): Action[] {
  if (reference === undefined) return [];
  return [
    {
      do: 'put',
      item: { ...keys.returnReference(customerId, reference), returnId },
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: () => new ReferenceTaken(`reference ${reference} was taken meanwhile`),
    },
  ];
}

/** What of the credit was set against the invoice at once. */
function appliedOf({ invoiceId, applied }: Return): OpenCredit['applied'] {
  return invoiceId !== undefined && applied > 0 ? [{ invoiceId, amount: applied }] : [];
}

function saveReturn(taken: Return): Action {
  return {
    do: 'put',
    item: { ...keys.return(taken.returnId), ...taken },
    when: [{ attribute: 'PK', is: 'absent' }],
  };
}

function returnOf({ PK: _pk, SK: _sk, ...taken }: Item): Return {
  return Return.parse(taken);
}
