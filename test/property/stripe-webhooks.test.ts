import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InvoiceId } from '#shared/kernel/ids.ts';
import type { Item } from '#shared/table/table.ts';
import { owingCustomers } from '../builders/owing-customers.ts';
import { failureOf } from './histories.ts';
import { type StripeHistory, stripeHistory } from './stripe-history.ts';
import { StripeWorld } from './stripe-world.ts';

const TIMEOUT_MS = 600_000;

let opening: { items: Item[]; invoices: InvoiceId[] };
beforeAll(async () => {
  opening = await owingCustomers(4);
});
// Waiting after a lost race takes no time.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

async function live({ payings, arrival }: StripeHistory): Promise<void> {
  const inOrder = new StripeWorld(opening);
  await inOrder.tellInOrder(payings);
  const expected = await inOrder.outcome();
  deepStrictEqual(expected.violations, []);
  const world = new StripeWorld(opening);
  await world.tell(payings, arrival);
  deepStrictEqual(await world.outcome(), expected);
}

describe('whatever Stripe tells, in any order, often, at once, to processes that die at any await', () => {
  it(
    'comes to what it comes to told once and in order',
    async () => {
      expect(await failureOf(fc.asyncProperty(stripeHistory, live))).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});
