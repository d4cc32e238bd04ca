import type { Company } from '../company/company.ts';
import type { Customer } from '../customer/customer.ts';
import type { Fact } from '../fact/fact.ts';
import { loadOpenItems } from '../invoice/invoice-store.ts';
import { addDays } from '../kernel/days.ts';
import type { CustomerId, InvoiceId, OrderId } from '../kernel/ids.ts';
import { type CalendarDate, dateIn } from '../kernel/time.ts';
import { linesLeft } from '../order/lines-left.ts';
import type { Order } from '../order/order.ts';
import { loadOrder, loadOrderFile } from '../order/order-store.ts';
import { loadPayment } from '../payment/payment-store.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { loadProduct } from '../product/product-store.ts';
import { loadQuote } from '../quote/quote-store.ts';
import { remittancePolicy } from '../remittance/remittance-policy.ts';
import type { Asked } from '../satisfaction/satisfaction.ts';
import { warehousePolicy } from '../stock/warehouse-policy.ts';
import type { Table } from '../table/table.ts';
import { loadKnownCustomer, mailTo, required } from './about-customer-store.ts';
import { caseMail } from './case-mail-store.ts';
import { isMailed, type MailedFact } from './mailed-facts.ts';
import type { WrittenMail } from './post-office.ts';
import { shipmentMail } from './shipment-mail-store.ts';
import { accountReminderMail } from './templates/account-reminder.ts';
import { debitAnnouncedMail } from './templates/debit-announced.ts';
import type { MailContent } from './templates/layout/compose.ts';
import { orderCancelledMail } from './templates/order-cancelled.ts';
import { orderChangedMail } from './templates/order-changed.ts';
import { orderConfirmedMail } from './templates/order-confirmed.ts';
import { orderHeldMail } from './templates/order-held.ts';
import { orderRejectedMail } from './templates/order-rejected.ts';
import { paymentReceivedMail } from './templates/payment-received.ts';
import { quoteIssuedMail } from './templates/quote-issued.ts';
import { refundMadeMail } from './templates/refund-made.ts';
import { ruleNotifiedMail } from './templates/rule-notified.ts';
import { stockLowMail } from './templates/stock-low.ts';

type Writer = {
  company: Company;
  payUrlOf: (invoiceId: InvoiceId) => string;
  /** The payer portal of a customer, through the day `until`. */
  portalUrlOf: (portal: { customerId: CustomerId; until: CalendarDate }) => string;
  /** Where the customer says how satisfied it is, by the score clicked. */
  satisfactionUrlOf: (asked: Asked, score: number) => string;
};

/**
 * The mail that tells the customer of `fact`, with what the table knows of it; undefined where it needs none.
 * @throws Error when what the fact is about can't be found: reads may lag behind the stream, so try again
 */
export async function writeMailAbout(
  table: Table,
  fact: MailedFact,
  writer: Writer,
): Promise<WrittenMail | undefined> {
  const { company } = writer;
  switch (fact.type) {
    case 'order.confirmed': {
      const { orderId } = fact.data;
      const [file, customer] = await Promise.all([
        loadOrderFile(table, orderId),
        loadKnownCustomer(table, fact.customerId),
      ]);
      const { order, lines } = required(file, orderId);
      if (!isMailed(fact.type, order.channel)) return undefined;
      return mailTo(
        customer,
        fact,
        orderConfirmedMail({ company, to: customer, order, lines: linesLeft(lines) }),
      );
    }
    case 'order.held': {
      const { order, customer } = await loadOrderAndCustomer(table, fact.data.orderId);
      const { reasons } = fact.data;
      return mailTo(customer, fact, orderHeldMail({ company, to: customer, order, reasons }));
    }
    case 'order.rejected': {
      const { order, customer } = await loadOrderAndCustomer(table, fact.data.orderId);
      const { reasons } = fact.data;
      return mailTo(customer, fact, orderRejectedMail({ company, to: customer, order, reasons }));
    }
    case 'order.cancelled': {
      const { order, customer } = await loadOrderAndCustomer(table, fact.data.orderId);
      const { reason } = fact.data;
      return mailTo(customer, fact, orderCancelledMail({ company, to: customer, order, reason }));
    }
    case 'order.amended':
    case 'order.lines_cancelled': {
      const { orderId, lines: changes, gross, status } = fact.data;
      const [file, customer] = await Promise.all([
        loadOrderFile(table, orderId),
        loadKnownCustomer(table, fact.customerId),
      ]);
      const { order, lines } = required(file, orderId);
      return mailTo(
        customer,
        fact,
        orderChangedMail({
          company,
          to: customer,
          order,
          lines,
          changes,
          gross,
          status,
          ...(fact.type === 'order.lines_cancelled'
            ? { reason: fact.data.reason }
            : { shipTo: fact.data.shipTo?.to, requestedOn: newDay(fact.data.requestedOn) }),
        }),
      );
    }
    case 'shipment.dispatched':
    case 'shipment.delivered':
    case 'shipment.delivery_failed':
      return shipmentMail(table, fact, writer);
    case 'account.reminded': {
      const on = dateIn(company.timeZone, fact.at);
      const [customer, { policy }] = await Promise.all([
        loadKnownCustomer(table, fact.customerId),
        policyInForce(table, remittancePolicy, on),
      ]);
      const { customerId } = customer;
      const portalUrl = writer.portalUrlOf({ customerId, until: addDays(on, policy.linkDays) });
      return mailTo(customer, fact, reminderMail(fact, customer, writer, portalUrl));
    }
    case 'payment.received':
      return receiptAbout(table, fact, company);
    case 'payment.refunded':
    case 'credit_note.refunded':
      return refundAbout(table, fact, company);
    case 'direct_debit.announced': {
      const customer = await loadKnownCustomer(table, fact.customerId);
      return mailTo(customer, fact, debitAnnouncedMail({ company, to: customer, debit: fact.data }));
    }
    case 'quote.issued': {
      const { quoteId } = fact.data;
      const [quote, to] = await Promise.all([
        loadQuote(table, quoteId),
        loadKnownCustomer(table, fact.customerId),
      ]);
      return mailTo(to, fact, quoteIssuedMail({ company, to, quote: required(quote, quoteId) }));
    }
    case 'case.opened':
    case 'case.replied':
    case 'case.resolved':
    case 'case.escalated':
      return caseMail(table, fact, writer);
    case 'rule.notified':
      return ruleNotice(table, fact, company);
    case 'stock.low':
      return lowStockNotice(table, fact, company);
    default:
      return fact satisfies never;
  }
}

function newDay(change: Fact<'order.amended'>['data']['requestedOn']): CalendarDate | 'none' | undefined {
  return change && (change.to ?? 'none');
}

/** To whom the rules say. */
async function ruleNotice(table: Table, fact: Fact<'rule.notified'>, company: Company): Promise<WrittenMail> {
  const { orderId, ruleIds, to } = fact.data;
  const { order, customer } = await loadOrderAndCustomer(table, orderId);
  const content = ruleNotifiedMail({ company, order, customer, ruleIds });
  return { mailId: fact.id, kind: fact.type, to, content };
}

/** To whom the policy says; none where that is nobody. */
async function lowStockNotice(
  table: Table,
  fact: Fact<'stock.low'>,
  company: Company,
): Promise<WrittenMail | undefined> {
  const [{ policy }, product] = await Promise.all([
    policyInForce(table, warehousePolicy, dateIn(company.timeZone, fact.at)),
    loadProduct(table, fact.data.sku),
  ]);
  const { lowStockRecipients: to } = policy;
  if (to.length === 0) return undefined;
  const { description } = required(product, fact.data.sku);
  const content = stockLowMail({ company, low: fact.data, description });
  return { mailId: fact.id, kind: fact.type, to, content };
}

/** The customer that money moved of, unless it or the company wants no receipts. */
async function loadReceiver(
  table: Table,
  { customerId, at }: MailedFact,
  { timeZone }: Company,
): Promise<Customer | undefined> {
  const [customer, { policy }] = await Promise.all([
    loadKnownCustomer(table, customerId),
    policyInForce(table, remittancePolicy, dateIn(timeZone, at)),
  ]);
  return policy.receipts && customer.receipts !== false ? customer : undefined;
}

/** None where the company or the customer wants none. */
async function receiptAbout(
  table: Table,
  fact: Fact<'payment.received'>,
  company: Company,
): Promise<WrittenMail | undefined> {
  const { paymentId, method, currency, amount, unapplied, allocations, reference, channel } = fact.data;
  if (!isMailed(fact.type, channel)) return undefined;
  const [customer, payment, items] = await Promise.all([
    loadReceiver(table, fact, company),
    loadPayment(table, paymentId, { consistent: true }),
    loadOpenItems(
      table,
      allocations.map(({ invoiceId }) => invoiceId),
    ),
  ]);
  if (!customer) return undefined;
  const numbers = new Map(items.map(({ invoiceId, number }) => [invoiceId, number]));
  const content = paymentReceivedMail({
    company,
    to: customer,
    method,
    currency,
    receivedOn: required(payment, paymentId).receivedOn,
    amount,
    unapplied,
    invoices: allocations.map(({ invoiceId, amount: paid, discount }) => ({
      number: required(numbers.get(invoiceId), invoiceId),
      amount: paid,
      discount,
    })),
    reference: reference === paymentId ? undefined : reference,
  });
  return mailTo(customer, fact, content);
}

/** None of cash that was handed over, nor where the company or the customer wants no receipts. */
async function refundAbout(
  table: Table,
  fact: Fact<'payment.refunded' | 'credit_note.refunded'>,
  company: Company,
): Promise<WrittenMail | undefined> {
  const { paymentId, method, currency, amount, reference, transfer } = fact.data;
  if (method === 'cash') return undefined;
  const customer = await loadReceiver(table, fact, company);
  if (!customer) return undefined;
  const content = refundMadeMail({
    company,
    to: customer,
    method,
    currency,
    amount,
    reference: reference === paymentId ? undefined : reference,
    account: transfer?.account,
  });
  return mailTo(customer, fact, content);
}

function reminderMail(
  { data, at }: Fact<'account.reminded'>,
  customer: Customer,
  { company, payUrlOf }: Writer,
  portalUrl: string,
): MailContent {
  return accountReminderMail({
    company,
    to: customer,
    customerId: customer.customerId,
    on: dateIn(company.timeZone, at),
    step: { number: data.step, name: data.stepName },
    currency: data.currency,
    portalUrl,
    invoices: data.invoices.map(({ invoiceId, number, dueOn, balance }) => ({
      number,
      dueOn,
      balance,
      payUrl: payUrlOf(invoiceId),
    })),
  });
}

async function loadOrderAndCustomer(
  table: Table,
  orderId: OrderId,
): Promise<{ order: Order; customer: Customer }> {
  const order = required(await loadOrder(table, orderId, { consistent: true }), orderId);
  return { order, customer: await loadKnownCustomer(table, order.customerId) };
}
