import { tableNames } from './names.ts';
import type { Key } from './table.ts';

/**
 * Every key of the table is made here. A thing's partition is its id; what belongs to it (its lines, its facts,
 * its shipments) lies beside it under another sort key, so that one query reads it whole.
 */
export const keys = {
  customer: (customerId: string): Key => ({ PK: customerId, SK: 'PROFILE' }),
  account: (customerId: string): Key => ({ PK: customerId, SK: 'ACCOUNT' }),
  purchaseOrder: (customerId: string, poNumber: string): Key => ({ PK: customerId, SK: `PO#${poNumber}` }),
  mail: (customerId: string, mailId: string): Key => ({ PK: customerId, SK: `${prefixes.mail}${mailId}` }),

  mandate: (customerId: string, mandateId: string): Key => ({
    PK: customerId,
    SK: `${prefixes.mandate}${mandateId}`,
  }),
  directDebit: (directDebitId: string): Key => ({ PK: directDebitId, SK: 'HEAD' }),
  directDebitItem: (directDebitId: string, ordinal: number): Key => ({
    PK: directDebitId,
    SK: `${prefixes.debit}${pad(ordinal, 5)}`,
  }),
  singleDebits: (directDebitId: string): Key => ({ PK: directDebitId, SK: 'SINGLES' }),

  product: (sku: string): Key => ({ PK: `sku_${sku}`, SK: 'PRODUCT' }),
  /** Of the warehouse `main`, the only one that most have, it bears no name. */
  stock: (sku: string, warehouse = 'main'): Key => ({
    PK: `sku_${sku}`,
    SK: warehouse === 'main' ? prefixes.stock : `${prefixes.stock}#${warehouse}`,
  }),
  /** That an order waits for units of the SKU; those placed first sort first. */
  backorder: (sku: string, placedAt: string, orderId: string): Key => ({
    PK: `sku_${sku}`,
    SK: `${prefixes.backorder}${placedAt}#${orderId}`,
  }),
  stockReference: (sku: string, reference: string): Key => ({
    PK: `sku_${sku}`,
    SK: `MOVEMENT#${reference}`,
  }),

  listedPrice: (priceListId: string, sku: string): Key => ({
    PK: `prices_${priceListId}`,
    SK: `${prefixes.listedPrice}${sku}`,
  }),

  order: (orderId: string): Key => ({ PK: orderId, SK: 'HEAD' }),
  /** What a customer said of the delivery of an order or the resolution of a case. */
  satisfaction: (subject: string): Key => ({ PK: `satisfaction_${subject}`, SK: 'ANSWER' }),
  quote: (quoteId: string): Key => ({ PK: quoteId, SK: 'HEAD' }),
  case: (caseId: string): Key => ({ PK: caseId, SK: 'HEAD' }),
  caseMessage: (caseId: string, message: number): Key => ({
    PK: caseId,
    SK: `${prefixes.caseMessage}${pad(message, 6)}`,
  }),
  orderImport: (importId: string): Key => ({ PK: importId, SK: 'HEAD' }),
  importFile: (importId: string, piece: number): Key => ({
    PK: importId,
    SK: `${prefixes.importFile}${pad(piece, 3)}`,
  }),
  importChunk: (importId: string, chunk: number): Key => ({ PK: importId, SK: `CHUNK#${pad(chunk, 3)}` }),
  importProgress: (importId: string, chunk: number): Key => ({
    PK: importId,
    SK: `${prefixes.importProgress}${pad(chunk, 3)}`,
  }),
  importResult: (importId: string, chunk: number, position: number): Key => ({
    PK: importId,
    SK: `${prefixes.importResult}${pad(chunk, 3)}#${pad(position, 5)}`,
  }),
  /** The rules in their newest versions, and every version of one. */
  rule: (ruleId: string): Key => ({ PK: 'rules', SK: ruleId }),
  ruleVersion: (ruleId: string, version: number): Key => ({
    PK: `rule_${ruleId}`,
    SK: `${prefixes.ruleVersion}${versionSlot(version)}`,
  }),
  /** Who works on an entry of a queue. */
  claim: (queue: string, itemId: string): Key => ({ PK: `claim_${queue}`, SK: itemId }),
  /** The document an order came by; sorts after all that is read of an order. */
  sourceDocument: (orderId: string): Key => ({ PK: orderId, SK: 'SOURCE' }),
  /** That a customer bears an id in the Peppol network. */
  participant: (scheme: string, id: string, customerId: string): Key => ({
    PK: `party_${scheme}_${id}`,
    SK: customerId,
  }),
  /** That a customer ordered these lines of late, by what they hash to. */
  orderedLines: (customerId: string, hash: string): Key => ({ PK: customerId, SK: `ORDERED#${hash}` }),
  /** That a blocked customer has this address, by what it hashes to. */
  blockedAddress: (hash: string, customerId: string): Key => ({ PK: `address_${hash}`, SK: customerId }),
  /** Sorts between the head and the lines: whoever reads an order reads its deposits, too. */
  orderDeposits: (orderId: string): Key => ({ PK: orderId, SK: 'INVOICED_DEPOSITS' }),
  orderLines: (orderId: string, chunk: number): Key => ({
    PK: orderId,
    SK: `${prefixes.lines}${pad(chunk, 3)}`,
  }),
  /** Marks that chunk `chunk` of a long list of stock moves (`move`: reserve, or ship and the shipment) is done. */
  stockMove: (orderId: string, move: string, chunk: number): Key => ({
    PK: orderId,
    SK: `${stockMovePrefix(move)}${pad(chunk, 3)}`,
  }),
  shipment: (orderId: string, shipmentId: string): Key => ({
    PK: orderId,
    SK: `${prefixes.shipment}${shipmentId}`,
  }),

  /** What arrived of a shipment, and what came back with a return: between the lines and the shipments. */
  receivedShipment: (orderId: string, shipmentId: string, packageNumber?: number): Key => ({
    PK: orderId,
    SK: `${prefixes.received}${shipmentId}${packageNumber === undefined ? '' : `#${pad(packageNumber, 2)}`}`,
  }),
  /** Lets a package be found by its tracking number. */
  trackedPackage: (orderId: string, shipmentId: string, packageNumber: number): Key => ({
    PK: orderId,
    SK: `${prefixes.package}${shipmentId}#${pad(packageNumber, 2)}`,
  }),
  returnedGoods: (orderId: string, returnId: string): Key => ({
    PK: orderId,
    SK: `${prefixes.returned}${returnId}`,
  }),

  /** That a shipment waits for an invoice over several. */
  toBill: (orderId: string, shipmentId: string): Key => ({
    PK: orderId,
    SK: `${prefixes.toBill}${shipmentId}`,
  }),

  invoice: (invoiceId: string): Key => ({ PK: invoiceId, SK: 'DOCUMENT' }),
  /** Under the id a shipment's own invoice would have: which invoice bills it together with others. */
  billedOn: (invoiceId: string): Key => ({ PK: invoiceId, SK: 'BILLED_ON' }),
  invoiceLines: (invoiceId: string, chunk: number): Key => ({
    PK: invoiceId,
    SK: `${prefixes.lines}${pad(chunk, 3)}`,
  }),
  openItem: (invoiceId: string): Key => ({ PK: invoiceId, SK: 'OPEN' }),
  /** Where an invoice or a credit note is on its way to the customer. */
  delivery: (documentId: string): Key => ({ PK: documentId, SK: 'DELIVERY' }),
  credited: (invoiceId: string): Key => ({ PK: invoiceId, SK: 'CREDITED' }),
  seller: (seller: string): Key => ({ PK: seller, SK: 'SELLER' }),
  series: (series: string): Key => ({ PK: `series_${series}`, SK: 'COUNTER' }),

  payment: (paymentId: string): Key => ({ PK: paymentId, SK: 'HEAD' }),
  paymentReference: (source: string, reference: string): Key => ({
    PK: `reference_${source}_${reference}`,
    SK: 'PAYMENT',
  }),
  /** What became of a provider's payment afterwards, beside the claim on it: a refund, a charge-back, a dispute won. */
  providerEffect: (provider: string, providerPaymentId: string, effect: string): Key => ({
    PK: `reference_${provider}_${providerPaymentId}`,
    SK: `${prefixes.providerEffect}${effect}`,
  }),
  paymentAttempt: (provider: string, checkoutKey: string): Key => ({
    PK: `attempt_${provider}_${checkoutKey}`,
    SK: 'STATE',
  }),

  /** A refund of a payment that its provider makes, by the slot of the fact that told of it. */
  providerRefund: (paymentId: string, slot: string): Key => ({
    PK: paymentId,
    SK: `${prefixes.providerRefund}${slot}`,
  }),

  /** That a payment recorded by hand waits for its line on a bank statement. */
  unconfirmed: (paymentId: string): Key => ({ PK: paymentId, SK: 'UNCONFIRMED' }),

  bankAccount: (bankAccountId: string): Key => ({ PK: `bank_${bankAccountId}`, SK: 'ACCOUNT' }),
  /** Which bank account bears an IBAN or number (capitals and digits) in a currency. */
  bankAccountNumber: (number: string, currency: string): Key => ({
    PK: `reference_bank-account_${number}_${currency}`,
    SK: 'BANK_ACCOUNT',
  }),

  /** That the money a fact of a payment (its receipt or a refund, by its slot) tells of is on a bank statement. */
  onStatement: (paymentId: string, slot: string): Key => ({
    PK: paymentId,
    SK: `${prefixes.onStatement}${slot}`,
  }),

  /** What bank and books of a currency came to at the end of a closed month. */
  bankCheckpoint: (currency: string, on: string): Key => ({ PK: `reconciliation_${currency}`, SK: on }),
  bankStatement: (bankStatementId: string): Key => ({ PK: bankStatementId, SK: 'HEAD' }),
  bankLine: (bankStatementId: string, line: number): Key => ({
    PK: bankStatementId,
    SK: `${prefixes.bankLine}${pad(line, 6)}`,
  }),
  statementUpload: (uploadId: string): Key => ({ PK: uploadId, SK: 'HEAD' }),
  /** The names and accounts that a customer pays by, learned from decisions. */
  payer: (customerId: string): Key => ({ PK: customerId, SK: 'PAYER' }),
  /** Lets a learned account be found by itself. */
  payerAccount: (customerId: string, account: string): Key => ({
    PK: customerId,
    SK: `PAYER_ACCOUNT#${account}`,
  }),

  refund: (refundId: string): Key => ({ PK: refundId, SK: 'HEAD' }),
  /** What a customer got back in a currency of late. */
  refundsGiven: (customerId: string, currency: string): Key => ({
    PK: customerId,
    SK: `REFUNDS#${currency}`,
  }),
  /** The transfer by which the refund goes out that a fact of a payment tells of, by that fact's slot. */
  refundTransfer: (paymentId: string, told: string): Key => ({
    PK: paymentId,
    SK: `${prefixes.transfer}${told}`,
  }),
  creditTransfer: (creditTransferId: string): Key => ({ PK: creditTransferId, SK: 'HEAD' }),
  creditTransferItem: (creditTransferId: string, ordinal: number): Key => ({
    PK: creditTransferId,
    SK: `${prefixes.credit}${pad(ordinal, 5)}`,
  }),
  /** Which credit transfer run of a bank account is being collected. */
  collectingRun: (bankAccountId: string): Key => ({ PK: `bank_${bankAccountId}`, SK: 'COLLECTING' }),
  /** What a payer said it would pay. */
  advice: (adviceId: string): Key => ({ PK: adviceId, SK: 'HEAD' }),

  return: (returnId: string): Key => ({ PK: returnId, SK: 'HEAD' }),
  creditNote: (creditNoteId: string): Key => ({ PK: creditNoteId, SK: 'DOCUMENT' }),
  openCredit: (creditNoteId: string): Key => ({ PK: creditNoteId, SK: 'OPEN' }),
  returnReference: (customerId: string, reference: string): Key => ({
    PK: customerId,
    SK: `RETURN#${reference}`,
  }),

  entry: (date: string, entryId: string): Key => ({
    PK: `${prefixes.ledgerDay}${date}`,
    SK: `${prefixes.entry}${entryId}`,
  }),
  period: (month: string): Key => ({ PK: ledgerPartitions.periods, SK: `${prefixes.period}${month}` }),
  journal: (ordinal: number): Key => ({
    PK: ledgerPartitions.journals,
    SK: `${prefixes.journal}${pad(ordinal, 6)}`,
  }),
  fact: (subject: string, slot: string): Key => ({ PK: subject, SK: `${tableNames.factPrefix}${slot}` }),
  idempotency: (caller: string, key: string): Key => ({ PK: `idem_${caller}`, SK: key }),
  policy: (name: string, version: string): Key => ({ PK: `policy_${name}`, SK: version }),
  dailyReport: (date: string): Key => ({ PK: 'report_morning', SK: date }),
};

/** What sort keys (and the ledger's partitions) begin with, for range queries. */
export const prefixes = {
  lines: 'LINES#',
  stock: 'STOCK',
  backorder: 'BACKORDER#',
  listedPrice: 'PRICE#',
  ruleVersion: 'VERSION#',
  caseMessage: 'MESSAGE#',
  importFile: 'FILE#',
  importProgress: 'PROGRESS#',
  importResult: 'RESULT#',
  shipment: 'SHIP#',
  package: 'PACKAGE#',
  received: 'RECEIVED#',
  returned: 'RETURNED#',
  toBill: 'BILL#',
  mail: 'MAIL#',
  mandate: 'MANDATE#',
  debit: 'DEBIT#',
  onStatement: 'ON_STATEMENT#',
  credit: 'CREDIT#',
  transfer: 'TRANSFER#',
  providerEffect: 'EFFECT#',
  providerRefund: 'REFUND#',
  bankLine: 'LINE#',
  ledgerDay: 'ledger_',
  entry: 'ENTRY#',
  period: 'PERIOD#',
  journal: 'JOURNAL#',
} as const;

/** Where the ledger keeps what is not of a day. */
export const ledgerPartitions = { periods: 'ledger_periods', journals: 'ledger_journals' } as const;

/** Sorts after every key that begins with `prefix`. */
export const afterAll = (prefix: string) => `${prefix}~`;

/** What the markers of the stock moves `move` begin with. */
export const stockMovePrefix = (move: string) => `STOCK#${move}#`;

/** The partition of byOwner for a customer's things of one kind, and of a day's facts of one type. */
export const owners = {
  customer: (
    customerId: string,
    kind: 'order' | 'invoice' | 'payment' | 'advice' | 'ledger' | 'case' | 'quote',
  ) => `${customerId}#${kind}`,
  company: (kind: 'order' | 'invoice' | 'payment', month: string) => `all#${kind}#${month}`,
  bankAccounts: () => 'all#bank-account',
  bankAccount: (bankAccountId: string, kind: 'statement') => `bank_${bankAccountId}#${kind}`,
  /** Refunds of one amount, for the bank line that will tell of them. */
  refunds: (currency: string, amount: number) => `refund#${currency}#${amount}`,
  day: (factType: string, date: string) => `day#${factType}#${date}`,
};

/** Partitions of byReference that are not the id or the number of what they lead to. */
export const references = {
  /** Payments by their own reference, capitals and digits only. */
  payment: (reference: string) => `payment_${reference}`,
  /** Customers by what of their name tells who they are. */
  payerName: (name: string) => `payer-name_${name}`,
  payerAccount: (account: string) => `payer-account_${account}`,
  tracking: (trackingNumber: string) => `tracking_${trackingNumber}`,
};

/** Work queues of byDue. */
const queueNames = [
  'collect',
  'to-bill',
  'call',
  'dispute',
  'paused',
  'unapplied',
  'held-order',
  'undelivered',
  'advice',
  'mandate',
  'payment-attempt',
  'bank-line',
  'unconfirmed',
  'refund',
  'provider-refund',
  'failed-refund',
  'refund-transfer',
  'direct-debit',
  'backorder',
  'low-stock',
  'case',
] as const;
export type QueueName = (typeof queueNames)[number];
/** Where open items wait, whatever for: an open item lies in one of these, a settled one in none. */
export const owedQueues = ['collect', 'call', 'dispute', 'paused'] as const satisfies readonly QueueName[];
/** Each queue is spread over this many partitions, so that no single one limits the write rate. */
const QUEUE_SHARDS = 4;

/** The partition of byDue that `owner`'s (a customer id's) items of `queue` lie in. */
export function queuePartition(queue: QueueName, owner: string): string {
  let hash = 0;
  for (const character of owner) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return `QUEUE#${queue}#${hash % QUEUE_SHARDS}`;
}

/** All partitions of `queue`. */
export function queuePartitions(queue: QueueName): string[] {
  return Array.from({ length: QUEUE_SHARDS }, (_, shard) => `QUEUE#${queue}#${shard}`);
}

/** The slot of the fact that made version `version` of its subject. */
export const versionSlot = (version: number) => pad(version, 6);

/** The slot of the fact that made version `version` of a line of a bank statement. */
export const lineSlot = (line: number, version: number) => `line-${pad(line, 6)}-${pad(version, 6)}`;

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
