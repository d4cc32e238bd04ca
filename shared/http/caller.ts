import * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { CustomerId } from '../kernel/ids.ts';
import { type Role, roles } from './roles.ts';

/** Who calls. `customerId` only where the token is bound to a customer. */
export type Caller = {
  readonly id: string;
  /** For people to read in timelines: their name, mail address or, failing both, their id. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly customerId?: CustomerId;
};

/** Whoever calls a route that needs no token. */
export const anyone: Caller = { id: 'public', name: 'public', roles: [] };

/** Names longer than this are cut, so that every fact can carry one. */
const NAME_LENGTH = 128;

const Claims = z.looseObject({
  sub: z.string().min(1),
  name: z.string().min(1).optional(),
  email: z.string().min(1).optional(),
  'cognito:groups': z.union([z.string(), z.array(z.string())]).optional(),
  'custom:customer_id': z.string().min(1).optional(),
});

/**
 * The caller a token's claims tell of. Groups that are no roles of this API are passed over.
 * @throws DomainError `forbidden` for a customer's token that names no customer
 */
export function callerOf(claims: unknown): Caller {
  const parsed = Claims.safeParse(claims);
  if (!parsed.success)
    throw new DomainError('unauthorized', 'The token does not say who you are. Sign in again.');
  const { sub, name, email } = parsed.data;
  const caller = {
    id: sub,
    name: (name ?? email ?? sub).slice(0, NAME_LENGTH),
    roles: rolesOf(parsed.data['cognito:groups']),
  };
  const customerId = CustomerId.safeParse(parsed.data['custom:customer_id']);
  if (customerId.success) return { ...caller, customerId: customerId.data };
  if (caller.roles.includes('customer') && !isStaff(caller)) {
    throw new DomainError('forbidden', 'Your account is not linked to a customer yet. Ask sales to link it.');
  }
  return caller;
}

/** API Gateway hands an array claim to the function as the text `[sales finance]`. */
function rolesOf(groups: string | readonly string[] = []): Role[] {
  const names = typeof groups === 'string' ? groups.replace(/^\[|\]$/g, '').split(/[\s,]+/) : groups;
  return roles.filter((role) => names.includes(role));
}

/** Whether the caller works for the company, whatever else it is. */
export function isStaff(caller: Caller): boolean {
  return caller.roles.some((role) => role !== 'customer');
}

/**
 * Lets staff pass, and customers to what is theirs. Others are told that it does not exist, not that it is
 * someone else's.
 * @throws DomainError what `notFound` makes
 */
export function assertOwn(caller: Caller, customerId: string, notFound: () => DomainError): void {
  if (!isStaff(caller) && caller.customerId !== customerId) throw notFound();
}

/** @throws DomainError `forbidden` when the caller has none of `allowed` */
export function assertRole(caller: Caller, allowed: readonly Role[]): void {
  if (!caller.roles.some((role) => allowed.includes(role))) {
    throw new DomainError('forbidden', `This needs one of these roles: ${allowed.join(', ')}.`);
  }
}

/**
 * The customer a list is about: a customer's own, or the one staff ask for.
 * @throws DomainError `validation_failed` when staff name none
 */
export function listedCustomer(
  caller: Caller,
  asked: CustomerId | undefined,
  notFound: () => DomainError,
): CustomerId {
  const customerId = asked ?? (isStaff(caller) ? undefined : caller.customerId);
  if (!customerId) {
    throw new DomainError(
      'validation_failed',
      'Say whose list you want: add the query parameter customerId.',
      {
        issues: [{ path: 'customerId', message: 'is required for staff' }],
      },
    );
  }
  assertOwn(caller, customerId, notFound);
  return customerId;
}
