import type * as z from 'zod';
import type { ErrorCode } from '../kernel/errors.ts';
import type { DocumentFormat } from './document-format.ts';
import type { OperationId } from './routes.ts';

/** Media types of text, besides pages. */
export type TextType = 'text/csv' | 'text/plain' | 'application/xml';

/**
 * What an operation takes and gives, for the code that serves it and the OpenAPI document alike. Its method, path
 * and roles stand in the route list.
 */
export type Contract = {
  readonly operationId: OperationId;
  /** A sentence or two for the documentation, beyond the route's summary. */
  readonly description?: string;
  readonly params?: z.ZodType<Record<string, unknown>>;
  readonly query?: z.ZodType<Record<string, unknown>>;
  readonly body?: z.ZodType;
  /**
   * How the body is written: JSON unless said otherwise. `raw` is handed over as text, for signatures; `file` as bytes of
   * up to 5 MB, without a schema.
   */
  readonly accepts?: 'json' | 'form' | 'raw' | 'file';
  readonly status: 200 | 201 | 202 | 303;
  /** A second status of success: 200 where a PUT may also change what is there. */
  readonly alsoStatus?: 200 | 201;
  readonly response?: z.ZodType;
  /**
   * What the answer is: JSON unless said otherwise. Problems of pages are pages too. A list says in which forms a
   * document comes, by `Accept`; the response schema is that of its JSON.
   */
  readonly produces?: 'json' | 'html' | readonly DocumentFormat[];
  /** Media types of text that may come instead of JSON where the query asks for it: for spreadsheets and bookkeeping. */
  readonly texts?: readonly TextType[];
  /** Whether an `Idempotency-Key` is required: every POST that creates something. */
  readonly idempotent?: boolean;
  /** Whether it answers with an `ETag` and, where it changes something, honours `If-Match`. */
  readonly versioned?: boolean;
  /** Codes it may refuse with, besides those any operation may. */
  readonly problems?: readonly ErrorCode[];
  /** For the documentation; a test checks them against the schemas. */
  readonly example?: { readonly body?: unknown; readonly response?: unknown };
};

/** Keeps the literal types of a contract. */
export function contract<const C extends Contract>(definition: C): C {
  return definition;
}

/** What tells caches that the answer depends on `Accept`, where it does. */
export function varyOf(produces: Contract['produces']): Record<string, string> {
  return typeof produces === 'object' ? { vary: 'Accept' } : {};
}
