import type { Company } from '../company/company.ts';
import type { CreditNote, Invoice, InvoiceLine } from '../invoice/invoice.ts';
import { decimalAmount } from './decimals.ts';
import { semanticAdjustment, semanticLines } from './e-invoice-lines.ts';
import {
  buyerParty,
  checkBuyerVatId,
  checkGermanParties,
  checkPeppolAddresses,
  sellerParty,
} from './e-invoice-parties.ts';
import type { SemanticAddress, SemanticInvoice, SemanticPayment } from './semantic-model.ts';
import { notPossible, semanticGroups } from './tax-groups.ts';
import { termsText } from './terms-text.ts';

/** A frozen document with all it takes to write it down: all its lines in order, and the seller as it was then. */
export type EInvoiceFile = {
  readonly document: Invoice | CreditNote;
  readonly lines: readonly InvoiceLine[];
  readonly seller: Company;
};

/** Whose rules hold besides EN 16931: those of the Peppol network, those of German authorities, or nobody's. */
export type EInvoiceProfile = 'peppol' | 'xrechnung' | 'en16931';

/**
 * A document in the terms of EN 16931.
 * @throws DomainError `e_invoice_not_possible` when the standard, or the profile, has no form for it
 */
export function semanticInvoice(
  { document, lines, seller: company }: EInvoiceFile,
  profile: EInvoiceProfile,
): SemanticInvoice {
  const { currency } = document;
  const groups = semanticGroups(document, lines, company.country);
  const categories = groups.map(({ tax }) => tax.category);
  const outsideVat = categories.includes('O');
  const seller = sellerParty(company, outsideVat);
  const buyer = buyerParty(document.buyer, outsideVat);
  checkBuyerVatId(buyer, categories);
  const amongGermans = seller.address.country === 'DE' && buyer.address.country === 'DE';
  const germanRules = profile === 'xrechnung' || (profile === 'peppol' && amongGermans);
  const shipTo = shipToOf(document);
  if (germanRules) checkGermanParties(seller, buyer, shipTo);
  if (profile === 'peppol') checkPeppolAddresses(seller, buyer);
  if (profile === 'peppol' && company.country === 'NL' && seller.registration === undefined) {
    throw notPossible('a Dutch seller needs its registration number (NL-R-003)');
  }

  const period = supplyPeriod(document);
  const adjustments = (document.adjustments ?? []).filter(({ net }) => net !== 0);
  const paid = document.kind === 'invoice' && document.type === 'counter';
  return {
    kind: document.kind,
    number: document.number,
    issuedOn: document.issuedOn,
    typeCode: typeCode(document, germanRules),
    currency,
    dueOn: document.kind === 'invoice' ? document.dueOn : undefined,
    buyerReference: document.buyer.reference ?? orderNumber(document) ?? document.customerId,
    orderReference: orderNumber(document),
    note: document.kind === 'credit_note' ? document.reason : undefined,
    preceding: precedingOf(document),
    seller,
    buyer,
    delivery: {
      on: period === undefined ? supplyDate(document, categories) : undefined,
      period,
      address: shipTo ?? (categories.includes('K') ? buyer.address : undefined),
    },
    payment: paymentOf(document, company, profile),
    adjustments: adjustments.map((adjustment) => semanticAdjustment(adjustment, lines, currency)),
    totals: sums(document, lines, paid),
    // BR-DE-14 wants a rate even where there is no VAT; BR-O-05 forbids it only on lines and adjustments.
    groups: germanRules
      ? groups.map((group) => ({ ...group, tax: { ...group.tax, rate: group.tax.rate ?? '0' } }))
      : groups,
    lines: semanticLines(document, lines, period !== undefined),
  };
}

/** Where the goods went, where an invoice says that. */
function shipToOf(document: Invoice | CreditNote): SemanticAddress | undefined {
  if (document.kind !== 'invoice' || !document.shipTo) return undefined;
  const { lines, city, postalCode, country } = document.shipTo;
  return { lines, city, postalCode, country };
}

/** UNCL 1001. German rules know no prepayment invoice (BR-DE-17): there a deposit is a partial invoice. */
function typeCode(document: Invoice | CreditNote, germanRules: boolean): string {
  if (document.kind === 'credit_note') return '381';
  if (document.type !== 'deposit') return '380';
  return germanRules ? '326' : '386';
}

/** The buyer's number of the order, or ours, where there is only one order. */
function orderNumber(document: Invoice | CreditNote): string | undefined {
  if (document.kind === 'credit_note') return undefined;
  const [order, another] = document.orders;
  return another === undefined ? (order?.poNumber ?? order?.orderId) : undefined;
}

function precedingOf(document: Invoice | CreditNote): SemanticInvoice['preceding'] {
  const references =
    document.kind === 'credit_note'
      ? [document.corrects]
      : [document.replaces, ...(document.deductions ?? [])];
  const named = references.filter((reference) => reference !== undefined);
  return [
    ...new Map(
      named.map(({ number, issuedOn }) => [number, { number, issuedOn: String(issuedOn) }]),
    ).values(),
  ];
}

function supplyPeriod(document: Invoice | CreditNote): SemanticInvoice['delivery']['period'] {
  if (document.kind === 'credit_note' || document.suppliedFrom === undefined) return undefined;
  return { from: document.suppliedFrom, to: document.suppliedOn };
}

/** A deposit comes before the supply and a credit note after it; BR-IC-11 asks for a day all the same. */
function supplyDate(document: Invoice | CreditNote, categories: readonly string[]): string | undefined {
  if (document.kind === 'invoice' && document.type !== 'deposit') return document.suppliedOn;
  if (!categories.includes('K')) return undefined;
  return document.kind === 'invoice'
    ? document.suppliedOn
    : (document.corrects?.issuedOn ?? document.issuedOn);
}

/**
 * How it is paid (UNCL 4461): by SEPA (58) or other transfer (30). A credit note is cleared between the partners (97),
 * unless both are Dutch (NL-R-008); a counter sale is paid already, whichever way (1).
 */
function paymentOf(
  document: Invoice | CreditNote,
  company: Company,
  profile: EInvoiceProfile,
): SemanticPayment {
  const amongDutch = company.country === 'NL' && document.buyer.address.country === 'NL';
  const transfer = document.currency === 'EUR' ? '58' : '30';
  const otherwise = document.kind === 'credit_note' ? '97' : document.type === 'counter' ? '1' : undefined;
  const byTransfer = otherwise === undefined || amongDutch;
  const { iban, bic, legalName } = company;
  return {
    meansCode: byTransfer ? transfer : otherwise,
    reference: (document.kind === 'invoice' ? document.creditorReference : undefined) ?? document.number,
    account: byTransfer ? { iban: iban.replace(/\s/g, ''), bic, holder: legalName } : undefined,
    terms: termsText(document, profile === 'xrechnung'),
  };
}

function sums(
  document: Invoice | CreditNote,
  lines: readonly InvoiceLine[],
  paid: boolean,
): SemanticInvoice['totals'] {
  const { totals, currency } = document;
  const amount = (minor: number) => decimalAmount(minor, currency);
  const sumOf = (items: readonly { net: number }[]) => items.reduce((sum, { net }) => sum + net, 0);
  const adjustments = document.adjustments ?? [];
  const allowances = sumOf(adjustments.filter(({ kind }) => kind === 'discount'));
  const charges = sumOf(adjustments.filter(({ kind }) => kind !== 'discount'));
  const deducted = document.kind === 'invoice' ? sumOf(document.deductions ?? []) : 0;
  const lineNet = sumOf(lines) - deducted;
  if (lineNet - allowances + charges !== totals.net || totals.net + totals.tax !== totals.gross) {
    throw notPossible('its lines, discounts and charges do not add up to its totals');
  }
  return {
    lines: amount(lineNet),
    allowances: allowances === 0 ? undefined : amount(allowances),
    charges: charges === 0 ? undefined : amount(charges),
    net: amount(totals.net),
    tax: amount(totals.tax),
    gross: amount(totals.gross),
    prepaid: paid ? amount(totals.gross) : undefined,
    payable: amount(paid ? 0 : totals.gross),
  };
}
