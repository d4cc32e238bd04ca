import * as z from 'zod';
import { CustomerId, InvoiceId } from '../kernel/ids.ts';
import { Currency, MAX_AMOUNT, Minor } from '../kernel/money.ts';
import type { Instant } from '../kernel/time.ts';
import type { PaymentAttempt } from './payment-attempt.ts';

/** What a payer is asked to pay. */
export const CheckoutRequest = z.strictObject({
  /**
   * Same key, same payment: two pages opened for the same balance can't charge the payer twice. Another balance of
   * the same invoice needs another key.
   */
  key: z.string().min(1).max(100),
  /** Where several are paid at once, the first of them. */
  invoiceId: InvoiceId,
  customerId: CustomerId,
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

/** A checkout at the provider, ready to be shown. */
type Checkout = {
  /** Where to send the payer. */
  readonly url: string;
  /** The provider's id of the page, where it has one. */
  readonly sessionId?: string;
};

/** What a provider says of a payment. `amount` in minor units of `currency`. */
type PaymentOutcome = {
  readonly eventId: string;
  /** The provider's own id of the payment: the same money bears the same id for ever. */
  readonly providerPaymentId: string;
  /** Of the checkout it was paid by, see `CheckoutRequest.key`. */
  readonly checkoutKey?: string | undefined;
  readonly invoiceId: InvoiceId;
  readonly amount: number;
  readonly currency: Currency;
};
export type SucceededPayment = {
  readonly type: 'payment_succeeded';
  /** How the payer paid; by card where the provider does not say. */
  readonly method?: 'card' | 'sepa_debit' | 'ach_debit' | undefined;
  /** What the provider keeps of `amount`, where it says so in the payment's currency. */
  readonly fee?: number | undefined;
} & PaymentOutcome;
export type PendingPayment = { readonly type: 'payment_pending' } & PaymentOutcome;
export type FailedPayment = {
  readonly type: 'payment_failed';
  readonly reason?: string | undefined;
} & Omit<PaymentOutcome, 'providerPaymentId'> & { readonly providerPaymentId?: string | undefined };

/** What becomes of a payment after it succeeded. It may be told before the payment is. */
export const effectKinds = [
  'refund',
  'refund_failed',
  'charge_back',
  'charge_back_won',
  'fee',
  'fee_back',
] as const;
export type PaymentEffect = {
  readonly type: 'payment_effect';
  readonly eventId: string;
  readonly kind: (typeof effectKinds)[number];
  /** The provider's id of the refund or the dispute: told any number of times, it happens once. */
  readonly effectId: string;
  readonly providerPaymentId: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: Currency;
  readonly reason: string;
  /** What the provider keeps for a dispute, or gives back of it, each under an id of its own. Minor units. */
  readonly fees?: readonly { readonly id: string; readonly kept: number }[] | undefined;
};

/** What a provider says of a refund, whoever asked for it. `amount` in minor units of `currency`. */
export type RefundEvent = {
  readonly type: 'refund_news';
  readonly eventId: string;
  /** Of {@link RefundRequest}, where it came from here. */
  readonly refundKey?: string | undefined;
  /** The provider's own id of the refund. */
  readonly providerRefundId: string;
  readonly providerPaymentId: string;
  readonly state: RefundAnswer['state'];
  readonly amount: number;
  readonly currency: Currency;
  readonly reason: string;
};

/** Money to be given back the way it came. `amount` in minor units of `currency`. */
export type RefundRequest = {
  /** Same key, same refund, for ever. The provider keeps it, and tells it with what becomes of the refund. */
  readonly refundKey: string;
  readonly providerPaymentId: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly reason: string;
};
/** `sent`: the provider has it and will tell; `failed` is for good, and says why. */
export type RefundAnswer = {
  readonly state: 'sent' | 'succeeded' | 'failed';
  readonly providerRefundId?: string | undefined;
  readonly failure?: string | undefined;
};

export type ProviderEvent =
  | SucceededPayment
  | PendingPayment
  | FailedPayment
  | PaymentEffect
  | RefundEvent
  /** Of no interest here; providers add kinds of events at will. */
  | { readonly type: 'other'; readonly eventId: string; readonly name: string };

/** What an attempt has come to, as the provider says when it is asked; undefined where it knows nothing of it. */
export type AttemptAnswer = SucceededPayment | PendingPayment | FailedPayment | undefined;

/** Headers by lower-case name, as API Gateway hands them on. */
export type WebhookHeaders = Readonly<Record<string, string | undefined>>;

/**
 * A company that collects payments for us on a page of its own: no card data ever comes near this system. Providers
 * differ in how a checkout is made, a webhook is signed and an attempt is asked about, and in nothing else.
 */
export type PaymentProvider = {
  /** Part of the permanent key of its payments, so never changed. */
  readonly name: string;
  /** Whether a payment that failed can't be tried again at its own checkout: it then takes a new one. */
  readonly endsOnFailure: boolean;
  /** @throws DomainError `checkout_not_possible`, `provider_unavailable` */
  createCheckout(
    request: CheckoutRequest,
    access: { readonly publicUrl: string; readonly secret: string; readonly at: Instant },
  ): Promise<Checkout>;
  /**
   * The event in a webhook's raw body.
   * @throws DomainError `signature_invalid` when the provider did not sign it, or not just now;
   * `malformed_json` or `validation_failed` when it did, and it can't be understood
   */
  readWebhook(
    delivery: { readonly body: string; readonly headers: WebhookHeaders },
    access: { readonly secret: string; readonly at: Instant },
  ): ProviderEvent;
  /**
   * Asks what an attempt has come to.
   * @throws DomainError `provider_unavailable`
   */
  askAbout(attempt: PaymentAttempt, at: Instant): Promise<AttemptAnswer>;
  /**
   * Gives money back the way it came. Asked again under the same key, however much later, it is the same refund.
   * @throws DomainError `provider_unavailable` where it is not known whether the refund was made
   */
  refund(
    request: RefundRequest,
    access: { readonly publicUrl: string; readonly secret: string; readonly at: Instant },
  ): Promise<RefundAnswer>;
  /**
   * Asks what a refund has come to that the provider has.
   * @throws DomainError `provider_unavailable`
   */
  askAboutRefund(providerRefundId: string): Promise<RefundAnswer>;
};
