import { CustomerId } from '../kernel/ids.ts';
import { CalendarDate } from '../kernel/time.ts';
import { readSignedToken, signedToken } from '../payment/signature.ts';

/**
 * The address of a customer's payer portal: whoever has it sees and pays what that customer owes, through the day
 * `until`.
 * @param publicUrl where the API answers
 * @param secret see `signing-secret.ts`
 */
export function portalLink(
  publicUrl: string,
  secret: string,
  { customerId, until }: { customerId: CustomerId; until: CalendarDate },
): string {
  const token = signedToken('payer-portal', secret, `${customerId}.${until}`);
  return new URL(`/portal/${token}`, publicUrl).href;
}

/** Whose portal a token opens, and the last day that it does; undefined when we did not sign it. */
export function readPortalToken(
  secret: string,
  token: string,
): { customerId: CustomerId; until: CalendarDate } | undefined {
  const [customer, day] = (readSignedToken('payer-portal', secret, token) ?? '').split('.');
  const customerId = CustomerId.safeParse(customer);
  const until = CalendarDate.safeParse(day);
  return customerId.success && until.success ? { customerId: customerId.data, until: until.data } : undefined;
}
