import { describe, expect, it } from 'vitest';
import { importStatement } from '#shared/bank/import-store.ts';
import { checkInvariants } from '#shared/invariant/check-invariants.ts';
import { AT, aWorld, entriesFor, take, tools } from '../builders/imported-statement.ts';
import { type MemoryTable, portOf } from '../builders/memory-table.ts';
import { masked } from './masked.ts';

/** `AWAITS=all npx vitest run test/property/statement-import.test.ts` crashes at each await of the long statement too. */
const AWAITS = process.env['AWAITS'] ?? '12';
const TIMEOUT_MS = 3_600_000;

type Crash = { readonly nth: number; readonly when: 'before' | 'after' };
type Statement = { readonly lines: number; readonly linesAtOnce: number };

/**
 * A statement handed in and imported, where `crash` befalls one of the two, which is then done again: Lambda's own
 * retries, and finance that sends the file once more.
 */
async function imported({ lines, linesAtOnce }: Statement, crash?: Crash) {
  const { table, files: stored } = await aWorld(60);
  const process = table.client();
  const files = portOf(stored, process.faults, ['put', 'open', 'copy']);
  if (crash) process.faults.crashAtAwait(crash.nth, crash.when);
  const again = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      if (!process.faults.isDead) throw error;
      process.faults.clear();
      return act();
    }
  };
  const id = await again(() => take(process, files, entriesFor(lines)));
  await again(() => importStatement(tools(process, files, { linesAtOnce }), id, AT));
  return { table, awaits: process.faults.awaits };
}

async function violationsOf(table: MemoryTable): Promise<string[]> {
  const { violations } = await checkInvariants(table.items());
  return violations.map(({ detail }) => detail);
}

/** Which awaits of `count` a statement is broken off at: all, or so many of them, the same ones each time. */
function chosen(count: number): number[] {
  const step = AWAITS === 'all' ? 1 : Math.max(1, Math.floor(count / Number(AWAITS)));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => 1 + index * step);
}

describe('a statement that is taken and imported', () => {
  it.each([
    [
      'of 24 lines, at each of its awaits',
      { lines: 24, linesAtOnce: 5 },
      (count: number) => chosenAll(count),
    ],
    ['of 450 lines, at awaits all over it', { lines: 450, linesAtOnce: 200 }, chosen],
  ])(
    'ends alike wherever its process died once: one %s',
    async (_, statement, awaitsOf) => {
      const whole = await imported(statement);
      const expected = masked(whole.table);
      const found = await violationsOf(whole.table);
      const different: unknown[] = [];
      for (const nth of awaitsOf(whole.awaits)) {
        for (const when of ['before', 'after'] as const) {
          const { table } = await imported(statement, { nth, when });
          const got = masked(table);
          const missing = expected.filter((item) => !got.includes(item));
          const extra = got.filter((item) => !expected.includes(item));
          const isSame = got.join('\n') === expected.join('\n');
          const violations = (await violationsOf(table)).filter((detail) => !found.includes(detail));
          if (!isSame || violations.length > 0) different.push({ nth, when, missing, extra, violations });
        }
      }
      expect(different).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

const chosenAll = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
