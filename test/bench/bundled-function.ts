import { createRequire } from 'node:module';
import * as z from 'zod';
import type { OperationId } from '#shared/http/routes.ts';
import { bundleDirectory, type FunctionName } from '../../infra/functions.ts';
import { aCompany } from '../builders/company.ts';
import { httpEvent, lambdaContext, type RequestOptions } from '../builders/http-event.ts';

const root = new URL('../../', import.meta.url);
const Handler = z.object({
  handler: z.custom<(event: unknown, context: unknown) => Promise<unknown>>(
    (value) => typeof value === 'function',
  ),
});
const Answer = z.looseObject({ statusCode: z.int(), body: z.string().default('') });

/** The file of a function that would be uploaded, as `npm run bundle` writes it. */
export function bundleFile(name: FunctionName): string {
  return new URL(`${bundleDirectory(name)}/index.js`, root).pathname;
}

/** What Lambda would tell a function of its surroundings, with DynamoDB at `endpoint`. */
export function lambdaEnvironment(endpoint: string, tableName: string): Record<string, string> {
  return {
    TABLE_NAME: tableName,
    STAGE: 'bench',
    COMPANY: JSON.stringify(aCompany()),
    AWS_REGION: 'eu-west-2',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
  };
}

/** Loads functions from their bundles into this process, and calls them as Lambda does. */
export class BundledFunctions {
  readonly #handlers = new Map<FunctionName, z.infer<typeof Handler>['handler']>();

  constructor(environment: Readonly<Record<string, string>>) {
    Object.assign(process.env, environment);
  }

  async call(name: FunctionName, event: unknown): Promise<unknown> {
    const known = this.#handlers.get(name);
    const handler = known ?? load(name);
    this.#handlers.set(name, handler);
    return quietly(() => handler(event, lambdaContext));
  }

  /** An HTTP request. @throws Error when it is refused */
  async request(name: FunctionName, operationId: OperationId, options: RequestOptions): Promise<unknown> {
    const event = httpEvent(operationId, {
      as: { sub: 'admin-1', name: 'Ada', roles: ['admin'] },
      ...options,
    });
    const { statusCode, body } = Answer.parse(await this.call(name, event));
    if (statusCode >= 400) throw new Error(`${operationId}: ${statusCode} ${body}`);
    return JSON.parse(body);
  }
}

/** Functions log each request on standard output, where the bench's own report goes. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

/** Anew for each set of surroundings: a bundle reads them once, when it is loaded. */
function load(name: FunctionName) {
  const require = createRequire(import.meta.url);
  delete require.cache[require.resolve(bundleFile(name))];
  return Handler.parse(require(bundleFile(name))).handler;
}
