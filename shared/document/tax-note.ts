import { shippedTaxPolicy } from '../tax/shipped-tax-policy.ts';
import type { TaxTreatment } from '../tax/tax.ts';
import type { Language } from './language.ts';

/**
 * What the law wants said on an invoice about lines without tax: the provision that frees them, Directive
 * 2006/112/EC art. 226 (11); in the United Kingdom the Value Added Tax Act 1994. Where a reason was stated with its
 * code (list VATEX of EN 16931), both stand here. Undefined where nothing is owed to the reader but the rate.
 * @param sellerCountry ISO 3166-1 alpha-2
 */
export function taxNote(
  { category, exemption }: TaxTreatment,
  sellerCountry: string,
  language: Language,
): string | undefined {
  const provision = taxProvision(category, sellerCountry, language);
  if (exemption === undefined) return provision;
  const reason = exemption.reason?.replace(/\.$/, '');
  const words =
    category === 'AE'
      ? [provision, reason && `${reason}.`]
      : [reason === undefined ? provision : `${reason}.`];
  return `${words.filter((each) => each !== undefined).join(' ')} (${exemption.code})`.trim();
}

/** The provision alone, in words. */
function taxProvision(
  category: TaxTreatment['category'],
  sellerCountry: string,
  language: Language,
): string | undefined {
  switch (category) {
    case 'S':
      return undefined;
    case 'Z':
      return { en: 'Zero-rated supply.', de: 'Lieferung zum Nullsatz.' }[language];
    case 'E':
      return { en: 'Exempt from VAT.', de: 'Steuerbefreit.' }[language];
    case 'AE':
      // The words themselves are prescribed: Directive 2006/112/EC art. 226 (11a), UStG § 14a (5).
      return {
        en: 'Reverse charge: the recipient is liable for the VAT.',
        de: 'Steuerschuldnerschaft des Leistungsempfängers.',
      }[language];
    case 'K':
      return {
        en: 'Intra-Community supply of goods, exempt from VAT (Article 138 of Directive 2006/112/EC).',
        de: 'Steuerfreie innergemeinschaftliche Lieferung (Artikel 138 der Richtlinie 2006/112/EG).',
      }[language];
    case 'G':
      return exportNote(sellerCountry, language);
    case 'O':
      return { en: 'Outside the scope of VAT.', de: 'Nicht steuerbar.' }[language];
    default:
      return category satisfies never;
  }
}

function exportNote(sellerCountry: string, language: Language): string {
  if (sellerCountry === 'GB') {
    return {
      en: 'Zero-rated export of goods (section 30(6), Value Added Tax Act 1994).',
      de: 'Ausfuhrlieferung zum Nullsatz (Section 30(6), Value Added Tax Act 1994).',
    }[language];
  }
  if (shippedTaxPolicy.union.some(({ country }) => country === sellerCountry)) {
    return {
      en: 'Export of goods, exempt from VAT (Article 146 of Directive 2006/112/EC).',
      de: 'Steuerfreie Ausfuhrlieferung (Artikel 146 der Richtlinie 2006/112/EG).',
    }[language];
  }
  return { en: 'Export of goods, exempt from VAT.', de: 'Steuerfreie Ausfuhrlieferung.' }[language];
}
