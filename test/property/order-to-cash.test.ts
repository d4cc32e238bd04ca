import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Item } from '#shared/table/table.ts';
import { Business } from './business.ts';
import { debtor } from './collection-requests.ts';
import { failureOf, historiesOr } from './histories.ts';
import { debiting, histories, longOrders, type Round, shortOrders } from './step.ts';

const HISTORIES = historiesOr(1_000);
const TIMEOUT_MS = 600_000;

// Waiting after a lost race takes no time, and the same history happens the same way twice.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

async function live(opening: Iterable<Item>, rounds: readonly Round[]): Promise<void> {
  const business = new Business(opening);
  for (const round of rounds) {
    await business.play(round);
    // Looking costs more than living, so not after every round.
    if (round.seed % 3 === 0) await business.expectInvariants();
  }
  await business.settle();
  await business.expectInvariants({ settled: true });
  await business.expectSameAnswers();
}

/** Histories of a company that sells `skus`; see {@link failureOf}. */
async function failureAt(
  skus: readonly string[],
  lines: Parameters<typeof histories>[1],
  numRuns: number,
  options: Parameters<typeof histories>[2] = {},
): Promise<string | undefined> {
  const opening = await Business.opening(skus);
  const property = fc.asyncProperty(histories(skus, lines, options), (rounds) => live(opening, rounds));
  return failureOf(property, numRuns, HISTORIES);
}

describe('whatever happens to the business, with crashes at any await and everyone at once', () => {
  it(
    'every invariant holds after any round, and repeated requests are answered alike',
    async () => {
      const skus = ['MUG-1', 'LAMP-2', 'CARD-3'];
      expect(await failureAt(skus, shortOrders(skus), HISTORIES)).toBeUndefined();
    },
    TIMEOUT_MS,
  );

  it(
    'the same is true where most is collected by direct debit',
    async () => {
      const skus = ['MUG-1', 'LAMP-2', 'CARD-3'];
      const options = { customers: [debtor], more: debiting };
      expect(await failureAt(skus, shortOrders(skus), Math.ceil(HISTORIES / 3), options)).toBeUndefined();
    },
    TIMEOUT_MS,
  );

  it(
    'the same is true of orders too long for one transaction',
    async () => {
      const skus = Array.from({ length: 96 }, (_, index) => `PEN-${index + 1}`);
      expect(await failureAt(skus, longOrders(skus), Math.ceil(HISTORIES / 10))).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});
