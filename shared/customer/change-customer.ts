import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Customer, CustomerInput } from './customer.ts';
import { isTaxId } from './tax-id.ts';

/**
 * The customer that `input` makes of `before`, which is missing for a new one.
 * @returns undefined when it says what is known already
 * @throws DomainError `validation_failed` on another currency: what a customer owes is kept in the one it began with;
 *   on invoices by Peppol for a customer without a Peppol id; and on a new VAT id that can be none
 */
export function changeCustomer(
  before: Customer | undefined,
  customerId: CustomerId,
  input: CustomerInput,
): Customer | undefined {
  if (input.invoiceDelivery?.by === 'peppol' && !input.peppolId) {
    throw new DomainError('validation_failed', 'Invoices go by Peppol to a Peppol id: say which one.', {
      issues: [{ path: 'peppolId', message: 'is required for invoiceDelivery.by peppol' }],
    });
  }
  if (
    input.vatId !== undefined &&
    input.vatId !== before?.vatId &&
    !isTaxId(input.vatId, input.address.country)
  ) {
    throw new DomainError('validation_failed', 'The VAT id is none: its format or check digits are wrong.', {
      issues: [{ path: 'vatId', message: 'is no VAT id of its country' }],
    });
  }
  if (!before) return { ...input, customerId, version: 1 };
  if (before.currency !== input.currency) {
    throw new DomainError(
      'validation_failed',
      `The account is kept in ${before.currency}. Use another customer id for ${input.currency}.`,
      {
        issues: [{ path: 'currency', message: `must stay ${before.currency}` }],
      },
    );
  }
  const next = { ...input, customerId, version: before.version };
  return isDeepStrictEqual(next, before) ? undefined : { ...next, version: before.version + 1 };
}
