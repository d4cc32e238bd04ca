import * as z from 'zod';
import { Delivery } from '../delivery/delivery.ts';
import { type CreditNoteId, type CustomerId, InvoiceId, type ShipmentId, twinId } from '../kernel/ids.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, owners, queuePartition } from '../table/keys.ts';
import { documentWithLines, linesIn } from '../table/line-chunks.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Condition, Item, Key, Query, Refusal, Table } from '../table/table.ts';
import { openParts } from './instalments.ts';
import { Credited, CreditNote, Invoice, InvoiceLine, OpenCredit, OpenItem } from './invoice.ts';

const Document = z.discriminatedUnion('kind', [Invoice, CreditNote]);

/** In place of a shipment's own invoice: the one that bills it together with others. */
const BilledOn = z.looseObject({ invoiceId: InvoiceId });

/** The invoice as it was issued, without its lines; found by each of its shipments' twins. */
export async function loadInvoice(
  table: Table,
  invoiceId: InvoiceId,
  options: { consistent?: boolean } = {},
): Promise<Invoice | undefined> {
  const item = await table.get(keys.invoice(invoiceId), options);
  if (item) return invoiceOf(item);
  const pointer = await table.get(keys.billedOn(invoiceId), options);
  return pointer && loadInvoice(table, BilledOn.parse(pointer).invoiceId, options);
}

/** The invoices that bill the shipments whose own would have the ids `own`, each once. */
export async function invoicesBilling(table: Table, own: readonly InvoiceId[]): Promise<InvoiceId[]> {
  const pointers = await table.getMany(own.map(keys.billedOn));
  const billedOn = new Map(pointers.map((item) => [item.PK, BilledOn.parse(item).invoiceId]));
  return [...new Set(own.map((id) => billedOn.get(id) ?? id))];
}

/** Those of `shipmentIds` that an invoice bills, alone or together with others. Two small items each, read side by side. */
export async function invoicedShipments(
  table: Table,
  shipmentIds: readonly ShipmentId[],
): Promise<Set<ShipmentId>> {
  const own = shipmentIds.map((shipmentId) => twinId('inv', shipmentId));
  const found = await table.getMany(own.flatMap((id) => [keys.openItem(id), keys.billedOn(id)]));
  const billed = new Set(found.map(({ PK }) => PK));
  return new Set(shipmentIds.filter((shipmentId) => billed.has(twinId('inv', shipmentId))));
}

/** A credit note with its lines, what of it is not used yet and where it is on its way. */
export type CreditNoteFile = {
  creditNote: CreditNote;
  lines: InvoiceLine[];
  openCredit: OpenCredit;
  delivery: Delivery | undefined;
};

/** All of a credit note, as its partition holds it: one query. */
export async function loadCreditNoteFile(
  table: Table,
  creditNoteId: CreditNoteId,
): Promise<CreditNoteFile | undefined> {
  const items = await queryAll(table, { partition: creditNoteId, consistent: true });
  const document = items.find(({ SK }) => SK === keys.creditNote(creditNoteId).SK);
  const openCredit = items.find(({ SK }) => SK === keys.openCredit(creditNoteId).SK);
  const delivery = items.find(({ SK }) => SK === keys.delivery(creditNoteId).SK);
  if (!document || !openCredit) return undefined;
  return {
    creditNote: CreditNote.parse(documentAttributes(document)),
    lines: linesIn(items, InvoiceLine),
    openCredit: openCreditOf(openCredit),
    delivery: delivery && deliveryOf(delivery),
  };
}

/** An invoice with its lines, what is owed on it, what returns credited of it and where it is on its way. */
export type InvoiceFile = {
  invoice: Invoice;
  lines: InvoiceLine[];
  openItem: OpenItem;
  credited: Credited | undefined;
  delivery: Delivery | undefined;
};

/** All of an invoice, as its partition holds it: one query, and a second where another one bills that shipment. */
export async function loadInvoiceFile(
  table: Table,
  invoiceId: InvoiceId,
  options: { consistent?: boolean } = {},
): Promise<InvoiceFile | undefined> {
  const items = await queryAll(table, { partition: invoiceId, ...options });
  const itemAt = ({ SK }: Key) => items.find((item) => item.SK === SK);
  const pointer = itemAt(keys.billedOn(invoiceId));
  if (pointer) return loadInvoiceFile(table, BilledOn.parse(pointer).invoiceId, options);
  const document = itemAt(keys.invoice(invoiceId));
  const openItem = itemAt(keys.openItem(invoiceId));
  const credited = itemAt(keys.credited(invoiceId));
  const delivery = itemAt(keys.delivery(invoiceId));
  if (!document || !openItem) return undefined;
  return {
    invoice: invoiceOf(document),
    lines: linesIn(items, InvoiceLine),
    openItem: openItemOf(openItem),
    credited: credited && creditedOf(credited),
    delivery: delivery && deliveryOf(delivery),
  };
}

/**
 * What is owed on an invoice, found by each of its shipments' twins as the invoice is. Read consistently: it is the base
 * of a change.
 */
export async function loadOpenItem(table: Table, invoiceId: InvoiceId): Promise<OpenItem | undefined> {
  const item = await table.get(keys.openItem(invoiceId), { consistent: true });
  if (item) return openItemOf(item);
  const pointer = await table.get(keys.billedOn(invoiceId), { consistent: true });
  return pointer && loadOpenItem(table, BilledOn.parse(pointer).invoiceId);
}

/** What is left of a credit note. Read consistently: it is the base of a change. */
export async function loadOpenCredit(
  table: Table,
  creditNoteId: CreditNoteId,
): Promise<OpenCredit | undefined> {
  const item = await table.get(keys.openCredit(creditNoteId), { consistent: true });
  return item && openCreditOf(item);
}

/** What is owed on each invoice, in any order; unknown ids are left out. Read consistently. */
export async function loadOpenItems(table: Table, invoiceIds: readonly InvoiceId[]): Promise<OpenItem[]> {
  const items = await table.getMany([...new Set(invoiceIds)].map(keys.openItem), { consistent: true });
  return items.map(openItemOf);
}

/**
 * The write that makes `next` what is owed, refused with `version_conflict` unless the stored item has version
 * `expecting`. It puts the item into the work queue of its state and takes it out of any other.
 */
export function saveOpenItem(next: OpenItem, expecting: number | 'absent'): Action {
  return {
    do: 'put',
    item: { ...keys.openItem(next.invoiceId), ...next, ...queued(next) },
    when: expected(expecting),
    refusal: versionConflict('invoice'),
  };
}

/**
 * The write that makes `next` what is left of a credit note, refused with `version_conflict` in a lost race. What is
 * left waits in the queue of unapplied amounts.
 */
export function saveOpenCredit(next: OpenCredit, expecting: number | 'absent'): Action {
  const { creditNoteId, customerId, currency, number, unapplied } = next;
  const queued = {
    DPK: queuePartition('unapplied', customerId),
    DSK: creditNoteId,
    due: { customerId, currency, amount: unapplied, number },
  };
  return {
    do: 'put',
    item: { ...keys.openCredit(creditNoteId), ...next, ...(unapplied > 0 && queued) },
    when: expected(expecting),
    refusal: versionConflict('credit note'),
  };
}

/** Finds a customer's invoices and credit notes, newest first. */
export function documentsOf(customerId: CustomerId): Query {
  return { index: 'byOwner', partition: owners.customer(customerId, 'invoice'), newestFirst: true };
}

/** The documents at `found`, newest first, with what is owed on those that are invoices: one read. */
export async function loadDocuments(
  table: Table,
  found: readonly Key[],
): Promise<{ document: Invoice | CreditNote; openItem: OpenItem | undefined }[]> {
  const openKeys = found.flatMap(({ PK }) => {
    const invoiceId = InvoiceId.safeParse(PK);
    return invoiceId.success ? [keys.openItem(invoiceId.data)] : [];
  });
  const items = await table.getMany([...found, ...openKeys]);
  const openItems = new Map(
    items.filter((item) => !('kind' in item)).map((item) => [item.PK, openItemOf(item)]),
  );
  return items
    .filter((item) => 'kind' in item)
    .map(documentOf)
    .toSorted((one, other) => orderOf(other).localeCompare(orderOf(one)))
    .map((document) => ({ document, openItem: openItems.get(idOf(document)) }));
}

/** The write that makes `next` what was credited of an invoice, refused with `version_conflict` in a lost race. */
export function saveCredited(next: Credited, expecting: number | 'absent'): Action {
  return {
    do: 'put',
    item: { ...keys.credited(next.invoiceId), ...next },
    when: expected(expecting),
    refusal: versionConflict('invoice'),
  };
}

/**
 * The writes of a document that is issued: itself, found by customer and by number, and its lines. The document
 * comes first; `refusal` says what it means that it is there already.
 */
export function documentActions(
  document: Invoice | CreditNote,
  lines: readonly InvoiceLine[],
  refusal?: Refusal,
): Action[] {
  const id = idOf(document);
  const indexed = {
    OPK: owners.customer(document.customerId, 'invoice'),
    OSK: orderOf(document),
    RPK: `number_${document.number}`,
    RSK: id,
  };
  return documentWithLines(
    {
      do: 'put',
      item: { ...keys.invoice(id), ...indexed, ...document },
      when: [{ attribute: 'PK', is: 'absent' }],
      ...(refusal && { refusal }),
    },
    (chunk) => keys.invoiceLines(id, chunk),
    lines,
  );
}

/** @throws ZodError when the item is no invoice */
export function invoiceOf(item: Item): Invoice {
  return Invoice.parse(documentAttributes(item));
}

/** @throws ZodError when the item is no open item */
export function openItemOf(item: Item): OpenItem {
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...openItem } = item;
  return OpenItem.parse(openItem);
}

function openCreditOf(item: Item): OpenCredit {
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...openCredit } = item;
  return OpenCredit.parse(openCredit);
}

/** @throws ZodError when the item is no delivery */
export function deliveryOf(item: Item): Delivery {
  const { PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...delivery } = item;
  return Delivery.parse(delivery);
}

function documentOf(item: Item): Invoice | CreditNote {
  return Document.parse(documentAttributes(item));
}

function creditedOf({ PK: _pk, SK: _sk, ...credited }: Item): Credited {
  return Credited.parse(credited);
}

function expected(version: number | 'absent'): Condition[] {
  return version === 'absent'
    ? [{ attribute: 'PK', is: 'absent' }]
    : [{ attribute: 'version', is: 'equal', value: version }];
}

/** By the moment of issue, then by id: as the index sorts them. */
function orderOf(document: Invoice | CreditNote): string {
  return `${document.issuedAt}#${idOf(document)}`;
}

function documentAttributes(item: Item): Record<string, unknown> {
  const { PK: _pk, SK: _sk, OPK: _opk, OSK: _osk, RPK: _rpk, RSK: _rsk, lines: _lines, ...document } = item;
  return document;
}

function idOf(document: Invoice | CreditNote): InvoiceId | CreditNoteId {
  return document.kind === 'invoice' ? document.invoiceId : document.creditNoteId;
}

/** Index attributes that put an open item into its work queue. */
function queued(item: OpenItem): Record<string, unknown> {
  const { invoiceId, number, customerId, currency, balance, dueOn, issuedOn, status } = item;
  const parts = item.instalments && openParts(item);
  const endToEndId = 'debit' in item ? item.debit?.endToEndId : undefined;
  const due = {
    invoiceId,
    number,
    customerId,
    currency,
    balance,
    dueOn,
    issuedOn,
    status,
    ...(parts && { parts }),
    ...(endToEndId !== undefined && { endToEndId }),
    ...(item.poNumbers && { poNumbers: item.poNumbers }),
    ...(item.discount && { discount: { until: item.discount.until, amount: item.discount.amount } }),
  };
  switch (item.status) {
    case 'open':
      if (item.paused || item.debit)
        return { DPK: queuePartition('paused', customerId), DSK: `${dueOn}#${invoiceId}`, due };
      return item.nextActionAt === undefined
        ? { DPK: queuePartition('call', customerId), DSK: `${dueOn}#${invoiceId}`, due }
        : { DPK: queuePartition('collect', customerId), DSK: `${item.nextActionAt}#${invoiceId}`, due };
    case 'disputed':
      return { DPK: queuePartition('dispute', customerId), DSK: `${item.dispute.at}#${invoiceId}`, due };
    case 'paid':
    case 'written_off':
      return {};
    default:
      return item satisfies never;
  }
}
