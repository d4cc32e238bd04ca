import * as z from 'zod';
import { Currency, MAX_AMOUNT, Minor, RatePercent } from '../kernel/money.ts';
import { DifferenceAccount } from '../ledger/chart.ts';
import type { PolicyDefinition } from '../policy/policy-definition.ts';

/** How a line was matched, the strongest first. */
export const MatchRule = z.enum([
  'remittance_advice',
  'structured_reference',
  'invoice_number',
  'payment_reference',
  'purchase_order',
  'partial_number',
  'exact_amount',
  'early_discount',
  'exact_sum',
  'tolerance',
  'oldest_first',
  /** An invoice that was paid before is paid again: on account. */
  'paid_again',
  /** Only the payer is known: on account. */
  'payer',
]);
export type MatchRule = z.infer<typeof MatchRule>;

const Tolerance = z.strictObject({
  account: DifferenceAccount,
  /** At most this much: minor units by currency; in a currency left out the tolerance isn't given. */
  fixed: z.partialRecord(Currency, Minor.min(0).max(MAX_AMOUNT)).default({}),
  /** At most this share of what is owed, within `fixed` where both are given. Alone, it holds in every currency. */
  percent: RatePercent.optional(),
});

const eachCurrency = (amount: number) => ({ EUR: amount, GBP: amount, USD: amount, CHF: amount });

/** How bank lines are matched with open items, and what is posted without a person. */
export const MatchingPolicy = z.strictObject({
  /** Rules whose matches are posted; those of other rules are suggested. */
  posts: z
    .array(MatchRule)
    .default([
      'remittance_advice',
      'structured_reference',
      'invoice_number',
      'payment_reference',
      'purchase_order',
      'partial_number',
      'exact_amount',
      'early_discount',
      'exact_sum',
      'oldest_first',
    ]),
  /** 0 to 100: a payer's name less alike than this is not the payer's. */
  nameScore: z.int().min(50).max(100).default(86),
  /** A second name closer than this to the best makes a tie, and a tie is no match. */
  nameMargin: z.int().min(1).max(50).default(6),
  /** Without a reference in the text, a payer known by name alone is believed from this likeness on. */
  postNameScore: z.int().min(50).max(100).default(92),
  /** What a short payment may lack; the first that fits names the account. */
  tolerances: z
    .array(Tolerance)
    .max(6)
    .default(() => [
      { account: 'rounding' as const, fixed: eachCurrency(5) },
      { account: 'payment_fees' as const, fixed: eachCurrency(3000), percent: '5' },
    ]),
  /**
   * Many owe round amounts and pay them on account: a multiple of this many minor units is not posted without a reference,
   * nor confirms one where the payer is unknown. 0 is off.
   */
  roundUnit: Minor.min(0).max(MAX_AMOUNT).default(10_000),
  /** The bounded search for a group of one customer's open items that sums to the amount. */
  subset: z
    .strictObject({
      maxItems: z.int().min(2).max(200).default(60),
      maxSize: z.int().min(2).max(8).default(4),
      maxSteps: z.int().min(100).max(1_000_000).default(50_000),
      /** A group is posted only where this many of its size or smaller could be made: among more, chance finds sums. */
      postWithin: z.int().min(0).max(1_000_000).default(50),
    })
    .prefault({}),
  /** Words by which a payer says why it pays less; a short payment with one opens a dispute. */
  reasonCodes: z
    .array(z.strictObject({ code: z.string().min(1).max(40), words: z.array(z.string().min(3)).min(1) }))
    .max(40)
    .default(() => [
      { code: 'damaged', words: ['damaged', 'damage', 'beschaedigt', 'defekt'] },
      { code: 'short_delivery', words: ['shortage', 'short delivered', 'missing goods', 'fehlmenge'] },
      { code: 'price', words: ['price difference', 'wrong price', 'preisdifferenz'] },
      { code: 'returned', words: ['returned goods', 'retoure', 'goods returned'] },
    ]),
});
export type MatchingPolicy = z.infer<typeof MatchingPolicy>;

export const matchingPolicy: PolicyDefinition<MatchingPolicy> = {
  name: 'matching',
  schema: MatchingPolicy,
  shipped: MatchingPolicy.parse({}),
};

/** The policy with the version that matches cite. */
export type MatchingInForce = { readonly version: string; readonly policy: MatchingPolicy };
