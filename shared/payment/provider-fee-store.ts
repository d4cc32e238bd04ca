import { recordFact } from '../fact/record-fact.ts';
import { newId } from '../kernel/ids.ts';
import { dateIn } from '../kernel/time.ts';
import { postEntry } from '../ledger/ledger-store.ts';
import { feePostings } from '../ledger/postings.ts';
import type { Action } from '../table/table.ts';
import type { Doing } from './charge-back-store.ts';
import type { Payment } from './payment.ts';
import type { WaitingEffect } from './provider-effect.ts';

/**
 * The writes of what a provider keeps for a dispute about `payment`, or gives back of it: books and fact. The payment and
 * what its customer owes stay as they are: the fee is ours.
 */
export function feeActions(
  { paymentId, customerId, method, currency }: Payment,
  { kind, effectId, amount: kept, reason }: WaitingEffect,
  { at, by, timeZone }: Doing,
): Action[] {
  const amount = kind === 'fee_back' ? -kept : kept;
  return [
    postEntry({
      entryId: newId('ent', at),
      date: dateIn(timeZone, at),
      at,
      kind: 'fee',
      source: paymentId,
      reference: effectId,
      currency,
      postings: feePostings(method, amount),
    }),
    recordFact('payment.fee_charged', paymentId, `fee-${effectId}`, {
      at,
      actor: by,
      customerId,
      data: { paymentId, method, currency, amount, reason, reference: effectId },
    }),
  ];
}
