import { z } from 'zod';
import type { RouteMatch } from './routes.ts';

/** A request as it came in, its body read. */
export type IncomingCall = {
  method: string;
  /** Path and query as sent. */
  url: string;
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
  sourceIp: string;
};

/** The event a Lambda function gets from an HTTP API, payload format version 2.0. */
export function eventFor(
  call: IncomingCall,
  match: RouteMatch,
  about: {
    requestId: string;
    apiId: string;
    accountId: string;
    domainName: string;
    /** Business time, epoch milliseconds. */
    now: number;
    claims: Record<string, unknown> | undefined;
  },
): Record<string, unknown> {
  const [path, query] = splitAt(call.url, '?');
  const isText = isTextual(call.headers['content-type']);
  const parameters = queryParameters(query);
  return {
    version: '2.0',
    routeKey: match.route.key,
    rawPath: path,
    rawQueryString: query,
    ...(call.cookies.length > 0 && { cookies: call.cookies }),
    headers: call.headers,
    ...(parameters !== undefined && { queryStringParameters: parameters }),
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    requestContext: {
      accountId: about.accountId,
      apiId: about.apiId,
      ...(about.claims !== undefined && {
        authorizer: { jwt: { claims: claimTexts(about.claims), scopes: null } },
      }),
      domainName: about.domainName,
      domainPrefix: about.domainName.split('.')[0],
      http: {
        method: call.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: call.sourceIp,
        userAgent: call.headers['user-agent'] ?? '',
      },
      requestId: about.requestId,
      routeKey: match.route.key,
      stage: '$default',
      time: clfTime(about.now),
      timeEpoch: about.now,
    },
    ...(call.body.length > 0 && { body: call.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: call.body.length > 0 && !isText,
  };
}

const Answer = z.looseObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown())]).nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

export type OutgoingAnswer = {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
};

/** The HTTP answer for what a function returned; undefined when it has no shape API Gateway understands (it answers 500). */
export function answerFor(payload: string): OutgoingAnswer | undefined {
  const returned: unknown = JSON.parse(payload);
  const inferred = typeof returned !== 'object' || returned === null || !('statusCode' in returned);
  if (inferred) {
    const text = typeof returned === 'string' ? returned : payload;
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(text),
    };
  }
  const parsed = Answer.safeParse(returned);
  if (!parsed.success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const text = typeof body === 'object' ? (body === null ? '' : JSON.stringify(body)) : String(body ?? '');
  const lower = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(lower) },
    cookies: cookies ?? [],
    body: Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

/** API Gateway hands every claim over as a text; a list becomes `[sales finance]`. */
function claimTexts(claims: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)]));
}

function claimText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? `[${value.join(' ')}]` : JSON.stringify(value);
}

/** Bodies of these types are handed over as text, all others as base64. */
function isTextual(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  return /^(text\/|application\/(json|xml|javascript|[\w.-]+\+(json|xml))\b)/i.test(contentType);
}

function queryParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined[name];
    joined[name] = before === undefined ? value : `${before},${value}`;
  }
  return joined;
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** `05/Dec/2011:08:26:00 +0000` */
function clfTime(epochMs: number): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
