/** The groups of the user pool. A person may be in several. */
export const roles = ['customer', 'sales', 'credit', 'warehouse', 'finance', 'support', 'admin'] as const;
export type Role = (typeof roles)[number];

const staff = [
  'sales',
  'credit',
  'warehouse',
  'finance',
  'support',
  'admin',
] as const satisfies readonly Role[];
const books = ['finance', 'credit', 'admin'] as const satisfies readonly Role[];
const everyone = roles;

/**
 * Every route of the HTTP API, once: the deployment makes gateway routes of it, the functions take their roles
 * from it, the OpenAPI document is generated from it.
 */
export const routes = [
  route('placeOrder', 'POST', '/v1/orders', 'http-orders', ['customer', 'sales', 'admin'], 'Place an order'),
  route('listOrders', 'GET', '/v1/orders', 'http-orders', everyone, 'List orders, newest first'),
  route('getOrder', 'GET', '/v1/orders/{orderId}', 'http-orders', everyone, 'Get an order'),
  route(
    'getOrderTimeline',
    'GET',
    '/v1/orders/{orderId}/timeline',
    'http-orders',
    everyone,
    'What happened to an order',
  ),
  route(
    'releaseOrder',
    'POST',
    '/v1/orders/{orderId}/release',
    'http-orders',
    ['credit', 'admin'],
    'Release a held order',
  ),
  route(
    'cancelOrder',
    'POST',
    '/v1/orders/{orderId}/cancel',
    'http-orders',
    ['customer', 'sales', 'credit', 'admin'],
    'Cancel what has not shipped',
  ),
  route(
    'listHeldOrders',
    'GET',
    '/v1/queues/held-orders',
    'http-orders',
    staff,
    'Orders that wait for a decision',
  ),
  route(
    'createShipment',
    'POST',
    '/v1/orders/{orderId}/shipments',
    'http-shipments',
    ['warehouse', 'admin'],
    'Ship part or all of an order',
  ),
  route(
    'listShipments',
    'GET',
    '/v1/orders/{orderId}/shipments',
    'http-shipments',
    everyone,
    'List the shipments of an order',
  ),
  route(
    'listInvoices',
    'GET',
    '/v1/invoices',
    'http-invoices',
    everyone,
    'List invoices and credit notes, newest first',
  ),
  route('getInvoice', 'GET', '/v1/invoices/{invoiceId}', 'http-invoices', everyone, 'Get an invoice'),
  route(
    'getCreditNote',
    'GET',
    '/v1/credit-notes/{creditNoteId}',
    'http-invoices',
    everyone,
    'Get a credit note',
  ),
  route(
    'getProForma',
    'GET',
    '/v1/orders/{orderId}/pro-forma',
    'http-invoices',
    everyone,
    'Get the pro forma invoice of an order',
  ),
  route(
    'disputeInvoice',
    'POST',
    '/v1/invoices/{invoiceId}/dispute',
    'http-invoices',
    ['customer', 'finance', 'support', 'admin'],
    'Dispute an invoice; its reminders stop',
  ),
  route(
    'resolveDispute',
    'POST',
    '/v1/invoices/{invoiceId}/dispute/resolve',
    'http-invoices',
    ['finance', 'support', 'admin'],
    'Settle a dispute; the invoice is due again',
  ),
  route(
    'createCreditNote',
    'POST',
    '/v1/invoices/{invoiceId}/credit-notes',
    'http-corrections',
    ['finance', 'admin'],
    'Credit an invoice: all of it, lines, an amount, goodwill',
  ),
  route(
    'reissueInvoice',
    'POST',
    '/v1/invoices/{invoiceId}/reissue',
    'http-corrections',
    ['finance', 'admin'],
    'Credit a wrong invoice and issue it anew',
  ),
  route(
    'resendInvoice',
    'POST',
    '/v1/invoices/{invoiceId}/deliveries',
    'http-invoices',
    ['sales', 'finance', 'support', 'admin'],
    'Send an invoice again',
  ),
  route(
    'resendCreditNote',
    'POST',
    '/v1/credit-notes/{creditNoteId}/deliveries',
    'http-invoices',
    ['sales', 'finance', 'support', 'admin'],
    'Send a credit note again',
  ),
  route(
    'listUndeliveredInvoices',
    'GET',
    '/v1/queues/undelivered-invoices',
    'http-invoices',
    staff,
    'Invoices and credit notes that did not reach their customer',
  ),
  route(
    'getWebhookSecret',
    'GET',
    '/v1/customers/{customerId}/webhook-secret',
    'http-webhook-secret',
    ['customer', 'sales', 'support', 'admin'],
    "The secret that signs a customer's webhooks",
  ),
  route(
    'invoiceOrder',
    'POST',
    '/v1/orders/{orderId}/invoices',
    'http-invoices',
    ['finance', 'admin'],
    'Invoice now what has shipped',
  ),
  route(
    'writeOffInvoice',
    'POST',
    '/v1/invoices/{invoiceId}/write-off',
    'http-invoices',
    ['finance', 'admin'],
    'Write off what nobody will pay',
  ),
  route(
    'recordPayment',
    'POST',
    '/v1/payments',
    'http-payments',
    ['finance', 'admin'],
    'Record a payment and allocate it',
  ),
  route(
    'refundPayment',
    'POST',
    '/v1/payments/{paymentId}/refunds',
    'http-payments',
    ['finance', 'admin'],
    'Give back what is not used of a payment',
  ),
  route(
    'reversePayment',
    'POST',
    '/v1/payments/{paymentId}/reversal',
    'http-payments',
    ['finance', 'admin'],
    'Take back a payment that was returned, charged back or recorded in error',
  ),
  route('listPayments', 'GET', '/v1/payments', 'http-payments', everyone, 'List payments, newest first'),
  route('getPayment', 'GET', '/v1/payments/{paymentId}', 'http-payments', everyone, 'Get a payment'),
  route(
    'putCustomer',
    'PUT',
    '/v1/customers/{customerId}',
    'http-customers',
    ['sales', 'credit', 'admin'],
    'Create or change a customer',
  ),
  route(
    'getCustomer',
    'GET',
    '/v1/customers/{customerId}',
    'http-customers',
    everyone,
    'Get a customer and its account',
  ),
  route(
    'getCommunications',
    'GET',
    '/v1/customers/{customerId}/communications',
    'http-customers',
    everyone,
    'Mails sent to a customer',
  ),
  route(
    'getStatement',
    'GET',
    '/v1/customers/{customerId}/statement',
    'http-customers',
    everyone,
    'Statement of an account: what is open, or what changed it',
  ),
  route(
    'getInvoiceAccuracy',
    'GET',
    '/v1/reports/invoice-accuracy',
    'http-reports',
    ['finance', 'admin'],
    'How many invoices were right the first time',
  ),
  route(
    'putProduct',
    'PUT',
    '/v1/products/{sku}',
    'http-products',
    ['sales', 'admin'],
    'Create or change a product',
  ),
  route('getProduct', 'GET', '/v1/products/{sku}', 'http-products', everyone, 'Get a product and its stock'),
  route(
    'recordStockMovement',
    'POST',
    '/v1/products/{sku}/stock-movements',
    'http-products',
    ['warehouse', 'admin'],
    'Receive goods or correct a count',
  ),
  route(
    'createReturn',
    'POST',
    '/v1/returns',
    'http-returns',
    ['warehouse', 'finance', 'support', 'admin'],
    'Take goods back and credit them',
  ),
  route(
    'getReturn',
    'GET',
    '/v1/returns/{returnId}',
    'http-returns',
    everyone,
    'Get a return and its credit note',
  ),
  route(
    'getTrialBalance',
    'GET',
    '/v1/ledger/trial-balance',
    'http-ledger',
    books,
    'Balances or turnover of all accounts',
  ),
  route(
    'getLedgerAccount',
    'GET',
    '/v1/ledger/accounts/{code}',
    'http-ledger',
    books,
    'What was posted to an account',
  ),
  route('exportLedger', 'GET', '/v1/ledger/export', 'http-ledger', books, 'The books as a file'),
  route('listPeriods', 'GET', '/v1/ledger/periods', 'http-ledger', books, 'Open and closed months'),
  route(
    'closePeriod',
    'POST',
    '/v1/ledger/periods/{month}/close',
    'http-ledger',
    ['finance', 'admin'],
    'Close a month',
  ),
  route(
    'takeJournal',
    'POST',
    '/v1/ledger/journals',
    'http-ledger',
    ['finance', 'admin'],
    'Take the next journal for the ERP',
  ),
  route(
    'getJournal',
    'GET',
    '/v1/ledger/journals/{number}',
    'http-ledger',
    books,
    'A journal, as it was taken',
  ),
  route('getPolicy', 'GET', '/v1/policies/{name}', 'http-policies', staff, 'Get a policy in force'),
  route(
    'putPolicy',
    'PUT',
    '/v1/policies/{name}',
    'http-policies',
    ['finance', 'credit', 'admin'],
    'Put a new version of a policy in force',
  ),
  route('getOpenApi', 'GET', '/openapi.json', 'http-docs', 'public', 'This API as OpenAPI 3.1'),
  route('getDocs', 'GET', '/docs', 'http-docs', 'public', 'This API to read'),
  route(
    'openPaymentLink',
    'GET',
    '/pay/{token}',
    'http-pay',
    'public',
    'Pay an invoice: leads to the payment provider',
  ),
  route(
    'showSandboxCheckout',
    'GET',
    '/sandbox/checkout/{session}',
    'sandbox-provider',
    'public',
    'Hosted page of the sandbox payment provider',
  ),
  route(
    'submitSandboxCheckout',
    'POST',
    '/sandbox/checkout/{session}',
    'sandbox-provider',
    'public',
    'Pay or decline on the sandbox page',
  ),
  route(
    'receiveSandboxWebhook',
    'POST',
    '/webhooks/payments/sandbox',
    'payment-webhook',
    'public',
    'Signed events of the sandbox payment provider',
  ),
  route(
    'receiveStripeWebhook',
    'POST',
    '/webhooks/stripe',
    'stripe-webhook',
    'public',
    "Stripe's signed events",
  ),
] as const satisfies readonly Route[];

/** Functions there are only where payments are taken by one provider, and with them their routes. */
export const onlyWithProvider: Readonly<Record<string, 'sandbox' | 'stripe'>> = {
  'sandbox-provider': 'sandbox',
  'payment-webhook': 'sandbox',
  'stripe-webhook': 'stripe',
};

/** The routes of a deployment whose payments are taken by `provider`. */
export function routesWith(provider: 'sandbox' | 'stripe'): readonly (typeof routes)[number][] {
  return routes.filter((each) => (onlyWithProvider[each.function] ?? provider) === provider);
}

export type Route = {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With parameters as API Gateway and OpenAPI both write them: `{orderId}`. */
  readonly path: string;
  /** The Lambda that serves it, by its function name. */
  readonly function: string;
  /** Who may call it; `public` needs no token. */
  readonly roles: readonly Role[] | 'public';
  readonly summary: string;
};

export type OperationId = (typeof routes)[number]['operationId'];

function route<const Id extends string, const Fn extends string>(
  operationId: Id,
  method: Route['method'],
  path: `/${string}`,
  fn: Fn,
  allowed: Route['roles'],
  summary: string,
) {
  return { operationId, method, path, function: fn, roles: allowed, summary } as const;
}
