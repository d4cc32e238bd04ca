import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { contract } from '#shared/http/contract.ts';
import { httpFunction, operation } from '#shared/http/http-function.ts';
import { assertMatches } from '#shared/http/request.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { CustomerId } from '#shared/kernel/ids.ts';
import { commit } from '#shared/table/commit.ts';
import type { Action } from '#shared/table/table.ts';
import { TransactionConflict } from '#shared/table/table.ts';
import { httpEvent, lambdaContext, send, type Token } from '#test/builders/http-event.ts';
import { memoryTable } from '#test/builders/memory-table.ts';

const wendy: Token = { sub: 'wendy', name: 'Wendy Ware', roles: ['warehouse'] };
const ann: Token = { sub: 'ann', name: 'Ann Admin', roles: ['admin'] };

const log: string[] = [];
beforeEach(() => {
  log.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => log.push(String(line)) > 0);
});

const receive = contract({
  operationId: 'recordStockMovement',
  params: z.strictObject({ sku: z.string() }),
  body: z.strictObject({ quantity: z.int().min(1), note: z.string().optional() }),
  status: 201,
  idempotent: true,
});
const find = contract({
  operationId: 'getProduct',
  params: z.strictObject({ sku: z.string() }),
  query: z.strictObject({ limit: z.coerce.number().int().max(100).default(20) }),
  status: 200,
  versioned: true,
});
const page = contract({ operationId: 'getDocs', status: 200, produces: 'html' });
const put = contract({
  operationId: 'putCustomer',
  params: z.strictObject({ customerId: CustomerId }),
  body: z.strictObject({ name: z.string() }),
  status: 200,
});

function shop() {
  const table = memoryTable();
  let runs = 0;
  let fails: Error | undefined;
  const handler = httpFunction(table, [
    operation(
      receive,
      async ({ params, body, caller, at, remember }) => {
        runs += 1;
        if (fails) throw fails;
        const stored: Action = {
          do: 'put',
          item: { PK: `sku_${params.sku}`, SK: at, by: caller.name, ...body },
        };
        await commit(table, [remember(at), stored]);
        return { body: { at, quantity: body.quantity } };
      },
      { replay: async (at, { body }) => ({ body: { at, quantity: body.quantity } }) },
    ),
    operation(find, async ({ params, query, ifMatch }) => {
      if (fails) throw fails;
      assertMatches(ifMatch, 3);
      return { version: 3, body: { ...params, ...query } };
    }),
    operation(page, async () => {
      if (fails) throw fails;
      return { html: '<p>Hello</p>' };
    }),
    operation(put, async ({ body }) => ({ body })),
  ]);
  return {
    table,
    handler,
    runs: () => runs,
    failWith: (error: Error | undefined) => {
      fails = error;
    },
    receive: (options: {
      body?: unknown;
      key?: string;
      as?: Token;
      at?: string;
      headers?: Record<string, string>;
    }) =>
      send(handler, 'recordStockMovement', {
        params: { sku: 'A1' },
        body: options.body ?? { quantity: 5 },
        as: options.as ?? wendy,
        at: options.at ?? '2026-03-31T10:00:00.000Z',
        headers: { ...(options.key !== undefined && { 'idempotency-key': options.key }), ...options.headers },
      }),
  };
}

describe('an answer', () => {
  it('is JSON with the contract status, the version as ETag and headers that keep it out of caches', async () => {
    const { handler } = shop();
    const answer = await send(handler, 'getProduct', {
      params: { sku: 'A1' },
      query: { limit: '7' },
      as: wendy,
    });
    expect(answer).toMatchObject({
      status: 200,
      json: { sku: 'A1', limit: 7 },
      headers: {
        'content-type': 'application/json',
        etag: '"3"',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      },
    });
  });

  it('writes one line to the log, without the body or the name of the caller', async () => {
    const { handler } = shop();
    await send(handler, 'getProduct', { params: { sku: 'A1' }, as: wendy });
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0] ?? '')).toMatchObject({
      level: 'INFO',
      message: 'request',
      operationId: 'getProduct',
      status: 200,
      requestId: 'req-1',
      caller: 'wendy',
    });
    expect(log[0]).not.toContain('Wendy Ware');
  });

  it('may be a page, which runs no scripts', async () => {
    const { handler } = shop();
    const answer = await send(handler, 'getDocs');
    expect(answer.text).toBe('<p>Hello</p>');
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'/,
    );
  });
});

describe('a request that is not as it should be', () => {
  it('is told every field at fault, unknown ones too, and nothing is written', async () => {
    const { receive, table } = shop();
    const answer = await receive({ key: 'k1', body: { quantity: 0, colour: 'red', size: 'L' } });
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json).toEqual({
      type: '/docs#problem-validation_failed',
      title: 'Validation failed',
      status: 422,
      code: 'validation_failed',
      detail: 'The body is not as it should be; the issues say where.',
      issues: [
        { path: 'quantity', message: 'Too small: expected number to be >=1' },
        { path: 'colour', message: 'is not a known field' },
        { path: 'size', message: 'is not a known field' },
      ],
      instance: 'req-1',
    });
    expect(table.items()).toEqual([]);
  });

  it.each([
    ['half a JSON', '{"quantity": 5', 400, 'malformed_json'],
    ['nothing', '', 400, 'malformed_json'],
    ['a list', '[]', 422, 'validation_failed'],
    ['null', 'null', 422, 'validation_failed'],
    ['a fraction of a unit', { quantity: 1.5 }, 422, 'validation_failed'],
    ['a number for a text', { quantity: 5, note: 7 }, 422, 'validation_failed'],
    ['more than 1 MiB', { quantity: 5, note: 'x'.repeat(1024 * 1024) }, 413, 'body_too_large'],
  ])('with %s as its body is refused', async (_, body, status, code) => {
    const { receive } = shop();
    expect(await receive({ key: 'k1', body })).toMatchObject({ status, json: { status, code } });
  });

  it('counts the bytes of a base64 body, not its characters', async () => {
    const { handler } = shop();
    const options = { params: { sku: 'A1' }, as: wendy, base64: true, headers: { 'idempotency-key': 'k1' } };
    const padded = (spaces: number) => `{"quantity":5}${' '.repeat(spaces)}`;
    expect((await send(handler, 'recordStockMovement', { ...options, body: padded(1_000_000) })).status).toBe(
      201,
    );
    expect((await send(handler, 'recordStockMovement', { ...options, body: padded(1_048_576) })).status).toBe(
      413,
    );
  });

  it('must say that its body is JSON', async () => {
    const { receive } = shop();
    expect(await receive({ key: 'k1', headers: { 'content-type': 'text/plain' } })).toMatchObject({
      status: 415,
      json: { code: 'unsupported_media_type' },
    });
    expect(
      (await receive({ key: 'k1', headers: { 'content-type': 'Application/JSON; charset=utf-8' } })).status,
    ).toBe(201);
  });

  it('is refused for query parameters that nobody knows', async () => {
    const { handler } = shop();
    const answer = await send(handler, 'getProduct', {
      params: { sku: 'A1' },
      query: { limt: '7' },
      as: wendy,
    });
    expect(answer.json).toMatchObject({
      status: 422,
      issues: [{ path: 'limt', message: 'is not a known field' }],
    });
  });

  it('finds nothing where the function has no operation', async () => {
    const { handler } = shop();
    expect(await send(handler, 'getOrder', { params: { orderId: 'x' }, as: wendy })).toMatchObject({
      status: 404,
      json: { code: 'route_not_found' },
    });
  });
});

describe('who may call', () => {
  it('is who has one of the roles of the route', async () => {
    const { receive } = shop();
    expect((await receive({ key: 'k1', as: ann })).status).toBe(201);
    const sally = await receive({ key: 'k2', as: { roles: ['sales', 'support'] } });
    expect(sally.json).toMatchObject({
      status: 403,
      code: 'forbidden',
      detail: 'This needs one of these roles: warehouse, admin.',
    });
  });

  it('is not a customer whose token names no customer', async () => {
    const { handler } = shop();
    const ask = (token: Token) => send(handler, 'getProduct', { params: { sku: 'A1' }, as: token });
    expect((await ask({ roles: ['customer'] })).json).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await ask({ roles: ['customer'], customerId: 'not an id' })).status).toBe(403);
    expect((await ask({ roles: ['customer'], customerId: 'cus_bluebell' })).status).toBe(200);
  });

  it('is nobody without a token', async () => {
    const { handler } = shop();
    expect((await send(handler, 'getProduct', { params: { sku: 'A1' } })).status).toBe(401);
  });

  it('is anyone on a public route', async () => {
    const { handler } = shop();
    expect((await send(handler, 'getDocs')).status).toBe(200);
  });
});

describe('an idempotency key', () => {
  it('is required', async () => {
    const { receive } = shop();
    expect(await receive({})).toMatchObject({ status: 400, json: { code: 'idempotency_key_missing' } });
    expect((await receive({ key: 'with space' })).json.issues[0].path).toBe('Idempotency-Key');
  });

  it('makes a repetition answer as the first time, and changes nothing', async () => {
    const { receive, table } = shop();
    const first = await receive({ key: 'k1', at: '2026-03-31T10:00:00.000Z' });
    const items = table.items();
    const second = await receive({ key: 'k1', at: '2026-03-31T10:05:00.000Z' });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second).toMatchObject({ status: first.status, json: first.json });
    expect(table.items()).toEqual(items);
  });

  it('knows the same body in another order and spacing', async () => {
    const { receive } = shop();
    await receive({ key: 'k1', body: '{"quantity":5,"note":"n"}' });
    expect(
      (await receive({ key: 'k1', body: '{ "note": "n", "quantity": 5 }' })).headers['idempotency-replayed'],
    ).toBe('true');
  });

  it('is refused for another body', async () => {
    const { receive } = shop();
    await receive({ key: 'k1' });
    expect(await receive({ key: 'k1', body: { quantity: 6 } })).toMatchObject({
      status: 422,
      json: { code: 'idempotency_key_reused' },
    });
  });

  it('is one caller’s own', async () => {
    const { receive } = shop();
    await receive({ key: 'k1', as: wendy });
    expect((await receive({ key: 'k1', as: ann })).headers['idempotency-replayed']).toBeUndefined();
  });

  it('answers the first call’s success where the second would be refused', async () => {
    const { receive, failWith } = shop();
    await receive({ key: 'k1' });
    failWith(new DomainError('insufficient_stock', 'The first call took the last one.'));
    expect(await receive({ key: 'k1' })).toMatchObject({
      status: 201,
      headers: { 'idempotency-replayed': 'true' },
    });
    expect(await receive({ key: 'k2' })).toMatchObject({ status: 409, json: { code: 'insufficient_stock' } });
  });

  it('is free again after a refusal', async () => {
    const { receive, failWith } = shop();
    failWith(new DomainError('insufficient_stock', 'None left.'));
    await receive({ key: 'k1' });
    failWith(undefined);
    expect((await receive({ key: 'k1' })).headers['idempotency-replayed']).toBeUndefined();
  });

  it('is forgotten 30 days later, by the table itself', async () => {
    const { receive, table } = shop();
    await receive({ key: 'k1', at: '2026-03-31T10:00:00.000Z' });
    const record = table.items().find((item) => item.PK === 'idem_wendy');
    expect(record?.['ttl']).toBe(Date.parse('2026-04-30T10:00:00Z') / 1000);
  });

  it('is answered 409 while its first request is under way', async () => {
    const { receive, failWith, table } = shop();
    failWith(new DomainError('table_busy', 'Many writers want the same record.'));
    expect((await receive({ key: 'k1' })).status).toBe(503);
    vi.spyOn(table, 'transact').mockRejectedValue(new TransactionConflict());
    expect(await receive({ key: 'k1' })).toMatchObject({ status: 409, json: { code: 'request_in_flight' } });
  });
});

describe('If-Match', () => {
  const ask = (tag: string) =>
    send(shop().handler, 'getProduct', { params: { sku: 'A1' }, as: wendy, headers: { 'if-match': tag } });

  it('lets the version pass that the caller saw', async () => {
    expect((await ask('"3"')).status).toBe(200);
    expect((await ask('*')).status).toBe(200);
  });

  it.each(['"2"', '3', 'W/"3"', '"abc"'])('refuses %s with 412', async (tag) => {
    expect(await ask(tag)).toMatchObject({ status: 412, json: { code: 'precondition_failed' } });
  });
});

describe('an error', () => {
  it('nobody foresaw says nothing of itself, and is logged with its stack', async () => {
    const { handler, failWith } = shop();
    failWith(new TypeError('secret table o2c-prod is on fire'));
    const answer = await send(handler, 'getProduct', { params: { sku: 'A1' }, as: wendy });
    expect(answer.status).toBe(500);
    expect(answer.json.code).toBe('internal_error');
    expect(answer.text).not.toContain('secret');
    const logged = log.map((line) => JSON.parse(line)).find((line) => line.level === 'ERROR');
    expect(logged).toMatchObject({
      requestId: 'req-1',
      error: 'TypeError',
      reason: 'secret table o2c-prod is on fire',
    });
    expect(logged.stack).toContain('http-function.test.ts');
  });

  it('of a busy table asks to come again in a second', async () => {
    const { handler, failWith } = shop();
    failWith(new TransactionConflict());
    const answer = await send(handler, 'getProduct', { params: { sku: 'A1' }, as: wendy });
    expect(answer).toMatchObject({
      status: 503,
      json: { code: 'table_busy' },
      headers: { 'retry-after': '1' },
    });
  });

  it('about a thing that a field names is the field’s, not the address’s', async () => {
    const { handler, failWith } = shop();
    const ask = () => send(handler, 'getProduct', { params: { sku: 'A1' }, as: wendy });
    failWith(new DomainError('product_not_found', 'There is no product Z9.'));
    expect((await ask()).status).toBe(404);
    failWith(
      new DomainError('product_not_found', 'There is no product Z9.', {
        issues: [{ path: 'lines.0.sku', message: 'is unknown' }],
      }),
    );
    expect((await ask()).status).toBe(422);
  });

  it('on a page is a page', async () => {
    const { handler, failWith } = shop();
    failWith(new DomainError('payment_link_invalid', 'This link is <old>.'));
    const answer = await send(handler, 'getDocs');
    expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(answer.text).toContain('This link is &lt;old&gt;.');
  });
});

it('refuses to start with an idempotent operation and no table to remember its keys in', () => {
  const receiving = operation(receive, async () => ({}), { replay: async () => ({}) });
  expect(() => httpFunction(undefined, [receiving])).toThrow('recordStockMovement needs a table');
});

it('takes the moment from the gateway, not from the clock', async () => {
  const { handler } = shop();
  const event = httpEvent('recordStockMovement', {
    params: { sku: 'A1' },
    body: { quantity: 1 },
    as: wendy,
    at: '2011-12-05T08:30:00.000Z',
    headers: { 'idempotency-key': 'k1' },
  });
  const { body = '' } = await handler(event, lambdaContext);
  expect(JSON.parse(body)).toEqual({ at: '2011-12-05T08:30:00.000Z', quantity: 1 });
});
