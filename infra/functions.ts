import { onlyWithProvider } from '#shared/http/routes.ts';

/** What a function may do to the table. `write` includes `read`. */
export type TableAccess = 'none' | 'read' | 'write';

/**
 * What else a function needs: each brings its permission and its environment variables, and nothing more. What only
 * the wiring knows (stream, state machine, dead-letter queue) is added in `service-stack.ts`.
 */
export type Capability =
  | 'mail'
  | 'paymentSecret'
  | 'paymentProvider'
  | 'paymentProviderName'
  | 'publicUrl'
  | 'putFacts'
  | 'financeRecipients'
  | 'accessPoint'
  | 'renderDocument'
  | 'salesTax'
  /** Put and keep files of bank statements. */
  | 'putStatements'
  /** Read them, and keep uploaded ones. */
  | 'readStatements';

export type FunctionSpec = {
  /** Source file from the root of the project; exports `handler`. */
  readonly entry: string;
  readonly table: TableAccess;
  readonly uses: readonly Capability[];
  /** Whether the bundle carries what documents are made with: fonts, logos, a colour profile. */
  readonly fonts: boolean;
  /** MB. CPU comes with it: 1,769 MB are one core. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  readonly description: string;
};

const api = { uses: [], fonts: false, memory: 512, timeout: 10 } as const;
/** Workflow tasks that only talk to the table. Their 10 s are part of the arithmetic in `workflows/task.ts`. */
const task = { uses: [], fonts: false, memory: 512, timeout: 10 } as const;
const worker = { uses: [], fonts: false, memory: 512, timeout: 30 } as const;
/** Rendering a PDF is CPU work. */
const document = { fonts: true, memory: 1024, timeout: 30 } as const;

/** Every Lambda of the system, once: the bundler, the stacks and the bench read it here. */
export const functions = {
  'http-orders': {
    ...api,
    entry: 'functions/http/orders.ts',
    table: 'write',
    uses: ['salesTax'],
    description: 'Orders',
  },
  'http-order-imports': {
    ...api,
    entry: 'functions/http/order-imports.ts',
    table: 'write',
    uses: ['salesTax'],
    // Reading a document of 1,000 lines is CPU work.
    memory: 1024,
    timeout: 29,
    description: 'Orders by EDI and by file',
  },
  'http-cases': {
    ...api,
    entry: 'functions/http/cases.ts',
    table: 'write',
    description: 'Cases',
  },
  'escalate-cases': {
    ...worker,
    entry: 'functions/schedule/escalate-cases.ts',
    table: 'write',
    description: 'Cases that are overdue',
  },
  'http-quotes': {
    ...api,
    entry: 'functions/http/quotes.ts',
    table: 'write',
    uses: ['salesTax'],
    description: 'Quotes',
  },
  'http-satisfaction': {
    ...api,
    entry: 'functions/http/satisfaction.ts',
    table: 'write',
    uses: ['paymentSecret'],
    description: 'How satisfied customers are',
  },
  'http-rules': {
    ...api,
    entry: 'functions/http/rules.ts',
    table: 'write',
    // A dry run reads 500 orders; the gateway waits 30 s.
    memory: 1024,
    timeout: 29,
    description: 'Automation rules',
  },
  'http-queues': {
    ...api,
    entry: 'functions/http/queues.ts',
    table: 'write',
    description: 'Work queues of the order desk',
  },
  'http-shipments': {
    ...api,
    entry: 'functions/http/shipments.ts',
    table: 'write',
    description: 'Shipments',
  },
  'http-shipping-documents': {
    ...api,
    entry: 'functions/http/shipping-documents.ts',
    table: 'read',
    uses: ['renderDocument'],
    // It waits for `render-document` as well.
    timeout: 25,
    description: 'Packing slips, commercial invoices',
  },
  'http-invoices': {
    ...api,
    entry: 'functions/http/invoices.ts',
    table: 'write',
    uses: ['renderDocument'],
    // It waits for `render-document`; API Gateway waits 30 s for it.
    timeout: 25,
    description: 'Invoices, credit notes, disputes, deliveries',
  },
  'http-corrections': {
    ...api,
    entry: 'functions/http/corrections.ts',
    table: 'write',
    // A credit transfer run is collected chunk by chunk; the gateway waits 30 s.
    timeout: 29,
    description: 'Credit notes, re-issued invoices, refunds, credit transfers',
  },
  'http-payments': { ...api, entry: 'functions/http/payments.ts', table: 'write', description: 'Payments' },
  'http-bank': {
    ...api,
    entry: 'functions/http/bank.ts',
    table: 'write',
    uses: ['putStatements'],
    // Reading a file of 5 MB whole is CPU work.
    memory: 1769,
    timeout: 29,
    description: 'Bank accounts, bank statements',
  },
  'http-bank-lines': {
    ...api,
    entry: 'functions/http/bank-lines.ts',
    table: 'write',
    // Reconciling reads all lines and entries; the gateway waits 30 s.
    memory: 1024,
    timeout: 29,
    description: 'Bank lines, reconciliation',
  },
  'http-remittances': {
    ...api,
    entry: 'functions/http/remittances.ts',
    table: 'write',
    description: 'Remittance advices',
  },
  'http-customers': {
    ...api,
    entry: 'functions/http/customers.ts',
    table: 'write',
    uses: ['renderDocument'],
    // It waits for `render-document` as well.
    timeout: 25,
    description: 'Customers, statements',
  },
  'http-products': {
    ...api,
    entry: 'functions/http/products.ts',
    table: 'write',
    description: 'Products, stock',
  },
  'http-returns': {
    ...api,
    entry: 'functions/http/returns.ts',
    table: 'write',
    uses: ['salesTax'],
    description: 'Returns',
  },
  'http-ledger': {
    ...api,
    entry: 'functions/http/ledger.ts',
    table: 'write',
    // Closing a month reads all of its entries; the gateway waits 30 s.
    memory: 1024,
    timeout: 29,
    description: 'Trial balance, accounts, exports, periods, journals',
  },
  'http-policies': { ...api, entry: 'functions/http/policies.ts', table: 'write', description: 'Policies' },
  'http-reports': {
    ...api,
    entry: 'functions/http/reports.ts',
    table: 'read',
    memory: 1024,
    description: 'Figures on demand: invoice accuracy',
  },
  'http-docs': {
    ...api,
    entry: 'functions/http/docs.ts',
    table: 'none',
    uses: ['paymentProviderName'],
    description: 'The API, described',
  },
  'http-webhook-secret': {
    ...api,
    entry: 'functions/http/webhook-secret.ts',
    table: 'read',
    uses: ['paymentSecret'],
    description: "The secrets that sign customers' and carriers' webhooks",
  },
  'http-pay': {
    ...api,
    entry: 'functions/http/pay.ts',
    table: 'write',
    uses: ['publicUrl', 'paymentSecret', 'paymentProvider', 'renderDocument'],
    // It waits for `render-document` as well.
    timeout: 25,
    description: 'The "Pay now" link of an invoice, the payer portal',
  },
  'sandbox-provider': {
    ...api,
    entry: 'functions/webhooks/sandbox-provider.ts',
    table: 'none',
    uses: ['publicUrl', 'paymentSecret'],
    description: 'Hosted page of the sandbox payment provider',
  },
  'payment-webhook': {
    ...api,
    entry: 'functions/webhooks/payment-webhook.ts',
    table: 'write',
    uses: ['paymentSecret'],
    description: 'Signed events of the sandbox payment provider',
  },
  'stripe-webhook': {
    ...api,
    entry: 'functions/webhooks/stripe-webhook.ts',
    table: 'write',
    uses: ['paymentProvider'],
    description: "Stripe's signed events",
  },
  'carrier-webhook': {
    ...api,
    entry: 'functions/webhooks/carrier-webhook.ts',
    table: 'write',
    uses: ['paymentSecret'],
    description: 'Signed events of carriers',
  },
  'verify-order': {
    ...task,
    entry: 'functions/workflow/verify-order.ts',
    table: 'read',
    description: 'accept-order: is the order in order',
  },
  'reserve-stock': {
    ...task,
    entry: 'functions/workflow/reserve-stock.ts',
    table: 'write',
    timeout: 60,
    description: 'accept-order: reserve what the order transaction could not hold',
  },
  'assess-credit': {
    ...task,
    entry: 'functions/workflow/assess-credit.ts',
    table: 'write',
    description: 'accept-order: claim credit, confirm or hold',
  },
  'hold-order': {
    ...task,
    entry: 'functions/workflow/hold-order.ts',
    table: 'write',
    description: 'accept-order: hold the order for a person to decide',
  },
  'reject-order': {
    ...task,
    entry: 'functions/workflow/reject-order.ts',
    table: 'write',
    description: 'accept-order: reject the order and release its stock',
  },
  'issue-invoice': {
    ...worker,
    entry: 'functions/workflow/issue-invoice.ts',
    table: 'write',
    description: 'invoice-shipment: number, post and store the invoice',
  },
  'render-document': {
    ...document,
    entry: 'functions/invoked/render-document.ts',
    table: 'read',
    uses: ['publicUrl', 'paymentSecret'],
    memory: 1769,
    timeout: 20,
    description: 'Invoices, credit notes and pro formas as PDF and XML, for the API',
  },
  'assess-account': {
    ...worker,
    entry: 'functions/workflow/assess-account.ts',
    table: 'read',
    description: 'collect-account: what is overdue and what to do about it',
  },
  'remind-account': {
    ...worker,
    entry: 'functions/workflow/remind-account.ts',
    table: 'write',
    description: 'collect-account: claim and record one reminder',
  },
  'relay-facts': {
    ...worker,
    entry: 'functions/events/relay-facts.ts',
    table: 'none',
    uses: ['putFacts'],
    description: 'Facts from the stream of the table to the event bus',
  },
  'move-stock': {
    ...worker,
    entry: 'functions/events/move-stock.ts',
    table: 'write',
    timeout: 60,
    description: 'Move the stock of long orders and shipments, fill backorders, watch what runs low',
  },
  'send-mail': {
    ...worker,
    entry: 'functions/events/send-mail.ts',
    table: 'write',
    uses: ['mail', 'publicUrl', 'paymentSecret'],
    description: 'Mails to customers about facts',
  },
  'deliver-document': {
    ...document,
    entry: 'functions/events/deliver-document.ts',
    table: 'write',
    uses: ['mail', 'publicUrl', 'paymentSecret', 'accessPoint'],
    description: 'Render an invoice or credit note and bring it to the customer',
  },
  'send-refund': {
    ...worker,
    entry: 'functions/events/send-refund.ts',
    table: 'write',
    uses: ['publicUrl', 'paymentSecret', 'paymentProvider'],
    description: 'Refunds to the payment provider that the money came by',
  },
  'import-orders': {
    ...worker,
    entry: 'functions/events/import-orders.ts',
    table: 'write',
    uses: ['salesTax'],
    timeout: 900,
    description: 'Orders of a file, placed one by one',
  },
  'import-statement': {
    ...worker,
    entry: 'functions/events/import-statement.ts',
    table: 'write',
    uses: ['readStatements'],
    memory: 1024,
    timeout: 900,
    description: 'Long work: the lines of bank statements, direct debit runs',
  },
  'mail-feedback': {
    ...worker,
    entry: 'functions/events/mail-feedback.ts',
    table: 'write',
    description: 'Bounces, complaints and deliveries that SES tells of',
  },
  'send-statement': {
    ...document,
    entry: 'functions/workflow/send-statement.ts',
    table: 'write',
    uses: ['mail', 'publicUrl', 'paymentSecret'],
    description: 'state-account: render and mail the statement of a month',
  },
  statements: {
    ...worker,
    entry: 'functions/schedule/statements.ts',
    table: 'read',
    memory: 1024,
    timeout: 900,
    description: 'Each month: start state-account for every account with something to state',
  },
  collect: {
    ...worker,
    entry: 'functions/schedule/collect.ts',
    table: 'read',
    timeout: 300,
    description: 'Each morning: start collect-account for every account with something due',
  },
  bill: {
    ...worker,
    entry: 'functions/schedule/bill.ts',
    table: 'write',
    timeout: 300,
    description: 'Each morning: the collective invoices of weeks and months that have ended',
  },
  'settle-payments': {
    ...worker,
    entry: 'functions/schedule/settle-payments.ts',
    table: 'write',
    uses: ['publicUrl', 'paymentSecret', 'paymentProvider'],
    timeout: 300,
    description:
      'Each morning: ask the payment provider what became of payments and refunds that nothing was heard of',
  },
  report: {
    ...worker,
    entry: 'functions/schedule/report.ts',
    table: 'write',
    uses: ['mail', 'financeRecipients'],
    memory: 1024,
    timeout: 300,
    description: 'Each morning: the figures to finance by mail',
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof functions;

/** Where the bundle of a function lies, from the root of the project: `functions/http/orders.ts` → `dist/functions/http/orders`. */
export function bundleDirectory(name: FunctionName): string {
  return `dist/${functions[name].entry.replace(/\.ts$/, '')}`;
}

export const functionNames: readonly FunctionName[] = Object.keys(functions).filter(isFunctionName);

/** The functions of a deployment whose payments are taken by `provider`. */
export function functionNamesWith(provider: 'sandbox' | 'stripe'): readonly FunctionName[] {
  return functionNames.filter((name) => (onlyWithProvider[name] ?? provider) === provider);
}

function isFunctionName(name: string): name is FunctionName {
  return name in functions;
}
