import { expect, it } from 'vitest';
import type * as z from 'zod';
import { contracts } from '#shared/http/contracts.ts';
import { openApi } from '#shared/http/openapi.ts';
import { httpStatus } from '#shared/http/problem.ts';
import { routes } from '#shared/http/routes.ts';

const api = openApi(routes, contracts);
const documented = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    key: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

it('has one contract for each route, and one route for each contract', () => {
  const fromRoutes = routes.map((route) => route.operationId).toSorted();
  expect(contracts.map((contract) => contract.operationId).toSorted()).toEqual(fromRoutes);
});

it('documents each route where the gateway serves it', () => {
  for (const { method, path, operationId } of routes) {
    expect(operationOf(`${method} ${path}`).operationId).toBe(operationId);
  }
  expect(documented).toHaveLength(routes.length);
});

it('documents each path parameter of each route, and no other', () => {
  for (const { key, operation } of documented) {
    const inPath = [...key.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const parameters = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? [];
    expect(
      parameters.map(({ name }) => name),
      key,
    ).toEqual(inPath);
  }
});

it('gives an example that the schema takes for every JSON body', () => {
  for (const { operationId, body, accepts = 'json', example } of contracts) {
    if (!body || accepts !== 'json') continue;
    expect(example?.body, `${operationId} has no example`).toBeDefined();
    expect(issues(body, example?.body), operationId).toEqual([]);
  }
});

it('gives only examples of answers that the schema makes', () => {
  const wrong = contracts.flatMap(({ operationId, response, example }) =>
    response && example?.response !== undefined
      ? issues(response, example.response).map((issue) => ({ operationId, issue }))
      : [],
  );
  expect(wrong).toEqual([]);
});

it('refers only to schemas that are there', () => {
  const references = [...JSON.stringify(api).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]);
  const known = Object.keys(api.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(references.filter((reference) => !known.includes(reference ?? ''))).toEqual([]);
  expect(references).toContain('#/components/schemas/Totals');
});

it('says which problems placing an order may meet, by status', () => {
  const { responses } = operationOf('POST /v1/orders');
  expect(responses['400']?.description).toBe('malformed_json, idempotency_key_missing');
  expect(responses['409']?.description).toContain('insufficient_stock');
  expect(responses['503']?.description).toBe('table_busy');
});

it('names problems by codes that have a status', () => {
  const codes = documented.flatMap(({ operation }) =>
    Object.entries(operation.responses)
      .filter(([status]) => Number(status) >= 400)
      .flatMap(([status, { description }]) => description.split(', ').map((code) => [code, Number(status)])),
  );
  for (const [code, status] of codes) expect(httpStatus).toHaveProperty(String(code), status);
});

it('asks for an Idempotency-Key and a token where they are needed', () => {
  const record = operationOf('POST /v1/payments');
  expect(record.parameters?.map(({ name }) => name)).toContain('Idempotency-Key');
  expect(record.security).toBeUndefined();
  expect(operationOf('GET /pay/{token}').security).toEqual([]);
  expect(operationOf('PUT /v1/customers/{customerId}').parameters?.map(({ name }) => name)).toEqual([
    'customerId',
    'If-Match',
  ]);
});

function operationOf(key: string) {
  const found = documented.find((each) => each.key === key);
  if (!found) throw new Error(`${key} is not documented`);
  return found.operation;
}

function issues(schema: z.ZodType, example: unknown) {
  return schema.safeParse(example).error?.issues ?? [];
}
