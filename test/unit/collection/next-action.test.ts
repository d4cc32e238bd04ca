import { describe, expect, it } from 'vitest';
import { DunningPolicy } from '#shared/collection/dunning-policy.ts';
import { nextActionAt, nextStep } from '#shared/collection/next-action.ts';
import { CalendarDate } from '#shared/kernel/time.ts';

const policy = DunningPolicy.parse({
  steps: [
    { name: 'first reminder', afterDays: 7 },
    { name: 'second reminder', afterDays: 21 },
  ],
  callAfterDays: 35,
});
const date = (text: string) => CalendarDate.parse(text);
const dueOn = date('2026-03-10');

describe('the next step', () => {
  it('is each reminder in turn, then the call', () => {
    expect(nextStep(0, policy)).toEqual({
      kind: 'remind',
      step: 1,
      stepName: 'first reminder',
      afterDays: 7,
    });
    expect(nextStep(1, policy)).toEqual({
      kind: 'remind',
      step: 2,
      stepName: 'second reminder',
      afterDays: 21,
    });
    expect(nextStep(2, policy)).toEqual({ kind: 'call', afterDays: 35 });
  });

  it('is the call when a new policy has fewer reminders than were sent', () => {
    expect(nextStep(5, policy)).toEqual({ kind: 'call', afterDays: 35 });
  });
});

describe('the next action on an invoice due on 10 March', () => {
  it('is the first reminder, at the start of 17 March', () => {
    expect(nextActionAt({ dueOn, dunningStep: 0 }, policy, 'Europe/London')).toBe('2026-03-17T00:00:00.000Z');
  });

  it('follows the clocks of the company: the second reminder falls into summer time', () => {
    expect(nextActionAt({ dueOn, dunningStep: 1 }, policy, 'Europe/London', date('2026-03-17'))).toBe(
      '2026-03-30T23:00:00.000Z',
    );
    expect(nextActionAt({ dueOn, dunningStep: 1 }, policy, 'America/New_York', date('2026-03-17'))).toBe(
      '2026-03-31T04:00:00.000Z',
    );
  });

  it('is the second reminder 14 days after a first one that went out 10 days late', () => {
    expect(nextActionAt({ dueOn, dunningStep: 1 }, policy, 'Europe/London', date('2026-03-27'))).toBe(
      '2026-04-09T23:00:00.000Z',
    );
  });

  it('is the call 14 days after the second reminder', () => {
    expect(nextActionAt({ dueOn, dunningStep: 2 }, policy, 'UTC', date('2026-03-31'))).toBe(
      '2026-04-14T00:00:00.000Z',
    );
    expect(nextActionAt({ dueOn, dunningStep: 2 }, policy, 'UTC', date('2026-04-10'))).toBe(
      '2026-04-24T00:00:00.000Z',
    );
  });
});
