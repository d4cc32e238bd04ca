import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, expect, it } from 'vitest';
import { documentRenderer } from '#shared/document/render-client.ts';
import { InvoiceId } from '#shared/kernel/ids.ts';

const id = InvoiceId.parse('inv_01k0000000000000000000000b');
const request = { kind: 'invoice', id, format: 'pdf' } as const;
const servers: (() => void)[] = [];
afterEach(() => {
  for (const stop of servers.splice(0)) stop();
});

/** Lambda, answering each call as told; gives what it was asked. */
async function lambdaThat(answer: { status?: number; headers?: Record<string, string>; body: unknown }) {
  const asked: { path: string | undefined; body: string }[] = [];
  const server = createServer((call, response) => {
    let body = '';
    call.on('data', (chunk) => {
      body += String(chunk);
    });
    call.on('end', () => {
      asked.push({ path: call.url, body });
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  servers.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? (address satisfies AddressInfo | null)?.port : undefined;
  const client = new LambdaClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return { render: documentRenderer('render', client), asked };
}

it('asks the function for the document and hands on what it answers', async () => {
  const file = { outcome: 'rendered', contentType: 'application/pdf', filename: 'a.pdf', base64: 'JVBERg==' };
  const { render, asked } = await lambdaThat({ body: file });
  expect(await render(request)).toEqual(file);
  expect(asked).toEqual([
    { path: '/2015-03-31/functions/render/invocations', body: JSON.stringify(request) },
  ]);
});

it('says which document could not be rendered and why', async () => {
  const { render } = await lambdaThat({
    headers: { 'x-amz-function-error': 'Unhandled' },
    body: { errorType: 'RangeError', errorMessage: 'there is no seller' },
  });
  await expect(render(request)).rejects.toThrow(
    `${id} could not be rendered as pdf: RangeError: there is no seller`,
  );
});

it('fails when Lambda does, and when an answer is not one of the function', async () => {
  const busy = await lambdaThat({
    status: 429,
    headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
    body: { message: 'Rate exceeded' },
  });
  await expect(busy.render(request)).rejects.toThrow('Rate exceeded');
  const strange = await lambdaThat({ body: {} });
  await expect(strange.render(request)).rejects.toThrow(/outcome/);
});
