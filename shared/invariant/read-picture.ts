import * as z from 'zod';
import {
  BankAccount,
  BankLine,
  BankLineReference,
  BankStatement,
  LineCounts,
  lineName,
} from '../bank/bank-line.ts';
import { LearnedPayer } from '../bank/learned-payer.ts';
import { Checkpoint } from '../bank/reconciliation-checkpoint.ts';
import { Upload } from '../bank/upload.ts';
import { Case, CaseMessage } from '../case/case.ts';
import { Company } from '../company/company.ts';
import { CreditTransfer, CreditTransferItem } from '../credit-transfer/credit-transfer.ts';
import { RefundTransfer } from '../credit-transfer/refund-transfer.ts';
import { Account, Customer } from '../customer/customer.ts';
import { Delivery } from '../delivery/delivery.ts';
import { OrderDeposits } from '../deposit/deposit.ts';
import { AchItem, DirectDebit, SepaItem } from '../direct-debit/direct-debit.ts';
import { Mandate } from '../direct-debit/mandate.ts';
import { SingleDebits } from '../direct-debit/single-debits.ts';
import { SourceDocument } from '../edi/source-document-store.ts';
import { factOfItem } from '../fact/fact.ts';
import { Credited, CreditNote, Invoice, InvoiceLine, OpenCredit, OpenItem } from '../invoice/invoice.ts';
import { ToBill } from '../invoice/to-bill.ts';
import { CustomerId } from '../kernel/ids.ts';
import { Journal } from '../ledger/journal.ts';
import { Entry } from '../ledger/ledger.ts';
import { ClosedPeriod } from '../ledger/period.ts';
import { MailLog } from '../mail/mail-log.ts';
import { Order, OrderLine } from '../order/order.ts';
import { ReceivedShipment, ReturnedGoods } from '../order/order-movement.ts';
import { OrderedLines } from '../order/ordered-lines.ts';
import { ChunkProgress, ImportResult, OrderImport } from '../order-import/order-import.ts';
import { Payment } from '../payment/payment.ts';
import { PaymentAttempt } from '../payment/payment-attempt.ts';
import { ProviderEffect } from '../payment/provider-effect.ts';
import { ProviderRefund } from '../payment/provider-refund.ts';
import { Unconfirmed } from '../payment/unconfirmed-store.ts';
import { PriceListEntry } from '../pricing/price-list.ts';
import { Product, Stock } from '../product/product.ts';
import { Claim } from '../queue/claim.ts';
import { Quote } from '../quote/quote.ts';
import { Refund } from '../refund/refund.ts';
import { RefundsGiven } from '../refund/refunds-given.ts';
import { RemittanceAdvice } from '../remittance/remittance-advice.ts';
import { RemittancePolicy } from '../remittance/remittance-policy.ts';
import { Return } from '../return/return.ts';
import { RuleId } from '../rule/rule-effects.ts';
import { SatisfactionAnswer } from '../satisfaction/satisfaction.ts';
import { Shipment } from '../shipment/shipment.ts';
import { Backorder } from '../stock/backorder.ts';
import { keys } from '../table/keys.ts';
import { emptyPicture, type Picture, shelfName } from './picture.ts';
import { LineSums } from './price-identity.ts';

/** An item of the table as any export of it gives it. */
export type StoredItem = { readonly PK: string; readonly SK: string; readonly [attribute: string]: unknown };

type Reader = (picture: Picture, item: StoredItem, attributes: Record<string, unknown>) => void;

const Lines = z.object({ lines: z.array(z.unknown()) });
const RuleItem = z.looseObject({ ruleId: RuleId, version: z.int().min(1) });
const VersionedStock = Stock.extend({ version: z.int().min(0) });
const DocumentLine = z.object(
  InvoiceLine.pick({
    line: true,
    kind: true,
    unitCost: true,
    quantity: true,
    unitPrice: true,
    discount: true,
    net: true,
    tax: true,
  }).shape,
);

const readDelivery: Reader = (picture, { PK, DPK }, attributes) => {
  const queued = typeof DPK === 'string' && DPK.startsWith('QUEUE#undelivered#');
  picture.deliveries.set(PK, { delivery: Delivery.parse(attributes), queued });
};

const readDocumentLines: Reader = (picture, { PK }, attributes) => {
  const before = picture.documentLines.get(PK);
  const sum = before ?? { sums: new LineSums(), units: new Map<number, number>(), cost: 0 };
  for (const part of Lines.parse(attributes).lines) {
    const line = DocumentLine.parse(part);
    sum.sums.add(line);
    sum.units.set(line.line, line.quantity);
    if (line.kind === 'goods') sum.cost += (line.unitCost ?? 0) * line.quantity;
  }
  picture.documentLines.set(PK, sum);
};

/** Short documents carry their lines within. @returns the other attributes */
function readLinesWithin(picture: Picture, key: Parameters<Reader>[1], attributes: Parameters<Reader>[2]) {
  const { lines, ...document } = attributes;
  if (lines !== undefined) readDocumentLines(picture, key, attributes);
  return document;
}

/**
 * How each kind of item is read. A kind is what the partition key begins with, up to `_`, and what the sort key
 * begins with, up to `#`; `*` stands for any sort key.
 */
const readers: Readonly<Record<string, Reader>> = {
  'cus PROFILE': (picture, { PK }, attributes) => picture.customers.set(PK, Customer.parse(attributes)),
  'cus ACCOUNT': (picture, { PK }, attributes) => picture.accounts.set(PK, Account.parse(attributes)),
  'cus PO': (picture, { PK, SK }, attributes) => {
    const { orderId } = z.strictObject({ orderId: z.string() }).parse(attributes);
    picture.claims.push({ kind: 'purchase order', key: `${PK} ${afterHash(SK)}`, by: orderId });
  },
  'satisfaction ANSWER': (picture, { PK }, attributes) => {
    const { subject, version } = SatisfactionAnswer.parse(attributes);
    if (PK !== keys.satisfaction(subject).PK) picture.unreadable.push(`${PK} answers of ${subject}`);
    picture.satisfactionAnswers.set(PK, version);
  },
  'quo HEAD': (picture, { PK }, attributes) => picture.quotes.set(PK, Quote.parse(attributes)),
  'cas HEAD': (picture, { PK, DPK }, attributes) => {
    picture.cases.set(PK, Case.parse(attributes));
    if (typeof DPK === 'string' && DPK.startsWith('QUEUE#case#')) picture.queuedCases.add(PK);
  },
  'cas MESSAGE': (picture, { PK }, attributes) => {
    CaseMessage.parse(attributes);
    picture.caseMessages.set(PK, (picture.caseMessages.get(PK) ?? 0) + 1);
  },
  'imp HEAD': (picture, { PK }, attributes) => picture.orderImports.set(PK, OrderImport.parse(attributes)),
  'imp PROGRESS': (picture, { PK }, attributes) => {
    const known = picture.importProgress.get(PK) ?? [];
    picture.importProgress.set(PK, [...known, ChunkProgress.parse(attributes)]);
  },
  'imp RESULT': (picture, { PK }, attributes) => {
    const known = picture.importResults.get(PK) ?? [];
    known.push(ImportResult.parse(attributes));
    picture.importResults.set(PK, known);
  },
  'imp FILE': () => {},
  'imp CHUNK': () => {},
  'rules *': (picture, _, attributes) => {
    const { ruleId, version } = RuleItem.parse(attributes);
    picture.rules.set(ruleId, version);
  },
  'rule VERSION': (picture, { PK }, attributes) => {
    const { ruleId, version } = RuleItem.parse(attributes);
    picture.ruleVersions.add(`${ruleId} ${version}`);
    if (PK !== `rule_${ruleId}`) picture.unreadable.push(`${PK} holds a version of ${ruleId}`);
  },
  'claim *': (_picture, _, attributes) => {
    Claim.parse(attributes);
  },
  'party *': (_picture, _, attributes) => {
    z.object({ customerId: CustomerId }).parse(attributes);
  },
  'address *': (_picture, _, attributes) => {
    z.object({ customerId: CustomerId }).parse(attributes);
  },
  'cus ORDERED': (_picture, _, attributes) => {
    OrderedLines.parse(attributes);
  },
  'cus RETURN': (picture, { PK, SK }, attributes) => {
    const { returnId } = z.looseObject({ returnId: z.string() }).parse(attributes);
    picture.claims.push({ kind: 'return reference', key: `${PK} ${afterHash(SK)}`, by: returnId });
  },
  'cus MANDATE': (_picture, _, attributes) => {
    Mandate.parse(attributes);
  },
  'cus MAIL': (picture, _, attributes) => picture.mails.push(MailLog.parse(attributes)),
  'finance MAIL': (picture, _, attributes) => picture.mails.push(MailLog.parse(attributes)),

  'prices PRICE': (_picture, _, attributes) => {
    PriceListEntry.extend({ version: z.int().min(1) }).parse(attributes);
  },
  'sku PRODUCT': (picture, _, attributes) => {
    const product = Product.parse(attributes);
    picture.products.set(product.sku, product);
  },
  'sku STOCK': (picture, { DPK }, attributes) => {
    const stock = VersionedStock.parse(attributes);
    const name = shelfName(stock.sku, stock.warehouse);
    picture.stocks.set(name, stock);
    if ((stock.low !== undefined) !== (typeof DPK === 'string'))
      picture.unreadable.push(`${name} is low and in no queue, or in the queue and not low`);
  },
  'sku BACKORDER': (picture, { SK, DPK, due }) => {
    const backorder = Backorder.parse(due);
    const queued = typeof DPK === 'string' && DPK.startsWith('QUEUE#backorder#');
    picture.backorders.set(`${backorder.sku} ${SK.slice(SK.lastIndexOf('#') + 1)}`, { backorder, queued });
  },

  'sku MOVEMENT': (picture, { PK, SK }) => {
    picture.claims.push({ kind: 'movement reference', key: `${PK} ${afterHash(SK)}`, by: PK });
  },

  'ord HEAD': (picture, { PK }, attributes) => picture.orders.set(PK, Order.parse(attributes)),
  'ord INVOICED_DEPOSITS': (picture, { PK }, attributes) => {
    picture.deposits.set(PK, OrderDeposits.parse(attributes));
  },
  'ord LINES': (picture, { PK, SK }, attributes) => {
    const lines = Lines.parse(attributes).lines.map((line) => OrderLine.parse(line));
    const chunks = picture.orderLines.get(PK) ?? new Map<string, OrderLine[]>();
    picture.orderLines.set(PK, chunks.set(SK, lines));
  },
  'ord SOURCE': (picture, { PK }, attributes) => {
    SourceDocument.parse(attributes);
    picture.sourceDocuments.add(PK);
  },
  'ord STOCK': (picture, { PK, SK }) => {
    picture.stockMarkers.set(PK, (picture.stockMarkers.get(PK) ?? new Set<string>()).add(SK));
  },
  'ord SHIP': (picture, _, attributes) => {
    const shipment = Shipment.parse(attributes);
    picture.shipments.set(shipment.shipmentId, shipment);
  },

  // What it leads to is read from the shipment itself.
  'ord PACKAGE': () => {},
  'ord RECEIVED': (picture, { PK }, attributes) => {
    const received = ReceivedShipment.parse(attributes);
    picture.received.set(PK, [...(picture.received.get(PK) ?? []), received]);
  },
  'ord RETURNED': (picture, { PK }, attributes) => {
    const returned = ReturnedGoods.parse(attributes);
    picture.returnedGoods.set(PK, [...(picture.returnedGoods.get(PK) ?? []), returned]);
  },
  'ord BILL': (picture, _, attributes) => {
    picture.toBill.add(ToBill.parse(attributes['toBill']).shipmentId);
  },

  'inv BILLED_ON': (picture, { PK }, attributes) => {
    const { invoiceId } = z.strictObject({ invoiceId: z.string() }).parse(attributes);
    picture.billedOn.set(PK, invoiceId);
  },
  'inv DOCUMENT': (picture, key, attributes) => {
    picture.invoices.set(key.PK, Invoice.parse(readLinesWithin(picture, key, attributes)));
  },
  'inv LINES': readDocumentLines,
  'inv OPEN': (picture, { PK }, attributes) => picture.openItems.set(PK, OpenItem.parse(attributes)),
  'inv DELIVERY': readDelivery,
  'crn DELIVERY': readDelivery,
  'inv CREDITED': (picture, { PK }, attributes) => picture.credited.set(PK, Credited.parse(attributes)),
  'crn DOCUMENT': (picture, key, attributes) => {
    picture.creditNotes.set(key.PK, CreditNote.parse(readLinesWithin(picture, key, attributes)));
  },
  'crn LINES': readDocumentLines,
  'crn OPEN': (picture, { PK }, attributes) => picture.openCredits.set(PK, OpenCredit.parse(attributes)),
  'com SELLER': (_picture, _, attributes) => {
    Company.parse(attributes['company']);
  },
  'pay HEAD': (picture, { PK }, attributes) => picture.payments.set(PK, Payment.parse(attributes)),
  'adv HEAD': (picture, { PK }, attributes) => picture.advices.set(PK, RemittanceAdvice.parse(attributes)),
  'pay ON_STATEMENT': (picture, { PK, SK }, attributes) => {
    picture.onStatement.set(`${PK} ${afterHash(SK)}`, lineName(BankLineReference.parse(attributes)));
  },
  'pay REFUND': (picture, { PK, SK, DPK }, attributes) => {
    const queue = typeof DPK === 'string' ? DPK.split('#')[1] : undefined;
    picture.providerRefunds.set(`${PK}.${afterHash(SK)}`, {
      refund: ProviderRefund.parse(attributes),
      queue,
    });
  },
  'pay UNCONFIRMED': (picture, { PK, due }) => {
    picture.unconfirmed.set(PK, Unconfirmed.parse(due));
  },
  'upl HEAD': (_picture, _, attributes) => {
    Upload.parse(attributes);
  },
  'reference BANK_ACCOUNT': (picture, { PK }, attributes) => {
    const { bankAccountId } = z.strictObject({ bankAccountId: z.string() }).parse(attributes);
    picture.bankAccountNumbers.set(PK, bankAccountId);
  },
  'bank ACCOUNT': (picture, _, attributes) => {
    const account = BankAccount.parse(attributes);
    picture.bankAccounts.set(account.bankAccountId, account);
  },
  // Read from the item: what its entries come to bears the name of an index attribute.
  'bst HEAD': (picture, item) => {
    picture.bankStatements.set(item.PK, z.object(BankStatement.shape).parse(item));
    picture.lineCounts.set(item.PK, z.object(LineCounts.shape).parse(item));
  },
  'bst LINE': (picture, _, attributes) => {
    const line = BankLine.parse(attributes);
    const { bankStatementId, entry } = line;
    picture.bankLines.set(lineName({ bankStatementId, line: entry.line }), line);
  },
  'reconciliation *': (picture, _, attributes) => picture.bankCheckpoints.push(Checkpoint.parse(attributes)),
  'cus PAYER': (picture, { PK }, attributes) => {
    picture.payers.set(PK, LearnedPayer.parse(attributes));
  },
  'cus PAYER_ACCOUNT': (picture, { PK, SK }) => {
    picture.payerAccounts.push({ customerId: PK, account: afterHash(SK) });
  },
  'reference PAYMENT': (picture, { PK }, attributes) => {
    const { paymentId } = z.looseObject({ paymentId: z.string() }).parse(attributes);
    picture.claims.push({
      kind: 'payment reference',
      key: PK.replace(/^reference_[^_]*_/, ''),
      by: paymentId,
    });
  },
  'cus REFUNDS': (picture, _, attributes) => picture.refundsGiven.push(RefundsGiven.parse(attributes)),
  'pay TRANSFER': (picture, { DPK }, attributes) => {
    picture.refundTransfers.push({
      transfer: RefundTransfer.parse(attributes),
      queued: typeof DPK === 'string' && DPK.startsWith('QUEUE#refund-transfer#'),
    });
  },
  'ctr HEAD': (picture, { PK }, attributes) =>
    picture.creditTransfers.set(PK, CreditTransfer.parse(attributes)),
  'ctr CREDIT': (picture, { PK }, attributes) => {
    const item = CreditTransferItem.parse(attributes);
    picture.creditItems.set(PK, [...(picture.creditItems.get(PK) ?? []), item]);
  },
  'bank COLLECTING': (picture, { PK }, attributes) => {
    const { creditTransferId } = z.strictObject({ creditTransferId: z.string() }).parse(attributes);
    picture.collectingRuns.set(PK.slice('bank_'.length), creditTransferId);
  },
  'ddb HEAD': (picture, { PK }, attributes) => picture.directDebits.set(PK, DirectDebit.parse(attributes)),
  'ddb DEBIT': (picture, { PK }, attributes) => {
    const item = z.union([SepaItem, AchItem]).parse(attributes);
    picture.debitItems.set(PK, [...(picture.debitItems.get(PK) ?? []), item]);
  },
  'ddb SINGLES': (picture, { PK }, attributes) =>
    picture.singleDebits.set(PK, SingleDebits.parse(attributes)),
  'reference EFFECT': (picture, { PK }, attributes) => {
    const { ttl: _ttl, ...effect } = attributes;
    picture.effects.push({ key: PK, effect: ProviderEffect.parse(effect) });
  },
  'attempt STATE': (picture, { PK, DPK }, attributes) => {
    picture.attempts.set(PK, {
      attempt: PaymentAttempt.parse(attributes),
      queued: typeof DPK === 'string' && DPK.startsWith('QUEUE#payment-attempt#'),
    });
  },
  'rfd HEAD': (picture, { PK }, attributes) => picture.refunds.set(PK, Refund.parse(attributes)),
  'ret HEAD': (picture, { PK }, attributes) => picture.returns.set(PK, Return.parse(attributes)),

  'series COUNTER': (picture, { PK }, attributes) => {
    const { next } = z.looseObject({ next: z.int().min(1) }).parse(attributes);
    picture.counters.set(PK.slice('series_'.length), next);
  },
  'ledger ENTRY': (picture, _, attributes) => picture.entries.push(Entry.parse(attributes)),
  'ledger PERIOD': (picture, _, attributes) => picture.periods.push(ClosedPeriod.parse(attributes)),
  'ledger JOURNAL': (picture, _, attributes) => picture.journals.push(Journal.parse(attributes)),
  '* FACT': (picture, { PK }, attributes) => {
    picture.facts.set(PK, [...(picture.facts.get(PK) ?? []), factOfItem(attributes)]);
  },
  'idem *': (picture, { PK, SK }, attributes) => {
    const { resource } = z.looseObject({ resource: z.string() }).parse(attributes);
    picture.remembered.push({ key: `${PK} ${SK}`, resource });
  },
  'policy *': (picture, { PK }, attributes) => {
    if (PK === keys.policy('remittance', '').PK)
      picture.noReceipts ||= !RemittancePolicy.parse(attributes['policy']).receipts;
  },
  'report *': () => {},
};

/** Reads a whole table, item by item and in any order. What it can't read it says in `unreadable`. */
export async function readPicture(items: AsyncIterable<StoredItem> | Iterable<StoredItem>): Promise<Picture> {
  const picture = emptyPicture();
  for await (const item of items) readItem(picture, item);
  return picture;
}

function readItem(picture: Picture, item: StoredItem): void {
  const [owner] = item.PK.split('_', 1);
  const [kind] = item.SK.split('#', 1);
  const reader = readers[`${owner} ${kind}`] ?? readers[`* ${kind}`] ?? readers[`${owner} *`];
  const name = `${item.PK} ${item.SK}`;
  if (!reader) {
    picture.unreadable.push(`${name} is of no kind that is known`);
    return;
  }
  try {
    reader(picture, item, attributesOf(item));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    picture.unreadable.push(`${name}: ${z.prettifyError(error)}`);
  }
}

/** The item without its keys and what only the indexes need. */
function attributesOf({
  PK: _pk,
  SK: _sk,
  OPK: _opk,
  OSK: _osk,
  sum: _sum,
  DPK: _dpk,
  DSK: _dsk,
  due: _due,
  RPK: _rpk,
  RSK: _rsk,
  ...attributes
}: StoredItem): Record<string, unknown> {
  return attributes;
}

const afterHash = (sortKey: string) => sortKey.slice(sortKey.indexOf('#') + 1);
