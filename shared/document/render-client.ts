import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { Rendered, type RenderRequest } from './render-request.ts';

/** Has a document rendered. @throws Error when the function failed or can't be reached */
export type RenderDocument = (request: RenderRequest) => Promise<Rendered>;

const FunctionError = z.looseObject({ errorType: z.string(), errorMessage: z.string() });

/**
 * Rendering in a function of its own: those that answer the API load neither PDF nor XML code and start the faster.
 * Rendering changes nothing, so that a second attempt is safe.
 * @param functionName name or ARN of `render-document`
 */
export function documentRenderer(
  functionName: string,
  client = new LambdaClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 20_000 },
  }),
): RenderDocument {
  return async (request) => {
    const { FunctionError: failed, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) }),
    );
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
    if (failed === undefined) return Rendered.parse(answer);
    const error = FunctionError.safeParse(answer);
    const reason = error.success ? `${error.data.errorType}: ${error.data.errorMessage}` : failed;
    throw new Error(`${request.id} could not be rendered as ${request.format}: ${reason}`);
  };
}
