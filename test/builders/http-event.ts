import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { HttpEvent } from '#shared/http/request.ts';
import type { Role } from '#shared/http/roles.ts';
import { type OperationId, type Route, routes } from '#shared/http/routes.ts';

/** Whose token a request bears. */
export type Token = { sub?: string; name?: string; roles: readonly Role[]; customerId?: string };

export type RequestOptions = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** Sent as JSON, or as it is when it is text or, with `base64`, bytes. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Left out: no token. */
  as?: Token;
  /** ISO instant at which the gateway received it. */
  at?: string;
  base64?: boolean;
};

/** What API Gateway sends a function for `operationId` (payload 2.0), as AWS documents it. */
export function httpEvent(operationId: OperationId, options: RequestOptions = {}): HttpEvent {
  const route: Route | undefined = routes.find((candidate) => candidate.operationId === operationId);
  if (!route) throw new Error(`no route ${operationId}`);
  const { params = {}, query = {}, body, as, at = '2026-03-31T10:00:00.000Z', base64 = false } = options;
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const asItIs = typeof body === 'string' || body === undefined || body instanceof Uint8Array;
  const text = asItIs ? body : JSON.stringify(body);
  const routeKey = `${route.method} ${route.path}`;
  const context = {
    accountId: '123456789012',
    apiId: 'api',
    domainName: 'api.example.com',
    domainPrefix: 'api',
    http: { method: route.method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId: 'req-1',
    routeKey,
    stage: '$default',
    time: new Date(at).toUTCString(),
    timeEpoch: Date.parse(at),
  };
  const common = {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...options.headers },
    ...(Object.keys(params).length > 0 && { pathParameters: params }),
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(text !== undefined && {
      body: Buffer.from(text).toString(base64 ? 'base64' : 'utf8'),
    }),
    isBase64Encoded: base64,
  };
  if (!as) return { ...common, requestContext: context };
  const authorizer = { principalId: '', integrationLatency: 1, jwt: { claims: claimsOf(as), scopes: [] } };
  return { ...common, requestContext: { ...context, authorizer } };
}

/** The gateway hands array claims over as text. */
function claimsOf({ sub = 'user-1', name, roles: groups, customerId }: Token): Record<string, string> {
  return {
    sub,
    ...(name !== undefined && { name }),
    'cognito:groups': `[${groups.join(' ')}]`,
    ...(customerId !== undefined && { 'custom:customer_id': customerId }),
  };
}

export const lambdaContext: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'test',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-2:123456789012:function:test',
  memoryLimitInMB: '512',
  awsRequestId: 'invocation-1',
  logGroupName: '/aws/lambda/test',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 10_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

type Handler = (event: HttpEvent, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
export type Response = {
  status: number | undefined;
  headers: Record<string, string>;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into what JSON.parse gives
  json: any;
  text: string;
};

/** Sends a request to a function's handler and reads the answer. */
export async function send(
  handler: Handler,
  operationId: OperationId,
  options: RequestOptions = {},
): Promise<Response> {
  const {
    statusCode,
    headers = {},
    body = '',
  } = await handler(httpEvent(operationId, options), lambdaContext);
  const text = body;
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    json: /json/.test(String(headers['content-type'])) ? JSON.parse(text) : undefined,
    text,
  };
}
