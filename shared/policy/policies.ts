import { carrierPolicy } from '../carrier/carrier-policy.ts';
import { casePolicy } from '../case/case-policy.ts';
import { dunningPolicy } from '../collection/dunning-policy.ts';
import { creditPolicy } from '../credit/credit-policy.ts';
import { debitPolicy } from '../direct-debit/debit-policy.ts';
import { seriesPolicy } from '../invoice/series-policy.ts';
import { chartPolicy } from '../ledger/chart.ts';
import { matchingPolicy } from '../matching/matching-policy.ts';
import { orderDeskPolicy } from '../order/order-desk-policy.ts';
import { verificationPolicy } from '../order/verification-policy.ts';
import { paymentPolicy } from '../payment/payment-attempt.ts';
import { refundPolicy } from '../refund/refund-policy.ts';
import { remittancePolicy } from '../remittance/remittance-policy.ts';
import { warehousePolicy } from '../stock/warehouse-policy.ts';
import { taxPolicy } from '../tax/shipped-tax-policy.ts';
import { calendarPolicy } from '../terms/shipped-calendar-policy.ts';

/** Every policy by name, for what serves or checks them all; who reads one imports that one. */
export const policies = {
  calendar: calendarPolicy,
  carriers: carrierPolicy,
  cases: casePolicy,
  chart: chartPolicy,
  credit: creditPolicy,
  debit: debitPolicy,
  dunning: dunningPolicy,
  matching: matchingPolicy,
  'order-desk': orderDeskPolicy,
  payment: paymentPolicy,
  refunds: refundPolicy,
  remittance: remittancePolicy,
  series: seriesPolicy,
  tax: taxPolicy,
  verification: verificationPolicy,
  warehouses: warehousePolicy,
};
export type PolicyName = keyof typeof policies;

export function isPolicyName(name: string): name is PolicyName {
  return Object.hasOwn(policies, name);
}
