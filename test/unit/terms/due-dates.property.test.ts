import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '#shared/kernel/calendar.ts';
import { CalendarDate } from '#shared/kernel/time.ts';
import { isBusinessDay } from '#shared/terms/business-days.ts';
import { calendarOf } from '#shared/terms/calendar-policy.ts';
import { dueDates } from '#shared/terms/due-dates.ts';
import { shippedCalendarPolicy } from '#shared/terms/shipped-calendar-policy.ts';
import { PaymentTerms } from '#shared/terms/terms.ts';

const days = fc.integer({ min: 0, max: 365 });
const percentOf = (tenThousandths: number) => (tenThousandths / 10_000).toFixed(4);

/** Parts whose percentages add up to 100, each due later than the one before it. */
const parts = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 1_000 }), days), {
    minLength: 2,
    maxLength: 12,
    selector: ([, day]) => day,
  })
  .map((drawn) => {
    const weights = drawn.map(([weight]) => weight);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const shares = weights.map((weight) => Math.max(1, Math.floor((weight / sum) * 1_000_000)));
    const last = 1_000_000 - shares.slice(0, -1).reduce((total, share) => total + share, 0);
    const sorted = drawn.map(([, day]) => day).sort((one, other) => one - other);
    return sorted.map((day, index) => ({
      percent: percentOf(index === sorted.length - 1 ? last : (shares[index] ?? 1)),
      days: day,
    }));
  });

const kinds = fc.oneof(
  fc.record({ kind: fc.constant('net'), days }),
  fc.record({ kind: fc.constant('end_of_month'), days }),
  fc.record({ kind: fc.constant('fixed_day'), day: fc.integer({ min: 1, max: 31 }), minDays: days }),
  fc.record({ kind: fc.constant('instalments'), parts }),
);
const terms = fc
  .tuple(
    kinds,
    fc.option(fc.constantFrom('following' as const, 'preceding' as const), { nil: undefined }),
    fc.option(fc.record({ percent: fc.integer({ min: 1, max: 999_999 }).map(percentOf), days }), {
      nil: undefined,
    }),
  )
  .map(([kind, businessDays, discount]) =>
    PaymentTerms.parse({ ...kind, ...(businessDays && { businessDays }), ...(discount && { discount }) }),
  );

const issuedOn = fc
  .integer({ min: 0, max: 9_000 })
  .map((offset) => addDays(CalendarDate.parse('2024-01-01'), offset));
const countries = fc.constantFrom('GB', 'IE', 'DE', 'FR', 'NL', 'AT', 'BE', 'ES', 'IT', 'US', 'JP');

/** Fails with the seed and path that replay it. */
function check(property: fc.IProperty<unknown>): void {
  expect(fc.defaultReportMessage(fc.check(property, { numRuns: 1_000 }))).toBeUndefined();
}

describe('whatever the terms', () => {
  it('the instalments are the invoice, none is below one, and they come in order', () => {
    check(
      fc.property(
        terms,
        issuedOn,
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.constantFrom('JPY', 'EUR', 'BHD'),
        countries,
        (drawn, date, gross, currency, country) => {
          const { dueOn, instalments } = dueDates(
            drawn,
            date,
            gross,
            currency,
            calendarOf(shippedCalendarPolicy, country),
          );
          if (!instalments) return;
          expect(instalments.length).toBeGreaterThan(1);
          expect(instalments.reduce((sum, { amount }) => sum + amount, 0)).toBe(gross);
          expect(instalments.every(({ amount }) => amount >= 1)).toBe(true);
          const dates = instalments.map((instalment) => instalment.dueOn);
          expect(dates).toEqual(dates.toSorted());
          expect(dates.at(-1)).toBe(dueOn);
        },
      ),
    );
  });

  it('no date lies before the invoice, and each is a business day where the terms say so', () => {
    check(
      fc.property(
        terms,
        issuedOn,
        fc.integer({ min: 1, max: 10_000_000 }),
        countries,
        (drawn, date, gross, country) => {
          const calendar = calendarOf(shippedCalendarPolicy, country);
          const { dueOn, instalments = [], discount } = dueDates(drawn, date, gross, 'EUR', calendar);
          const dates = [
            dueOn,
            ...instalments.map((instalment) => instalment.dueOn),
            ...(discount ? [discount.until] : []),
          ];
          for (const each of dates) {
            expect(each >= date).toBe(true);
            if (drawn.businessDays) expect(isBusinessDay(calendar, each)).toBe(true);
          }
          if (discount) expect(discount.amount > 0 && discount.amount < gross).toBe(true);
        },
      ),
    );
  });
});
