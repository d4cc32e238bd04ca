import type { FactData } from '../fact/fact.ts';
import { overdueOn } from '../invoice/instalments.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { isStepDue, type OpenInvoice, oldestFirst } from './assess-account.ts';
import type { DunningPolicy } from './dunning-policy.ts';
import { nextActionAt, nextStep } from './next-action.ts';

/** What taking a step comes to: a reminder to send, a place on the call list, or nothing that is left to do. */
export type StepOutcome =
  | { kind: 'nothing' }
  | { kind: 'called'; invoices: OpenInvoice[] }
  | { kind: 'reminded'; invoices: OpenInvoice[]; reminder: FactData<'account.reminded'> };

/**
 * Takes `step` on `date` with those of `items` that still wait for it; `invoices` are what becomes of them. Whatever
 * was paid, disputed or already reminded since the account was assessed drops out, so taking a step twice does
 * nothing the second time.
 * @param items of one customer and in one currency
 * @throws RangeError when the currencies differ: a reminder has one total
 */
export function takeStep(
  items: readonly OpenItem[],
  step: number,
  policy: DunningPolicy,
  date: CalendarDate,
  timeZone: string,
): StepOutcome {
  const due = items
    .filter((item) => isStepDue(item, policy, date, timeZone))
    .filter((item) => item.dunningStep === step - 1)
    .sort(oldestFirst);
  const first = due[0];
  if (!first) return { kind: 'nothing' };
  if (due.some((item) => item.currency !== first.currency)) {
    throw new RangeError('a reminder is about invoices in one currency');
  }
  const next = nextStep(step - 1, policy);
  switch (next.kind) {
    case 'call':
      return { kind: 'called', invoices: due.map(toCallList) };
    case 'remind':
      return {
        kind: 'reminded',
        invoices: due.map((item) => remindedOf(item, policy, date, timeZone)),
        reminder: {
          step,
          stepName: next.stepName,
          currency: first.currency,
          // Instalments still to come are nobody's concern yet.
          invoices: due.map((item) => ({
            invoiceId: item.invoiceId,
            number: item.number,
            dueOn: item.dueOn,
            balance: overdueOn(item, date),
          })),
        },
      };
    default:
      return next satisfies never;
  }
}

function remindedOf(
  item: OpenInvoice,
  policy: DunningPolicy,
  date: CalendarDate,
  timeZone: string,
): OpenInvoice {
  const dunningStep = item.dunningStep + 1;
  return {
    ...item,
    dunningStep,
    nextActionAt: nextActionAt({ dueOn: item.dueOn, dunningStep }, policy, timeZone, date),
    version: item.version + 1,
  };
}

/** Without a next action an open invoice lies in the `call` queue, where people take it from. */
function toCallList({ nextActionAt: _done, ...item }: OpenInvoice): OpenInvoice {
  return { ...item, version: item.version + 1 };
}
