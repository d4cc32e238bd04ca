import { isDeepStrictEqual } from 'node:util';
import { suppliedTotals } from '../deposit/deduct-deposits.ts';
import { openParts } from '../invoice/instalments.ts';
import type { Invoice, OpenItem } from '../invoice/invoice.ts';

import { sameTreatment, type Totals, treatmentKey } from '../tax/tax.ts';
import { type Picture, Sums } from './picture.ts';
import { pricesAddUp } from './price-identity.ts';
import { refundsAreCovered } from './refunds.ts';
import { discountsTold, settlementsTakenBackAddUp } from './taken-back.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * C. What is owed on an invoice is its total less what was allocated, taken off for paying early, credited and
 * written off, never below zero; it is due when its first instalment not covered is, and no more is taken off than it
 * offers. A payment is allocated up to its amount, to invoices of its own customer; a document is the sum of its lines,
 * discounts and charges.
 */
export function* settlementsAddUp(picture: Picture): Generator<Violation> {
  yield* paymentsAddUp(picture);
  yield* creditsAddUp(picture);
  yield* refundsAreCovered(picture);
  yield* discountsAreOffered(picture);
  yield* returnsAddUp(picture);
  yield* openItemsAddUp(picture);
  yield* settlementsTakenBackAddUp(picture);
  yield* pricesAddUp(picture);
  for (const [id, { totals }] of picture.orders) yield* totalsAddUp(id, totals);
  for (const [id, { lineCount, totals }] of [...picture.invoices, ...picture.creditNotes]) {
    const lines = picture.documentLines.get(id);
    yield* unlessEqual('C', `lines of ${id}`, lines?.units.size, lineCount);
    yield* totalsAddUp(id, totals);
  }
}

function* openItemsAddUp(picture: Picture): Generator<Violation> {
  const { openItems, payments, openCredits, invoices } = picture;
  const settled = new Sums();
  for (const { allocations } of payments.values()) {
    for (const { invoiceId, amount, difference } of allocations)
      settled.add(invoiceId, amount + (difference?.amount ?? 0));
  }
  for (const { invoiceId, amount } of discountsTold(picture.facts)) settled.add(invoiceId, amount);
  for (const { applied, netted = [] } of openCredits.values()) {
    for (const { invoiceId, amount } of [...applied, ...netted]) settled.add(invoiceId, amount);
  }
  for (const { corrects, discountTakenBack } of picture.creditNotes.values()) {
    if (corrects) settled.add(corrects.invoiceId, -(discountTakenBack?.amount ?? 0));
  }
  for (const [id, item] of openItems) {
    const invoice = invoices.get(id);
    yield* unlessEqual('C', `total of the open item ${id}`, item.total, invoice?.totals.gross);
    yield* unlessEqual('C', `customer of the open item ${id}`, item.customerId, invoice?.customerId);
    yield* unlessEqual(
      'C',
      `balance of ${id}`,
      item.balance,
      item.total - settled.of(id) - (item.writtenOff ?? 0),
    );
    if (item.balance < 0)
      yield { invariant: 'C', detail: `the balance of ${id} is negative: ${item.balance}` };
    if (invoice) yield* instalmentsAgree(id, item, invoice);
  }
  for (const id of new Set([...invoices.keys(), ...settled.keys()])) {
    if (!openItems.has(id)) yield { invariant: 'C', detail: `there is no open item of ${id}` };
  }
}

function* instalmentsAgree(
  id: string,
  item: OpenItem,
  { dueOn, instalments, totals }: Invoice,
): Generator<Violation> {
  if (!isDeepStrictEqual(item.instalments, instalments))
    yield { invariant: 'C', detail: `the instalments of the open item ${id} are not its invoice's` };
  if (instalments) {
    const sum = instalments.reduce((total, { amount }) => total + amount, 0);
    yield* unlessEqual('C', `instalments of ${id}`, sum, totals.gross);
    yield* unlessEqual('C', `last due date of ${id}`, dueOn, instalments.at(-1)?.dueOn);
  }
  const [next] = openParts({ ...item, dueOn });
  if (next) yield* unlessEqual('C', `due date of the open item ${id}`, item.dueOn, next.dueOn);
}

/** What was taken off an invoice for paying early is at most what it offers. */
function* discountsAreOffered({ payments, invoices }: Picture): Generator<Violation> {
  const taken = new Sums();
  for (const { allocations } of payments.values()) {
    for (const { invoiceId, discount = 0 } of allocations) taken.add(invoiceId, discount);
  }
  for (const [id, amount] of taken.entries()) {
    const offered = invoices.get(id)?.discount?.amount ?? 0;
    if (amount > offered)
      yield { invariant: 'C', detail: `${amount} was taken off ${id}, which offers ${offered}` };
  }
}

function* paymentsAddUp({ payments, openItems }: Picture): Generator<Violation> {
  for (const payment of payments.values()) {
    const {
      paymentId,
      customerId,
      currency,
      amount,
      unapplied,
      allocations,
      refunded = 0,
      reversed = 0,
    } = payment;
    const allocated = allocations.reduce((sum, allocation) => sum + allocation.amount, 0);
    const used = allocated + unapplied + refunded + reversed;
    yield* unlessEqual('C', `allocated, refunded, reversed and unapplied of ${paymentId}`, used, amount);
    if (allocated > amount)
      yield { invariant: 'C', detail: `more of ${paymentId} is allocated than came in` };
    for (const { invoiceId } of allocations) {
      const item = openItems.get(invoiceId);
      yield* unlessEqual('C', `customer of ${invoiceId}, paid by ${paymentId}`, item?.customerId, customerId);
      yield* unlessEqual('C', `currency of ${invoiceId}, paid by ${paymentId}`, item?.currency, currency);
    }
  }
}

/** Of each credit note so much is left as was neither paid out nor set against invoices, all of them of its own customer. */
function* creditsAddUp({ creditNotes, openCredits, openItems }: Picture): Generator<Violation> {
  for (const [id, { totals, customerId }] of creditNotes) {
    const credit = openCredits.get(id);
    const uses = [...(credit?.applied ?? []), ...(credit?.netted ?? [])];
    const used = uses.reduce((sum, { amount }) => sum + amount, credit?.refunded ?? 0);
    yield* unlessEqual('C', `total of the credit ${id}`, credit?.total, totals.gross);
    yield* unlessEqual('C', `customer of the credit ${id}`, credit?.customerId, customerId);
    yield* unlessEqual('C', `unapplied of ${id}`, credit?.unapplied, totals.gross - used);
    for (const { invoiceId } of uses) {
      const owner = openItems.get(invoiceId)?.customerId;
      yield* unlessEqual('C', `customer of ${invoiceId}, credited by ${id}`, owner, customerId);
    }
  }
}

function* returnsAddUp(picture: Picture): Generator<Violation> {
  const { returns, creditNotes, openCredits, openItems } = picture;
  for (const returned of returns.values()) {
    const { returnId, creditNoteId, creditNoteNumber, customerId, gross, applied, invoiceId } = returned;
    const note = creditNotes.get(creditNoteId);
    yield* unlessEqual('C', `gross of the credit note of ${returnId}`, note?.totals.gross, gross);
    yield* unlessEqual('C', `number of the credit note of ${returnId}`, note?.number, creditNoteNumber);
    yield* unlessEqual('C', `customer of the credit note of ${returnId}`, note?.customerId, customerId);
    const atOnce =
      openCredits.get(creditNoteId)?.applied.find((use) => use.invoiceId === invoiceId)?.amount ?? 0;
    yield* unlessEqual('C', `applied of ${returnId}`, applied, atOnce);
    if (invoiceId === undefined) {
      yield* unlessEqual('C', `applied of ${returnId}, which corrects no invoice`, applied, 0);
    } else {
      const corrected = openItems.get(invoiceId);
      yield* unlessEqual(
        'C',
        `customer of ${invoiceId}, credited by ${returnId}`,
        corrected?.customerId,
        customerId,
      );
    }
  }
  for (const { creditNoteId, returnId } of creditNotes.values()) {
    if (returnId === undefined) continue;
    yield* unlessEqual('C', `credit note of ${returnId}`, returns.get(returnId)?.creditNoteId, creditNoteId);
  }
  yield* creditedUnitsAddUp(picture);
}

/** What was credited of an invoice is what its credit notes say, group by group, and never beyond what it charged. */
function* creditedGroupsAddUp({ creditNotes, credited, invoices }: Picture): Generator<Violation> {
  const told = new Sums();
  for (const { corrects, totals } of creditNotes.values()) {
    if (!corrects) continue;
    for (const group of totals.groups) {
      told.add(`net ${treatmentKey(group)} of ${corrects.invoiceId}`, group.net);
      told.add(`tax ${treatmentKey(group)} of ${corrects.invoiceId}`, group.tax);
    }
  }
  const counted = new Sums();
  for (const { invoiceId, groups } of credited.values()) {
    for (const group of groups) {
      const invoice = invoices.get(invoiceId);
      const charged = invoice && suppliedTotals(invoice).groups.find((own) => sameTreatment(own, group));
      for (const part of ['net', 'tax'] as const) {
        const name = `${part} ${treatmentKey(group)} of ${invoiceId}`;
        counted.add(name, group[part]);
        if (group[part] > (charged?.[part] ?? 0))
          yield { invariant: 'C', detail: `${name}: ${group[part]} credited of ${charged?.[part] ?? 0}` };
      }
    }
  }
  for (const name of new Set([...told.keys(), ...counted.keys()])) {
    yield* unlessEqual('C', `credited ${name}`, counted.of(name), told.of(name));
  }
}

/**
 * No line of an invoice is credited beyond its units, and what was counted as credited is what came back, or at least
 * that where units were credited without coming back.
 */
function* creditedUnitsAddUp(picture: Picture): Generator<Violation> {
  const { returns, credited, documentLines, creditNotes } = picture;
  const withoutGoods = new Set<string>();
  for (const { corrects, scope } of creditNotes.values()) {
    if (corrects && (scope === 'full' || scope === 'lines')) withoutGoods.add(corrects.invoiceId);
  }
  yield* creditedGroupsAddUp(picture);
  const back = new Sums();
  for (const { invoiceId, lines } of returns.values()) {
    if (invoiceId === undefined) continue;
    for (const { invoiceLine, quantity } of lines) back.add(`line ${invoiceLine} of ${invoiceId}`, quantity);
  }
  const counted = new Sums();
  for (const { invoiceId, quantities } of credited.values()) {
    for (const [line, quantity] of Object.entries(quantities)) {
      const name = `line ${line} of ${invoiceId}`;
      const invoiced = documentLines.get(invoiceId)?.units.get(Number(line)) ?? 0;
      counted.add(name, quantity);
      if (quantity > invoiced)
        yield { invariant: 'C', detail: `${name}: ${quantity} credited of ${invoiced} invoiced` };
    }
  }
  for (const name of new Set([...back.keys(), ...counted.keys()])) {
    const invoiceId = name.slice(name.lastIndexOf(' ') + 1);
    const expected = withoutGoods.has(invoiceId) ? Math.max(back.of(name), counted.of(name)) : back.of(name);
    yield* unlessEqual('C', `units credited of ${name}`, counted.of(name), expected);
  }
}

function* totalsAddUp(id: string, { net, tax, gross, groups }: Totals): Generator<Violation> {
  yield* unlessEqual('C', `gross of ${id}`, gross, net + tax);
  yield* unlessEqual(
    'C',
    `net of the tax groups of ${id}`,
    groups.reduce((sum, group) => sum + group.net, 0),
    net,
  );
  yield* unlessEqual(
    'C',
    `tax of the tax groups of ${id}`,
    groups.reduce((sum, group) => sum + group.tax, 0),
    tax,
  );
}
