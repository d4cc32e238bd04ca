import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../http/exchange.ts';
import type { Lambda } from '../lambda/lambda.ts';

const invocation = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/;

/** Lambda as the SDK's client speaks it (REST): calls that wait for their answer. */
export class LambdaApi {
  readonly #lambda: Lambda;

  constructor(lambda: Lambda) {
    this.#lambda = lambda;
  }

  /** The function that a request calls, by name or ARN; undefined when it is no call of this API. */
  functionIn(request: IncomingMessage): string | undefined {
    const name = invocation.exec(request.url ?? '')?.[1];
    return request.method === 'POST' && name !== undefined ? decodeURIComponent(name) : undefined;
  }

  /** Calls it. A function that fails is answered 200 with `X-Amz-Function-Error`, as by AWS. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    called: string,
    body: Buffer,
  ): Promise<void> {
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type !== 'RequestResponse') {
      const reason = `The local run does not emulate the invocation type ${String(type)}`;
      return refuse(response, 400, 'InvalidParameterValueException', reason);
    }
    if (this.#lambda.find(called) === undefined) {
      return refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${called}`);
    }
    const payload = body.length === 0 ? '{}' : body.toString();
    if (!isJson(payload)) {
      return refuse(
        response,
        400,
        'InvalidRequestContentException',
        'Could not parse request body into json',
      );
    }
    const result = await this.#lambda.invoke(called, payload);
    const headers = { 'x-amz-executed-version': '$LATEST' };
    if (result.ok) return sendJson(response, 200, JSON.parse(result.payload), headers);
    const { errorType, errorMessage, trace } = result.error;
    if (errorType === 'RequestTooLargeException') return refuse(response, 413, errorType, errorMessage);
    const failure = { errorType, errorMessage, ...(trace.length > 0 && { trace }) };
    sendJson(response, 200, failure, { ...headers, 'x-amz-function-error': 'Unhandled' });
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { Type: 'User', Message: message, message }, { 'x-amzn-errortype': code });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
