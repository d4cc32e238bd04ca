import type { Address } from '../customer/customer.ts';
import type { VerificationPolicy } from './verification-policy.ts';

/** What an address lacks for the post to find it; undefined where nothing does. */
export function addressFault(
  { city, postalCode, country }: Address,
  { postalCodes }: Pick<VerificationPolicy, 'postalCodes'>,
): string | undefined {
  if (city === undefined) return 'it has no city';
  const formats = postalCodes.find((known) => known.country === country)?.formats;
  if (!formats) return undefined;
  const wanted = `${country} writes postal codes as ${formats.join(' or ')}`;
  if (postalCode === undefined) return `it has no postal code; ${wanted}`;
  const code = postalCode.trim().toUpperCase();
  return formats.some((format) => isWrittenAs(code, format))
    ? undefined
    : `postal code ${postalCode}: ${wanted}`;
}

function isWrittenAs(code: string, format: string): boolean {
  return (
    code.length === format.length &&
    format.split('').every((mark, index) => {
      const character = code.charAt(index);
      if (mark === '9') return character >= '0' && character <= '9';
      return mark === 'A' ? character >= 'A' && character <= 'Z' : character === mark;
    })
  );
}
