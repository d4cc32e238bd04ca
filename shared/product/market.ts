import * as z from 'zod';
import { CalendarDate } from '../kernel/time.ts';

const Countries = z
  .array(z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as GB'))
  .min(1)
  .max(250);

/** Where and when a product is sold: only to some countries or to all but some, from one day to another. */
export const Market = z
  .strictObject({
    only: Countries.optional(),
    except: Countries.optional(),
    from: CalendarDate.optional(),
    to: CalendarDate.optional(),
  })
  .refine(({ only, except }) => !only || !except, 'has either `only` or `except`');
export type Market = z.infer<typeof Market>;

/** Why a product is not sold to `country` on `date`; undefined where it is. */
export function notSold(market: Market | undefined, country: string, date: CalendarDate): string | undefined {
  if (!market) return undefined;
  const { only, except, from, to } = market;
  if (from !== undefined && date < from) return `is sold from ${from} on`;
  if (to !== undefined && date > to) return `was sold until ${to}`;
  if (only && !only.includes(country)) return `is not sold to ${country}`;
  return except?.includes(country) ? `is not sold to ${country}` : undefined;
}
