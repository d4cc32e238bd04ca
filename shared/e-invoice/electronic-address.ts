import type { Address } from '../customer/customer.ts';

/** Where a party takes electronic documents: an EAS scheme and the id in it (EN 16931 BT-34, BT-49). */
export type ElectronicAddress = { readonly scheme: string; readonly id: string };

/** The EAS schemes in which a country's VAT ids are electronic addresses (OpenPEPPOL code list, "XX:VAT"). */
const vatSchemes = new Map(
  [
    'AD:9922 AL:9923 AT:9914 BA:9924 BE:9925 BG:9926 CH:9927 CY:9928 CZ:9929 DE:9930',
    'EE:9931 ES:9920 FR:9957 GB:9932 GR:9933 HR:9934 HU:9910 IE:9935 LI:9936 LT:9937',
    'LU:9938 LV:9939 MC:9940 ME:9941 MK:9942 MT:9943 NL:9944 PL:9945 PT:9946 RO:9947',
    'RS:9948 SI:9949 SK:9950 SM:9951 TR:9952 VA:9953',
  ]
    .flatMap((row) => row.split(' '))
    .map((pair): [string, string] => [pair.slice(0, 2), pair.slice(3)]),
);

/**
 * A party's own address in the Peppol network, else its VAT id, else its mail address (EAS `EM`, which Peppol does not
 * take).
 */
export function electronicAddress(party: {
  country: string;
  email: string;
  vatId?: string | undefined;
  peppolId?: ElectronicAddress | undefined;
}): ElectronicAddress {
  if (party.peppolId) return party.peppolId;
  const scheme = vatSchemes.get(party.country);
  const vatId = vatIdentifier(party.vatId, party.country);
  if (scheme !== undefined && vatId?.startsWith(vatPrefix(party.country))) return { scheme, id: vatId };
  return { scheme: 'EM', id: party.email };
}

/**
 * A VAT id as EN 16931 wants it: no blanks or dots, the country's code before it (BR-CO-09; Greece is EL).
 * @param country where the party lives, ISO 3166-1 alpha-2, for ids written without their country
 */
export function vatIdentifier(vatId: string | undefined, country: Address['country']): string | undefined {
  if (vatId === undefined) return undefined;
  const plain = vatId.replace(/[\s.-]/g, '').toUpperCase();
  if (plain === '') return undefined;
  return /^[A-Z]{2}/.test(plain) ? plain : vatPrefix(country) + plain;
}

function vatPrefix(country: string): string {
  return country === 'GR' ? 'EL' : country;
}
