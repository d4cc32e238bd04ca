import type * as z from 'zod';
import { CarrierPolicy } from '../carrier/carrier-policy.ts';
import { DunningPolicy } from '../collection/dunning-policy.ts';
import { CreditPolicy } from '../credit/credit-policy.ts';
import { DebitPolicy } from '../direct-debit/debit-policy.ts';
import { SeriesPolicy } from '../invoice/series-policy.ts';
import { ChartPolicy, completeChart, shippedChart } from '../ledger/chart.ts';
import { MatchingPolicy } from '../matching/matching-policy.ts';
import { PaymentPolicy } from '../payment/payment-attempt.ts';
import { RefundPolicy } from '../refund/refund-policy.ts';
import { RemittancePolicy } from '../remittance/remittance-policy.ts';
import { WarehousePolicy } from '../stock/warehouse-policy.ts';
import { shippedTaxPolicy } from '../tax/shipped-tax-policy.ts';
import { TaxPolicy } from '../tax/tax.ts';
import { CalendarPolicy } from '../terms/calendar-policy.ts';
import { shippedCalendarPolicy } from '../terms/shipped-calendar-policy.ts';

type Policies = {
  calendar: CalendarPolicy;
  carriers: CarrierPolicy;
  chart: ChartPolicy;
  credit: CreditPolicy;
  debit: DebitPolicy;
  dunning: DunningPolicy;
  remittance: RemittancePolicy;
  payment: PaymentPolicy;
  matching: MatchingPolicy;
  refunds: RefundPolicy;
  series: SeriesPolicy;
  tax: TaxPolicy;
  warehouses: WarehousePolicy;
};
export type PolicyName = keyof Policies;
export type PolicyOf<N extends PolicyName> = Policies[N];

type Definition<P> = {
  readonly schema: z.ZodType<P>;
  readonly shipped: P;
  /** How one is read that was stored by an older schema, where the defaults of its fields don't do. */
  readonly complete?: (stored: unknown) => { policy: P; defaulted: string[] };
};

/** Every policy by name: what it may say, and what holds until the company puts its own in force. */
export const policies: { readonly [N in PolicyName]: Definition<Policies[N]> } = {
  carriers: { schema: CarrierPolicy, shipped: CarrierPolicy.parse({}) },
  chart: { schema: ChartPolicy, shipped: shippedChart, complete: completeChart },
  credit: { schema: CreditPolicy, shipped: CreditPolicy.parse({}) },
  debit: { schema: DebitPolicy, shipped: DebitPolicy.parse({}) },
  dunning: {
    schema: DunningPolicy,
    shipped: DunningPolicy.parse({
      steps: [
        { name: 'first reminder', afterDays: 7 },
        { name: 'second reminder', afterDays: 21 },
      ],
      callAfterDays: 35,
    }),
  },
  remittance: { schema: RemittancePolicy, shipped: RemittancePolicy.parse({}) },
  payment: { schema: PaymentPolicy, shipped: PaymentPolicy.parse({}) },
  matching: { schema: MatchingPolicy, shipped: MatchingPolicy.parse({}) },
  refunds: { schema: RefundPolicy, shipped: RefundPolicy.parse({}) },
  series: { schema: SeriesPolicy, shipped: SeriesPolicy.parse({}) },
  tax: { schema: TaxPolicy, shipped: shippedTaxPolicy },
  warehouses: { schema: WarehousePolicy, shipped: WarehousePolicy.parse({}) },
  calendar: { schema: CalendarPolicy, shipped: shippedCalendarPolicy },
};

/** A policy and the version that decisions cite: `shipped-1`, or its day and number such as `2026-04-01.02`. */
export type InForce<N extends PolicyName> = {
  version: string;
  policy: PolicyOf<N>;
  /** What the company's version lacks, and is as shipped instead. */
  defaulted?: string[];
};

export function isPolicyName(name: string): name is PolicyName {
  return Object.hasOwn(policies, name);
}
