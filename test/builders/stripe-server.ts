import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dataFolder } from './data-folder.ts';

type StripeObject = Record<string, unknown>;

const file = `${dataFolder}/stripe/fixtures3.json`;
/** Stripe's own examples of its objects, where the data is there. */
export const hasStripeFixtures = existsSync(file);

/** Stripe's example of an object of this kind, with what differs. */
export function stripeObject(kind: string, overrides: StripeObject = {}): StripeObject {
  const { resources } = JSON.parse(readFileSync(file, 'utf8'));
  return { ...resources[kind], ...overrides };
}

export type StripeRequest = {
  readonly method: string;
  readonly path: string;
  readonly form: Record<string, string>;
  readonly idempotencyKey: string | undefined;
};

type Answer = StripeObject | undefined;

/**
 * A server on this machine that answers as Stripe does, with what `answer` says to a request: 500 where it says nothing,
 * 400 where it says an error.
 */
export async function stripeServer(answer: (request: StripeRequest) => Answer | Promise<Answer>) {
  const requests: StripeRequest[] = [];
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = {
      method: incoming.method ?? '',
      path: (incoming.url ?? '').split('?')[0] ?? '',
      form: Object.fromEntries(new URLSearchParams(await bodyOf(incoming))),
      idempotencyKey: incoming.headers['idempotency-key']?.toString(),
    };
    requests.push(request);
    const object = await answer(request);
    response.writeHead(object ? ('error' in object ? 400 : 200) : 500, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(object ?? { error: { type: 'api_error', message: 'down' } }));
  };
  const server = createServer((incoming, response) => void serve(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  return body;
}
