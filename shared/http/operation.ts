import type * as z from 'zod';
import type { Instant } from '../kernel/time.ts';
import type { Action } from '../table/table.ts';
import type { Caller } from './caller.ts';
import type { Contract, TextType } from './contract.ts';
import type { KeyRecord } from './idempotency.ts';
import { parseInput } from './problem.ts';

/** One request to the operation of contract `C`, checked and parsed. */
export type Call<C extends Contract = Contract> = {
  readonly params: Parsed<C['params']>;
  readonly query: Parsed<C['query']>;
  readonly body: Parsed<C['body']>;
  /** The body as it was sent, for signatures. */
  readonly rawBody: string;
  /** The bytes of the body where the contract accepts a file, else none. */
  readonly file: Uint8Array;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly caller: Caller;
  /** When the gateway received it. */
  readonly at: Instant;
  /**
   * The write that remembers what came of the request's idempotency key: put it first into the transaction. Where the
   * key was used before, its refusal makes the chain answer by `replay`. Only for idempotent contracts.
   * @param resourceId what `replay` needs to find it again
   * @param answer what is answered, if `replay` can't make it of what does not change. Keep it small.
   */
  readonly remember: (resourceId: string, answer?: Readonly<Record<string, unknown>>) => Action;
  /** The version the caller wants to change, from `If-Match`. */
  readonly ifMatch?: number;
};

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A file to show or keep: its bytes in base64, as API Gateway takes them. */
type AnsweredFile = {
  readonly contentType: string;
  readonly filename: string;
  readonly base64: string;
};

/** What an operation answers. */
export type Answer = {
  /** The contract's status when left out. */
  readonly status?: number;
  readonly body?: unknown;
  /** A page, instead of a JSON body. */
  readonly html?: string;
  /** A file, instead of a JSON body. */
  readonly file?: AnsweredFile;
  /** Text of one of the contract's `texts`, instead of a JSON body. */
  readonly text?: { readonly contentType: TextType; readonly content: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as the `ETag`. */
  readonly version?: number;
};

/** What of a request is not parsed by the contract's schemas. */
export type Request = Omit<Call, 'params' | 'query' | 'body'>;
export type RawInput = { readonly params: unknown; readonly query: unknown; readonly body: unknown };

/** A contract and the code that serves it, ready for {@link httpFunction}. */
export type Operation = {
  readonly contract: Contract;
  /** Parses the input, then runs or replays. @throws DomainError `validation_failed` and what the operation refuses */
  readonly serve: (
    request: Request,
    input: RawInput,
    replayed?: Pick<KeyRecord, 'resource' | 'answer'>,
  ) => Promise<Answer>;
};

type Run<C extends Contract> = (call: Call<C>) => Promise<Answer>;
type Replay<C extends Contract> = {
  /**
   * Answers as the first call did, from data that no longer changes.
   * @param resourceId what the first call gave to `remember`
   * @param answer likewise, where it gave one
   */
  readonly replay: (resourceId: string, call: Call<C>, answer: KeyRecord['answer']) => Promise<Answer>;
};

/** Joins a contract with the code that serves it. An idempotent one must say how to answer a repetition. */
export function operation<const C extends Contract & { readonly idempotent: true }>(
  contract: C,
  run: Run<C>,
  options: Replay<C>,
): Operation;
export function operation<const C extends Contract & { readonly idempotent?: false }>(
  contract: C,
  run: Run<C>,
): Operation;
export function operation<const C extends Contract>(
  contract: C,
  run: Run<C>,
  options?: Replay<C>,
): Operation {
  const schemas: Pick<C, 'params' | 'query' | 'body'> = contract;
  return {
    contract,
    serve: (request, input, replayed) => {
      const call: Call<C> = {
        ...request,
        params: parsed<C['params']>(schemas.params, input.params, 'path'),
        query: parsed<C['query']>(schemas.query, input.query, 'query'),
        body: parsed<C['body']>(schemas.body, input.body, 'body'),
      };
      if (replayed === undefined) return run(call);
      if (!options) throw new Error(`${contract.operationId} can't be replayed`);
      return options.replay(replayed.resource, call, replayed.answer);
    },
  };
}

/** What the contract's schema gives, and undefined where it has none; the compiler can't follow a type that depends on a value. */
function parsed<S extends z.ZodType | undefined>(
  schema: S | undefined,
  input: unknown,
  what: string,
): Parsed<S> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (schema && parseInput(schema, input, what)) as Parsed<S>;
}
