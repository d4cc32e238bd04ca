import { addDays } from '../kernel/days.ts';
import { type CustomerId, derivedId, newId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { adviceActions, loadAdvice } from '../remittance/advice-store.ts';
import type { OpenAdvice } from '../remittance/remittance-advice.ts';
import { remittancePolicy } from '../remittance/remittance-policy.ts';
import { commit, onFreshRead } from '../table/commit.ts';
import type { Table } from '../table/table.ts';
import { type Choice, choiceReference } from './choose-payment.ts';

/** A choice as it is kept: its transfer bears a reference. */
export type KeptChoice = OpenAdvice & { readonly paymentReference: string };

/**
 * Keeps what a payer chose to transfer as a remittance advice with a reference of its own, so that the transfer matches
 * itself. The same choice on the same day is the same advice, however often it is sent.
 */
export function keepChoice(
  table: Table,
  choice: Choice,
  { customerId, at, today }: { customerId: CustomerId; at: Instant; today: CalendarDate },
): Promise<KeptChoice> {
  return onFreshRead(async () => {
    const usual = derivedId('adv', today, `${customerId} ${choice.key}`);
    const known = await loadAdvice(table, usual, { consistent: true });
    if (known?.status === 'open') return { ...known, paymentReference: choiceReference(usual) };
    // Withdrawn meanwhile: an advice that ended stays as it is.
    const adviceId = known ? newId('adv', at) : usual;
    const { policy } = await policyInForce(table, remittancePolicy, today);
    const advice: KeptChoice = {
      adviceId,
      customerId,
      source: 'portal',
      currency: choice.currency,
      total: choice.total,
      invoices: [...choice.invoices],
      paymentReference: choiceReference(adviceId),
      expiresOn: addDays(today, policy.adviceDays),
      advisedAt: at,
      advisedBy: 'payer-portal',
      version: 1,
      status: 'open',
    };
    await commit(table, adviceActions(advice));
    return advice;
  });
}
