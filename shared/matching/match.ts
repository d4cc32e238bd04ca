import type { CustomerId, InvoiceId, PaymentId } from '../kernel/ids.ts';
import type { DifferenceAccount } from '../ledger/chart.ts';
import type { MatchRule } from './matching-policy.ts';

/** What of a line settles an invoice: `amount` of the money, and what else of the balance goes with it. Minor units. */
export type MatchAllocation = {
  readonly invoiceId: InvoiceId;
  readonly amount: number;
  /** Taken off for paying early. */
  readonly discount?: number;
  /** Not paid and not asked for. */
  readonly difference?: { readonly amount: number; readonly account: DifferenceAccount };
};

/** What to do with a bank line, and why. Amounts in minor units; allocations and `unapplied` sum to the line. */
export type Match = {
  readonly line: number;
  /** `posted` needs no person, `suggested` waits for a yes, `queued` for a decision. */
  readonly outcome: 'posted' | 'suggested' | 'queued';
  readonly rule: MatchRule | 'none';
  /** 0 to 1. */
  readonly score: number;
  readonly reasons: readonly string[];
  readonly customerId?: CustomerId;
  readonly allocations: readonly MatchAllocation[];
  readonly unapplied: number;
  /** The payment recorded earlier that this line is the money of: nothing else is to be recorded. */
  readonly confirms?: PaymentId;
  /** The advice or portal choice that was followed. */
  readonly adviceId?: string;
  /** What the payer refuses to pay. */
  readonly dispute?: { readonly invoiceId: InvoiceId; readonly amount: number; readonly reasonCode: string };
  /** The line of the same statement that this one seems to repeat. */
  readonly duplicateOf?: number;
  readonly policyVersion: string;
};
