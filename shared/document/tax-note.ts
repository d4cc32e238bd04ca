import { shippedTaxPolicy } from '../tax/shipped-tax-policy.ts';
import type { TaxCategory } from '../tax/tax.ts';
import type { Language } from './language.ts';

/**
 * What the law wants said on an invoice about lines without tax: the provision that frees them, Directive
 * 2006/112/EC art. 226 (11); in the United Kingdom the Value Added Tax Act 1994. Undefined where nothing is owed
 * to the reader but the rate.
 * @param sellerCountry ISO 3166-1 alpha-2
 */
export function taxNote(
  category: TaxCategory,
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
      return {
        en: 'Reverse charge: the recipient is liable for the VAT (Article 196 of Directive 2006/112/EC).',
        de: 'Steuerschuldnerschaft des Leistungsempfängers (Artikel 196 der Richtlinie 2006/112/EG).',
      }[language];
    case 'K':
      return {
        en: 'Intra-Community supply of goods, exempt from VAT (Article 138 of Directive 2006/112/EC).',
        de: 'Steuerfreie innergemeinschaftliche Lieferung (Artikel 138 der Richtlinie 2006/112/EG).',
      }[language];
    case 'O':
      return { en: 'Outside the scope of VAT.', de: 'Nicht steuerbar.' }[language];
    case 'G':
      return exportNote(sellerCountry, language);
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
