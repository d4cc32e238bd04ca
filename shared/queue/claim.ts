import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { Instant, instant } from '../kernel/time.ts';

/** Who works on an entry of a queue, and until when others leave it to them. */
export const Claim = z.object({
  by: z.string(),
  byId: z.string(),
  at: Instant,
  until: Instant,
});
export type Claim = z.infer<typeof Claim>;

type Claimant = { readonly by: string; readonly byId: string };

/**
 * The claim that `claimant` lays on an entry for `minutes`; renews their own.
 * @param before the claim on it so far, which may have run out
 * @param takeOver why someone else's is taken over, where it is
 * @throws DomainError `claimed_by_other`
 */
export function layClaim(
  before: Claim | undefined,
  { by, byId }: Claimant,
  minutes: number,
  at: Instant,
  takeOver?: string,
): Claim {
  if (takeOver === undefined) refuseClaimed(before, byId, at);
  return { by, byId, at, until: instant(Date.parse(at) + minutes * 60_000) };
}

/** @throws DomainError `claimed_by_other` where someone else has it, and their time is not over */
export function refuseClaimed(claim: Claim | undefined, byId: string, at: Instant): void {
  if (!claim || claim.byId === byId || claim.until <= at) return;
  throw new DomainError(
    'claimed_by_other',
    `${claim.by} works on it until ${claim.until}. Ask them, or take it over with a reason.`,
  );
}
