import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/** Stands before DynamoDB and counts the round trips that callers wait for. */
export type CallCounter = {
  readonly endpoint: string;
  /** Forgets what was counted so far. */
  reset(): void;
  /** All requests, and how many of them came one after another: those side by side count once. */
  counted(): { requests: number; inSequence: number };
  /** When the first request since the reset was answered, as `performance.now()` tells it. */
  firstAnswerAt(): Promise<number>;
  close(): Promise<void>;
};

/**
 * @param target address of the DynamoDB behind it
 * @param holdMs how long each answer is held back, so that requests made side by side meet here on a busy machine too
 */
export async function countCalls(target: string, holdMs = 0): Promise<CallCounter> {
  let requests = 0;
  let longestEnded = 0;
  let first = Promise.withResolvers<number>();

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const [{ status, headers, body }] = await Promise.all([forward(target, request), pause(holdMs)]);
    response.writeHead(status, headers).end(body);
  };
  const server = createServer((request, response) => {
    // One more than the longest chain of requests that had ended when this one came.
    const place = longestEnded + 1;
    requests++;
    answer(request, response).then(
      () => {
        longestEnded = Math.max(longestEnded, place);
        return first.resolve(performance.now());
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.keepAliveTimeout = 60_000;
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the counter has no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    reset() {
      requests = 0;
      longestEnded = 0;
      first = Promise.withResolvers<number>();
    },
    counted: () => ({ requests, inSequence: longestEnded }),
    firstAnswerAt: () => first.promise,
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

async function forward(target: string, request: IncomingMessage) {
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const answer = await fetch(`${target}${request.url ?? '/'}`, {
    method: request.method ?? 'POST',
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
    body: await buffer(request),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  const type = answer.headers.get('content-type') ?? 'application/x-amz-json-1.0';
  return {
    status: answer.status,
    headers: { 'content-type': type, 'content-length': String(body.length) },
    body,
  };
}
