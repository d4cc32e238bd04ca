import { createHash } from 'node:crypto';
import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { keys } from '../table/keys.ts';
import { type Action, ConditionFailed, type Table, TransactionConflict } from '../table/table.ts';

/** How long a key is remembered. Behind it stands a permanent business key, see ARCHITECTURE.md. */
const REMEMBERED_SECONDS = 30 * 24 * 60 * 60;

const Key = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters');

const KeyRecord = z.looseObject({
  hash: z.string(),
  resource: z.string(),
  /** What was answered, where the thing itself goes on changing. */
  answer: z.record(z.string(), z.unknown()).optional(),
});
/** What a key was used for: the request, by its hash, and the thing that came of it. */
export type KeyRecord = z.infer<typeof KeyRecord>;

/** The key of a request that must have one. @throws DomainError `idempotency_key_missing` */
export function idempotencyKeyOf(headers: Readonly<Record<string, string | undefined>>): string {
  const header = headers['idempotency-key'];
  if (!header) {
    throw new DomainError(
      'idempotency_key_missing',
      'Send an Idempotency-Key header, new for each thing you create and the same when you retry.',
    );
  }
  const key = Key.safeParse(header);
  if (key.success) return key.data;
  throw new DomainError('validation_failed', 'The Idempotency-Key header is not as it should be.', {
    issues: key.error.issues.map(({ message }) => ({ path: 'Idempotency-Key', message })),
  });
}

/** What makes two requests the same: method, path and body, in whatever order its fields were written. */
export function requestHash(method: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${canonical(body)}`)
    .digest('base64url');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The write that remembers a key was found to have been made before: the answer is known already. */
export class KeyUsed extends Error {
  readonly record: KeyRecord;

  constructor(record: KeyRecord) {
    super('this idempotency key was used before');
    this.name = 'KeyUsed';
    this.record = record;
  }
}

/** One use of a key by one caller. */
export type KeyUse = {
  readonly caller: string;
  readonly key: string;
  readonly hash: string;
  readonly at: Instant;
};

/**
 * The write that remembers what came of a key. It goes first into the transaction, so that a repetition is recognised
 * before any other condition is.
 */
export function rememberKey(
  { caller, key, hash, at }: KeyUse,
  resource: string,
  answer?: KeyRecord['answer'],
): Action {
  return {
    do: 'put',
    item: {
      ...keys.idempotency(caller, key),
      hash,
      resource,
      ...(answer && { answer }),
      ttl: Math.floor(Date.parse(at) / 1000) + REMEMBERED_SECONDS,
    },
    when: [{ attribute: 'PK', is: 'absent' }],
    refusal: (found) => (found ? new KeyUsed(KeyRecord.parse(found)) : requestInFlight()),
  };
}

/**
 * What the same key was used for before, if at all.
 * @throws DomainError `idempotency_key_reused` when it was for another request
 */
export async function recallKey(table: Table, { caller, key, hash }: KeyUse): Promise<KeyRecord | undefined> {
  const item = await table.get(keys.idempotency(caller, key), { consistent: true });
  return item && sameRequest(KeyRecord.parse(item), hash);
}

/** @throws DomainError `idempotency_key_reused` when `record` is of another request */
export function sameRequest(record: KeyRecord, hash: string): KeyRecord {
  if (record.hash === hash) return record;
  throw new DomainError(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another request. Use a new key for a new thing.',
  );
}

/** The refusal while the first request of the same key is not done yet. */
export const requestInFlight = () =>
  new DomainError(
    'request_in_flight',
    'The first request with this Idempotency-Key is still under way. Try again shortly.',
  );

/** Whether another request with the same key is being carried out, or was done this very moment. */
export async function isInFlight(table: Table, { caller, key }: KeyUse): Promise<boolean> {
  try {
    await table.transact([
      { do: 'check', key: keys.idempotency(caller, key), when: [{ attribute: 'PK', is: 'absent' }] },
    ]);
    return false;
  } catch (error) {
    if (error instanceof TransactionConflict || error instanceof ConditionFailed) return true;
    throw error;
  }
}
