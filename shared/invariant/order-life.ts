import * as z from 'zod';
import type { Fact } from '../fact/fact.ts';
import { shipmentsOf } from '../invoice/invoice.ts';
import { isMailed } from '../mail/mailed-facts.ts';
import { type OrderStatus, orderStatuses, orderTransitions } from '../order/order.ts';
import { decisionOf, orderStatus, unitsOf } from '../order/order-status.ts';
import { factsOf, linesOf, type Picture } from './picture.ts';
import { isShipped, leftLying, reservationOf, stillNoted } from './stock-promises.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * G. Every order went from state to state as the state machine allows, and stands where its facts say and where its units
 * put it.
 */
export function* transitionsAreLegal(picture: Picture): Generator<Violation> {
  for (const order of picture.orders.values()) {
    const { orderId, status } = order;
    if (status !== 'cancelled') {
      const units = unitsOf(order, linesOf(picture, orderId));
      yield* unlessEqual(
        'G',
        `status that follows from the units of ${orderId}`,
        status,
        orderStatus(decisionOf(order), units),
      );
    }
    if ((order.source?.kind === 'ubl') !== picture.sourceDocuments.has(orderId))
      yield { invariant: 'G', detail: `${orderId} and the document it came by are not both there` };
    for (const { ruleId, version } of order.rules ?? []) {
      if (!picture.ruleVersions.has(`${ruleId} ${version}`))
        yield {
          invariant: 'G',
          detail: `${orderId} was touched by ${ruleId} ${version}, which is not there`,
        };
    }
    let current: OrderStatus | undefined;
    for (const fact of factsOf(picture, orderId)) {
      if (leavesStatus.includes(fact.type)) continue;
      const next = statusAfter(fact);
      if (next === undefined) {
        yield { invariant: 'G', detail: `${fact.type} is told of ${orderId}, an order` };
        continue;
      }
      const legal =
        current === undefined ? fact.type === 'order.placed' : orderTransitions[current].includes(next);
      if (!legal)
        yield {
          invariant: 'G',
          detail: `${orderId} went from ${current ?? 'nothing'} to ${next} by ${fact.id}`,
        };
      current = next;
    }
    yield* unlessEqual('G', `status of ${orderId}`, status, current);
  }
}

/** What an order is told of without changing its state. */
const leavesStatus: readonly Fact['type'][] = [
  'stock.backorder_filled',
  'order.reservation_expired',
  'order.reservation_renewed',
  'shipment.in_transit',
  'shipment.delivery_failed',
  'order.claimed',
  'rule.notified',
];

/** Whatever moves an order's units says where that left it. */
function statusAfter(fact: Fact): OrderStatus | undefined {
  if ('status' in fact.data) {
    const told = z.enum(orderStatuses).safeParse(fact.data.status);
    if (told.success) return told.data;
  }
  switch (fact.type) {
    case 'order.placed':
    case 'order.released':
      return 'placed';
    case 'order.confirmed':
      return 'confirmed';
    case 'order.held':
      return 'held';
    case 'order.rejected':
      return 'rejected';
    case 'order.cancelled':
      return 'cancelled';
    case 'shipment.dispatched':
      return fact.data.complete ? 'shipped' : 'partly_shipped';
    default:
      return undefined;
  }
}

/** Something that was not brought to its end; `about`: the ids by which a message in a queue would tell of it. */
type LooseEnd = { about: readonly string[]; detail: string };

/**
 * J. Nothing is dropped silently: a loose end is a violation unless a message tells of it that waits for a person.
 * @param queued texts of those messages
 */
export function* looseEnds(ends: Iterable<LooseEnd>, queued: readonly string[]): Generator<Violation> {
  for (const { about, detail } of ends) {
    const isQueued = queued.some((message) => about.some((id) => message.includes(id)));
    if (!isQueued) yield { invariant: 'J', detail };
  }
}

/**
 * Each event that a customer is to hear of by mail has its mail; each invoice and credit note was sent, or stands in the
 * queue of undelivered ones.
 */
export function* nothingIsUntold(picture: Picture): Generator<LooseEnd> {
  const written = new Set(picture.mails.map(({ mailId }) => mailId));
  for (const fact of [...picture.facts.values()].flat()) {
    const { id } = fact;
    if (isToBeMailed(picture, fact) && !written.has(id))
      yield { about: [id], detail: `no mail was sent of ${id}` };
  }
  for (const documentId of [...picture.invoices.keys(), ...picture.creditNotes.keys()]) {
    const found = picture.deliveries.get(documentId);
    if (!found) yield { about: [documentId], detail: `${documentId} was never sent` };
    else if (found.delivery.status === 'pending' && !found.queued)
      yield { about: [documentId], detail: `${documentId} was asked for again and not sent` };
  }
}

/** Of a payment nobody need hear where the company, or the customer, ever wanted no receipts. */
function isToBeMailed(picture: Picture, fact: Fact): boolean {
  // Whoever is told that stock runs low, if anybody, the policy of that day says.
  if (fact.type === 'stock.low') return false;
  if (fact.type !== 'payment.received') return isMailed(fact.type, picture.orders.get(fact.subject)?.channel);
  const saved = factsOf(picture, fact.customerId ?? '');
  const unwanted = saved.some(({ type, data }) => type === 'customer.saved' && data.receipts === false);
  return isMailed(fact.type, fact.data.channel) && !unwanted && !picture.noReceipts;
}

/**
 * Nothing is left half way once all is quiet: no order waits for a decision nobody is making, no shipment for its
 * invoice, no mail for being sent, no stock for being moved.
 */
export function* nothingIsHalfDone(picture: Picture): Generator<LooseEnd> {
  for (const { orderId, status } of picture.orders.values()) {
    if (status === 'placed') yield { about: [orderId], detail: `${orderId} was never decided` };
    const ended = status === 'cancelled' || status === 'rejected';
    if (ended && reservationOf(picture, orderId).reserved > 0) {
      yield { about: [orderId], detail: `stock is still reserved for ${orderId}, which is ${status}` };
    }
  }
  for (const orderId of stillNoted(picture))
    yield { about: [orderId], detail: `${orderId} has ended and is noted to wait for stock` };
  for (const { orderId, detail } of leftLying(picture)) yield { about: [orderId], detail };
  const invoiced = new Set<string>([...picture.invoices.values()].flatMap(shipmentsOf));
  for (const [shipmentId, shipment] of picture.shipments) {
    const about = [shipmentId];
    const order = picture.orders.get(shipment.orderId);
    const waits = picture.toBill.has(shipmentId) && !(order?.invoicing === 'order' && order.openUnits === 0);
    if (!invoiced.has(shipmentId) && !waits) yield { about, detail: `${shipmentId} was never invoiced` };
    if (!isShipped(picture, shipment)) yield { about, detail: `the stock of ${shipmentId} never left` };
  }
  for (const [key, { refund }] of picture.providerRefunds) {
    const about = [key, refund.paymentId];
    if (refund.state === 'pending') yield { about, detail: `the refund ${key} was never sent` };
  }
  for (const { mailId, status } of picture.mails) {
    if (status !== 'sent') yield { about: [mailId], detail: `mail ${mailId} is still ${status}` };
  }
}
