import { createHash } from 'node:crypto';
import { decodeTime, encodeTime, ulid } from 'ulid';
import * as z from 'zod';

/** Crockford base32 of a ULID in lower case: 26 characters that sort by the moment they were made. */
const ULID = '[0-9a-hjkmnp-tv-z]{26}';

const idOf = <Brand extends string>(prefix: string, brand: Brand) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${ULID}$`), `must be an id that starts with ${prefix}_`)
    .brand(brand);

export const OrderId = idOf('ord', 'OrderId');
export type OrderId = z.infer<typeof OrderId>;
export const ShipmentId = idOf('shp', 'ShipmentId');
export type ShipmentId = z.infer<typeof ShipmentId>;
export const InvoiceId = idOf('inv', 'InvoiceId');
export type InvoiceId = z.infer<typeof InvoiceId>;
export const PaymentId = idOf('pay', 'PaymentId');
export type PaymentId = z.infer<typeof PaymentId>;
export const AdviceId = idOf('adv', 'AdviceId');
export type AdviceId = z.infer<typeof AdviceId>;
export const ReturnId = idOf('ret', 'ReturnId');
export type ReturnId = z.infer<typeof ReturnId>;
export const CreditNoteId = idOf('crn', 'CreditNoteId');
export type CreditNoteId = z.infer<typeof CreditNoteId>;
export const EntryId = idOf('ent', 'EntryId');
export type EntryId = z.infer<typeof EntryId>;
export const StatementUploadId = idOf('upl', 'StatementUploadId');
export type StatementUploadId = z.infer<typeof StatementUploadId>;

export const DirectDebitId = idOf('ddb', 'DirectDebitId');
export type DirectDebitId = z.infer<typeof DirectDebitId>;
export const CreditTransferId = idOf('ctr', 'CreditTransferId');
export type CreditTransferId = z.infer<typeof CreditTransferId>;
export const QuoteId = idOf('quo', 'QuoteId');
export type QuoteId = z.infer<typeof QuoteId>;
export const CaseId = idOf('cas', 'CaseId');
export type CaseId = z.infer<typeof CaseId>;
export const RefundId = idOf('rfd', 'RefundId');
export type RefundId = z.infer<typeof RefundId>;

/** The company as it stood on a document: `com_` and a hash of what it was, so that it is stored once. */
export const SellerId = z
  .string()
  .regex(/^com_[0-9a-f]{32}$/, 'must be com_ and 32 hexadecimal digits')
  .brand('SellerId');
export type SellerId = z.infer<typeof SellerId>;

/** Chosen by the company (an ERP's customer number, say), so that loading customers twice changes nothing. */
export const CustomerId = z
  .string()
  .regex(/^cus_[A-Za-z0-9-]{1,40}$/, 'must be cus_ and up to 40 letters, digits or hyphens')
  .brand('CustomerId');
export type CustomerId = z.infer<typeof CustomerId>;

/** A place that keeps stock, chosen by the company. */
export const WarehouseId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,19}$/, 'must be 1 to 20 lower case letters, digits or hyphens')
  .brand('WarehouseId');
export type WarehouseId = z.infer<typeof WarehouseId>;

/** Stock keeping unit, chosen by the company. Case matters. */
export const Sku = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,40}$/, 'must be 1 to 40 letters, digits, dots, underscores or hyphens')
  .brand('Sku');
export type Sku = z.infer<typeof Sku>;

type Ids = {
  ord: OrderId;
  shp: ShipmentId;
  inv: InvoiceId;
  pay: PaymentId;
  adv: AdviceId;
  ret: ReturnId;
  crn: CreditNoteId;
  ent: EntryId;
  ddb: DirectDebitId;
  upl: StatementUploadId;
  rfd: RefundId;
  ctr: CreditTransferId;
  cas: CaseId;
  quo: QuoteId;
};

const readers: { readonly [P in keyof Ids]: (text: string) => Ids[P] } = {
  ord: (text) => OrderId.parse(text),
  shp: (text) => ShipmentId.parse(text),
  inv: (text) => InvoiceId.parse(text),
  pay: (text) => PaymentId.parse(text),
  adv: (text) => AdviceId.parse(text),
  ret: (text) => ReturnId.parse(text),
  crn: (text) => CreditNoteId.parse(text),
  ent: (text) => EntryId.parse(text),
  ddb: (text) => DirectDebitId.parse(text),
  upl: (text) => StatementUploadId.parse(text),
  rfd: (text) => RefundId.parse(text),
  ctr: (text) => CreditTransferId.parse(text),
  cas: (text) => CaseId.parse(text),
  quo: (text) => QuoteId.parse(text),
};

/** A new id that sorts by `at`. @param at ISO instant */
export function newId<P extends keyof Ids>(prefix: P, at: string): Ids[P] {
  return idFrom(prefix, ulid(Date.parse(at)).toLowerCase());
}

/** The millisecond after `id` was made: ids made then sort after it. */
export function momentAfter(id: string): string {
  return new Date(decodeTime(id.slice(id.indexOf('_') + 1).toUpperCase()) + 1).toISOString();
}

/**
 * The id of another kind that belongs to `id` one to one: the invoice of a shipment, the credit note of a
 * return. Issuing twice then meets the same key, and the second is refused by the table itself.
 */
export function twinId<P extends keyof Ids>(prefix: P, id: string): Ids[P] {
  return idFrom(prefix, id.slice(id.indexOf('_') + 1));
}

/**
 * The id of what `text` describes, and never of anything else: recording it twice meets the same key.
 * @param date it sorts by
 */
export function derivedId<P extends keyof Ids>(prefix: P, date: string, text: string): Ids[P] {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  const hash = Array.from(bytes, (byte) => BASE32[byte % 32]).join('');
  return idFrom(prefix, `${encodeTime(Date.parse(date)).toLowerCase()}${hash}`);
}

const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';

function idFrom<P extends keyof Ids>(prefix: P, suffix: string): Ids[P] {
  return readers[prefix](`${prefix}_${suffix}`);
}
