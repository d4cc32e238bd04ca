import * as z from 'zod';
import { RatePercent } from '../kernel/money.ts';

/** Days from the invoice's date; 0 is the day itself. */
const TermDays = z.int().min(0).max(365);

/** A part of an amount: more than nothing of it. */
const PartPercent = RatePercent.refine(
  (percent) => Number(percent) > 0 && Number(percent) < 100,
  'must be more than 0 and less than 100',
);

const common = {
  /** Taken off the whole invoice when all of it is paid within `days`: 2/10 net 30 is 2 per cent, 10 days. */
  discount: z.strictObject({ percent: PartPercent, days: TermDays }).optional(),
  /** A date on a weekend or a holiday of the customer's country moves to the business day after or before it. */
  businessDays: z.enum(['following', 'preceding']).optional(),
};

const Net = z.strictObject({ ...common, kind: z.literal('net'), days: TermDays });

/** Due at the end of the month that the invoice's date plus `days` falls in. */
const EndOfMonth = z.strictObject({ ...common, kind: z.literal('end_of_month'), days: TermDays });

/** Due on the next `day` of a month, at least `minDays` after the invoice; a short month's last day stands for it. */
const FixedDay = z.strictObject({
  ...common,
  kind: z.literal('fixed_day'),
  day: z.int().min(1).max(31),
  minDays: TermDays,
});

const Instalments = z.strictObject({
  ...common,
  kind: z.literal('instalments'),
  parts: z
    .array(z.strictObject({ percent: PartPercent, days: TermDays }))
    .min(2)
    .max(12)
    .refine(
      (parts) =>
        parts.reduce((sum, { percent }) => sum + tenThousandths(percent), 0) === tenThousandths('100'),
      'the percentages must add up to 100',
    )
    .refine(
      (parts) => parts.every(({ days }, index) => index === 0 || days > (parts[index - 1]?.days ?? 0)),
      'each instalment must be due later than the one before it',
    ),
});

/** When a customer's invoices are due, and what it may take off for paying early. */
export const PaymentTerms = z.discriminatedUnion('kind', [Net, EndOfMonth, FixedDay, Instalments]);
export type PaymentTerms = z.infer<typeof PaymentTerms>;

/** Due `days` after the invoice's date. */
export function netTerms(days: number): PaymentTerms {
  return { kind: 'net', days };
}

/** Percentages have four digits after the point at most, so they add up exactly as whole numbers. */
function tenThousandths(percent: string): number {
  const [whole = '0', fraction = ''] = percent.split('.');
  return Number(whole + fraction.padEnd(4, '0'));
}
