import * as z from 'zod';
import { CaseId, CustomerId, OrderId } from '../kernel/ids.ts';
import { Instant } from '../kernel/time.ts';

/** From 1, very dissatisfied, to 5, very satisfied. */
export const Score = z.int().min(1).max(5);
export const scores = [1, 2, 3, 4, 5] as const;

/** What a customer was asked about: the delivery of an order, or the resolution of a case. */
export const Asked = z.strictObject({
  subject: z.union([OrderId, CaseId]),
  customerId: CustomerId,
});
export type Asked = z.infer<typeof Asked>;

/** What a question was about, as its subject tells. */
export const SatisfactionKind = z.enum(['delivery', 'resolution']);
export type SatisfactionKind = z.infer<typeof SatisfactionKind>;

export function kindOf(subject: Asked['subject']): SatisfactionKind {
  return OrderId.safeParse(subject).success ? 'delivery' : 'resolution';
}

/** A customer's answer, the last one it gave. */
export const SatisfactionAnswer = Asked.extend({
  score: Score,
  comment: z.string().optional(),
  answeredAt: Instant,
  changedAt: Instant,
  version: z.int().min(1),
});
export type SatisfactionAnswer = z.infer<typeof SatisfactionAnswer>;

/** Days within which an answer may be changed. */
const CHANGE_DAYS = 30;

/**
 * The answer after another one was given.
 * @returns undefined where it says the same again, or the first is too long ago to be changed
 */
export function answerAfter(
  before: SatisfactionAnswer | undefined,
  { subject, customerId }: Asked,
  said: { score: number; comment?: string | undefined },
  at: Instant,
): SatisfactionAnswer | undefined {
  const comment = said.comment ?? before?.comment;
  const next = { subject, customerId, score: said.score, ...(comment !== undefined && { comment }) };
  if (!before) return { ...next, answeredAt: at, changedAt: at, version: 1 };
  const days = (Date.parse(at) - Date.parse(before.answeredAt)) / 86_400_000;
  if (days > CHANGE_DAYS || (before.score === said.score && before.comment === comment)) return undefined;
  return { ...next, answeredAt: before.answeredAt, changedAt: at, version: before.version + 1 };
}

/** What customers said in a month. `average` with two digits after the point; undefined where nobody answered. */
export type SatisfactionFigures = {
  readonly answers: number;
  readonly average?: string;
  /** Scores of 1 and 2. */
  readonly dissatisfied: number;
};

export function figuresOf(given: readonly number[]): SatisfactionFigures {
  const sum = given.reduce((total, score) => total + score, 0);
  return {
    answers: given.length,
    ...(given.length > 0 && { average: (sum / given.length).toFixed(2) }),
    dissatisfied: given.filter((score) => score <= 2).length,
  };
}
