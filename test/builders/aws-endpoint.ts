import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

/** What an AWS service answers; `hang up` breaks the connection once the request is there. */
export type Reply = { status: number; body: string } | 'hang up';

export type AwsEndpoint = {
  /** Settings for an SDK client that talks to it. */
  readonly config: {
    region: string;
    endpoint: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  /** Bodies of the requests so far. */
  readonly requests: string[];
  close(): Promise<void>;
};

/** An AWS service on this machine that answers with `replies` one after the other, until the test is over. */
export async function awsEndpoint(...replies: Reply[]): Promise<AwsEndpoint> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      requests.push(Buffer.concat(parts).toString());
      const reply = replies[requests.length - 1] ?? 'hang up';
      if (reply === 'hang up') request.socket.destroy();
      else response.writeHead(reply.status).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    config: {
      region: 'eu-west-2',
      endpoint: `http://127.0.0.1:${address.port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    requests,
    close,
  };
}
