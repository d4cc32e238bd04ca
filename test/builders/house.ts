import { vi } from 'vitest';
import { type Fact, factOfItem } from '#shared/fact/fact.ts';
import type { OperationId } from '#shared/http/routes.ts';
import { tableNames } from '#shared/table/names.ts';
import type { Table } from '#shared/table/table.ts';
import { aCompany } from './company.ts';
import { type RequestOptions, type Response, send } from './http-event.ts';
import { type Change, type MemoryTable, portOf, type TableClient } from './memory-table.ts';

// The deployed functions at a table of the test's own, without AWS: their real handlers, from the event to the write.
// Importing this module replaces the table of every function in the test file.

/** The table of the process that is running, see {@link inProcess}. */
const processes = await vi.hoisted(async () => {
  const { AsyncLocalStorage } = await import('node:async_hooks');
  return new AsyncLocalStorage<Table>();
});

vi.mock('#shared/table/dynamo-table.ts', () => {
  const current = (): Table => {
    const table = processes.getStore();
    if (!table) throw new Error('functions run only within inProcess()');
    return table;
  };
  const table: Table = {
    get: (...call) => current().get(...call),
    getMany: (...call) => current().getMany(...call),
    query: (...call) => current().query(...call),
    write: (...call) => current().write(...call),
    transact: (...call) => current().transact(...call),
  };
  return { dynamoTable: () => table };
});
vi.mock('#shared/payment/signing-secret-client.ts', () => ({
  signingSecret: (id: string) => () =>
    Promise.resolve(
      id === 'stripe'
        ? JSON.stringify({ secretKey: 'sk_test_1', webhookSecret: 'whsec_a_secret_of_this_test' })
        : 'a-secret-of-this-test-that-is-long-enough',
    ),
}));
vi.mock('#shared/http/log-line.ts', () => ({ logLine: () => {}, errorFields: () => ({}) }));

process.env['PUBLIC_URL'] ??= 'https://api.example.com';
process.env['COMPANY'] = JSON.stringify(aCompany({ directDebit: { creditorId: 'DE98ZZZ09999999999' } }));

const [
  customers,
  products,
  orders,
  orderImports,
  queues,
  satisfactions,
  quotes,
  cases,
  rules,
  shipments,
  shippingDocuments,
  invoices,
  corrections,
  payments,
  returns,
  reports,
  ledger,
  policies,
] = await Promise.all([
  import('../../functions/http/customers.ts'),
  import('../../functions/http/products.ts'),
  import('../../functions/http/orders.ts'),
  import('../../functions/http/order-imports.ts'),
  import('../../functions/http/queues.ts'),
  import('../../functions/http/satisfaction.ts'),
  import('../../functions/http/quotes.ts'),
  import('../../functions/http/cases.ts'),
  import('../../functions/http/rules.ts'),
  import('../../functions/http/shipments.ts'),
  import('../../functions/http/shipping-documents.ts'),
  import('../../functions/http/invoices.ts'),
  import('../../functions/http/corrections.ts'),
  import('../../functions/http/payments.ts'),
  import('../../functions/http/returns.ts'),
  import('../../functions/http/reports.ts'),
  import('../../functions/http/ledger.ts'),
  import('../../functions/http/policies.ts'),
]);
const [
  verifyOrder,
  reserveStock,
  assessCredit,
  holdOrder,
  rejectOrder,
  issueInvoice,
  assessAccount,
  remindAccount,
] = await Promise.all([
  import('../../functions/workflow/verify-order.ts'),
  import('../../functions/workflow/reserve-stock.ts'),
  import('../../functions/workflow/assess-credit.ts'),
  import('../../functions/workflow/hold-order.ts'),
  import('../../functions/workflow/reject-order.ts'),
  import('../../functions/workflow/issue-invoice.ts'),
  import('../../functions/workflow/assess-account.ts'),
  import('../../functions/workflow/remind-account.ts'),
]);
const remittances = await import('../../functions/http/remittances.ts');
const bankLines = await import('../../functions/http/bank-lines.ts');
const bill = await import('../../functions/schedule/bill.ts');
const importOrdersOf = await import('../../functions/events/import-orders.ts');
const moveStock = await import('../../functions/events/move-stock.ts');
const carrierWebhook = await import('../../functions/webhooks/carrier-webhook.ts');
const webhookSecrets = await import('../../functions/http/webhook-secret.ts');
const sendRefund = await import('../../functions/events/send-refund.ts');

const served = {
  putCustomer: customers,
  getCustomer: customers,
  getStatement: customers,
  getInvoiceAccuracy: reports,
  putProduct: products,
  getProduct: products,
  recordStockMovement: products,
  putListedPrice: products,
  listListedPrices: products,
  placeOrder: orders,
  createCounterSale: orders,
  getOrder: orders,
  getOrderTimeline: orders,
  releaseOrder: orders,
  cancelOrder: orders,
  amendOrder: orders,
  createShipment: shipments,
  putRule: rules,
  listRules: rules,
  getRule: rules,
  dryRunRule: rules,
  openCase: cases,
  getCase: cases,
  listCases: cases,
  replyToCase: cases,
  assignCase: cases,
  resolveCase: cases,
  reopenCase: cases,
  listOpenCases: cases,
  issueQuote: quotes,
  getQuote: quotes,
  listQuotes: quotes,
  acceptQuote: quotes,
  declineQuote: quotes,
  askSatisfaction: satisfactions,
  answerSatisfaction: satisfactions,
  getSatisfaction: reports,
  rejectOrder: orders,
  listHeldOrders: queues,
  listBackorders: queues,
  listLowStock: queues,
  claimHeldOrder: queues,
  unclaimHeldOrder: queues,
  importOrders: orderImports,
  getOrderImport: orderImports,
  listImportRejects: orderImports,
  getImportDocument: orderImports,
  takeEdiOrder: orderImports,
  getOrderResponse: orderImports,
  getSourceDocument: orderImports,
  listShipments: shipments,
  recordDelivery: shipments,
  getPackingSlip: shippingDocuments,
  getCommercialInvoice: shippingDocuments,
  getCarrierWebhookSecret: webhookSecrets,
  receiveCarrierWebhook: carrierWebhook,
  getInvoice: invoices,
  listInvoices: invoices,
  invoiceOrder: invoices,
  invoiceDeposit: invoices,
  disputeInvoice: invoices,
  resolveDispute: invoices,
  writeOffInvoice: invoices,
  recordPayment: payments,
  createCreditNote: corrections,
  reissueInvoice: corrections,
  allocateCreditNote: corrections,
  unallocateCreditNote: corrections,
  refundPayment: payments,
  refundCreditNote: corrections,
  approveRefund: corrections,
  rejectRefund: corrections,
  listRefunds: corrections,
  listRefundTransfers: corrections,
  cancelRefundTransfer: corrections,
  createCreditTransfer: corrections,
  getCreditTransfer: corrections,
  releaseCreditTransfer: corrections,
  putPolicy: policies,
  reversePayment: payments,
  allocatePayment: payments,
  unallocatePayment: payments,
  getPayment: payments,
  listUnappliedCash: payments,
  createReturn: returns,
  getReturn: returns,
  getTrialBalance: ledger,
  getLedgerAccount: ledger,
  exportLedger: ledger,
  listPeriods: ledger,
  closePeriod: ledger,
  takeJournal: ledger,
  getJournal: ledger,
  createMandate: payments,
  revokeMandate: payments,
  createDirectDebit: payments,
  releaseDirectDebit: payments,
  adviseRemittance: remittances,
  withdrawRemittanceAdvice: remittances,
  listBankLines: bankLines,
  getBankLine: bankLines,
  decideBankLine: bankLines,
  undoBankLine: bankLines,
  reconcileBankAccount: bankLines,
} as const satisfies Partial<Record<OperationId, unknown>>;

/** The operations of the HTTP API that can be called here. */
export type Served = keyof typeof served;

/** Runs `run` as one process: whatever function it calls works at `table`. */
export function inProcess<T>(table: Table, run: () => Promise<T>): Promise<T> {
  return processes.run(table, run);
}

/** A port of the process that is running: each call of one of `methods` is an await at which it may die. */
export function portOfProcess<T extends object>(port: T, methods: readonly (keyof T)[]): T {
  const table = processes.getStore();
  return table && isClient(table) ? portOf(port, table.faults, methods) : port;
}

const isClient = (table: Table): table is TableClient => 'faults' in table;

/** One HTTP request, by default of an administrator. */
export function request(table: Table, operationId: Served, options: RequestOptions): Promise<Response> {
  const as = { sub: 'admin-1', name: 'Ada Admin', roles: ['admin'] } as const;
  return inProcess(table, () => send(served[operationId].handler, operationId, { as, ...options }));
}

/** The fact that a change of the table recorded, if it recorded one: what the stream's filter lets through. */
export function newFact({ before, after }: Change): Fact | undefined {
  if (before || !after?.SK.startsWith(tableNames.factPrefix)) return undefined;
  return factOfItem(attributes(after));
}

/** The facts recorded in `table` so far, in order. */
export function factsIn(table: MemoryTable): Fact[] {
  return table.changes().flatMap((change) => newFact(change) ?? []);
}

function attributes({ PK: _pk, SK: _sk, ...rest }: { PK: string; SK: string }): Record<string, unknown> {
  return rest;
}

/**
 * Does what the event bus has done about `fact`: the workflow's tasks in their order, then the functions that listen.
 * @param at when its tasks are entered: now, however late that is
 * @throws what the first failing task throws; doing it again must finish the work
 */
export function react(client: TableClient, fact: Fact, at: string = fact.at): Promise<void> {
  return inProcess(client, async () => {
    switch (fact.type) {
      case 'order_import.received':
        await importOrdersOf.handler({ detail: fact }, { getRemainingTimeInMillis: () => 900_000 });
        return;
      case 'order.placed':
        await acceptOrder(fact.subject, at);
        return fact.data.reorder === 'watched' ? moveStock.handler({ detail: fact }) : undefined;
      case 'order.released':
        return acceptOrder(fact.subject, at);
      case 'order.amended':
        await acceptOrder(fact.subject, at);
        if (fact.data.status === 'shipped')
          await issueInvoice.handler({ orderId: fact.subject, data: fact.data, at });
        return moveStock.handler({ detail: fact });
      case 'order.lines_cancelled':
        await acceptOrder(fact.subject, at);
        await issueInvoice.handler({ orderId: fact.subject, data: fact.data, at });
        return moveStock.handler({ detail: fact });
      case 'order.cancelled':
      case 'order.rejected':
      case 'order.reservation_expired':
      case 'stock.moved':
      case 'product.saved':
      case 'credit_note.issued':
        return moveStock.handler({ detail: fact });
      case 'shipment.dispatched': {
        const { orderId } = fact.data;
        await issueInvoice.handler({ orderId, data: fact.data, at });
        return moveStock.handler({ detail: fact });
      }
      case 'payment.refunded':
      case 'payment.paid_out':
        await sendRefund.handler({ detail: fact });
        return;
      default:
        return;
    }
  });
}

/** `accept-order`, whose own definition is tested in test/workflow. */
async function acceptOrder(orderId: string, at: string): Promise<void> {
  const verification = await verifyOrder.handler({ orderId, at });
  if (verification.verdict === 'settled') return;
  if (verification.verdict === 'hold') {
    await holdOrder.handler({ orderId, ...verification, at });
    return;
  }
  if (verification.verdict === 'ok') {
    const reservation = await reserveStock.handler({ orderId, at });
    if (reservation.outcome === 'insufficient') {
      await rejectOrder.handler({ orderId, reasons: reservation.reasons, at });
      return;
    }
  }
  await assessCredit.handler({ orderId, verification: verification.verification, at });
}

/** The schedule `bill`, as it was due at `at`. */
export function billDue(client: TableClient, at: string): Promise<{ invoices: number }> {
  return inProcess(client, () => bill.handler({ scheduledTime: at }));
}

/** `collect-account` of one customer on `date`. */
export function collect(client: TableClient, customerId: string, date: string): Promise<void> {
  return inProcess(client, async () => {
    const at = `${date}T07:00:00.000Z`;
    const assessment = await assessAccount.handler({ customerId, date, at });
    if (assessment.action === 'none') return;
    for (const { step, invoiceIds } of assessment.reminders) {
      await remindAccount.handler({ customerId, date, step, invoiceIds, at });
    }
  });
}

/** The schedule of `move-stock`, as it was due at `at`. */
export function expireReservations(client: TableClient, at: string): Promise<void> {
  return inProcess(client, () => moveStock.handler({ scheduledTime: at }));
}
