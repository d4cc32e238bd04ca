import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { MeteringProxy } from '../dynamodb/metering-proxy.ts';
import { readBody, send, sendJson } from '../http/exchange.ts';
import { nameIn } from '../template/attributes.ts';
import { StatesApiError } from '../workflows/executions.ts';
import type { LambdaApi } from './lambda-api.ts';
import type { ObjectStore } from './s3.ts';
import type { EmailService } from './ses.ts';

/** A refusal of an emulated service; `name` is the code the SDK sees. */
export class AwsError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** One operation of an emulated service: JSON in, JSON out. */
export type Operation = (input: unknown) => unknown;

/**
 * What the AWS SDKs of the functions talk to. The service is told by the request itself: `X-Amz-Target` for the JSON
 * protocols, the path for Lambda and for S3, a form for SES. Nothing here waits for a signature to be right; the access key says which function calls.
 */
export class AwsEndpoint {
  readonly #proxy: MeteringProxy;
  readonly #email: EmailService;
  readonly #lambda: LambdaApi;
  readonly #objects: ObjectStore;
  readonly #operations: Map<string, Operation>;

  /** @param operations by target, `AWSEvents.PutEvents` */
  constructor(
    proxy: MeteringProxy,
    email: EmailService,
    lambda: LambdaApi,
    objects: ObjectStore,
    operations: Record<string, Operation>,
  ) {
    this.#proxy = proxy;
    this.#email = email;
    this.#lambda = lambda;
    this.#objects = objects;
    this.#operations = new Map(Object.entries(operations));
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const object = this.#objects.objectIn(request);
    if (object !== undefined) return this.#objects.handle(request, response, object);
    const body = (await readBody(request, 64 * 1024 * 1024)) ?? Buffer.alloc(0);
    const called = this.#lambda.functionIn(request);
    if (called !== undefined) return this.#lambda.handle(request, response, called, body);
    const target = request.headers['x-amz-target'];
    if (typeof target !== 'string')
      return this.#email.handle(new URLSearchParams(body.toString()), response, callerOf(request));
    if (target.startsWith('DynamoDB_')) return this.#askTable(request, response, target, body);
    const operation = this.#operations.get(target);
    if (operation === undefined) {
      return refuse(response, 'UnknownOperationException', `The local run does not emulate ${target}`);
    }
    try {
      sendJson(response, 200, operation(JSON.parse(body.toString() || '{}')));
    } catch (error) {
      if (error instanceof AwsError || error instanceof StatesApiError)
        refuse(response, error.name, error.message);
      else if (error instanceof z.ZodError) refuse(response, 'ValidationException', z.prettifyError(error));
      else throw error;
    }
  }

  async #askTable(
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
    body: Buffer,
  ): Promise<void> {
    const answer = await this.#proxy.forward(callerOf(request), target, body).catch(() => undefined);
    // Out of reach for a moment: the SDK tries again, as it does on AWS.
    if (answer === undefined)
      return sendJson(response, 500, { __type: 'InternalServerError', message: 'DynamoDB is out of reach' });
    send(response, answer.status, 'application/x-amz-json-1.0', answer.body, {
      'x-amzn-requestid': answer.requestId,
      'x-amz-crc32': String(crc32(answer.body)),
    });
  }
}

function refuse(response: ServerResponse, code: string, message: string): void {
  sendJson(response, 400, { __type: code, message, Message: message }, { 'x-amzn-errortype': code });
}

/** The function a request comes from: functions are given their name as access key. */
function callerOf(request: IncomingMessage): string {
  return nameIn(/Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? 'unknown');
}
