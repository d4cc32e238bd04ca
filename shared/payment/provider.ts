import * as z from 'zod';
import { InvoiceId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import type { Instant } from '../kernel/time.ts';

/** What a payer is asked to pay. */
export const CheckoutRequest = z.strictObject({
  /**
   * Same key, same payment: two pages opened for the same balance can't charge the payer twice. Another balance of
   * the same invoice needs another key.
   */
  key: z.string().min(1).max(100),
  /** Where several are paid at once, the first of them. */
  invoiceId: InvoiceId,
  number: z.string(),
  /** Minor units of `currency`. */
  amount: Minor.min(1).max(MAX_AMOUNT),
  /** What was taken off for paying early: the page says so. */
  discount: Minor.min(1).optional(),
  /** What goes to each invoice where several are paid at once: the payment is shared out as the payer chose. */
  invoices: z
    .array(
      z.strictObject({
        invoiceId: InvoiceId,
        number: z.string(),
        amount: Minor.min(1).max(MAX_AMOUNT),
        discount: Minor.min(1).optional(),
      }),
    )
    .min(2)
    .max(40)
    .optional(),
  currency: Currency,
  /** Who is paid. */
  payee: z.string(),
  /** Who the invoice was issued to. */
  customerName: z.string(),
  /** Where the payer goes once the money is paid. */
  returnUrl: z.url({ protocol: /^https?$/ }),
});
export type CheckoutRequest = z.infer<typeof CheckoutRequest>;

/** What a provider says happened to a payment. `amount` in minor units of `currency`. */
type PaymentOutcome = {
  readonly eventId: string;
  /** The provider's own id of the payment: the same money bears the same id for ever. */
  readonly providerPaymentId: string;
  readonly invoiceId: InvoiceId;
  /** As the checkout said, where it was for several. */
  readonly invoices?: readonly { readonly invoiceId: InvoiceId; readonly amount: number }[] | undefined;
  readonly amount: number;
  readonly currency: Currency;
};
export type SucceededPayment = { readonly type: 'payment_succeeded' } & PaymentOutcome;
export type ProviderEvent =
  | SucceededPayment
  | ({ readonly type: 'payment_failed' } & PaymentOutcome)
  /** Of no interest here; providers add kinds of events at will. */
  | { readonly type: 'other'; readonly eventId: string; readonly name: string };

/** Headers by lower-case name, as API Gateway hands them on. */
export type WebhookHeaders = Readonly<Record<string, string | undefined>>;

/**
 * A company that collects card payments for us on a page of its own: no card data ever comes near this system.
 * Providers differ in how a checkout is made and a webhook is signed, and in nothing else.
 */
export type PaymentProvider = {
  /** Part of the permanent key of its payments, so never changed. */
  readonly name: string;
  /** Where to send the payer. */
  createCheckout(
    request: CheckoutRequest,
    access: { readonly publicUrl: string; readonly secret: string; readonly at: Instant },
  ): Promise<{ url: string }>;
  /**
   * The event in a webhook's raw body.
   * @throws DomainError `signature_invalid` when the provider did not sign it, or not just now;
   * `malformed_json` or `validation_failed` when it did, and it can't be understood
   */
  readWebhook(
    delivery: { readonly body: string; readonly headers: WebhookHeaders },
    access: { readonly secret: string; readonly at: Instant },
  ): ProviderEvent;
};
