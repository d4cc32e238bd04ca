import { Agent, request } from 'node:http';
import { Agent as HttpsAgent, request as secureRequest } from 'node:https';
import { z } from 'zod';
import { LocalRunError } from '../errors.ts';

/** An answer of DynamoDB as it came. */
export type RawAnswer = { status: number; requestId: string; body: Buffer };

const Fault = z.object({
  __type: z.string().default('Unknown'),
  message: z.string().default(''),
  Message: z.string().default(''),
});

/** An error DynamoDB answered with; `name` is its code, `ResourceNotFoundException`. */
export class DynamoDbError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** The wire to DynamoDB (dynoxide, or what DYNAMODB_ENDPOINT names), over connections that stay open. */
export class DynamoDbClient {
  readonly #endpoint: URL;
  readonly #agent: Agent;

  constructor(endpoint: string) {
    this.#endpoint = new URL(endpoint);
    this.#agent =
      this.#endpoint.protocol === 'https:'
        ? new HttpsAgent({ keepAlive: true })
        : new Agent({ keepAlive: true });
  }

  /** Sends a request as it is. DynamoDB Local keeps one database per access key, so all callers use the same. */
  send(target: string, body: Buffer | string): Promise<RawAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
    const open = this.#endpoint.protocol === 'https:' ? secureRequest : request;
    const sent = open(this.#endpoint, {
      method: 'POST',
      agent: this.#agent,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': target,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=local',
      },
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const requestId = response.headers['x-amzn-requestid'];
        resolve({
          status: response.statusCode ?? 500,
          requestId: typeof requestId === 'string' ? requestId : '',
          body: Buffer.concat(chunks),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
    return promise;
  }

  /**
   * Calls one operation and reads its answer.
   * @param target `DynamoDB_20120810.DescribeTable`
   * @throws DynamoDbError when DynamoDB refuses
   */
  async call<T>(target: string, input: unknown, output: z.ZodType<T>): Promise<T> {
    const answer = await this.send(target, JSON.stringify(input));
    const body: unknown = JSON.parse(answer.body.toString());
    if (answer.status !== 200) {
      const fault = Fault.parse(body);
      throw new DynamoDbError(fault.__type.split('#').at(-1) ?? fault.__type, fault.message || fault.Message);
    }
    return output.parse(body);
  }

  /** Waits until it answers.
   * @throws LocalRunError after ten seconds of silence */
  async ready(): Promise<void> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      try {
        await this.call('DynamoDB_20120810.ListTables', {}, z.unknown());
        return;
      } catch (error) {
        if (Date.now() > deadline)
          throw new LocalRunError(`DynamoDB does not answer at ${this.#endpoint.href}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  stop(): void {
    this.#agent.destroy();
  }
}
