import { companyFromEnv } from '#shared/company/company.ts';
import { assertOwn, type Caller, listedCustomer } from '#shared/http/caller.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { newId, QuoteId } from '#shared/kernel/ids.ts';
import { dateIn } from '#shared/kernel/time.ts';
import { placeOrder } from '#shared/order/place-order.ts';
import { customerNotFound, loadPricing, type Seller } from '#shared/order/pricing-store.ts';
import { takeOrder } from '#shared/order/take-order-store.ts';
import { acceptQuote, assertOpen, declineQuote } from '#shared/quote/decide-quote.ts';
import type { Quote, QuoteIn } from '#shared/quote/quote.ts';
import * as api from '#shared/quote/quote-api.ts';
import { listQuotes, loadQuote, quoteActions } from '#shared/quote/quote-store.ts';
import { commit, onFreshRead } from '#shared/table/commit.ts';
import { dynamoTable } from '#shared/table/dynamo-table.ts';
import { salesTaxProviderFor } from '#shared/tax/sales-tax.ts';

const table = dynamoTable();
const company = companyFromEnv();
const { timeZone } = company;
const seller: Seller = { company, salesTax: salesTaxProviderFor(company) };

const quoteNotFound = () => new DomainError('quote_not_found', 'There is no such quote.');

const issue = operation(
  api.issueQuote,
  async ({ body, caller, at, remember }) => {
    const { validUntil, note, customerId, ...request } = body;
    const today = dateIn(timeZone, at);
    if (validUntil < today) {
      throw new DomainError(
        'validation_failed',
        `A quote can't have ended before it began; today is ${today}.`,
        {
          issues: [{ path: 'validUntil', message: `must be ${today} or later` }],
        },
      );
    }
    const pricing = await loadPricing(table, seller, customerId, request, today);
    const by = {
      actor: caller.name,
      actorId: caller.id,
      mayAgreePrices: true,
      channel: 'quote' as const,
      at,
    };
    const { order, lines } = placeOrder({ ...request, poNumber: 'quoted' }, { ...pricing, ...by });
    const quote: QuoteIn<'issued'> = {
      quoteId: newId('quo', at),
      customerId,
      issuedAt: at,
      issuedBy: caller.name,
      validUntil,
      ...(note !== undefined && { note }),
      request: {
        ...request,
        lines: request.lines.map((line, index) => ({
          ...line,
          unitPrice: lines[index]?.unitPrice ?? line.unitPrice,
        })),
      },
      totals: order.totals,
      version: 1,
      status: 'issued',
    };
    const { quoteId } = quote;
    const data = { quoteId, validUntil, currency: order.currency, gross: order.totals.gross };
    const told = { type: 'quote.issued' as const, data };
    await commit(table, [
      remember(quoteId),
      ...quoteActions(undefined, quote, told, { at, actor: caller.name }),
    ]);
    return { headers: { location: `/v1/quotes/${quoteId}` }, body: api.quoteView(quote, today) };
  },
  { replay },
);

const get = operation(api.getQuote, async ({ params, caller, at }) => {
  const quote = await ownQuote(params.quoteId, caller);
  return { version: quote.version, body: api.quoteView(quote, dateIn(timeZone, at)) };
});

const list = operation(api.listQuotes, async ({ query, caller, at }) => {
  const customerId = listedCustomer(caller, query.customerId, customerNotFound);
  const { quotes, nextCursor } = await listQuotes(table, customerId, query);
  const today = dateIn(timeZone, at);
  return { body: { items: quotes.map((quote) => api.quoteView(quote, today)), nextCursor } };
});

const accept = operation(
  api.acceptQuote,
  ({ params: { quoteId }, body, caller, at, remember }) =>
    onFreshRead(async () => {
      const quote = await ownQuote(quoteId, caller);
      const today = dateIn(timeZone, at);
      assertOpen(quote, today);
      const { poNumber } = body;
      const request = { ...quote.request, ...(poNumber !== undefined && { poNumber }) };
      const by = {
        customerId: quote.customerId,
        actor: caller.name,
        actorId: caller.id,
        mayAgreePrices: true,
        channel: 'quote' as const,
        source: { kind: 'quote' as const, id: quoteId },
        at,
      };
      const doing = { at, actor: caller.name };
      const { order } = await takeOrder(table, seller, request, by, ({ order: { orderId } }) => {
        const accepted = acceptQuote(quote, { by: caller.name, orderId, at });
        const told = { type: 'quote.accepted' as const, data: { quoteId, orderId } };
        return [remember(quoteId), ...quoteActions(quote, accepted, told, doing)];
      });
      const accepted = acceptQuote(quote, { by: caller.name, orderId: order.orderId, at });
      const location = `/v1/orders/${order.orderId}`;
      return { headers: { location }, body: api.quoteView(accepted, today) };
    }),
  { replay },
);

const decline = operation(
  api.declineQuote,
  ({ params: { quoteId }, body: { reason }, caller, at, remember }) =>
    onFreshRead(async () => {
      const quote = await ownQuote(quoteId, caller);
      const today = dateIn(timeZone, at);
      assertOpen(quote, today);
      const declined = declineQuote(quote, { by: caller.name, reason, at });
      const told = { type: 'quote.declined' as const, data: { quoteId, reason } };
      const doing = { at, actor: caller.name };
      await commit(table, [remember(quoteId), ...quoteActions(quote, declined, told, doing)]);
      return { body: api.quoteView(declined, today) };
    }),
  { replay },
);

export const handler = httpFunction(table, [issue, get, list, accept, decline]);

/** The quote as it stands: what was decided about it stays so. */
async function replay(quoteId: string, { caller, at }: { caller: Caller; at: Parameters<typeof dateIn>[1] }) {
  const quote = await ownQuote(QuoteId.parse(quoteId), caller);
  return { body: api.quoteView(quote, dateIn(timeZone, at)) };
}

async function ownQuote(quoteId: QuoteId, caller: Caller): Promise<Quote> {
  const quote = await loadQuote(table, quoteId);
  if (!quote) throw quoteNotFound();
  assertOwn(caller, quote.customerId, quoteNotFound);
  return quote;
}
