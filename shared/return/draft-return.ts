import type { Customer } from '../customer/customer.ts';
import { creditItem, type ItemCredit } from '../invoice/credit-item.ts';
import type { Credited, CreditNote, InvoiceLine, OpenItem } from '../invoice/invoice.ts';
import { referenceTo } from '../invoice/invoice.ts';
import { buyerOf } from '../invoice/issue-invoice.ts';
import type { Numbered } from '../invoice/series-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { newId, type SellerId, twinId } from '../kernel/ids.ts';
import { type Currency, MAX_AMOUNT } from '../kernel/money.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { Entry } from '../ledger/ledger.ts';
import { creditNotePostings, takenBackPostings } from '../ledger/postings.ts';
import { type StockNeed, stockNeeds } from '../stock/stock-needs.ts';
import { MAIN } from '../stock/warehouse-policy.ts';
import type { Totals } from '../tax/tax.ts';
import { creditedDiscounts } from './credited-discounts.ts';
import {
  addCredited,
  beyondInvoice,
  type CreditedLine,
  creditTotals,
  type ReturnedInvoice,
} from './credited-lines.ts';
import type { Return, ReturnedLine } from './return.ts';
import type { ReturnRequest } from './return-api.ts';

/** A return that lacks only the number of its credit note, with what else its transaction changes. */
export type ReturnDraft = {
  readonly taken: Omit<Return, 'creditNoteNumber'>;
  readonly creditNote: Omit<CreditNote, keyof Numbered['identity']>;
  readonly lines: readonly InvoiceLine[];
  /** Goods that go back on the shelf. */
  readonly restocked: readonly StockNeed[];
  /** The invoice it corrects: what was credited of it, and what is owed on it where that changes. */
  readonly correction?: {
    readonly credited: Credited;
    readonly creditedBefore: number | 'absent';
    readonly openItem?: { readonly before: OpenItem; readonly after: OpenItem };
  };
};

export type ReturnContext = {
  request: ReturnRequest;
  credited: readonly CreditedLine[];
  customer: Customer;
  /** The invoice the goods were on, with what is owed on it. */
  from: (ReturnedInvoice & { readonly openItem: OpenItem }) | undefined;
  today: CalendarDate;
  at: Instant;
  actor: string;
  seller: SellerId;
};

/** Goods of no invoice: all of it stays on the account. */
const noCredit: ItemCredit = { applied: 0, takenBack: {} };

/**
 * The return that a request makes and its credit note. Its gross is set against what is still owed on the invoice;
 * the rest stays on the customer's account as unapplied.
 * @throws DomainError `amount_too_large`, `currency_mismatch`, `validation_failed` for a document of tomorrow
 */
export function draftReturn(context: ReturnContext): ReturnDraft {
  const { request, credited, customer, from, today, at, actor, seller } = context;
  const currency = from?.invoice.currency ?? customer.currency;
  refuseOtherCurrency(request, currency);
  refuseFuture(request, today);
  refuseHugeAmounts(credited);

  const discounts = from ? creditedDiscounts(credited, from) : [];
  const before = from?.credited?.groups ?? [];
  const totals = creditTotals(credited, before, currency, discounts, from?.invoice);
  if (from) refuseBeyond(totals, from);
  const { applied, takenBack, openItem } = from
    ? creditItem(from.openItem, totals.gross, from.credited, at, from.invoice.deductions)
    : noCredit;
  const returnId = newId('ret', at);
  const creditNoteId = twinId('crn', returnId);
  const { customerId } = customer;
  return {
    taken: {
      returnId,
      creditNoteId,
      customerId,
      currency,
      reason: request.reason,
      ...(request.reference !== undefined && { reference: request.reference }),
      ...(request.documentDate !== undefined && { documentDate: request.documentDate }),
      ...(from && { invoiceId: from.invoice.invoiceId }),
      ...(request.warehouse && request.warehouse !== MAIN && { warehouse: request.warehouse }),
      net: totals.net,
      tax: totals.tax,
      gross: totals.gross,
      applied,
      lines: credited.map(returnedLine),
      receivedAt: at,
      receivedBy: actor,
      version: 1,
    },
    creditNote: {
      kind: 'credit_note',
      creditNoteId,
      returnId,
      customerId,
      scope: 'return',
      ...(from && { corrects: referenceTo(from.invoice) }),
      ...takenBack,
      reasonCode: 'goods_returned',
      reason: request.reason,
      buyer: buyerOf(customer),
      seller,
      issuedAt: at,
      issuedOn: today,
      currency,
      ...(from?.invoice.pricesIncludeTax && { pricesIncludeTax: true }),
      ...(discounts.length > 0 && { adjustments: discounts }),
      totals,
      lineCount: credited.length,
    },
    lines: credited.map(documentLine),
    restocked: stockNeeds(
      credited.filter(({ condition }) => condition === 'restock'),
      request.warehouse,
    ),
    ...(from && {
      correction: {
        credited: addCredited(from, credited, totals),
        creditedBefore: from.credited?.version ?? 'absent',
        ...(openItem && { openItem }),
      },
    }),
  };
}

/**
 * A credit note in the books, on the day it was issued.
 * @param applied what of it is set against invoices at once, minor units
 */
export function entryOfCreditNote(
  creditNote: CreditNote,
  lines: readonly InvoiceLine[],
  settled: { applied: number; ofDeposit?: boolean },
): Entry {
  return {
    entryId: twinId('ent', creditNote.creditNoteId),
    date: creditNote.issuedOn,
    at: creditNote.issuedAt,
    kind: 'credit_note',
    source: creditNote.creditNoteId,
    reference: creditNote.number,
    customerId: creditNote.customerId,
    currency: creditNote.currency,
    postings: [...creditNotePostings(creditNote, lines, settled), ...takenBackPostings(creditNote)],
    ...(creditNote.corrects && { corrects: creditNote.corrects.invoiceId }),
    reasonCode: creditNote.reasonCode,
  };
}

/**
 * Whether `request` tells of the return that was taken under its reference before: the same goods of the same
 * invoice in the same condition.
 * @throws DomainError `return_reference_reused` when it tells of another
 */
export function assertSameReturn(request: ReturnRequest, taken: Return): void {
  if (request.invoiceId !== taken.invoiceId || unitsOf(request.lines) !== unitsOf(taken.lines)) {
    throw new DomainError(
      'return_reference_reused',
      `Reference ${request.reference} is already return ${taken.returnId}, of other goods. Use a new reference.`,
      { issues: [{ path: 'reference', message: `already used for ${taken.returnId}` }] },
    );
  }
}

/** Units by SKU and condition, as one text to compare. */
function unitsOf(lines: readonly { sku: string; quantity: number; condition: string }[]): string {
  const units = new Map<string, number>();
  for (const { sku, quantity, condition } of lines) {
    const key = `${sku} ${condition}`;
    units.set(key, (units.get(key) ?? 0) + quantity);
  }
  return JSON.stringify([...units].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** As the document bears it. Its cost only where the goods are back on the shelf: it is what the books take back. */
function documentLine({
  condition,
  invoiceLine: _invoiceLine,
  unitCost,
  ...line
}: CreditedLine): InvoiceLine {
  return { ...line, ...(condition === 'restock' && unitCost !== undefined && { unitCost }) };
}

function returnedLine({ sku, quantity, unitPrice, condition, invoiceLine }: CreditedLine): ReturnedLine {
  return { sku, quantity, unitPrice, condition, ...(invoiceLine !== undefined && { invoiceLine }) };
}

/** Amounts may have been credited of the invoice besides units. */
function refuseBeyond(totals: Totals, from: ReturnedInvoice): void {
  const message = beyondInvoice(totals, from);
  if (message === undefined) return;
  throw new DomainError('return_exceeds_invoice', 'More comes back than was invoiced and not credited yet.', {
    issues: [{ path: 'lines', message }],
  });
}

function refuseOtherCurrency(request: ReturnRequest, currency: Currency): void {
  if (request.currency !== undefined && request.currency !== currency) {
    throw new DomainError(
      'currency_mismatch',
      `This is credited in ${currency}. Leave the currency out or state it.`,
      {
        issues: [{ path: 'currency', message: `must be ${currency}` }],
      },
    );
  }
}

function refuseFuture({ documentDate }: ReturnRequest, today: CalendarDate): void {
  if (documentDate !== undefined && documentDate > today) {
    throw new DomainError('validation_failed', 'The document date is still to come.', {
      issues: [{ path: 'documentDate', message: `must not be after ${today}` }],
    });
  }
}

function refuseHugeAmounts(lines: readonly CreditedLine[]): void {
  if (lines.reduce((sum, line) => sum + line.net, 0) > MAX_AMOUNT) {
    throw new DomainError(
      'amount_too_large',
      'The return is worth more than this system carries. Check the quantities.',
    );
  }
}
