import * as z from 'zod';

/** Who debits by ACH, as its bank (the ODFI) knows it. */
export const AchOriginator = z.strictObject({
  /** The bank that takes the file: its routing number and name. */
  destination: z.string().regex(/^\d{9}$/, 'must be 9 digits'),
  destinationName: z.string().min(1).max(23),
  /** The company as that bank numbers it. */
  companyId: z.string().regex(/^[A-Z0-9]{10}$/, 'must be 10 capital letters or digits'),
});

/** Who sells: what the law wants on an invoice, and where the money goes. From `cdk.json`, checked at synth. */
export const Company = z.strictObject({
  legalName: z.string().min(1).max(100),
  tradingName: z.string().min(1).max(100).optional(),
  addressLines: z.array(z.string().min(1).max(100)).min(1).max(4),
  city: z.string().min(1).max(60),
  postalCode: z.string().min(1).max(20),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as GB'),
  vatId: z.string().min(4).max(20),
  /** What the customs of the European Union or Great Britain know it by (EORI); printed on commercial invoices. */
  eori: z
    .string()
    .regex(/^[A-Z]{2}[A-Z0-9]{1,15}$/, 'must be an EORI number such as DE1234567')
    .optional(),
  registrationNumber: z.string().min(1).max(40).optional(),
  iban: z.string().min(15).max(34),
  bic: z.string().regex(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/, 'must be a BIC of 8 or 11 characters'),
  /**
   * The picture at the head of documents: in `cdk.json` the path of a PNG or JPEG, in a deployment the name it has beside
   * the bundle, which is made of its content.
   */
  logo: z
    .string()
    .regex(/\.(png|jpe?g)$/, 'must be a PNG or JPEG file')
    .optional(),
  /** What debiting customers' accounts takes: the SEPA creditor identifier (EPC262-08), what the ACH bank knows. */
  directDebit: z
    .strictObject({
      creditorId: z
        .string()
        .regex(/^[A-Z]{2}\d{2}[A-Z0-9]{4,31}$/, 'must be a creditor identifier such as DE98ZZZ09999999999')
        .optional(),
      ach: AchOriginator.optional(),
    })
    .optional(),
  bankName: z.string().min(1).max(60),
  email: z.email(),
  phone: z.string().min(3).max(40).optional(),
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/London'),
  locale: z.string().refine(isLocale, 'must be a locale such as en-GB'),
});
export type Company = z.infer<typeof Company>;

/** The company this deployment works for. @throws when `COMPANY` is missing or wrong: the deployment is broken */
export function companyFromEnv(): Company {
  return Company.parse(JSON.parse(process.env['COMPANY'] ?? 'null'));
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
