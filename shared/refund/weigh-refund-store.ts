import { goesByTransfer } from '../credit-transfer/payee.ts';
import { type WantedWay, wayOut } from '../credit-transfer/payee-store.ts';
import { type Caller, isStaff } from '../http/caller.ts';
import { DomainError } from '../kernel/errors.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import type { Payment } from '../payment/payment.ts';
import { goesByProvider } from '../payment/provider-refund.ts';
import { policyInForce } from '../policy/policy-store.ts';
import type { Table } from '../table/table.ts';
import type { WaitingRefund } from './refund.ts';
import { needsApproval, refundPolicy } from './refund-policy.ts';
import { givenWithin } from './refunds-given.ts';
import { countAction, loadRefundsGiven } from './refunds-given-store.ts';

/** What a refund is, before anybody asks for it. */
export type Terms = Omit<WaitingRefund, 'refundId' | 'requestedAt' | 'requestedBy'>;

/**
 * Where a refund goes, and whether somebody else must approve it: by what the customer got back of late and waits for, this
 * refund included, by the account it goes to, and by who asks. `count` counts it for the next, whatever comes of it.
 * @throws DomainError `validation_failed`, and what {@link wayOut} throws
 */
export async function weighRefund(
  table: Table,
  payment: Payment,
  terms: Terms,
  wanted: WantedWay,
  { caller, at, timeZone }: { caller: Caller; at: Instant; timeZone: string },
) {
  const { customerId, currency, amount, method } = terms;
  if (wanted.alreadySent && goesByProvider(payment, method)) {
    throw new DomainError(
      'validation_failed',
      'The payment provider sends this refund. Leave alreadySent out.',
      {
        issues: [{ path: 'alreadySent', message: 'is for what goes by bank' }],
      },
    );
  }
  const today = dateIn(timeZone, at);
  const [way, given, { policy }] = await Promise.all([
    wayOut(table, payment, method, wanted),
    loadRefundsGiven(table, { customerId, currency }),
    policyInForce(table, refundPolicy, today),
  ]);
  const { payee } = way;
  const byCustomer = !isStaff(caller);
  return {
    needsApproval:
      byCustomer || way.foreign || needsApproval(policy, terms, givenWithin(given, today, policy.windowDays)),
    count: countAction(given, { customerId, currency, on: today, amount }),
    going: payee && { payee, countedOn: today },
    terms: {
      ...terms,
      ...(payee && { payee }),
      ...(wanted.alreadySent === true && goesByTransfer(method) && { alreadySent: true as const }),
      ...(byCustomer && { byCustomer: true as const }),
      countedOn: today,
    },
  };
}

/**
 * A customer is paid to the account its money came from; to pay to another is for finance to ask and to approve.
 * @throws DomainError `forbidden`
 */
export function assertMayName(caller: Caller, { payee, alreadySent }: WantedWay): void {
  if (isStaff(caller) || (payee === undefined && alreadySent === undefined)) return;
  throw new DomainError(
    'forbidden',
    'Only finance may say to which account money goes back. Ask without payee and alreadySent.',
  );
}
