import { beforeAll, describe, expect, it } from 'vitest';
import { openCustomer, order, stockUp } from './company.ts';
import type { Caller, Reply, RequestOptions, World } from './world.ts';

type Attempt = {
  what: string;
  status: number;
  code: string;
  path?: string;
  method?: string;
  at?: string;
} & Pick<RequestOptions, 'body' | 'raw' | 'headers'>;

const line = (fields: object) => ({ currency: 'GBP', lines: [{ sku: 'BAD-1', quantity: 1, ...fields }] });

/** `at`: the field that the problem names. */
const attempts: readonly Attempt[] = [
  { what: 'malformed JSON', status: 400, code: 'malformed_json', raw: '{"currency":"GBP","lines":[' },
  { what: 'an empty body', status: 400, code: 'malformed_json', raw: ' ' },
  { what: 'a list for a body', status: 422, code: 'validation_failed', body: [] },
  {
    what: 'an unknown field',
    status: 422,
    code: 'validation_failed',
    at: 'discount',
    body: { ...line({}), discount: 99 },
  },
  {
    what: 'an unknown field of a line',
    status: 422,
    code: 'validation_failed',
    at: 'lines.0.price',
    body: line({ price: 1 }),
  },
  {
    what: 'an unknown SKU',
    status: 422,
    code: 'product_not_found',
    at: 'lines.0.sku',
    body: line({ sku: 'NO-SUCH' }),
  },
  {
    what: 'quantity 0',
    status: 422,
    code: 'validation_failed',
    at: 'lines.0.quantity',
    body: line({ quantity: 0 }),
  },
  {
    what: 'quantity −1',
    status: 422,
    code: 'validation_failed',
    at: 'lines.0.quantity',
    body: line({ quantity: -1 }),
  },
  {
    what: 'quantity 1.5',
    status: 422,
    code: 'validation_failed',
    at: 'lines.0.quantity',
    body: line({ quantity: 1.5 }),
  },
  {
    what: 'quantity 10^12',
    status: 422,
    code: 'validation_failed',
    at: 'lines.0.quantity',
    body: line({ quantity: 1e12 }),
  },
  {
    what: 'a quantity in words',
    status: 422,
    code: 'validation_failed',
    at: 'lines.0.quantity',
    body: line({ quantity: 'one' }),
  },
  {
    what: 'more than there is',
    status: 409,
    code: 'insufficient_stock',
    at: 'sku.BAD-1',
    body: line({ quantity: 11 }),
  },
  {
    what: 'no lines',
    status: 422,
    code: 'validation_failed',
    at: 'lines',
    body: { currency: 'GBP', lines: [] },
  },
  {
    what: "a currency that is not the customer's",
    status: 422,
    code: 'currency_mismatch',
    at: 'currency',
    body: { ...line({}), currency: 'EUR' },
  },
  {
    what: 'a currency that is none',
    status: 422,
    code: 'validation_failed',
    at: 'currency',
    body: { ...line({}), currency: 'GPB' },
  },
  {
    what: 'a price of its own',
    status: 403,
    code: 'price_not_allowed',
    at: 'lines.0',
    body: line({ unitPrice: 1 }),
  },
  {
    what: 'another customer to bill',
    status: 422,
    code: 'customer_not_found',
    at: 'customerId',
    body: { ...line({}), customerId: 'cus_bystander' },
  },
  {
    what: '2 MB',
    status: 413,
    code: 'body_too_large',
    body: { ...line({}), poNumber: 'x'.repeat(2 * 1024 * 1024) },
  },
  {
    what: 'XML',
    status: 415,
    code: 'unsupported_media_type',
    raw: '<order/>',
    headers: { 'content-type': 'application/xml' },
  },
  {
    what: 'an idempotency key of 200 characters',
    status: 422,
    code: 'validation_failed',
    at: 'Idempotency-Key',
    body: line({}),
    headers: { 'idempotency-key': 'k'.repeat(200) },
  },
  {
    what: "another customer's order to cancel",
    status: 404,
    code: 'order_not_found',
    path: '/v1/orders/{theirs}/cancel',
    body: { reason: 'Because.' },
  },
  {
    what: "another customer's order to read",
    status: 404,
    code: 'order_not_found',
    method: 'GET',
    path: '/v1/orders/{theirs}',
  },
  {
    what: 'an order id that is none',
    status: 422,
    code: 'validation_failed',
    at: 'orderId',
    method: 'GET',
    path: '/v1/orders/17',
  },
  {
    what: 'a cursor that is none',
    status: 400,
    code: 'cursor_invalid',
    method: 'GET',
    path: '/v1/orders?cursor=nonsense',
  },
  {
    what: 'a shipment by the customer itself',
    status: 403,
    code: 'forbidden',
    path: '/v1/orders/{theirs}/shipments',
    body: {},
  },
  {
    what: 'a payment by the customer itself',
    status: 403,
    code: 'forbidden',
    path: '/v1/payments',
    body: { customerId: 'cus_bad', method: 'bank_transfer', currency: 'GBP', amount: 1 },
  },
  {
    what: 'a discount on the credit limit',
    status: 403,
    code: 'forbidden',
    method: 'PUT',
    path: '/v1/customers/cus_bad',
    body: {},
  },
];

/** What is wrong is refused with a problem document that says what and where, and nothing is written. */
export function badInput(world: () => World): void {
  describe('bad input', () => {
    let customer: Caller;
    let theirs = '';

    beforeAll(async () => {
      await openCustomer(world(), 'cus_bad');
      await openCustomer(world(), 'cus_bystander');
      await stockUp(world(), 'BAD-1', 500, 11);
      ({ orderId: theirs } = await order(world(), 'cus_bystander', 'theirs', [
        { sku: 'BAD-1', quantity: 1 },
      ]));
      customer = await world().as('customer', 'cus_bad');
    });

    it.each(attempts)(
      'is refused: $what',
      async ({ status, code, at, method = 'POST', path, ...content }) => {
        const before = await world().dump();
        const answer = await customer(method, (path ?? '/v1/orders').replace('{theirs}', theirs), {
          ...content,
          key: 'bad-input',
        });
        expectProblem(answer, status, code);
        if (at !== undefined)
          expect(answer.body).toMatchObject({ issues: [{ path: at, message: expect.any(String) }] });
        expect(await world().dump()).toEqual(before);
      },
    );

    // API Gateway answers for itself here, in its own words, before any function is called.
    it.each([
      ['no token', undefined],
      ['a token that nobody signed', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.'],
    ])('is refused with 401: %s', async (_, authorization) => {
      const before = await world().dump();
      const nobody = await world().as('nobody');
      const answer = await nobody('POST', '/v1/orders', {
        key: 'bad-input',
        body: line({}),
        ...(authorization !== undefined && { headers: { authorization } }),
      });
      expect(answer).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect(await world().dump()).toEqual(before);
    });
  });
}

function expectProblem({ status, headers, body }: Reply, expected: number, code: string): void {
  expect({ status, body }).toMatchObject({ status: expected, body: { code } });
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(body).toMatchObject({
    type: `/docs#problem-${code}`,
    status: expected,
    title: expect.stringMatching(/^[A-Z]/),
    detail: expect.stringMatching(/\.$/),
    instance: expect.any(String),
  });
}
