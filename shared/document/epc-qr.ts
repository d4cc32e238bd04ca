import { encode } from 'uqr';
import type { Company } from '../company/company.ts';
import { minorDigits } from '../kernel/money.ts';

/** Countries and territories of the SEPA schemes by the first letters of their IBANs (EPC409-09, version 7). */
const sepa = new Set(
  'AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA'.split(
    ' ',
  ),
);

/** The guideline allows EUR 0.01 to EUR 999,999,999.99. */
const MAX_CENTS = 99_999_999_999;

/**
 * What a banking app reads to fill in a SEPA credit transfer (EPC069-12, version 002): undefined where there can be none,
 * in another currency or to an account outside SEPA.
 * @param amount minor units
 * @param remittance what the payer shall quote where there is no creditor reference, cut after 140 bytes
 * @param creditorReference an RF reference (ISO 11649) without blanks
 */
export function epcPayment(
  company: Pick<Company, 'legalName' | 'iban' | 'bic'>,
  {
    amount,
    currency,
    remittance,
    creditorReference,
  }: { amount: number; currency: string; remittance: string; creditorReference?: string | undefined },
): string | undefined {
  const iban = company.iban.replace(/\s/g, '').toUpperCase();
  if (currency !== 'EUR' || !sepa.has(iban.slice(0, 2))) return undefined;
  if (amount < 1 || amount > MAX_CENTS) return undefined;
  const euros = (amount / 10 ** minorDigits(currency)).toFixed(minorDigits(currency));
  const lines = [
    'BCD',
    '002',
    '1', // UTF-8
    'SCT',
    company.bic,
    fitting(company.legalName, 70),
    iban,
    `EUR${euros}`,
    '', // no purpose code
    // Structured or not, never both.
    creditorReference ?? '',
    creditorReference === undefined ? fitting(remittance, 140) : '',
  ];
  return lines.join('\n');
}

/** The dark modules of the code, row by row. The guideline wants error correction M and version 13 at most. */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  return encode(text, { ecc: 'M', boostEcc: false, maxVersion: 13, border: 0 }).data;
}

/** At most `count` bytes in UTF-8, so that all fields together fit into the 331 bytes that the guideline allows. */
function fitting(text: string, count: number): string {
  let kept = '';
  for (const character of text.replace(/\s+/g, ' ').trim()) {
    if (Buffer.byteLength(kept + character) > count) break;
    kept += character;
  }
  return kept;
}
