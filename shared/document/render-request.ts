import * as z from 'zod';
import { CreditNoteId, CustomerId, InvoiceId, OrderId, ShipmentId } from '../kernel/ids.ts';
import { CalendarDate } from '../kernel/time.ts';
import { CommercialInvoice } from '../shipment/commercial-invoice.ts';
import { PackingSlip } from '../shipment/packing-slip.ts';
import { StatementView } from '../statement/statement-api.ts';

const Format = z.enum(['pdf', 'ubl', 'xrechnung', 'cii', 'factur-x']);
/** The forms that `render-document` makes: all but JSON, which API functions write themselves. */
export type RenderedFormat = z.infer<typeof Format>;

/** Which document `render-document` is to make, and in which form. */
export const RenderRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('invoice'), id: InvoiceId, format: Format }),
  z.strictObject({ kind: z.literal('credit_note'), id: CreditNoteId, format: Format }),
  /** What it shows goes with it: it is of the moment it was asked for. `today` is the day it is drawn up. */
  z.strictObject({
    kind: z.literal('statement'),
    id: CustomerId,
    format: z.literal('pdf'),
    statement: StatementView,
    today: CalendarDate,
  }),
  /** What they show goes with them, read by who asks. */
  z.strictObject({
    kind: z.literal('packing_slip'),
    id: ShipmentId,
    format: z.literal('pdf'),
    slip: PackingSlip,
  }),
  z.strictObject({
    kind: z.literal('commercial_invoice'),
    id: ShipmentId,
    format: z.literal('pdf'),
    invoice: CommercialInvoice,
  }),
  z.strictObject({ kind: z.literal('pro_forma'), id: OrderId, format: z.literal('pdf') }),
]);
export type RenderRequest = z.infer<typeof RenderRequest>;

/** What `render-document` answers: the file, or why the document can't be had in this form. */
export const Rendered = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('rendered'),
    contentType: z.string(),
    filename: z.string(),
    base64: z.string(),
  }),
  z.strictObject({
    outcome: z.literal('refused'),
    code: z.enum(['not_acceptable', 'e_invoice_not_possible']),
    detail: z.string(),
  }),
]);
export type Rendered = z.infer<typeof Rendered>;

/**
 * The largest file that travels, in bytes. A Lambda answers 6,291,556 bytes at most; base64 makes four of three, and the
 * answer travels twice, the second time with headers around it.
 */
export const MAX_FILE_BYTES = 4_650_000;
