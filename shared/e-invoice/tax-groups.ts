import { taxNote } from '../document/tax-note.ts';
import type { CreditNote, Invoice, InvoiceLine } from '../invoice/invoice.ts';
import { DomainError } from '../kernel/errors.ts';
import type { TaxCategory, TaxTreatment } from '../tax/tax.ts';
import { decimalAmount, decimalRate } from './decimals.ts';
import type { SemanticGroup, SemanticTax } from './semantic-model.ts';

/** The code that says why a category is not taxed, where the treatment names none (code list VATEX). */
const usualExemption: Partial<Record<TaxCategory, string>> = {
  AE: 'VATEX-EU-AE',
  K: 'VATEX-EU-IC',
  G: 'VATEX-EU-G',
  O: 'VATEX-EU-O',
};

/** Category and rate of an item; what is outside the scope of VAT has no rate (BR-O-05). */
export function semanticTax({ category, rate }: TaxTreatment): SemanticTax {
  return { category, rate: category === 'O' ? undefined : decimalRate(rate) };
}

/**
 * The VAT breakdown: one group for each category and rate, as EN 16931 knows no other difference (BR-S-08, BR-E-08 …),
 * and one of nothing where deposits took all of it off, because the lines still name it.
 * @throws DomainError `e_invoice_not_possible` for sales tax, and where VAT ids are missing that a category asks for
 */
export function semanticGroups(
  document: Invoice | CreditNote,
  lines: readonly InvoiceLine[],
  sellerCountry: string,
): SemanticGroup[] {
  const { groups } = document.totals;
  const named = [...lines.map(({ tax }) => tax), ...(document.adjustments ?? []).map(({ tax }) => tax)];
  refuseSalesTax([...groups, ...named]);
  const merged = new Map<string, { treatments: TaxTreatment[]; net: number; tax: number }>();
  for (const group of [...groups, ...named.map((treatment) => ({ ...treatment, net: 0, tax: 0 }))]) {
    const key = `${group.category} ${decimalRate(group.rate)}`;
    const into = merged.get(key) ?? { treatments: [], net: 0, tax: 0 };
    into.treatments.push(group);
    into.net += group.net;
    into.tax += group.tax;
    merged.set(key, into);
  }
  if (merged.size > 1 && groups.some(({ category }) => category === 'O')) {
    throw notPossible('it mixes supplies outside the scope of VAT with others (BR-O-11). Invoice them apart');
  }
  return [...merged.values()].map(({ treatments: [first, ...rest], net, tax }) => {
    if (first === undefined) throw new Error('a group without a treatment');
    return {
      tax: semanticTax(first),
      net: decimalAmount(net, document.currency),
      amount: decimalAmount(tax, document.currency),
      ...exemptionOf([first, ...rest], sellerCountry, document.buyer.language),
    };
  });
}

function exemptionOf(
  treatments: readonly [TaxTreatment, ...TaxTreatment[]],
  sellerCountry: string,
  language: 'en' | 'de',
): Pick<SemanticGroup, 'exemptionCode' | 'exemptionReason'> {
  const { category } = treatments[0];
  if (category === 'S' || category === 'Z') return { exemptionCode: undefined, exemptionReason: undefined };
  const codes = unique(treatments.map(({ exemption }) => exemption?.code ?? usualExemption[category]));
  const reasons = unique(treatments.map((treatment) => taxNote(treatment, sellerCountry, language)));
  return {
    // Several reasons for one group: only the words can tell them all.
    exemptionCode: codes.length === 1 ? codes[0] : undefined,
    exemptionReason: reasons.length === 0 ? codes.join(', ') : reasons.join(' '),
  };
}

function refuseSalesTax(treatments: readonly TaxTreatment[]): void {
  if (treatments.some(({ jurisdictions }) => jurisdictions !== undefined)) {
    throw notPossible('it charges sales tax of several jurisdictions, which EN 16931 has no place for');
  }
}

function unique(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}

/** The refusal to write an e-invoice. @param why completes "No e-invoice can be made of this document: …" */
export function notPossible(why: string): DomainError {
  return new DomainError('e_invoice_not_possible', `No e-invoice can be made of this document: ${why}.`);
}
