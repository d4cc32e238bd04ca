import { issuesOf } from '../http/problem.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { PolicyDefinition } from './policy-definition.ts';

/**
 * The policy that `input` spells, to take effect on `effectiveFrom`.
 * @throws DomainError `policy_invalid` with the fields at fault, or for a day that is past: decisions made since then
 *   cite the policy that was in force, and must stay explicable
 */
export function checkPolicy<P>(
  { name, schema }: PolicyDefinition<P>,
  input: unknown,
  effectiveFrom: CalendarDate,
  today: CalendarDate,
): P {
  if (effectiveFrom < today) {
    throw new DomainError('policy_invalid', `A policy can't take effect in the past; today is ${today}.`, {
      issues: [{ path: 'effectiveFrom', message: `must be ${today} or later` }],
    });
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new DomainError('policy_invalid', `This is no ${name} policy; the issues say where.`, {
    issues: issuesOf(parsed.error, 'policy'),
  });
}
