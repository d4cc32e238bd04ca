import { DomainError } from '../kernel/errors.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { type Allocation, MAX_ALLOCATIONS } from '../payment/payment.ts';
import type { RemittanceAdvice } from './remittance-advice.ts';

/** Money that is said to be what an advice told of. `amount` in minor units. */
type FollowingMoney = {
  readonly customerId: CustomerId;
  readonly currency: Currency;
  readonly amount: number;
};

/**
 * What money that follows an advice settles: what the payer said of each invoice.
 * @throws DomainError `remittance_not_found` (also where it is another customer's), `remittance_not_open`,
 * `currency_mismatch`, `validation_failed` when the money is less than the advice, or that names more invoices than one
 * payment settles
 */
export function allocationsOf(
  advice: RemittanceAdvice | undefined,
  { customerId, currency, amount }: FollowingMoney,
): Allocation[] {
  const issue = (path: string, message: string) => ({ issues: [{ path, message }] });
  if (!advice || advice.customerId !== customerId) {
    const detail = 'The customer has sent no such remittance advice.';
    throw new DomainError(
      'remittance_not_found',
      detail,
      issue('adviceId', 'names no advice of the customer'),
    );
  }
  if (advice.status !== 'open') {
    throw new DomainError(
      'remittance_not_open',
      advice.status === 'used'
        ? `Payment ${advice.paymentId} followed this advice already. Leave adviceId out, and say what this one settles.`
        : 'The advice was withdrawn. Leave adviceId out, and say what the payment settles.',
      issue('adviceId', `is ${advice.status}`),
    );
  }
  if (advice.currency !== currency) {
    const detail = `The advice is in ${advice.currency}.`;
    throw new DomainError('currency_mismatch', detail, issue('currency', `must be ${advice.currency}`));
  }
  if (amount < advice.total) {
    throw new DomainError(
      'validation_failed',
      'Less came in than the advice tells of. Say in allocations what it settles, and leave adviceId out.',
      issue('amount', `must be ${advice.total} or more`),
    );
  }
  if (advice.invoices.length > MAX_ALLOCATIONS) {
    throw new DomainError(
      'validation_failed',
      `The advice names more than ${MAX_ALLOCATIONS} invoices. Leave adviceId out, allocate the first, then the rest.`,
      issue('adviceId', `names ${advice.invoices.length} invoices, more than ${MAX_ALLOCATIONS}`),
    );
  }
  return advice.invoices.map(({ invoiceId, amount: paid, discount }) => ({
    invoiceId,
    amount: paid,
    ...(discount !== undefined && { discount }),
  }));
}
