import * as z from 'zod';

/** XML an invoice can be had as: UBL 2.1 (Peppol BIS 3), its German profile, or a PDF that carries its CII within. */
export const XmlFormat = z.enum(['ubl', 'xrechnung', 'factur-x']);
export type XmlFormat = z.infer<typeof XmlFormat>;

/** A participant of the Peppol network: an ISO 6523 scheme such as 0088 or 9930, and the id in it. */
export const PeppolId = z.strictObject({
  scheme: z.string().regex(/^\d{4}$/, 'must be four digits such as 0088'),
  id: z.string().regex(/^[\w:.-]{1,50}$/, 'must be 1 to 50 letters, digits or : . - _'),
});
export type PeppolId = z.infer<typeof PeppolId>;

/**
 * Where webhooks may go. Only https, no credentials in the address; that it leads to no private network is checked when
 * it is called, for a name may lead elsewhere by then.
 */
const WebhookUrl = z
  .url({ protocol: /^https$/, error: 'must be an https:// address' })
  .max(500)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && url.username === '' && url.password === '' && url.hash === '';
  }, 'must be an https:// address without user, password or fragment');

/** How a customer gets its invoices and credit notes. */
export const InvoiceDelivery = z.discriminatedUnion('by', [
  /** The PDF to its mail address; with `xml` beside it, or within it for `factur-x`. */
  z.strictObject({ by: z.literal('mail'), xml: XmlFormat.optional() }),
  /** Posted to its system. Raising `secretVersion` gives the deliveries another signing secret. */
  z.strictObject({
    by: z.literal('webhook'),
    url: WebhookUrl,
    format: z.enum([...XmlFormat.options, 'json']),
    secretVersion: z.int().min(1).max(9_999).default(1),
  }),
  /** UBL through the company's access point to its `peppolId`. */
  z.strictObject({ by: z.literal('peppol') }),
]);
export type InvoiceDelivery = z.infer<typeof InvoiceDelivery>;
