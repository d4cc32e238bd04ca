import type { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';

/** What matching reads of a line of a bank statement. Amounts in minor units; above zero is money in. */
export type MatchLine = {
  readonly line: number;
  readonly bookedOn: CalendarDate;
  readonly valueOn?: CalendarDate | undefined;
  readonly amount: number;
  readonly currency: Currency;
  readonly bankReference?: string | undefined;
  readonly endToEndId?: string | undefined;
  readonly creditorReference?: string | undefined;
  readonly text: string;
  readonly counterparty?:
    | {
        readonly name?: string | undefined;
        readonly iban?: string | undefined;
        readonly account?: string | undefined;
      }
    | undefined;
  /** What the bank kept for itself. */
  readonly charges?: number | undefined;
};

/** An invoice, as a rule one that is owed. */
export type OpenCandidate = {
  readonly invoiceId: InvoiceId;
  readonly number: string;
  readonly customerId: CustomerId;
  readonly currency: Currency;
  /** Minor units; 0 where it is paid. */
  readonly balance: number;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly discount?: { readonly until: CalendarDate; readonly amount: number } | undefined;
  readonly creditorReference?: string | undefined;
  /** Of the direct debit that is to collect it. */
  readonly endToEndId?: string | undefined;
  /** The customer's own numbers of the orders it bills. */
  readonly poNumbers?: readonly string[] | undefined;
};

/** A customer as bank lines tell of it. */
export type Payer = {
  readonly customerId: CustomerId;
  readonly name: string;
  /** Other names it pays by, learned from decisions. */
  readonly aliases: readonly string[];
  /** IBANs and account numbers it pays from. */
  readonly accounts: readonly string[];
  /** Its agreed policy: what names no invoice settles the oldest first. */
  readonly oldestFirst?: boolean | undefined;
};

/** A payment recorded before the bank told of it. */
export type RecordedPayment = {
  readonly paymentId: PaymentId;
  readonly customerId: CustomerId;
  readonly currency: Currency;
  readonly amount: number;
  /** The provider's or payer's references. */
  readonly references: readonly string[];
};

/** What a payer said it would pay, by remittance advice or by its choice in the payer portal. */
export type Advice = {
  readonly adviceId: string;
  readonly customerId: CustomerId;
  readonly currency: Currency;
  readonly total: number;
  /** Travels with the payment, where the advice has one. */
  readonly reference?: string | undefined;
  readonly invoices: readonly {
    readonly invoiceId: InvoiceId;
    readonly amount: number;
    readonly discount?: number | undefined;
  }[];
};

export type ReferenceHit = { readonly key: string } & (
  | { readonly kind: 'item'; readonly item: OpenCandidate }
  | { readonly kind: 'payment'; readonly payment: RecordedPayment }
  | { readonly kind: 'advice'; readonly advice: Advice }
);

/**
 * Where a line's candidates are found: each question is answered by an index, so that a line costs the same however many
 * items are open. Answers are as things stood before the statement; what its lines settle is kept by the matcher.
 */
export interface CandidateSource {
  /**
   * Whatever bears one of `keys`, made by `lineKeys`: invoices that are paid as well, so that one of their numbers is not
   * taken for an open one mistyped.
   */
  byReference(keys: readonly string[]): Promise<readonly ReferenceHit[]>;
  /** Payers of this IBAN or account number, capitals and digits only. */
  payersByAccount(account: string): Promise<readonly Payer[]>;
  /** Payers whose name or alias shares at least one of `keys`, made by `nameKeys`; those that share most. */
  payersByNameKeys(keys: readonly string[]): Promise<readonly Payer[]>;
  /** Payers whose name says exactly what `name` says, asked only where no other name is like it: they may owe nothing. */
  payersNamed(name: string): Promise<readonly Payer[]>;
  openItemsOf(customerId: CustomerId): Promise<readonly OpenCandidate[]>;
  openItems(invoiceIds: readonly InvoiceId[]): Promise<readonly OpenCandidate[]>;
  advicesOf(customerId: CustomerId): Promise<readonly Advice[]>;
}
