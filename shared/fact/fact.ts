import * as z from 'zod';
import { bankFacts } from '../bank/bank-facts.ts';
import { bankLineFacts } from '../bank/bank-line-facts.ts';
import { caseFacts } from '../case/case-facts.ts';
import { collectionFacts } from '../collection/collection-facts.ts';
import { creditTransferFacts } from '../credit-transfer/credit-transfer-facts.ts';
import { customerFacts } from '../customer/customer-facts.ts';
import { deliveryFacts } from '../delivery/delivery-facts.ts';
import { directDebitFacts } from '../direct-debit/direct-debit-facts.ts';
import { invoiceFacts } from '../invoice/invoice-facts.ts';
import { ledgerFacts } from '../ledger/ledger-facts.ts';
import { orderFacts } from '../order/order-facts.ts';
import { orderImportFacts } from '../order-import/order-import-facts.ts';
import { paymentFacts } from '../payment/payment-facts.ts';
import { policyFacts } from '../policy/policy-facts.ts';
import { pricingFacts } from '../pricing/pricing-facts.ts';
import { productFacts } from '../product/product-facts.ts';
import { quoteFacts } from '../quote/quote-facts.ts';
import { refundFacts } from '../refund/refund-facts.ts';
import { remittanceFacts } from '../remittance/remittance-facts.ts';
import { ruleFacts } from '../rule/rule-facts.ts';
import { satisfactionFacts } from '../satisfaction/satisfaction-facts.ts';
import { shipmentFacts } from '../shipment/shipment-facts.ts';
import { stockFacts } from '../stock/stock-facts.ts';

/**
 * What happened, as it stands in the table and on the bus. A fact is written in the transaction of the change it
 * tells of and never changed; ARCHITECTURE.md lists who consumes it.
 */
const AnyFact = z.discriminatedUnion('type', [
  ...orderFacts,
  ...orderImportFacts,
  ...caseFacts,
  ...shipmentFacts,
  ...invoiceFacts,
  ...deliveryFacts,
  ...paymentFacts,
  ...refundFacts,
  ...creditTransferFacts,
  ...remittanceFacts,
  ...directDebitFacts,
  ...collectionFacts,
  ...customerFacts,
  ...pricingFacts,
  ...quoteFacts,
  ...ruleFacts,
  ...satisfactionFacts,
  ...productFacts,
  ...stockFacts,
  ...policyFacts,
  ...ledgerFacts,
  ...bankFacts,
  ...bankLineFacts,
]);
type AnyFact = z.infer<typeof AnyFact>;

export type FactType = AnyFact['type'];
export type Fact<T extends FactType = FactType> = Extract<AnyFact, { type: T }>;
export type FactData<T extends FactType> = Fact<T>['data'];

/** The fact an item of the table is, without its keys. @throws ZodError when it is none */
export function factOfItem(item: Readonly<Record<string, unknown>>): Fact {
  return AnyFact.parse(withoutKeys(item));
}

/** The same, of one of `types`. @throws ZodError, RangeError when it is none of them */
export function factAmong<T extends FactType>(
  types: readonly T[],
  item: Readonly<Record<string, unknown>>,
): Fact<T> {
  return parseFact(types, withoutKeys(item));
}

function withoutKeys(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { PK: _pk, SK: _sk, OPK: _opk, OSK: _osk, sum: _sum, ...fact } = item;
  return fact;
}

/** Reads a fact of one of `types` from the bus or the table. @throws ZodError, RangeError when it is none of them */
export function parseFact<T extends FactType>(types: readonly T[], input: unknown): Fact<T> {
  const fact = AnyFact.parse(input);
  if (!isOneOf(types, fact))
    throw new RangeError(`a fact of type ${fact.type} came where ${types.join(' or ')} was expected`);
  return fact;
}

function isOneOf<T extends FactType>(types: readonly T[], fact: Fact): fact is Fact<T> {
  return types.some((type) => type === fact.type);
}
