import * as z from 'zod';
import { CalendarDate } from '../kernel/time.ts';
import { RuleEffects } from './rule-effects.ts';
import { operators, RuleField, ruleFields } from './rule-fields.ts';

const Text = z.string().min(1).max(100);
const values = { text: Text, texts: z.array(Text).min(1).max(200), number: z.int() } as const;

const Comparison = z
  .strictObject({
    field: RuleField,
    is: z.string(),
    value: z.union([Text, z.int(), values.texts]),
  })
  .check(({ value: { field, is, value }, issues }) => {
    const known: Readonly<Record<string, keyof typeof values>> = operators[ruleFields[field].type];
    const wanted = known[is];
    if (wanted === undefined) {
      const message = `of ${field} can be asked: ${Object.keys(known).join(', ')}`;
      issues.push({ code: 'custom', path: ['is'], message, input: is });
    } else if (!values[wanted].safeParse(value).success) {
      const message = {
        text: 'must be a text',
        texts: 'must be a list of texts',
        number: 'must be a whole number',
      };
      issues.push({ code: 'custom', path: ['value'], message: message[wanted], input: value });
    }
  });
export type Comparison = z.infer<typeof Comparison>;

/** Comparisons joined by all, any and not. */
export type RuleCondition =
  | Comparison
  | { all: RuleCondition[] }
  | { any: RuleCondition[] }
  | { not: RuleCondition };

const RuleCondition: z.ZodType<RuleCondition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(RuleCondition).min(1).max(50) }),
    z.strictObject({ any: z.array(RuleCondition).min(1).max(50) }),
    z.strictObject({ not: RuleCondition }),
    Comparison,
  ]),
);

/**
 * When an order is such, then do that. Rules are asked by `order`, lowest first, then by id; after one that is true and
 * says `stop`, no other is asked.
 */
export const Rule = z
  .strictObject({
    name: z.string().min(1).max(100),
    active: z.boolean().default(false),
    order: z.int().min(0).max(10_000).default(100),
    from: CalendarDate.optional(),
    to: CalendarDate.optional(),
    when: RuleCondition,
    then: RuleEffects,
    stop: z.literal(true).optional(),
  })
  .refine(({ when }) => depthOf(when) <= 8, { path: ['when'], message: 'is nested deeper than 8' });
export type Rule = z.infer<typeof Rule>;

function depthOf(condition: RuleCondition): number {
  if ('not' in condition) return 1 + depthOf(condition.not);
  if ('all' in condition) return 1 + Math.max(...condition.all.map(depthOf));
  return 'any' in condition ? 1 + Math.max(...condition.any.map(depthOf)) : 1;
}
