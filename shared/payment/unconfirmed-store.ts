import * as z from 'zod';
import { CustomerId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { keys, queuePartition } from '../table/keys.ts';
import { queryQueue } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import type { Payment } from './payment.ts';

/** A payment that a person recorded before the bank told of it. Minor units. */
export const Unconfirmed = z.object({
  paymentId: PaymentId,
  customerId: CustomerId,
  currency: Currency,
  amount: Minor,
  reference: z.string(),
});
export type Unconfirmed = z.infer<typeof Unconfirmed>;

/** Money that comes by a bank statement; cash is counted, and of cards the provider tells. */
const told: readonly string[] = ['bank_transfer', 'cheque'];

/**
 * The write that lets a payment recorded by hand wait for its line on a bank statement, beside the payment; none for
 * money that no statement tells of. It is deleted with the line that confirms the payment.
 */
export function awaitConfirmation(payment: Payment): Action[] {
  const { paymentId, customerId, currency, amount, reference, method, receivedOn } = payment;
  if (!told.includes(method)) return [];
  return [
    {
      do: 'put',
      item: {
        ...keys.unconfirmed(paymentId),
        DPK: queuePartition('unconfirmed', customerId),
        DSK: `${receivedOn}#${paymentId}`,
        due: { paymentId, customerId, currency, amount, reference },
      },
      when: [{ attribute: 'PK', is: 'absent' }],
    },
  ];
}

/** The write that lets a payment wait no more, as no money ever came; none for a payment that never waited. */
export function expectNoMore({ paymentId, method, bankLine }: Payment): Action[] {
  if (!told.includes(method) || bankLine) return [];
  return [{ do: 'delete', key: keys.unconfirmed(paymentId) }];
}

/** Payments received from `since` on that no line has confirmed. */
export async function loadUnconfirmed(table: Table, since: CalendarDate): Promise<Unconfirmed[]> {
  const waiting = await queryQueue(table, 'unconfirmed', { from: since });
  return waiting.map((item) => Unconfirmed.parse(item['due']));
}
