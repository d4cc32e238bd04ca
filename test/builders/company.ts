import type * as z from 'zod';
import { Company } from '#shared/company/company.ts';

/** The seller in all tests: in Britain, in London's time zone. */
export function aCompany(overrides: Partial<z.input<typeof Company>> = {}): Company {
  return Company.parse({
    legalName: 'Albion Gifts Limited',
    tradingName: 'Albion Gifts',
    addressLines: ['14 Weaver Row'],
    city: 'Leeds',
    postalCode: 'LS1 4AP',
    country: 'GB',
    vatId: 'GB123456782',
    registrationNumber: '01234567',
    iban: 'GB33BUKB20201555555555',
    bic: 'BUKBGB22',
    bankName: 'Example Bank',
    email: 'accounts@example.com',
    phone: '+44 113 496 0000',
    timeZone: 'Europe/London',
    locale: 'en-GB',
    ...overrides,
  });
}
