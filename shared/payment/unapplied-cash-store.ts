import * as z from 'zod';
import { loadOwedBy } from '../invoice/owed-store.ts';
import { CustomerId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { matchingPolicy } from '../matching/matching-policy.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { queuePartition } from '../table/keys.ts';
import { queryAll, queryQueue } from '../table/query-all.ts';
import type { Table } from '../table/table.ts';
import { loadPayments } from './payment-store.ts';
import { proposeAllocations } from './propose-allocations.ts';
import type { UnappliedCash } from './unapplied-cash-api.ts';

const Due = z.object({ customerId: CustomerId, currency: Currency, amount: Minor, number: z.string() });

/** Money that waits to be used, longest waiting first: a query for each shard of the queue. Credit notes wait elsewhere. */
export async function listUnappliedCash(table: Table): Promise<UnappliedCash[]> {
  const waiting = await queryQueue(table, 'unapplied');
  return waiting
    .filter(({ PK }) => PaymentId.safeParse(PK).success)
    .toSorted((one, other) => (String(one['DSK']) < String(other['DSK']) ? -1 : 1))
    .map(({ PK, due }) => {
      const { customerId, currency, amount, number } = Due.parse(due);
      const paymentId = PaymentId.parse(PK);
      return {
        paymentId,
        customerId,
        currency,
        unapplied: amount,
        reference: number,
        links: linksOf(paymentId),
      };
    });
}

/**
 * The same of one customer with what its money could settle of what it owes now: five queries of what is open of a quarter
 * of the customers, one read of its payments and one of its invoices.
 */
export async function proposeForCustomer(
  table: Table,
  customerId: CustomerId,
  today: CalendarDate,
): Promise<UnappliedCash[]> {
  const partition = queuePartition('unapplied', customerId);
  const [queued, items, { policy }] = await Promise.all([
    queryAll(table, { index: 'byDue', partition }),
    loadOwedBy(table, customerId),
    policyInForce(table, matchingPolicy, today),
  ]);
  const own = queued.filter(({ due }) => Due.parse(due).customerId === customerId);
  const ids = own.flatMap(({ PK }) => PaymentId.safeParse(PK).data ?? []);
  const payments = (await loadPayments(table, ids)).filter(({ unapplied }) => unapplied > 0);
  const proposals = proposeAllocations(payments, items, policy.subset);
  return payments
    .toSorted((one, other) => (one.recordedAt < other.recordedAt ? -1 : 1))
    .map(({ paymentId, currency, unapplied, reserved, reference, receivedOn }) => {
      const proposal = proposals.get(paymentId);
      return {
        paymentId,
        customerId,
        currency,
        unapplied,
        ...(reserved !== undefined && { reserved }),
        reference,
        receivedOn,
        ...(proposal && {
          proposal: { basis: proposal.basis, allocations: proposal.allocations.map((part) => ({ ...part })) },
        }),
        links: linksOf(paymentId),
      };
    });
}

const linksOf = (paymentId: PaymentId) => ({
  payment: `/v1/payments/${paymentId}`,
  allocations: `/v1/payments/${paymentId}/allocations`,
});
