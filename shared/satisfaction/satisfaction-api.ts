import * as z from 'zod';
import { contract } from '../http/contract.ts';
import type { CalendarDate } from '../kernel/time.ts';
import { figuresOf, SatisfactionKind, scores } from './satisfaction.ts';
import type { SummedAnswer } from './satisfaction-store.ts';

const params = z.strictObject({ token: z.string().min(1).max(300) });
const ScoreText = z.enum(scores.map(String)).transform(Number);

export const askSatisfaction = contract({
  operationId: 'askSatisfaction',
  description:
    'The page that a link in a mail leads to: five buttons, the one clicked in the mail in front. Opening it records nothing.',
  params,
  query: z.strictObject({ score: ScoreText.optional() }),
  status: 200,
  produces: 'html',
  problems: ['satisfaction_link_invalid'],
});

export const answerSatisfaction = contract({
  operationId: 'answerSatisfaction',
  description: 'Records the answer; another within 30 days takes its place.',
  params,
  query: z.strictObject({ score: ScoreText.optional() }),
  body: z.strictObject({ score: ScoreText, comment: z.string().max(1_000).optional() }),
  accepts: 'form',
  status: 200,
  produces: 'html',
  problems: ['satisfaction_link_invalid', 'unsupported_media_type', 'version_conflict'],
});

const Figures = z.strictObject({
  answers: z.int(),
  average: z.string().optional(),
  dissatisfied: z.int(),
});

export const getSatisfaction = contract({
  operationId: 'getSatisfaction',
  description:
    'How satisfied customers said they were in a month (left out: this one), after deliveries and after resolutions: answers, their average from 1 to 5, and how many said 1 or 2. An answer counts for the day it was first given, with what it was changed to.',
  query: z.strictObject({
    month: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month as YYYY-MM')
      .optional(),
  }),
  status: 200,
  response: z.strictObject({
    month: z.string(),
    all: Figures,
    kinds: z.record(SatisfactionKind, Figures),
  }),
});

export function satisfactionView(
  month: string,
  given: readonly SummedAnswer[],
): z.infer<typeof getSatisfaction.response> {
  const of = (kind: SatisfactionKind) =>
    figuresOf(given.filter((answer) => answer.kind === kind).map(({ score }) => score));
  return {
    month,
    all: figuresOf(given.map(({ score }) => score)),
    kinds: { delivery: of('delivery'), resolution: of('resolution') },
  };
}

/** The month that is asked for, or that of `today`. */
export const monthAsked = (month: string | undefined, today: CalendarDate) => month ?? today.slice(0, 7);
