import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Contract } from './contract.ts';
import { errorFields, logLine } from './log-line.ts';
import { problemOf, problemResponse, refusalOf } from './problem.ts';
import type { HttpEvent } from './request.ts';

type Middleware = MiddlewareObj<HttpEvent, APIGatewayProxyStructuredResultV2>;
type Routes = ReadonlyMap<string, { readonly contract: Contract }>;

/** One line a request: what was asked by whom, and how it ended. */
export function accessLog(routes: Routes): Middleware {
  const log: Middleware['after'] = ({ event, response }) => {
    const context = event.requestContext;
    logLine('INFO', 'request', {
      operationId: routes.get(event.routeKey)?.contract.operationId ?? event.routeKey,
      status: response?.statusCode,
      requestId: context.requestId,
      ...('authorizer' in context && { caller: context.authorizer.jwt.claims['sub'] }),
    });
  };
  return { after: log, onError: log };
}

const everyResponse = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'referrer-policy': 'no-referrer',
};
/** Pages are whole in themselves: no scripts, nothing from elsewhere, forms only to ourselves. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/**
 * For a page whose form leads on to a payment provider: browsers hold the redirect after a form against `form-action`,
 * too. Where to it leads the operation alone decides.
 */
export const leadingPagePolicy = pagePolicy.replace("form-action 'self'", "form-action 'self' https:");
const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Headers for browsers. What the operation set itself stays. */
export function securityHeaders(): Middleware {
  const add: Middleware['after'] = ({ response }) => {
    if (!response) return;
    const isPage = String(response.headers?.['content-type'] ?? '').startsWith('text/html');
    response.headers = {
      ...everyResponse,
      'content-security-policy': isPage ? pagePolicy : dataPolicy,
      ...response.headers,
    };
  };
  return { after: add, onError: add };
}

/** Turns what was thrown into a problem. What nobody foresaw is logged with its stack, and told to nobody. */
export function problemDetails(routes: Routes): Middleware {
  return {
    onError: (request) => {
      const { event, error } = request;
      const { requestId } = event.requestContext;
      const refusal = refusalOf(error);
      const problem = problemOf(refusal, requestId);
      if (problem.status >= 500) {
        logLine(refusal ? 'WARN' : 'ERROR', problem.code, {
          requestId,
          routeKey: event.routeKey,
          ...errorFields(error),
        });
      }
      request.response = problemResponse(problem, routes.get(event.routeKey)?.contract.produces);
    },
  };
}
