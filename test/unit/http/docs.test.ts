import { expect, it } from 'vitest';
import { httpStatus } from '#shared/http/problem.ts';
import { routesWith } from '#shared/http/routes.ts';
import { send } from '#test/builders/http-event.ts';
import { handler } from '../../../functions/http/docs.ts';

const page = (await send(handler, 'getDocs')).text;

it('serves the document and the page to anyone, for five minutes', async () => {
  const document = await send(handler, 'getOpenApi');
  expect(document).toMatchObject({
    status: 200,
    json: { openapi: '3.1.0' },
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
  });
  expect((await send(handler, 'getDocs')).headers['content-type']).toBe('text/html; charset=utf-8');
});

it('has an anchor for each operation and each problem', () => {
  for (const { operationId } of routesWith('sandbox'))
    expect(page).toContain(`<article id="${operationId}">`);
  for (const code of Object.keys(httpStatus)) expect(page).toContain(`id="problem-${code}"`);
});

it('leads only to anchors that are there', () => {
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
  expect(targets.filter((target) => !page.includes(`id="${target}"`))).toEqual([]);
});

it('is whole in itself: no scripts, nothing from elsewhere', () => {
  expect(page).not.toMatch(/<script|<link|<img|src=|url\(|https?:\/\/(?!…)/);
});

it('shows a call that can be pasted', () => {
  expect(page).toContain('curl -X PUT &quot;$API/v1/customers/$customerId&quot;');
  expect(page).toContain('-H &quot;Idempotency-Key: $(uuidgen)&quot;');
});
