import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { codeOf, LocalRunError } from '../errors.ts';

/** The body of a request; undefined when it is larger than allowed (the rest is not kept). */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes <= maxBytes) chunks.push(part);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  send(response, status, 'application/json', JSON.stringify(body), headers);
}

export function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** A server on this machine only, whose handler's failures are answered 500. */
export function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  report: (line: string) => void,
): Server {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // The caller has hung up: nobody is there to be told.
      if (request.errored !== null || response.destroyed) return;
      report(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
      if (!response.headersSent) sendJson(response, 500, { message: 'Internal Server Error' });
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

/** Listens on 127.0.0.1. @returns the port
 * @throws LocalRunError when the port is taken */
export async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  try {
    await promise;
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') {
      throw new LocalRunError(
        `Port ${port} is in use: stop what listens there, or start with --port and another number`,
      );
    }
    if (codeOf(error) === 'EACCES')
      throw new LocalRunError(`Port ${port} needs more rights: start with --port and a number over 1023`);
    throw error;
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Stops listening and drops every connection. */
export async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  if (!server.listening) resolve();
  await promise;
}
