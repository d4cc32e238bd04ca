import { nextActionAt } from '../collection/next-action.ts';
import { figuresOf } from '../invoice/billed-lines.ts';
import type { InvoiceLine } from '../invoice/invoice.ts';
import { type BillingContext, buyerOf, firstDueOn, type InvoiceDraft } from '../invoice/issue-invoice.ts';
import { DomainError } from '../kernel/errors.ts';
import { newId, Sku } from '../kernel/ids.ts';
import { formatMoney, percentOf } from '../kernel/money.ts';
import { splitInProportion } from '../kernel/split.ts';
import { dateIn } from '../kernel/time.ts';
import type { Order } from '../order/order.ts';
import { grossOf, sameTreatment, type TaxGroup } from '../tax/tax.ts';
import { agreedDates } from '../terms/due-dates.ts';
import { netTerms } from '../terms/terms.ts';
import type { OrderDeposits } from './deposit.ts';
import type { DepositRequest } from './deposit-api.ts';

/** The draft of a deposit's invoice, and the order as it was read: it must not have changed when it is issued. */
export type DepositDraft = InvoiceDraft & {
  readonly order: Pick<Order, 'orderId' | 'version'>;
  readonly deposits: NonNullable<InvoiceDraft['deposits']>;
};

/** The article of a deposit's line. */
const DEPOSIT_SKU = Sku.parse('DEPOSIT');

const words = {
  en: (part: string, order: string) => `Deposit${part} on order ${order}`,
  de: (part: string, order: string) => `Anzahlung${part} auf Bestellung ${order}`,
};

/**
 * The invoice of a deposit: a part of a confirmed order's gross, shared out over its tax groups in proportion to what no
 * deposit has asked for yet, the tax taken out of it (Directive 2006/112/EC art. 65: it is due when the money comes). All
 * deposits together never ask for more than the order. Due by the customer's terms without their discount, or
 * in `dueInDays`. The customer's exposure stays: what is owed now is not claimed by the order any more.
 * @throws DomainError `deposit_not_possible` unless the order is confirmed and nothing of it has shipped,
 *   `deposit_exceeds_order`
 */
export function draftDeposit(
  request: DepositRequest,
  { order, before }: { order: Order; before: OrderDeposits | undefined },
  { customer, company, seller, at, dunning, calendars }: BillingContext,
): DepositDraft {
  if (order.status !== 'confirmed') {
    throw new DomainError(
      'deposit_not_possible',
      `The order is ${order.status}. A deposit is asked for once it is confirmed and before anything of it ships.`,
    );
  }
  const { currency, orderId, customerId } = order;
  const lines = depositLines(request, order, before, customer.language);
  const { lines: priced, ...figures } = figuresOf(
    { lines, adjustments: [] },
    { currency, pricesIncludeTax: true },
  );
  const issuedOn = dateIn(company.timeZone, at);
  const { gross } = figures.totals;
  const terms =
    request.dueInDays === undefined
      ? withoutDiscount(customer)
      : { ...customer, terms: netTerms(request.dueInDays) };
  const due = agreedDates(terms, { issuedOn, gross, currency }, calendars);
  const invoiceId = newId('inv', at);
  const earlier = before?.deposits ?? [];
  // The number is filled in when it is known.
  const deposit = { invoiceId, number: '', issuedOn, gross, left: figures.totals.groups };
  return {
    invoice: {
      kind: 'invoice',
      type: 'deposit',
      invoiceId,
      orders: [
        { orderId, ...(order.poNumber !== undefined && { poNumber: order.poNumber }), shipmentIds: [] },
      ],
      customerId,
      buyer: buyerOf(customer),
      seller,
      issuedAt: at,
      issuedOn,
      suppliedOn: issuedOn,
      ...due,
      currency,
      ...figures,
      lineCount: priced.length,
    },
    lines: priced,
    nextActionAt: nextActionAt({ dueOn: firstDueOn(due), dunningStep: 0 }, dunning, company.timeZone),
    claim: gross,
    order: { orderId, version: order.version },
    deposits: [
      {
        before: before?.version ?? 'absent',
        after: {
          orderId,
          customerId,
          currency,
          deposits: [...earlier, deposit],
          version: (before?.version ?? 0) + 1,
        },
      },
    ],
  };
}

/** One line a tax group, quoted with tax in it. */
function depositLines(
  request: DepositRequest,
  order: Order,
  before: OrderDeposits | undefined,
  language: 'en' | 'de',
): Omit<InvoiceLine, 'net'>[] {
  const { totals, currency, orderId, poNumber } = order;
  const left = totals.groups.map((group) => Math.max(0, group.net + group.tax - askedFor(group, before)));
  const most = left.reduce((sum, each) => sum + each, 0);
  const amount = request.amount ?? percentOf(totals.gross, request.percent ?? '0', currency);
  if (amount > most || amount === 0) {
    throw new DomainError(
      'deposit_exceeds_order',
      `The order is worth ${formatMoney(totals.gross, currency)}; a deposit may ask for ${formatMoney(most, currency)} at most.`,
      {
        issues: [
          { path: request.amount === undefined ? 'percent' : 'amount', message: `must come to 1 to ${most}` },
        ],
      },
    );
  }
  const part =
    request.percent === undefined
      ? ''
      : language === 'de'
        ? ` von ${request.percent} %`
        : ` of ${request.percent} %`;
  const description = words[language](part, poNumber ?? orderId);
  return splitInProportion(amount, left)
    .flatMap((unitPrice, index) => {
      const group = totals.groups[index];
      if (!group || unitPrice === 0) return [];
      const { net: _net, tax: _tax, ...tax } = group;
      return [{ kind: 'charge' as const, sku: DEPOSIT_SKU, description, quantity: 1, unitPrice, tax }];
    })
    .map((line, index) => ({ line: index + 1, ...line }));
}

/** What deposits asked for before of a tax group, those taken back left out. No invoice has taken any off yet. */
function askedFor(group: TaxGroup, before: OrderDeposits | undefined): number {
  const asked = (before?.deposits ?? []).flatMap(({ left }) => left);
  return grossOf(asked.filter((part) => sameTreatment(part, group)));
}

function withoutDiscount(customer: BillingContext['customer']): BillingContext['customer'] {
  if (!customer.terms) return customer;
  const { discount: _discount, ...terms } = customer.terms;
  return { ...customer, terms };
}
