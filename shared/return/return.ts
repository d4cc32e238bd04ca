import * as z from 'zod';
import { CreditNoteId, CustomerId, InvoiceId, ReturnId, Sku, WarehouseId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';

/** `restock` puts the goods back on the shelf, `scrap` does not. */
export const Condition = z.enum(['restock', 'scrap']);
export type Condition = z.infer<typeof Condition>;

/** Units taken back at the price they are credited with. `invoiceLine` is the line of the invoice they were on. */
export const ReturnedLine = z.strictObject({
  sku: Sku,
  quantity: z.int().min(1),
  unitPrice: Minor.min(0),
  condition: Condition,
  invoiceLine: z.int().min(1).optional(),
});
export type ReturnedLine = z.infer<typeof ReturnedLine>;

/** Goods (or a charge) taken back, and the credit note that came of it. */
export const Return = z.strictObject({
  returnId: ReturnId,
  creditNoteId: CreditNoteId,
  creditNoteNumber: z.string(),
  customerId: CustomerId,
  currency: Currency,
  reason: z.string(),
  /** The customer's or the source system's own number for it, unique per customer. */
  reference: z.string().optional(),
  documentDate: CalendarDate.optional(),
  invoiceId: InvoiceId.optional(),
  /** Where the goods are, where that is not `main`. */
  warehouse: WarehouseId.optional(),
  net: Minor.min(0),
  tax: Minor.min(0),
  gross: Minor.min(0),
  /** What of the credit was set against the invoice at once, minor units. */
  applied: Minor.min(0),
  lines: z.array(ReturnedLine).min(1),
  receivedAt: Instant,
  receivedBy: z.string(),
  version: z.int().min(1),
});
export type Return = z.infer<typeof Return>;
