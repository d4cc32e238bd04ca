import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MatchLine, OpenCandidate } from '#shared/matching/candidate-source.ts';
import { aLine, anItem, fromJuniper, juniper, larkspur, matchesOf, onDay } from '#test/builders/matching.ts';

/** Few different amounts and owners, so that ties and sums come up often. */
const someItems: fc.Arbitrary<OpenCandidate[]> = fc
  .array(
    fc.record({
      balance: fc.integer({ min: 1, max: 40 }).map((n) => n * 37),
      customerId: fc.constantFrom(juniper.customerId, larkspur.customerId),
      dueOn: fc.constantFrom(onDay('2026-02-20'), onDay('2026-03-20')),
      discounted: fc.boolean(),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((made) =>
    made.map(({ discounted, ...over }, index) =>
      anItem(index + 1, {
        ...over,
        ...(discounted && { discount: { until: onDay('2026-03-02'), amount: Math.ceil(over.balance / 50) } }),
      }),
    ),
  );

const someLine: fc.Arbitrary<Omit<MatchLine, 'line'>> = fc
  .record({
    amount: fc.integer({ min: 1, max: 90 }).map((n) => n * 37 - (n % 3)),
    named: fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 3 }),
    cut: fc.integer({ min: 0, max: 6 }),
    counterparty: fc.constantFrom(undefined, fromJuniper, { name: 'LARKSPUR CATERING' }, { name: 'Nobody' }),
    charges: fc.constantFrom(undefined, 37),
  })
  .map(({ named, cut, ...rest }) => ({
    ...aLine(rest),
    text: named.map((n) => `INV-2026-${String(n).padStart(6, '0')}`.slice(cut)).join(' '),
  }));
const numbered = (lines: readonly Omit<MatchLine, 'line'>[]) =>
  lines.map((line, index) => ({ ...line, line: index + 1 }));
const someLines = fc.array(someLine, { minLength: 1, maxLength: 8 }).map(numbered);

it('never allocates more than a line brings, nor posts more than an invoice is owed', async () => {
  await fc.assert(
    fc.asyncProperty(someItems, someLines, async (items, lines) => {
      const matches = await matchesOf(lines, { items });
      const settled = new Map<string, number>();
      for (const [index, match] of matches.entries()) {
        const sum = match.allocations.reduce((total, { amount }) => total + amount, 0);
        expect(match.unapplied).toBe((lines[index]?.amount ?? 0) - sum);
        expect(match.unapplied).toBeGreaterThanOrEqual(0);
        for (const { invoiceId, amount, discount = 0, difference } of match.allocations) {
          expect(amount).toBeGreaterThan(0);
          if (match.outcome !== 'posted') continue;
          settled.set(
            invoiceId,
            (settled.get(invoiceId) ?? 0) + amount + discount + (difference?.amount ?? 0),
          );
        }
      }
      for (const { invoiceId, balance } of items)
        expect(settled.get(invoiceId) ?? 0).toBeLessThanOrEqual(balance);
    }),
    { numRuns: 300 },
  );
});

it('answers the same again, and in whatever order the candidates come', async () => {
  await fc.assert(
    fc.asyncProperty(someItems, someLines, fc.integer(), async (items, lines, turn) => {
      const first = await matchesOf(lines, { items });
      expect(await matchesOf(lines, { items })).toEqual(first);
      const turned = items
        .toSorted((one, other) => ((one.balance * turn) % 7) - ((other.balance * turn) % 7))
        .reverse();
      expect(await matchesOf(lines, { items: turned, payers: [larkspur, juniper] })).toEqual(first);
    }),
    { numRuns: 200 },
  );
});

it('never posts what two open items of the payer could be', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.constantFrom('', 'Payment'),
      async (balance, text) => {
        const items = [anItem(1, { balance }), anItem(2, { balance })];
        const [match] = await matchesOf([aLine({ amount: balance, text, counterparty: fromJuniper })], {
          items,
        });
        expect(match?.outcome).toBe('suggested');
      },
    ),
    { numRuns: 100 },
  );
});
