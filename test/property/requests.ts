import * as z from 'zod';
import type { OpenItem } from '#shared/invoice/invoice.ts';
import type { OrderHead } from '#shared/order/order.ts';
import type { Payment } from '#shared/payment/payment.ts';
import type { Served } from '../builders/house.ts';
import type { RequestOptions } from '../builders/http-event.ts';
import type { MemoryTable } from '../builders/memory-table.ts';
import { collectionRequest, signing } from './collection-requests.ts';
import { agreed, creditOf, currencyOf, invoicingOf, termsOf } from './deals.ts';
import { pickCredit, pickOpenItem, pickOrder, pickPayment, pickShipment } from './picks.ts';
import { refundRequest } from './refund-requests.ts';
import { customerIds, type Step } from './step.ts';

/** `repeatable`: sent again with the same key it must be answered alike. */
export type Request = { operationId: Served; options: RequestOptions; repeatable: boolean };

let created = 0;

/** A request that creates something, under a key of its own. */
function create(operationId: Served, options: RequestOptions): Request {
  created++;
  return {
    operationId,
    options: { ...options, headers: { 'idempotency-key': `key-${created}` } },
    repeatable: true,
  };
}

const change = (operationId: Served, options: RequestOptions): Request => ({
  operationId,
  options,
  repeatable: false,
});

/** What opens a company: three customers who may owe somewhat, postage, and 25 of each of `skus` at 3.33, 6.66 and so on. */
export function openingRequests(skus: readonly string[]): Request[] {
  const product = (sku: string, kind: string, price: number) =>
    change('putProduct', {
      params: { sku },
      body: {
        description: sku,
        kind,
        prices: { GBP: price, EUR: price },
        ...(sku === 'MUG-1' && { reorderPoints: { main: 20 } }),
        pricesIncludingTax: { GBP: Math.round(price * 1.2) },
        ...(kind === 'goods' && { costs: { GBP: Math.floor(price * 0.4), EUR: Math.floor(price * 0.5) } }),
      },
    });
  const mandate = signing('M-1', '2026-03-02');
  return [
    product('POST', 'charge', 495),
    ...skus.flatMap((sku, index) => [
      product(sku, 'goods', 333 * (1 + (index % 3))),
      create('recordStockMovement', { params: { sku }, body: { quantity: 25, reason: 'opening stock' } }),
    ]),
    ...customerIds.map((customerId) => customer(customerId, 5_000 * skus.length)),
    create(mandate.operationId, mandate.options),
    change('putPolicy', {
      params: { name: 'warehouses' },
      body: {
        effectiveFrom: '2026-03-02',
        policy: {
          warehouses: [
            { id: 'main', name: 'Bristol' },
            { id: 'north', name: 'Leeds' },
          ],
        },
      },
    }),
    change('putPolicy', {
      params: { name: 'refunds' },
      body: { effectiveFrom: '2026-03-02', policy: { approvalAbove: { GBP: 99, EUR: 99 } } },
    }),
  ];
}

/** The request a step makes of what there is in `table` on `today`; undefined when there is nothing to do it with. */
export function requestOf(
  step: Exclude<Step, { do: 'collect' }>,
  table: MemoryTable,
  today: string,
): Request | undefined {
  switch (step.do) {
    case 'place':
      return create('placeOrder', {
        body: {
          customerId: step.customerId,
          currency: currencyOf(step.customerId),
          ...(step.poNumber !== undefined && { poNumber: step.poNumber }),
          ...(step.backorder && { backorder: 'allow' }),
          ...agreed(step),
        },
      });
    case 'sell': {
      const { customerId, lines, method, poNumber } = step;
      return create('createCounterSale', {
        body: {
          customerId,
          currency: currencyOf(customerId),
          lines,
          method,
          ...(poNumber !== undefined && { poNumber }),
        },
      });
    }
    case 'release':
      return orderChange('releaseOrder', pickOrder(table, step.order, ['held']), {}, colleague);
    case 'cancel':
      return orderChange('cancelOrder', pickOrder(table, step.order, ['placed', 'held', 'confirmed']));
    case 'cancel part': {
      const lines = [{ line: step.line, quantity: step.quantity }];
      return orderChange('cancelOrder', pickOrder(table, step.order, changeableStates), { lines });
    }
    case 'cancel rest':
      return orderChange('cancelOrder', pickOrder(table, step.order, ['partly_shipped']));
    case 'amend':
      return amendment(step, pickOrder(table, step.order, changeableStates));
    case 'ship': {
      const order = pickOrder(table, step.order, ['confirmed', 'partly_shipped']);
      const from = [{}, {}, { warehouse: 'main' }, { warehouse: 'north' }][step.order % 4];
      const lines = [{ line: 1, quantity: 1 }];
      const body = {
        ...from,
        ...(step.howMuch === 'part' && { lines }),
        ...(step.howMuch === 'packed' && { packages: [{ lines }, { lines }] }),
      };
      return order && create('createShipment', { params: { orderId: order.orderId }, body });
    }
    case 'deliver': {
      const shipment = pickShipment(table, step.order);
      const { outcome, units } = step;
      const body = { outcome, ...(units !== undefined && { lines: [{ line: 1, quantity: units }] }) };
      const packageNumber = shipment?.packages && (step.order % 3) + 1;
      return (
        shipment &&
        create('recordDelivery', {
          params: { orderId: shipment.orderId, shipmentId: shipment.shipmentId },
          body: { ...body, ...(packageNumber !== undefined && { packageNumber }) },
        })
      );
    }
    case 'invoice': {
      const order = pickOrder(table, step.order, ['partly_shipped', 'shipped']);
      return order && create('invoiceOrder', { params: { orderId: order.orderId } });
    }
    case 'ask for deposit': {
      const order = pickOrder(table, step.order, ['confirmed']);
      const { percent } = step;
      return order && create('invoiceDeposit', { params: { orderId: order.orderId }, body: { percent } });
    }
    case 'pay': {
      const item = pickOpenItem(table, step.invoice, ['open', 'disputed']);
      return item ? payment(item, step.howMuch) : inAdvance(step.invoice);
    }
    case 'return': {
      const item = pickOpenItem(table, step.invoice, ['open', 'disputed', 'paid']);
      return item && returnOf(item, step, table);
    }
    case 'credit': {
      const item = pickOpenItem(table, step.invoice, ['open', 'disputed', 'paid']);
      const why = { reasonCode: 'price', reason: 'agreed otherwise' };
      const body = { ...why, ...creditOf[step.scope] };
      return item && create('createCreditNote', { params: { invoiceId: item.invoiceId }, body });
    }
    case 'reissue': {
      const item = pickOpenItem(table, step.invoice, ['open', 'disputed', 'paid']);
      const changes = step.cheaper ? { lines: [{ line: 1, unitPrice: 100 }] } : { poNumber: 'PO-NEW' };
      const body = { reasonCode: 'address', reason: 'moved', changes };
      return item && create('reissueInvoice', { params: { invoiceId: item.invoiceId }, body });
    }
    case 'dispute': {
      const item = pickOpenItem(table, step.invoice, ['open']);
      const body = { reason: 'arrived broken' };
      return item && create('disputeInvoice', { params: { invoiceId: item.invoiceId }, body });
    }
    case 'resolve': {
      const item = pickOpenItem(table, step.invoice, ['disputed']);
      const body = { resolution: 'replaced' };
      return item && create('resolveDispute', { params: { invoiceId: item.invoiceId }, body });
    }
    case 'write off': {
      const item = pickOpenItem(table, step.invoice, ['open', 'disputed']);
      const body = { reason: 'insolvent', ...(step.amount !== undefined && { amount: step.amount }) };
      return item && create('writeOffInvoice', { params: { invoiceId: item.invoiceId }, body });
    }
    case 'refund':
    case 'pay out':
    case 'decide about refund': {
      const made = refundRequest(step, table);
      return made && create(made.operationId, made.options);
    }
    case 'advise':
    case 'withdraw advice':
    case 'sign mandate':
    case 'revoke mandate':
    case 'debit':
    case 'release debit': {
      const made = collectionRequest(step, table, today);
      return made && create(made.operationId, made.options);
    }
    case 'allocate': {
      const payment = pickPayment(table, step.payment, ({ unapplied }) => unapplied > 0);
      const item =
        payment &&
        pickOpenItem(
          table,
          step.invoice,
          ['open', 'disputed'],
          (each) => each.customerId === payment.customerId,
        );
      return item && allocation(payment, item, step.howMuch);
    }
    case 'unallocate': {
      const payment = pickPayment(table, step.payment, ({ allocations }) => allocations.length > 0);
      const invoiceId = payment?.allocations[0]?.invoiceId;
      const { amount } = step;
      const allocations = [{ invoiceId, ...(amount !== undefined && { amount }) }];
      const body = { allocations, reason: 'meant for another one' };
      return payment && invoiceId
        ? create('unallocatePayment', { params: { paymentId: payment.paymentId }, body })
        : undefined;
    }
    case 'net': {
      const credit = pickCredit(table, step.credit, ({ unapplied }) => unapplied > 0);
      const item =
        credit &&
        pickOpenItem(
          table,
          step.invoice,
          ['open', 'disputed'],
          (each) => each.customerId === credit.customerId,
        );
      const amount = Math.min(credit?.unapplied ?? 0, item?.balance ?? 0);
      const body = { allocations: [{ invoiceId: item?.invoiceId, amount }] };
      return credit && amount > 0
        ? create('allocateCreditNote', { params: { creditNoteId: credit.creditNoteId }, body })
        : undefined;
    }
    case 'take back netted': {
      const credit = pickCredit(table, step.credit, ({ netted }) => netted !== undefined);
      const invoiceId = credit?.netted?.[0]?.invoiceId;
      const body = { allocations: [{ invoiceId }], reason: 'meant for another one' };
      return (
        credit && create('unallocateCreditNote', { params: { creditNoteId: credit.creditNoteId }, body })
      );
    }
    case 'reverse': {
      const payment = pickPayment(table, step.payment);
      const { kind, amount } = step;
      const body = { kind, reason: 'the bank took it back', ...(amount !== undefined && { amount }) };
      return payment && create('reversePayment', { params: { paymentId: payment.paymentId }, body });
    }
    case 'close month': {
      const month = new Date(Date.parse(`${today.slice(0, 7)}-01`) - 1).toISOString().slice(0, 7);
      return create('closePeriod', { params: { month } });
    }
    case 'take journal':
      return create('takeJournal', {});
    case 'change limit':
      return customer(step.customerId, step.creditLimit);
    case 'move stock':
      return create('recordStockMovement', {
        params: { sku: step.sku },
        body: {
          quantity: step.quantity,
          reason: 'counted',
          ...(step.warehouse && { warehouse: step.warehouse }),
        },
      });
    case 'transfer': {
      const { sku, quantity, from, to } = step;
      const body = { quantity, reason: 'nearer', code: 'transfer', from, warehouse: to };
      return create('recordStockMovement', { params: { sku }, body });
    }
    default:
      return step satisfies never;
  }
}

const changeableStates = ['held', 'confirmed', 'partly_shipped'];

/** Who enters orders does not release them. */
const colleague: RequestOptions = { as: { sub: 'credit-1', name: 'Carla Credit', roles: ['credit'] } };

function orderChange(
  operationId: Served,
  order: OrderHead | undefined,
  more: object = {},
  options: RequestOptions = {},
): Request | undefined {
  const body = { reason: 'asked for by phone', ...more };
  return order && create(operationId, { params: { orderId: order.orderId }, body, ...options });
}

/** One or two lines of an order, its wished day, or where it goes to. */
function amendment(
  { quantities, requestedOn, moves, hold }: Extract<Step, { do: 'amend' }>,
  order: OrderHead | undefined,
): Request | undefined {
  if (!order) return undefined;
  const lines = quantities
    .slice(0, order.lineCount)
    .map((quantity, index) => ({ line: index + 1, quantity }));
  const shipTo = { lines: ['Dock 4'], city: 'Hull', postalCode: 'HU1 1AA', country: 'GB' };
  return change('amendOrder', {
    params: { orderId: order.orderId },
    body: {
      lines,
      ...(requestedOn !== undefined && { requestedOn }),
      ...(moves && { shipTo }),
      ...(hold && { onInsufficientCredit: 'hold' }),
    },
  });
}

function payment(
  { customerId, invoiceId, currency, balance, discount }: OpenItem,
  howMuch: Extract<Step, { do: 'pay' }>['howMuch'],
): Request | undefined {
  const amount = {
    exactly: balance,
    short: Math.ceil(balance / 3),
    over: balance + 100,
    discounted: Math.max(0, balance - (discount?.amount ?? 0)),
    unallocated: 500,
  }[howMuch];
  const allocated = howMuch === 'unallocated' ? 0 : Math.min(amount, balance);
  if (amount === 0) return undefined;
  const allocations = allocated > 0 ? [{ invoiceId, amount: allocated }] : [];
  return create('recordPayment', {
    body: { customerId, method: 'bank_transfer', currency, amount, allocations },
  });
}

/** A customer of whom no invoice is open pays all the same. */
function inAdvance(pick: number): Request {
  const customerId = customerIds[pick % 3] ?? 'cus_harbour';
  return create('recordPayment', {
    body: { customerId, method: 'cash', currency: currencyOf(customerId), amount: 700 },
  });
}

/** Of an invoice all that is owed, with its discount where that is offered, or a part of it. */
function allocation(
  { paymentId, unapplied }: Payment,
  { invoiceId, balance, discount }: OpenItem,
  howMuch: 'all' | 'some',
): Request {
  const owed = unapplied > balance ? balance : balance - (discount?.amount ?? 0);
  const most = Math.max(1, Math.min(unapplied, owed));
  const amount = howMuch === 'all' ? most : Math.ceil(most / 2);
  const body = { allocations: [{ invoiceId, amount }] };
  return create('allocatePayment', { params: { paymentId }, body });
}

const Chunk = z.object({ lines: z.array(z.object({ sku: z.string() })) });

function returnOf(
  { customerId, invoiceId }: OpenItem,
  { quantity, condition, reference }: Extract<Step, { do: 'return' }>,
  table: MemoryTable,
): Request | undefined {
  // Few lines lie within the document, many beside it.
  const chunk = table.items(({ PK, lines }) => PK === invoiceId && lines !== undefined)[0];
  const line = chunk && Chunk.parse(chunk).lines[0];
  return (
    line &&
    create('createReturn', {
      body: {
        customerId,
        invoiceId,
        reason: 'not as ordered',
        ...(reference !== undefined && { reference }),
        lines: [{ sku: line.sku, quantity, condition }],
      },
    })
  );
}

function customer(customerId: string, creditLimit: number): Request {
  const address = { lines: ['3 Quay Street'], city: 'Bristol', postalCode: 'BS1 4QA', country: 'GB' };
  const place = customerIds.findIndex((each) => each === customerId);
  const terms = termsOf[place];
  const limits = { currency: currencyOf(customerId), paymentTermDays: 14, creditLimit };
  return change('putCustomer', {
    params: { customerId },
    body: {
      name: customerId,
      email: 'orders@example.com',
      address,
      ...limits,
      invoicing: invoicingOf[place],
      ...(terms && { terms }),
      ...(customerId === 'cus_okafor' && { pricesIncludeTax: true }),
    },
  });
}
