import { daysBetween } from '../kernel/calendar.ts';
import { DomainError } from '../kernel/errors.ts';
import { type CaseId, type CustomerId, newId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { afterWorkingHours, type WorkingHours, workingMinutes } from '../terms/working-hours.ts';
import type { Case, CaseAbout, CaseIn, CaseKind, CaseMessage, CasePriority, Person } from './case.ts';
import type { CasePolicy } from './case-policy.ts';

/** What decides when a case is due. */
export type CaseClock = { readonly policy: CasePolicy; readonly when: WorkingHours };

/** A case after a step, with what was said in it. */
export type CaseStep<C extends Case = Case> = {
  readonly next: C;
  readonly message?: CaseMessage;
};

type Opening = {
  readonly customerId: CustomerId;
  readonly kind: CaseKind;
  readonly priority: CasePriority;
  readonly subject: string;
  readonly text: string;
  readonly about?: CaseAbout | undefined;
  readonly by: string;
  readonly from: CaseMessage['from'];
};

/** A new case; its clock runs to the first answer, or to the resolution where we opened it ourselves. */
export function openCase(
  { customerId, kind, priority, subject, text, about, by, from }: Opening,
  clock: CaseClock,
  at: Instant,
  caseId: CaseId = newId('cas', at),
): CaseStep<CaseIn<'open'>> & { readonly message: CaseMessage } {
  const responded = from === 'us';
  return {
    next: {
      caseId,
      customerId,
      kind,
      priority,
      subject,
      ...(about && { about }),
      openedAt: at,
      openedBy: by,
      ...(responded && { respondedAt: at }),
      escalations: 0,
      messages: 1,
      version: 1,
      status: 'open',
      dueAt: dueFrom(at, priority, responded, clock),
    },
    message: { message: 1, at, by, from, text },
  };
}

/**
 * Something is said in a case. The customer's word lets the clock run; ours, unless it is internal, is an answer, and with
 * `awaitsReply` the clock stands until the customer's.
 * @throws DomainError `case_resolved`
 */
export function sayInCase(
  before: Case,
  said: Pick<CaseMessage, 'by' | 'from' | 'text' | 'internal'> & { awaitsReply?: boolean | undefined },
  clock: CaseClock,
  at: Instant,
): CaseStep<CaseIn<'open' | 'waiting_for_customer'>> & { readonly message: CaseMessage } {
  if (before.status === 'resolved') {
    throw new DomainError('case_resolved', 'The case is resolved. Open it again first.');
  }
  const { by, from, text, internal, awaitsReply = false } = said;
  const number = before.messages + 1;
  const message = { message: number, at, by, from, ...(internal && { internal }), text };
  const { minutesLeft, dueAt } = clockOf(before, at, clock);
  const {
    dueAt: _due,
    minutesLeft: _left,
    ...rest
  } = { dueAt: undefined, minutesLeft: undefined, ...before };
  const head = { ...rest, messages: number, version: before.version + 1 };
  const answers = from === 'us' && !internal;
  const firstAnswer = answers && before.respondedAt === undefined;
  const responded = firstAnswer ? { ...head, respondedAt: at } : head;
  const due = firstAnswer ? dueFrom(before.openedAt, before.priority, true, clock) : dueAt;
  if (answers && awaitsReply) {
    const left = firstAnswer ? workingMinutes(at, due, clock.when) : minutesLeft;
    return { next: { ...responded, status: 'waiting_for_customer', minutesLeft: left }, message };
  }
  if (before.status === 'waiting_for_customer' && from === 'us') {
    return { next: { ...responded, status: 'waiting_for_customer', minutesLeft }, message };
  }
  return { next: { ...responded, status: 'open', dueAt: due }, message };
}

/** Someone takes a case on, or gives it to a colleague. @throws DomainError `case_resolved` */
export function assignCase(before: Case, owner: Person): CaseStep<CaseIn<'open' | 'waiting_for_customer'>> {
  if (before.status === 'resolved') {
    throw new DomainError('case_resolved', 'The case is resolved. Open it again first.');
  }
  return { next: { ...before, owner, version: before.version + 1 } };
}

/** @throws DomainError `case_resolved` */
export function resolveCase(
  before: Case,
  {
    resolution,
    conclusion,
    by,
  }: { resolution: CaseIn<'resolved'>['resolution']; conclusion: string; by: string },
  at: Instant,
): CaseStep<CaseIn<'resolved'>> {
  if (before.status === 'resolved') throw new DomainError('case_resolved', 'The case is resolved already.');
  const {
    dueAt: _due,
    minutesLeft: _left,
    ...rest
  } = { dueAt: undefined, minutesLeft: undefined, ...before };
  const { status: _status, ...head } = rest;
  return {
    next: {
      ...head,
      respondedAt: before.respondedAt ?? at,
      version: before.version + 1,
      status: 'resolved',
      resolvedAt: at,
      resolvedBy: by,
      resolution,
      conclusion,
    },
  };
}

/**
 * Opens a resolved case again, with why; its clock starts anew.
 * @throws DomainError `case_not_reopenable` when it is not resolved, or was so too long ago
 */
export function reopenCase(
  before: Case,
  said: Pick<CaseMessage, 'by' | 'from' | 'text'>,
  clock: CaseClock,
  at: Instant,
): CaseStep<CaseIn<'open'>> & { readonly message: CaseMessage } {
  if (before.status !== 'resolved') {
    throw new DomainError(
      'case_not_reopenable',
      `The case is ${before.status}: say what you have to say in it.`,
    );
  }
  const { timeZone } = clock.when;
  const days = daysBetween(dateIn(timeZone, before.resolvedAt), dateIn(timeZone, at));
  const { reopenDays } = clock.policy;
  if (days > reopenDays) {
    throw new DomainError(
      'case_not_reopenable',
      `It was resolved ${days} days ago; after ${reopenDays} days open another case.`,
    );
  }
  const { resolvedAt: _at, resolvedBy: _by, resolution: _code, conclusion: _text, ...head } = before;
  const number = before.messages + 1;
  return {
    next: {
      ...head,
      messages: number,
      escalations: 0,
      version: before.version + 1,
      status: 'open',
      dueAt: dueFrom(at, before.priority, true, clock),
    },
    message: { message: number, at, ...said },
  };
}

/**
 * The step of escalation that an overdue case has come to: one, and another each time `everyHours` working hours have
 * passed; undefined where it is not overdue or was escalated so far already. What was missed is caught up in one.
 */
export function escalateCase(
  before: Case,
  { policy, when }: CaseClock,
  at: Instant,
): CaseIn<'open'> | undefined {
  if (before.status !== 'open' || before.dueAt > at) return undefined;
  const { everyHours } = policy.escalation;
  const step = 1 + Math.floor(workingMinutes(before.dueAt, at, when) / (everyHours * 60));
  if (step <= before.escalations) return undefined;
  return { ...before, priority: 'high', escalations: step, version: before.version + 1 };
}

function dueFrom(
  from: Instant,
  priority: CasePriority,
  responded: boolean,
  { policy, when }: CaseClock,
): Instant {
  const { firstResponse, resolution } = policy.hours[priority];
  return afterWorkingHours(from, responded ? resolution : firstResponse, when);
}

/** What is left on the clock, and when it would run out if it ran from now. */
function clockOf(before: CaseIn<'open' | 'waiting_for_customer'>, at: Instant, { when }: CaseClock) {
  if (before.status === 'open') {
    return { minutesLeft: workingMinutes(at, before.dueAt, when), dueAt: before.dueAt };
  }
  const { minutesLeft } = before;
  return { minutesLeft, dueAt: afterWorkingHours(at, minutesLeft / 60, when) };
}
