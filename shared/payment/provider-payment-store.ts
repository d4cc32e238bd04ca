import * as z from 'zod';
import { loadOpenItem, loadOpenItems } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { newId, PaymentId } from '../kernel/ids.ts';
import { commit, onFreshRead, versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { paymentActions } from './payment-store.ts';
import type { SucceededPayment } from './provider.ts';
import { allocateShares, allocateTo, type Recording, recordPayment } from './record-payment.ts';

/** Each try loses only to another payment of the same invoice that got through. */
const TRIES = 6;

const Reference = z.looseObject({ paymentId: PaymentId });

/**
 * Records money a provider collected, once for ever: its own payment id is a permanent key, claimed in the same
 * transaction. As much as is owed goes to the invoice, or to each of several as the payer chose; the rest stays on the customer's account.
 * @param provider name of the provider
 * @returns the payment, and whether it was there already
 * @throws DomainError `invoice_not_found`, `currency_mismatch`, or `version_conflict` and `table_busy` when many others
 * pay at once: the provider should send the event again
 */
export function recordProviderPayment(
  table: Table,
  provider: string,
  event: SucceededPayment,
  moment: Omit<Recording, 'paymentId'>,
): Promise<{ paymentId: PaymentId; repeated: boolean }> {
  const { providerPaymentId, invoiceId, amount, currency, invoices } = event;
  return onFreshRead(async () => {
    const [known, item, others] = await Promise.all([
      table.get(keys.paymentReference(provider, providerPaymentId), { consistent: true }),
      loadOpenItem(table, invoiceId),
      loadOpenItems(table, invoices?.slice(1).map((share) => share.invoiceId) ?? []),
    ]);
    if (known) return { paymentId: Reference.parse(known).paymentId, repeated: true };
    if (!item) throw new DomainError('invoice_not_found', `There is no invoice ${invoiceId} to be paid.`);
    const { customerId } = item;
    const items = [item, ...others];
    const paymentId = newId('pay', moment.at);
    const recorded = recordPayment(
      {
        customerId,
        method: 'card',
        currency,
        amount,
        reference: providerPaymentId,
        allocations: invoices ? allocateShares(items, invoices, amount) : allocateTo(item, amount),
      },
      item,
      items,
      { ...moment, paymentId },
    );
    await commit(table, [claim(provider, providerPaymentId, paymentId), ...paymentActions(recorded)]);
    return { paymentId, repeated: false };
  }, TRIES);
}

/** Lost to another delivery of the same event: the fresh read then finds its payment. */
function claim(provider: string, providerPaymentId: string, paymentId: PaymentId): Action {
  return {
    do: 'put',
    item: { ...keys.paymentReference(provider, providerPaymentId), paymentId },
    when: [{ attribute: 'PK', is: 'absent' }],
    refusal: versionConflict('payment'),
  };
}
