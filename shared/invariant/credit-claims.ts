import { suppliedTotals } from '../deposit/deduct-deposits.ts';
import { leftOf } from '../deposit/deposit.ts';
import { shipmentsOf } from '../invoice/invoice.ts';
import { isAccepted } from '../order/order.ts';
import { discountsOf } from '../payment/payment.ts';
import { factsOf, type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * L. A customer's exposure is what it owes, what its accepted orders claim and what its shipments claim that are not
 * invoiced yet, less the deposits that the orders' invoices will take off: those are owed or paid by themselves; and it stays within the limit, but for orders that a person released.
 */
export function* exposureIsAccountedFor(picture: Picture): Generator<Violation> {
  const claims = new Sums();
  const invoiced = new Set<string>([...picture.invoices.values()].flatMap(shipmentsOf));
  for (const { customerId, claim } of picture.orders.values()) claims.add(customerId, claim);
  for (const { shipmentId, customerId, claim } of picture.shipments.values()) {
    if (!invoiced.has(shipmentId)) claims.add(customerId, claim);
  }
  for (const { customerId, deposits } of picture.deposits.values()) claims.add(customerId, -leftOf(deposits));
  const allowances = allowancesBeyondLimit(picture);
  for (const [customerId, { exposure, receivable, creditLimit }] of picture.accounts) {
    yield* unlessEqual('L', `exposure of ${customerId}`, exposure, receivable + claims.of(customerId));
    yield* unlessEqual(
      'L',
      `limit on the account of ${customerId}`,
      creditLimit,
      picture.customers.get(customerId)?.creditLimit,
    );
    const bound = highestLimit(picture, customerId, creditLimit) + allowances.of(customerId);
    if (exposure > bound)
      yield {
        invariant: 'L',
        detail: `${customerId} is exposed by ${exposure}, at most ${bound} was allowed`,
      };
  }
  yield* claimsAddUp(picture);
}

/**
 * An accepted order's claim wanders to its shipments; it and theirs are the order's gross all along. Where units were
 * cancelled after others had shipped, each shipment has claimed its own rounded tax: a unit for each shipment and tax group.
 */
function* claimsAddUp(picture: Picture): Generator<Violation> {
  const { orders } = picture;
  const shipped = claimsOfShipments(picture);
  const count = new Sums();
  for (const { orderId } of picture.shipments.values()) count.add(orderId, 1);
  for (const order of orders.values()) {
    const { orderId, claim, totals, units } = order;
    const found = claim + shipped.of(orderId);
    const expected = isAccepted(order) ? totals.gross : 0;
    const rounding = (units?.cancelled ?? 0) > 0 ? count.of(orderId) * (totals.groups.length + 1) : 0;
    if (Math.abs(found - expected) > rounding)
      yield* unlessEqual('L', `claim of ${orderId} and its shipments`, found, expected);
    if (order.openUnits === 0 && order.status !== 'cancelled' && order.status !== 'rejected')
      yield* unlessEqual('L', `claim of ${orderId}, all of which has left`, claim, 0);
  }
}

function claimsOfShipments({ shipments }: Picture): Sums {
  const claims = new Sums();
  for (const { orderId, claim } of shipments.values()) claims.add(orderId, claim);
  return claims;
}

/** The highest limit the customer ever had: a limit may be lowered below what is owed already. */
function highestLimit(picture: Picture, customerId: string, now: number): number {
  const limits = factsOf(picture, customerId).flatMap((fact) =>
    fact.type === 'customer.saved' ? [fact.data.creditLimit] : [],
  );
  return Math.max(now, ...limits);
}

/**
 * What may stand above a limit, by customer: orders a person released, money that was given back or is gone again with
 * the discounts taken with it, and the pennies by which the tax of partial invoices, each rounded by itself, exceeds
 * the order's.
 */
function allowancesBeyondLimit(picture: Picture): Sums {
  const { orders, invoices, shipments, payments, facts } = picture;
  const claimed = claimsOfShipments(picture);
  const allowances = new Sums();
  for (const { customerId, refunded = 0, paidOut = 0, reversed = 0 } of payments.values())
    allowances.add(customerId, refunded + paidOut + reversed);
  for (const { type, customerId, data } of [...facts.values()].flat()) {
    if ((type === 'payment.reversed' || type === 'payment.unallocated') && customerId)
      allowances.add(customerId, discountsOf(data));
  }
  for (const { orderId, customerId, release, totals } of orders.values()) {
    if (release) allowances.add(customerId, totals.gross);
    // The pennies by which shipments claimed more than is left of an order whose rest was cancelled.
    allowances.add(customerId, Math.max(0, claimed.of(orderId) - totals.gross));
  }
  for (const invoice of invoices.values()) {
    const { customerId } = invoice;
    const claims = shipmentsOf(invoice).map((shipmentId) => shipments.get(shipmentId)?.claim ?? 0);
    const claim = claims.reduce((sum, one) => sum + one, 0);
    if (invoice.type === 'deposit') continue;
    allowances.add(customerId, Math.max(0, suppliedTotals(invoice).gross - claim));
    // The unit by which a deposit's rounded tax may differ from what is taken off for it.
    allowances.add(customerId, invoice.deductions?.length ?? 0);
  }
  return allowances;
}
