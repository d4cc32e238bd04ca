import type { FactType } from '../fact/fact.ts';
import { sumTakenBack } from '../invoice/credit-item.ts';
import { shipmentsOf } from '../invoice/invoice.ts';
import { twinId } from '../kernel/ids.ts';
import type { EntryKind } from '../ledger/ledger.ts';
import { discountsOf } from '../payment/payment.ts';
import { amountOn, owedBy } from './books.ts';
import { factsOf, type Picture, Sums, shelfName } from './picture.ts';
import { lossesOf } from './taken-back.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * D. One key, one effect: what an idempotency key or a business key stands for is there and bears that key, and no
 * two things bear the same.
 */
export function* keysStandForOneThing(picture: Picture): Generator<Violation> {
  const things = idsIn(picture);
  for (const { key, resource } of picture.remembered) {
    if (!things.has(resource)) {
      yield { invariant: 'D', detail: `idempotency key ${key} stands for ${resource}, which is not there` };
    }
  }

  const claimed = new Map(picture.claims.map(({ kind, key, by }) => [`${kind} ${key}`, by]));
  const borne = new Map<string, string>();
  for (const { name, by } of businessKeysIn(picture)) {
    const other = borne.get(name);
    if (other !== undefined) yield { invariant: 'D', detail: `${name} is borne by ${other} and by ${by}` };
    borne.set(name, by);
    yield* unlessEqual('D', `who holds ${name}`, claimed.get(name), by);
  }
  for (const { kind, key, by } of picture.claims) {
    if (!things.has(by))
      yield { invariant: 'D', detail: `${kind} ${key} is held by ${by}, which is not there` };
    // A bank's references are not claimed, so only a claimed one has to be borne.
    if (kind !== 'payment reference')
      yield* unlessEqual('D', `who bears ${kind} ${key}`, borne.get(`${kind} ${key}`), by);
  }
}

function* businessKeysIn({ orders, returns, facts }: Picture): Generator<{ name: string; by: string }> {
  for (const { orderId, customerId, poNumber } of orders.values()) {
    if (poNumber !== undefined) yield { name: `purchase order ${customerId} ${poNumber}`, by: orderId };
  }
  for (const { returnId, customerId, reference } of returns.values()) {
    if (reference !== undefined) yield { name: `return reference ${customerId} ${reference}`, by: returnId };
  }
  for (const { type, subject, data } of [...facts.values()].flat()) {
    if (type !== 'stock.moved' || data.reference === undefined) continue;
    yield { name: `movement reference ${subject} ${data.reference}`, by: subject };
  }
}

/** Everything an idempotency key may stand for. */
function idsIn(picture: Picture): Set<string> {
  const { orders, shipments, invoices, creditNotes, payments, returns, facts } = picture;
  const { directDebits, creditTransfers } = picture;
  const things = [
    orders,
    shipments,
    invoices,
    creditNotes,
    payments,
    returns,
    directDebits,
    creditTransfers,
  ].flatMap((map) => [...map.keys()]);
  const told = [...facts].flatMap(([subject, about]) => [subject, ...about.map(({ id }) => id)]);
  const signed = [...facts.values()]
    .flat()
    .flatMap(({ type, data }) => (type === 'mandate.signed' ? [data.mandateId] : []));
  return new Set([...things, ...told, ...signed]);
}

/**
 * F. Every effect happens once: each version of a thing has its one fact, each document its one entry in the books,
 * each shipment at most one invoice, each invoice each reminder at most once, each event at most one mail.
 */
export function* effectsHappenOnce(picture: Picture): Generator<Violation> {
  yield* versionsHaveFacts(picture);
  yield* documentsAreBooked(picture);
  yield* costsAreBooked(picture);
  yield* remindersAreCounted(picture);

  const invoiceOf = new Map<string, string>();
  for (const { invoiceId, shipmentId } of billedShipments(picture)) {
    const other = invoiceOf.get(shipmentId);
    if (other !== undefined)
      yield { invariant: 'F', detail: `${shipmentId} has two invoices, ${other} and ${invoiceId}` };
    invoiceOf.set(shipmentId, invoiceId);
    if (!picture.shipments.has(shipmentId)) {
      yield { invariant: 'F', detail: `${invoiceId} is of shipment ${shipmentId}, which is not there` };
    }
  }
  for (const shipmentId of picture.toBill) {
    if (invoiceOf.has(shipmentId))
      yield { invariant: 'F', detail: `${shipmentId} is invoiced and waits for an invoice` };
  }
  for (const { invoiceId, shipmentId } of billedShipments(picture)) {
    const own = twinId('inv', shipmentId);
    if (own !== invoiceId)
      yield* unlessEqual('F', `what bills ${shipmentId}`, picture.billedOn.get(own), invoiceId);
  }
  const mails = new Sums();
  for (const { mailId } of picture.mails) mails.add(mailId, 1);
  for (const [mailId, count] of mails.entries()) yield* unlessEqual('F', `mails of ${mailId}`, count, 1);
}

/** A re-issued invoice names the shipments of the one it takes the place of. */
function billedShipments({ invoices }: Picture): { invoiceId: string; shipmentId: string }[] {
  const first = [...invoices.values()].filter(({ replaces }) => replaces === undefined);
  return first.flatMap((invoice) =>
    shipmentsOf(invoice).map((shipmentId) => ({ invoiceId: invoice.invoiceId, shipmentId })),
  );
}

function* versionsHaveFacts(picture: Picture): Generator<Violation> {
  const versioned = [
    ...[...picture.orders.values()].map(({ orderId, version }) => ({ subject: orderId, version })),
    ...[...picture.customers.values()].map(({ customerId, version }) => ({ subject: customerId, version })),
    ...[...picture.products.values()].map(({ sku, version }) => ({ subject: `sku_${sku}`, version })),
    ...[...picture.payments.values()].map(({ paymentId, version }) => ({ subject: paymentId, version })),
    ...[...picture.openCredits.values()].map(({ creditNoteId, version }) => ({
      subject: creditNoteId,
      version,
    })),
  ];
  for (const { subject, version } of versioned) {
    const slots = factsOf(picture, subject).flatMap(({ slot }) => (/^\d+$/.test(slot) ? [Number(slot)] : []));
    const expected = Array.from({ length: version }, (_, index) => index + 1);
    yield* unlessEqual('F', `versions told of ${subject}`, slots.join(' '), expected.join(' '));
  }
  for (const [name, { sku, version }] of picture.stocks) {
    const moves = factsOf(picture, `sku_${sku}`).filter(
      ({ type, data }) => type === 'stock.moved' && shelfName(data.sku, data.warehouse) === name,
    );
    yield* unlessEqual('F', `movements told of ${name}`, moves.length, version);
  }
  // Payments change an invoice without a fact of its own, so its facts have gaps.
  for (const [invoiceId, { version }] of picture.openItems) {
    const told = factsOf(picture, invoiceId);
    yield* unlessEqual(
      'F',
      `facts that issue ${invoiceId}`,
      told.filter(({ type }) => type === 'invoice.issued').length,
      1,
    );
    for (const { id, slot } of told) {
      if (Number(slot) > version)
        yield { invariant: 'F', detail: `${id} tells of a version that ${invoiceId} has not` };
    }
  }
  for (const [subject, told] of picture.facts) {
    for (const { id, slot } of told)
      yield* unlessEqual('F', `id of a fact of ${subject}`, id, `${subject}.${slot}`);
  }
}

/** What goods cost us leaves the inventory with their invoice, and comes back with what is back on the shelf. */
function* costsAreBooked({ entries, documentLines }: Picture): Generator<Violation> {
  for (const entry of entries) {
    if (entry.kind !== 'invoice' && entry.kind !== 'credit_note') continue;
    const cost = documentLines.get(entry.source)?.cost ?? 0;
    const booked = amountOn('cost_of_goods', entry);
    yield* unlessEqual(
      'F',
      `cost booked for ${entry.source}`,
      booked,
      entry.kind === 'invoice' ? cost : 0 - cost,
    );
  }
}

/**
 * Each invoice, credit note and payment stands in the books once, each refund and write-off once a fact of it, all with
 * their own amount, and nothing else does.
 */
function* documentsAreBooked(picture: Picture): Generator<Violation> {
  const { invoices, creditNotes, openCredits, payments, openItems, entries } = picture;
  const owed = new Map<string, { times: number; amount: number }>();
  const expect = (kind: EntryKind, id: string, times: number, amount: number) => {
    if (times > 0 || amount !== 0) owed.set(`${kind} of ${id}`, { times, amount });
  };
  for (const [id, { totals }] of invoices) expect('invoice', id, 1, totals.gross);
  for (const [id, note] of creditNotes) expect('credit_note', id, 1, sumTakenBack(note) - note.totals.gross);
  for (const id of creditNotes.keys()) {
    expect('allocation', id, timesTold(picture, id, 'credit_note.allocated'), 0);
    expect('unallocation', id, timesTold(picture, id, 'credit_note.unallocated'), 0);
    const { refunded = 0 } = openCredits.get(id) ?? {};
    const undone =
      timesTold(picture, id, 'credit_note.refund_failed') +
      timesTold(picture, id, 'credit_note.refund_undone');
    expect('refund', id, timesTold(picture, id, 'credit_note.refunded') + undone, refunded);
  }
  for (const [id, payment] of payments) {
    const { amount, refunded = 0, reversed = 0 } = payment;
    const told = discountsTold(picture, id);
    expect('payment', id, 1, 0 - amount - told.of('payment.received'));
    expect('allocation', id, timesTold(picture, id, 'payment.allocated'), 0 - told.of('payment.allocated'));
    expect('unallocation', id, timesTold(picture, id, 'payment.unallocated'), told.of('payment.unallocated'));
    expect(
      'reversal',
      id,
      timesTold(picture, id, 'payment.reversed') + timesTold(picture, id, 'payment.restored'),
      reversed + told.of('payment.reversed') - told.of('payment.restored'),
    );
    // What failed or was undone of a credit note paid out is booked for that.
    const undone = factsOf(picture, id).filter(
      ({ type, data }) =>
        (type === 'payment.refund_failed' || type === 'payment.refund_undone') &&
        data.creditNoteId === undefined,
    ).length;
    expect('refund', id, timesTold(picture, id, 'payment.refunded') + undone, refunded);
    expect('fee', id, timesTold(picture, id, 'payment.fee_charged'), 0);
  }
  for (const id of openItems.keys())
    expect('write_off', id, timesTold(picture, id, 'invoice.written_off'), 0 - lossesOf(picture, id));

  const booked = new Sums();
  const times = new Sums();
  for (const entry of entries) {
    // Of bank lines that no customer paid `bankAgrees` says more.
    if (entry.kind === 'bank') continue;
    const name = `${entry.kind} of ${entry.source}`;
    booked.add(name, owedBy(entry));
    times.add(name, 1);
    if (!owed.has(name))
      yield { invariant: 'F', detail: `entry ${entry.entryId} books ${name}, which is not there` };
  }
  for (const [name, { times: expected, amount }] of owed) {
    yield* unlessEqual('F', `entries of the ${name}`, times.of(name), expected);
    yield* unlessEqual('F', `amount booked for the ${name}`, booked.of(name), amount);
  }
}

/** What was taken off for paying early, or given back of it, by the type of the fact that tells of it. */
function discountsTold(picture: Picture, paymentId: string): Sums {
  const told = new Sums();
  for (const fact of factsOf(picture, paymentId)) {
    switch (fact.type) {
      case 'payment.received':
      case 'payment.allocated':
      case 'payment.unallocated':
      case 'payment.reversed':
      case 'payment.restored':
        told.add(fact.type, discountsOf(fact.data));
        break;
      default:
    }
  }
  return told;
}

function timesTold(picture: Picture, subject: string, type: FactType): number {
  return factsOf(picture, subject).filter((fact) => fact.type === type).length;
}

function* remindersAreCounted({ facts, openItems }: Picture): Generator<Violation> {
  const reminders = new Sums();
  const steps = new Sums();
  for (const fact of [...facts.values()].flat()) {
    if (fact.type !== 'account.reminded') continue;
    for (const { invoiceId, dueOn } of fact.data.invoices) {
      reminders.add(`${invoiceId} due ${dueOn}`, 1);
      steps.add(`reminder ${fact.data.step} of ${invoiceId} due ${dueOn}`, 1);
    }
  }
  for (const [name, count] of steps.entries()) yield* unlessEqual('F', name, count, 1);
  // Each instalment is reminded of anew.
  for (const [invoiceId, { dueOn, dunningStep }] of openItems) {
    yield* unlessEqual(
      'F',
      `reminders of ${invoiceId}`,
      dunningStep,
      reminders.of(`${invoiceId} due ${dueOn}`),
    );
  }
}
