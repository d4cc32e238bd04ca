import type { BankAccount, BankLine, BankStatement, LineCounts } from '../bank/bank-line.ts';
import type { LearnedPayer } from '../bank/learned-payer.ts';
import type { Checkpoint } from '../bank/reconciliation-checkpoint.ts';
import type { Case } from '../case/case.ts';
import type { CreditTransfer, CreditTransferItem } from '../credit-transfer/credit-transfer.ts';
import type { RefundTransfer } from '../credit-transfer/refund-transfer.ts';
import type { Account, Customer } from '../customer/customer.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { OrderDeposits } from '../deposit/deposit.ts';
import type { DebitItem, DirectDebit } from '../direct-debit/direct-debit.ts';
import type { SingleDebits } from '../direct-debit/single-debits.ts';
import type { Fact } from '../fact/fact.ts';
import type { Credited, CreditNote, Invoice, OpenCredit, OpenItem } from '../invoice/invoice.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Entry } from '../ledger/ledger.ts';
import type { ClosedPeriod } from '../ledger/period.ts';
import type { MailLog } from '../mail/mail-log.ts';
import type { Order, OrderLine } from '../order/order.ts';
import type { ReceivedShipment, ReturnedGoods } from '../order/order-movement.ts';
import type { ChunkProgress, ImportResult, OrderImport } from '../order-import/order-import.ts';
import type { Payment } from '../payment/payment.ts';
import type { PaymentAttempt } from '../payment/payment-attempt.ts';
import type { ProviderEffect } from '../payment/provider-effect.ts';
import type { ProviderRefund } from '../payment/provider-refund.ts';
import type { Unconfirmed } from '../payment/unconfirmed-store.ts';
import type { Product, Stock } from '../product/product.ts';
import type { Quote } from '../quote/quote.ts';
import type { Refund } from '../refund/refund.ts';
import type { RefundsGiven } from '../refund/refunds-given.ts';
import type { RemittanceAdvice } from '../remittance/remittance-advice.ts';
import type { Return } from '../return/return.ts';
import type { Shipment } from '../shipment/shipment.ts';
import type { Backorder } from '../stock/backorder.ts';
import type { LineSums } from './price-identity.ts';

/** That a business key is taken: a purchase order by an order, a payment reference by a payment. */
type Claim = {
  kind: 'purchase order' | 'payment reference' | 'return reference' | 'movement reference';
  key: string;
  by: string;
};

/** What the whole table says, by id. */
export type Picture = {
  readonly customers: Map<string, Customer>;
  readonly accounts: Map<string, Account>;
  readonly products: Map<string, Product>;
  /** By SKU, and warehouse where that is not `main`, see {@link shelfName}. */
  readonly stocks: Map<string, Stock & { version: number }>;
  /** What orders wait for, by SKU and order, and whether it stands in its queue. */
  readonly backorders: Map<string, { backorder: Backorder; queued: boolean }>;
  readonly orders: Map<string, Order>;
  /** By order, each chunk by its sort key. */
  readonly orderLines: Map<string, Map<string, OrderLine[]>>;
  /** Sort keys of the stock moves done in chunks, by order. */
  readonly stockMarkers: Map<string, Set<string>>;
  /** The newest version of each rule, and all versions there are of it, as `id version`. */
  readonly rules: Map<string, number>;
  readonly ruleVersions: Set<string>;
  /** The version of each answer, by its partition. */
  readonly satisfactionAnswers: Map<string, number>;
  readonly quotes: Map<string, Quote>;
  /** Cases by id, how many messages each has, and the queue's entries. */
  readonly cases: Map<string, Case>;
  readonly caseMessages: Map<string, number>;
  readonly queuedCases: Set<string>;
  /** Files of orders, how far each is by its chunks, and what became of their orders. */
  readonly orderImports: Map<string, OrderImport>;
  readonly importProgress: Map<string, ChunkProgress[]>;
  readonly importResults: Map<string, ImportResult[]>;
  /** Orders whose source document is kept. */
  readonly sourceDocuments: Set<string>;
  readonly shipments: Map<string, Shipment>;
  /** By order: what arrived of its shipments, and what came back of it. */
  readonly received: Map<string, ReceivedShipment[]>;
  readonly returnedGoods: Map<string, ReturnedGoods[]>;
  /** Shipments that wait for an invoice over several. */
  readonly toBill: Set<string>;
  /** By the id a shipment's own invoice would have: the invoice that bills it. */
  readonly billedOn: Map<string, string>;
  readonly invoices: Map<string, Invoice>;
  readonly creditNotes: Map<string, CreditNote>;
  /** By order. */
  readonly deposits: Map<string, OrderDeposits>;
  /** What the lines of an invoice or credit note come to by tax group, and the units of each by its number. */
  readonly documentLines: Map<string, { sums: LineSums; units: Map<number, number>; cost: number }>;
  readonly openItems: Map<string, OpenItem>;
  readonly openCredits: Map<string, OpenCredit>;
  readonly credited: Map<string, Credited>;
  /** By document, and whether it stands in the queue of undelivered ones. */
  readonly deliveries: Map<string, { delivery: Delivery; queued: boolean }>;
  readonly payments: Map<string, Payment>;
  readonly refunds: Map<string, Refund>;
  readonly advices: Map<string, RemittanceAdvice>;
  /** Whether each stands in the queue of refunds that wait for a run. */
  readonly refundTransfers: { transfer: RefundTransfer; queued: boolean }[];
  readonly creditTransfers: Map<string, CreditTransfer>;
  /** By run. */
  readonly creditItems: Map<string, CreditTransferItem[]>;
  /** By bank account: the run that is being collected. */
  readonly collectingRuns: Map<string, string>;
  readonly refundsGiven: RefundsGiven[];
  readonly directDebits: Map<string, DirectDebit>;
  /** By run. */
  readonly debitItems: Map<string, DebitItem[]>;
  /** By run: what of it came debit by debit. */
  readonly singleDebits: Map<string, SingleDebits>;
  /** What providers told of after the payment, with the key of the payment's claim. */
  readonly effects: { key: string; effect: ProviderEffect }[];
  /** By its partition, and whether it stands in the queue of attempts to ask about. */
  readonly attempts: Map<string, { attempt: PaymentAttempt; queued: boolean }>;
  /** By key, and the queue it stands in. */
  readonly providerRefunds: Map<string, { refund: ProviderRefund; queue: string | undefined }>;
  readonly bankAccounts: Map<string, BankAccount>;
  /** By the key of the number: whose it is. */
  readonly bankAccountNumbers: Map<string, string>;
  readonly bankStatements: Map<string, BankStatement>;
  /** By statement. */
  readonly lineCounts: Map<string, LineCounts>;
  /** Payments recorded by hand that wait for their bank line. */
  readonly unconfirmed: Map<string, Unconfirmed>;
  /** What was learned of how customers pay, and the accounts of it that are found by themselves. */
  readonly payers: Map<string, LearnedPayer>;
  readonly payerAccounts: { readonly customerId: string; readonly account: string }[];
  /** By statement and place. */
  readonly bankLines: Map<string, BankLine>;
  /** What reconciliations go on from. */
  readonly bankCheckpoints: Checkpoint[];
  /** By payment and the slot of the fact that told of the money: the line that it is on. */
  readonly onStatement: Map<string, string>;
  readonly returns: Map<string, Return>;
  readonly entries: Entry[];
  readonly periods: ClosedPeriod[];
  readonly journals: Journal[];
  /** The next ordinal of each series of numbers. */
  readonly counters: Map<string, number>;
  /** By subject, in no order. */
  readonly facts: Map<string, Fact[]>;
  readonly mails: MailLog[];
  /** Whether any version of the policy `remittance` sends no receipts. */
  noReceipts: boolean;
  readonly claims: Claim[];
  /** The things idempotency keys stand for. */
  readonly remembered: { key: string; resource: string }[];
  /** What could not be read, and why. */
  readonly unreadable: string[];
};

export function emptyPicture(): Picture {
  return {
    customers: new Map(),
    accounts: new Map(),
    products: new Map(),
    stocks: new Map(),
    backorders: new Map(),
    orders: new Map(),
    orderLines: new Map(),
    stockMarkers: new Map(),
    rules: new Map(),
    ruleVersions: new Set(),
    satisfactionAnswers: new Map(),
    quotes: new Map(),
    cases: new Map(),
    caseMessages: new Map(),
    queuedCases: new Set(),
    orderImports: new Map(),
    importProgress: new Map(),
    importResults: new Map(),
    sourceDocuments: new Set(),
    shipments: new Map(),
    received: new Map(),
    returnedGoods: new Map(),
    toBill: new Set(),
    billedOn: new Map(),
    invoices: new Map(),
    creditNotes: new Map(),
    deposits: new Map(),
    documentLines: new Map(),
    openItems: new Map(),
    openCredits: new Map(),
    credited: new Map(),
    deliveries: new Map(),
    payments: new Map(),
    refunds: new Map(),
    advices: new Map(),
    refundTransfers: [],
    creditTransfers: new Map(),
    creditItems: new Map(),
    collectingRuns: new Map(),
    refundsGiven: [],
    directDebits: new Map(),
    debitItems: new Map(),
    singleDebits: new Map(),
    effects: [],
    attempts: new Map(),
    providerRefunds: new Map(),
    bankAccounts: new Map(),
    bankAccountNumbers: new Map(),
    bankStatements: new Map(),
    lineCounts: new Map(),
    unconfirmed: new Map(),
    payers: new Map(),
    payerAccounts: [],
    bankLines: new Map(),
    bankCheckpoints: [],
    onStatement: new Map(),
    returns: new Map(),
    entries: [],
    periods: [],
    journals: [],
    counters: new Map(),
    facts: new Map(),
    mails: [],
    noReceipts: false,
    claims: [],
    remembered: [],
    unreadable: [],
  };
}

/** The facts of `subject`, oldest version first. */
export function factsOf(picture: Picture, subject: string): Fact[] {
  return (picture.facts.get(subject) ?? []).toSorted((one, other) => (one.slot < other.slot ? -1 : 1));
}

/** All lines of an order, in order. */
export function linesOf(picture: Picture, orderId: string): OrderLine[] {
  const chunks = [...(picture.orderLines.get(orderId) ?? [])].toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return chunks.flatMap(([, lines]) => lines);
}

/** Sums by key. */
export class Sums {
  readonly #sums = new Map<string, number>();

  add(key: string, amount: number): void {
    this.#sums.set(key, this.of(key) + amount);
  }

  of(key: string): number {
    return this.#sums.get(key) ?? 0;
  }

  keys(): string[] {
    return [...this.#sums.keys()];
  }

  entries(): [string, number][] {
    return [...this.#sums];
  }
}

/** What the stock of a SKU in a warehouse goes by. */
export const shelfName = (sku: string, warehouse = 'main') =>
  warehouse === 'main' ? sku : `${sku} in ${warehouse}`;
