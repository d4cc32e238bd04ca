import { addDays, daysBetween, startOfDay } from '../kernel/calendar.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { DunningPolicy } from './dunning-policy.ts';

/** What happens next to an overdue invoice, and how many days after its due date. */
export type CollectionStep =
  | { kind: 'remind'; step: number; stepName: string; afterDays: number }
  | { kind: 'call'; afterDays: number };

/** The step that follows `dunningStep` reminders already sent: the next reminder, then the call. */
export function nextStep(dunningStep: number, policy: DunningPolicy): CollectionStep {
  const next = policy.steps[dunningStep];
  return next
    ? { kind: 'remind', step: dunningStep + 1, stepName: next.name, afterDays: next.afterDays }
    : { kind: 'call', afterDays: policy.callAfterDays };
}

/**
 * When an open invoice is looked at next: at the start of the day its next step falls on.
 *
 * Steps are taken one at a time and in order, however late the first one came: with `remindedOn`, the next step keeps
 * at least the distance that the policy puts between the two, so that catching up after an outage, a dispute or a
 * change of policy never sends two reminders within days of each other.
 * @param item its due date and the reminders sent so far
 * @param remindedOn the day the last of those reminders was sent, when it is known
 */
export function nextActionAt(
  item: { dueOn: CalendarDate; dunningStep: number },
  policy: DunningPolicy,
  timeZone: string,
  remindedOn?: CalendarDate,
): Instant {
  const { afterDays } = nextStep(item.dunningStep, policy);
  const planned = addDays(item.dueOn, afterDays);
  const last = policy.steps[item.dunningStep - 1];
  if (!remindedOn || !last) return startOfDay(planned, timeZone);
  const spaced = addDays(remindedOn, afterDays - last.afterDays);
  return startOfDay(daysBetween(planned, spaced) > 0 ? spaced : planned, timeZone);
}
