import * as z from 'zod';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

/** What a number is made of. `{number:6}` has at least six digits; longer numbers are written whole. */
const tokens = /\{(?:prefix|year|number:\d{1,2})\}/g;

const Format = z
  .string()
  .max(60)
  .refine((format) => format.includes('{year}'), 'must hold {year}: numbers start anew each year')
  .refine(
    (format) => (format.match(/\{number:\d{1,2}\}/g) ?? []).length === 1,
    'must hold {number:6}, or another count of digits, once',
  )
  .refine(
    (format) => /^[A-Za-z0-9./ -]*$/.test(format.replaceAll(tokens, '')),
    'may hold letters, digits, . / - and blanks besides {prefix}, {year} and {number:6}',
  );

const SeriesRule = z.strictObject({
  /** What tells this series from the company's others. */
  prefix: z.string().regex(/^[A-Z0-9]{1,10}$/, 'must be 1 to 10 capital letters or digits'),
  format: Format.default('{prefix}-{year}-{number:6}'),
});

/**
 * The company's legal series: how documents of each type are numbered. Deposit invoices and counter sales are
 * numbered with the other invoices unless they have a series of their own.
 */
export const SeriesPolicy = z
  .strictObject({
    /** Part of the name of every series, where several companies share one table. */
    company: z
      .string()
      .regex(/^[A-Z0-9]{1,10}$/, 'must be 1 to 10 capital letters or digits')
      .optional(),
    invoice: SeriesRule.prefault({ prefix: 'INV' }),
    creditNote: SeriesRule.prefault({ prefix: 'CN' }),
    deposit: SeriesRule.optional(),
    counter: SeriesRule.optional(),
  })
  .refine(({ invoice, creditNote, deposit, counter }) => {
    const rules = [invoice, creditNote, deposit, counter].filter((rule) => rule !== undefined);
    return new Set(rules.map(({ prefix }) => prefix)).size === rules.length;
  }, 'each series must have a prefix of its own')
  .refine(
    ({ invoice, creditNote, deposit, counter }) =>
      [invoice, creditNote, deposit, counter].every((rule) => rule?.format.includes('{prefix}') ?? true),
    'each format must hold {prefix}, so that no two documents bear the same number',
  );
export type SeriesPolicy = z.infer<typeof SeriesPolicy>;

export const seriesPolicy: PolicyDefinition<SeriesPolicy> = {
  name: 'series',
  schema: SeriesPolicy,
  shipped: SeriesPolicy.parse({}),
};
