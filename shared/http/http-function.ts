import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { DomainError } from '../kernel/errors.ts';
import type { Table } from '../table/table.ts';
import { anyone, assertRole, type Caller, callerOf } from './caller.ts';
import { refuseCardData } from './card-data.ts';
import { varyOf } from './contract.ts';
import {
  idempotencyKeyOf,
  isInFlight,
  type KeyRecord,
  type KeyUse,
  KeyUsed,
  recallKey,
  rememberKey,
  requestHash,
  requestInFlight,
  sameRequest,
} from './idempotency.ts';
import { accessLog, problemDetails, securityHeaders } from './middlewares.ts';
import type { Answer, Operation, RawInput, Request } from './operation.ts';
import {
  bodyFile,
  bodyText,
  bodyValue,
  claimsOf,
  etagOf,
  type HttpEvent,
  ifMatchOf,
  receivedAt,
} from './request.ts';
import { type Route, routes } from './routes.ts';

export { type Answer, type Call, type Operation, operation } from './operation.ts';

type Served = Operation & { readonly route: Route };

/**
 * The Lambda handler that serves `operations`: the one chain every request to the API goes through. It takes payload
 * 2.0 of API Gateway; roles come from the route list, and every refusal leaves as a problem document.
 * @param table where idempotency keys are remembered; functions without idempotent operations need none
 */
export function httpFunction(table: Table | undefined, operations: readonly Operation[]) {
  const served = new Map(operations.map((operation) => servedAt(operation, table)));
  return middy<HttpEvent, APIGatewayProxyStructuredResultV2>()
    .use(accessLog(served))
    .use(securityHeaders())
    .use(problemDetails(served))
    .handler(async (event) => {
      const operation = served.get(event.routeKey);
      if (!operation)
        throw new DomainError('route_not_found', `There is nothing at ${event.routeKey}. See /docs.`);
      const caller = authorised(event, operation.route);
      const { accepts = 'json', body } = operation.contract;
      const rawBody = body || accepts === 'raw' ? bodyText(event) : '';
      const input: RawInput = {
        params: event.pathParameters ?? {},
        query: event.queryStringParameters ?? {},
        body: body && accepts !== 'file' && bodyValue(event, rawBody, accepts),
      };
      if (operation.contract.accepts !== 'raw') refuseCardData(input.body);
      const ifMatch = ifMatchOf(event.headers);
      const request = {
        rawBody,
        file: accepts === 'file' ? bodyFile(event) : new Uint8Array(),
        headers: event.headers,
        caller,
        at: receivedAt(event),
        ...(ifMatch !== undefined && { ifMatch }),
      };
      const answer =
        operation.contract.idempotent && table
          ? await serveOnce(table, operation, request, input, event)
          : await operation.serve({ ...request, remember: cannotRemember(operation) }, input);
      return responseOf(answer, operation);
    });
}

function servedAt(operation: Operation, table: Table | undefined): [string, Served] {
  const { operationId, idempotent } = operation.contract;
  const route: Route | undefined = routes.find((candidate) => candidate.operationId === operationId);
  if (!route) throw new Error(`${operationId} is not in the route list`);
  if (idempotent && !table)
    throw new Error(`${operationId} needs a table to remember its idempotency keys in`);
  return [`${route.method} ${route.path}`, { ...operation, route }];
}

/** @throws DomainError `unauthorized`, `forbidden` */
function authorised(event: HttpEvent, { roles }: Route): Caller {
  if (roles === 'public') return anyone;
  const caller = callerOf(claimsOf(event));
  assertRole(caller, roles);
  return caller;
}

/**
 * Runs an idempotent operation, or answers as the first time where its key was used before. Any refusal may be due to
 * the first call having succeeded (the stock is gone because it was this order that took it), so the key is looked up
 * before a refusal is told.
 */
async function serveOnce(
  table: Table,
  operation: Served,
  request: Omit<Request, 'remember'>,
  input: RawInput,
  event: HttpEvent,
): Promise<Answer> {
  const { caller, at } = request;
  const use: KeyUse = {
    caller: caller.id,
    key: idempotencyKeyOf(event.headers),
    hash: requestHash(operation.route.method, pathAndQuery(event), input.body),
    at,
  };
  const complete: Request = { ...request, remember: (...thing) => rememberKey(use, ...thing) };
  const replay = async (record: KeyRecord) => {
    const answer = await operation.serve(complete, input, record);
    return { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } };
  };
  try {
    return await operation.serve(complete, input);
  } catch (error) {
    if (error instanceof KeyUsed) return replay(sameRequest(error.record, use.hash));
    if (!(error instanceof DomainError)) throw error;
    const before = await recallKey(table, use);
    if (before) return replay(before);
    if (error.code === 'table_busy' && (await isInFlight(table, use))) throw requestInFlight();
    throw error;
  }
}

/** The same file with other query parameters is another request. */
function pathAndQuery({ rawPath, rawQueryString }: HttpEvent): string {
  return rawQueryString ? `${rawPath}?${rawQueryString}` : rawPath;
}

function cannotRemember({ contract }: Served): Request['remember'] {
  return () => {
    throw new Error(`${contract.operationId} is not idempotent by key`);
  };
}

function responseOf(answer: Answer, { contract }: Served): APIGatewayProxyStructuredResultV2 {
  const headers = {
    ...varyOf(contract.produces),
    ...(answer.version !== undefined && { etag: etagOf(answer.version) }),
    ...answer.headers,
  };
  const statusCode = answer.status ?? contract.status;
  if (answer.html !== undefined) {
    return {
      statusCode,
      headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
      body: answer.html,
    };
  }
  if (answer.file !== undefined) {
    const { contentType, filename, base64 } = answer.file;
    const shown = { 'content-type': contentType, 'content-disposition': `inline; filename="${filename}"` };
    return { statusCode, headers: { ...shown, ...headers }, body: base64, isBase64Encoded: true };
  }
  if (answer.text !== undefined) {
    const { contentType, content } = answer.text;
    return {
      statusCode,
      headers: { 'content-type': `${contentType}; charset=utf-8`, ...headers },
      body: content,
    };
  }
  if (answer.body === undefined) return { statusCode, headers };
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(answer.body),
  };
}
