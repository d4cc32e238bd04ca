import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Currency } from '../kernel/money.ts';
import { CalendarDate } from '../kernel/time.ts';
import type { BankStatement } from './bank-line.ts';
import { Carried } from './reconcile.ts';

/**
 * What bank and books of a currency came to at the end of a closed month. The books of such a month never change; what
 * the bank says of it does, when a line is decided or undone or a statement comes in late. So it holds only as long as the
 * statements until then have the fingerprint that it was reckoned by.
 */
export const Checkpoint = z.strictObject({
  currency: Currency,
  on: CalendarDate,
  fingerprint: z.string(),
  carried: Carried,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** An item of the table holds 400 KB. A month with more that is open than this is read again each time. */
const MAX_BYTES = 300_000;

/** Which statements there are, how far each is worked, and how often a line of it was changed since. In any order. */
export function fingerprintOf(statements: readonly BankStatement[]): string {
  const states = statements.map(
    ({ bankStatementId, done, changed = 0 }) => `${bankStatementId} ${done} ${changed}`,
  );
  return createHash('sha256').update(states.toSorted().join('\n')).digest('hex');
}

/**
 * The checkpoint of what was reckoned from `statements`, all that ended by `on`; none where lines of one are still to come
 * or do not come to what it says, or where more is open than an item holds.
 * @param stored what the lines of each come to that are stored
 */
export function checkpointOf(
  { on, currency, carried }: Omit<Checkpoint, 'fingerprint'>,
  statements: readonly BankStatement[],
  stored: ReadonlyMap<string, number>,
): Checkpoint | undefined {
  const whole = statements.every(
    ({ bankStatementId, status, sum }) => status === 'imported' && (stored.get(bankStatementId) ?? 0) === sum,
  );
  if (!whole || Buffer.byteLength(JSON.stringify(carried)) > MAX_BYTES) return undefined;
  return { currency, on, fingerprint: fingerprintOf(statements), carried };
}
