import { type Buyer, Invoice } from '#shared/invoice/invoice.ts';
import type { aCompany } from '#test/builders/company.ts';

type Seller = NonNullable<Parameters<typeof aCompany>[0]>;

/** Sellers whose countries' own rules Peppol knows, or that VAT treats differently. */
export const sellers = {
  GB: {},
  DE: {
    legalName: 'Elbtal Geschenke GmbH & Co. KG',
    tradingName: undefined,
    addressLines: ['Weberstraße 14', 'Hinterhaus', 'Aufgang B'],
    city: 'Dresden',
    postalCode: '01067',
    country: 'DE',
    vatId: 'DE 123456788',
    registrationNumber: 'HRB 12345',
    iban: 'DE89 3704 0044 0532 0130 00',
    bic: 'COBADEFFXXX',
    email: 'rechnung@elbtal.example',
    phone: '+49 351 4960000',
  },
  FR: {
    legalName: 'Cadeaux du Nord SARL',
    city: 'Lille',
    postalCode: '59000',
    country: 'FR',
    vatId: 'FR83404833048',
  },
  IE: {
    legalName: 'Liffey Gifts Ltd',
    city: 'Dublin',
    postalCode: 'D02 X285',
    country: 'IE',
    vatId: 'IE6388047V',
  },
  NL: {
    legalName: 'Grachten Cadeaus B.V.',
    city: 'Utrecht',
    postalCode: '3511 AA',
    country: 'NL',
    vatId: 'NL123456789B01',
    registrationNumber: '12345678',
  },
} as const satisfies Record<string, Seller>;

const address = (country: string, city: string, postalCode: string) => ({
  lines: ['Quay Street 3', '2nd floor'],
  city,
  postalCode,
  country,
});
const email = 'orders@harbour.example';

/** Buyers with and without VAT ids, in and out of the union, reached in different ways. */
const buyers = {
  GB: {
    name: 'Harbour Books Ltd',
    email,
    address: address('GB', 'Bristol', 'BS1 4QA'),
    vatId: 'GB999999973',
    language: 'en',
  },
  DE: {
    name: 'Hafenbücher GmbH',
    email,
    address: address('DE', 'Hamburg', '20457'),
    vatId: 'DE136695976',
    language: 'de',
    reference: '04011000-1234512345-06',
  },
  FR: {
    name: 'Librairie du Port',
    email,
    address: address('FR', 'Brest', '29200'),
    vatId: 'FR 40 303 265 045',
    language: 'en',
  },
  IE: {
    name: 'Harbour Books <Ireland> & Sons',
    email,
    address: address('IE', 'Cork', 'T12 XY88'),
    vatId: '6433435F',
    language: 'en',
  },
  GR: {
    name: 'Limani Vivlia',
    email,
    address: address('GR', 'Piraeus', '185 31'),
    vatId: 'EL094259216',
    language: 'en',
  },
  NL: {
    name: 'Havenboeken B.V.',
    email,
    address: address('NL', 'Rotterdam', '3011 AA'),
    vatId: 'NL123456789B01',
    peppolId: { scheme: '0106', id: '12345678' },
    language: 'en',
  },
  US: {
    name: 'Harbor Books Inc.',
    email,
    address: { lines: ['1 Pier Road'], country: 'US' },
    peppolId: { scheme: '0060', id: '123456789' },
    language: 'en',
  },
  JP: {
    name: '港の本屋',
    email,
    address: address('JP', 'Yokohama', '231-0002'),
    peppolId: { scheme: '0221', id: 'T1234567890123' },
    language: 'en',
  },
  /** Sells as herself, without a VAT id. */
  private: {
    name: 'Ann Harbour',
    peppolId: { scheme: '0009', id: '73282932000074' },
    email,
    address: address('FR', 'Brest', '29200'),
    language: 'en',
  },
} as const satisfies Record<string, Buyer>;

export type BuyerName = keyof typeof buyers;
export type SellerName = keyof typeof sellers;

/** A frozen buyer by its name. */
export function buyer(name: BuyerName): Buyer {
  return Invoice.shape.buyer.parse(buyers[name]);
}
