import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity } from '../activity.ts';
import type { Lambda } from '../lambda/lambda.ts';
import { httpApiRequests, type Meter } from '../meter/meter.ts';
import type { ApiDeclaration, CorsRules } from './api-declaration.ts';
import { readBody, sendJson } from './exchange.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { answerFor, eventFor, type IncomingCall } from './payload.ts';
import { type RouteMatch, RouteTable } from './routes.ts';

/** API Gateway's limit on a request's body. */
const maxBodyBytes = 10 * 1024 * 1024;

/** The HTTP API: routes, CORS, authorizer and payload as API Gateway has them, functions called for real. */
export class ApiGateway {
  readonly #api: ApiDeclaration;
  readonly #table: RouteTable;
  readonly #lambda: Lambda;
  readonly #idp: IdentityProvider;
  readonly #activity: Activity;
  readonly #meter: Meter;
  readonly #now: () => number;
  readonly #accountId: string;

  constructor(options: {
    api: ApiDeclaration;
    lambda: Lambda;
    idp: IdentityProvider;
    activity: Activity;
    meter: Meter;
    now: () => number;
    accountId: string;
  }) {
    this.#api = options.api;
    this.#table = new RouteTable(options.api.routes);
    this.#lambda = options.lambda;
    this.#idp = options.idp;
    this.#activity = options.activity;
    this.#meter = options.meter;
    this.#now = options.now;
    this.#accountId = options.accountId;
  }

  /** Answers one request. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const leave = this.#activity.enter('http');
    try {
      for (const [name, value] of corsHeaders(this.#api.cors, request.headers.origin))
        response.setHeader(name, value);
      const body = await readBody(request, maxBodyBytes);
      if (body === undefined) {
        sendJson(response, 413, { message: 'Request Entity Too Large' }, { connection: 'close' });
        return;
      }
      await this.#answer(callOf(request, body), response);
      this.#meter.add(
        'httpApiRequests',
        httpApiRequests(body.length, Number(response.getHeader('content-length') ?? 0)),
      );
    } finally {
      leave();
    }
  }

  async #answer(call: IncomingCall, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    response.setHeader('apigw-requestid', requestId);
    if (call.method === 'OPTIONS' && this.#api.cors !== undefined && 'origin' in call.headers) {
      response.writeHead(204).end();
      return;
    }
    const match = this.#table.find(call.method, call.url.split('?')[0] ?? '/');
    if (match === undefined) return sendJson(response, 404, { message: 'Not Found' });
    const claims = await this.#claims(call, match);
    if (claims === 'unauthorized') {
      return sendJson(response, 401, { message: 'Unauthorized' }, { 'www-authenticate': 'Bearer' });
    }
    if (claims === 'forbidden') return sendJson(response, 403, { message: 'Forbidden' });
    const event = eventFor(call, match, {
      requestId,
      apiId: this.#api.id,
      accountId: this.#accountId,
      domainName: call.headers['host'] ?? 'localhost',
      now: this.#now(),
      claims,
    });
    const limit = { ms: match.route.timeoutMs, error: 'Integration.Timeout' };
    const result = await this.#lambda.invoke(match.route.functionArn, JSON.stringify(event), limit);
    if (!result.ok && result.error.errorType === 'RequestTooLargeException') {
      return sendJson(response, 413, { message: 'Request Entity Too Large' });
    }
    const answer = result.ok ? answerFor(result.payload) : undefined;
    if (answer === undefined) {
      const timedOut = !result.ok && result.error.errorType === 'Integration.Timeout';
      return sendJson(response, timedOut ? 503 : 500, {
        message: timedOut ? 'Service Unavailable' : 'Internal Server Error',
      });
    }
    response.statusCode = answer.status;
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    if (answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies);
    response.setHeader('content-length', answer.body.length);
    response.end(call.method === 'HEAD' ? undefined : answer.body);
  }

  async #claims(
    call: IncomingCall,
    { route }: RouteMatch,
  ): Promise<Record<string, unknown> | 'unauthorized' | 'forbidden' | undefined> {
    if (route.authorizer === undefined) return undefined;
    const token = call.headers['authorization']?.replace(/^Bearer\s+/i, '');
    if (token === undefined) return 'unauthorized';
    const { issuer, audience, scopes } = route.authorizer;
    const claims = await this.#idp.verify(token, issuer, audience);
    if (claims === undefined) return 'unauthorized';
    const scope = claims['scope'];
    const held = typeof scope === 'string' ? scope.split(' ') : [];
    return scopes.length === 0 || scopes.some((scope) => held.includes(scope)) ? claims : 'forbidden';
  }
}

function callOf(request: IncomingMessage, body: Buffer): IncomingCall {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (name !== 'cookie' && values !== undefined) headers[name] = values.join(',');
  }
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers,
    cookies: (request.headers.cookie ?? '').split(/;\s*/).filter((cookie) => cookie !== ''),
    body,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
  };
}

function corsHeaders(cors: CorsRules | undefined, origin: string | undefined): [string, string][] {
  if (cors === undefined || origin === undefined) return [];
  const any = cors.AllowOrigins.includes('*');
  if (!any && !cors.AllowOrigins.includes(origin)) return [];
  const headers: [string, string][] = [['access-control-allow-origin', any ? '*' : origin]];
  if (cors.AllowMethods.length > 0)
    headers.push(['access-control-allow-methods', cors.AllowMethods.join(',')]);
  if (cors.AllowHeaders.length > 0)
    headers.push(['access-control-allow-headers', cors.AllowHeaders.join(',')]);
  if (cors.ExposeHeaders.length > 0)
    headers.push(['access-control-expose-headers', cors.ExposeHeaders.join(',')]);
  if (cors.AllowCredentials) headers.push(['access-control-allow-credentials', 'true']);
  if (cors.MaxAge !== undefined) headers.push(['access-control-max-age', String(cors.MaxAge)]);
  return headers;
}
