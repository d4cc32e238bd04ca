import { issuesOf } from '../http/problem.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { type PolicyName, type PolicyOf, policies } from './policies.ts';

/**
 * The policy that `input` spells, to take effect on `effectiveFrom`.
 * @throws DomainError `policy_invalid` with the fields at fault, or for a day that is past: decisions made since then
 *   cite the policy that was in force, and must stay explicable
 */
export function checkPolicy<N extends PolicyName>(
  name: N,
  input: unknown,
  effectiveFrom: CalendarDate,
  today: CalendarDate,
): PolicyOf<N> {
  if (effectiveFrom < today) {
    throw new DomainError('policy_invalid', `A policy can't take effect in the past; today is ${today}.`, {
      issues: [{ path: 'effectiveFrom', message: `must be ${today} or later` }],
    });
  }
  const parsed = policies[name].schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new DomainError('policy_invalid', `This is no ${name} policy; the issues say where.`, {
    issues: issuesOf(parsed.error, 'policy'),
  });
}
