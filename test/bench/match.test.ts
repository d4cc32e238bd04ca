import { describe, expect, it } from 'vitest';
import { runMatching } from './match-run.ts';

describe.each([1, 2, 3])('2,000 generated bank lines with noise, seed %i', (seed) => {
  it('are matched to 95 % of what is matchable, and nothing wrong is posted', async () => {
    const { total, failures } = await runMatching({ items: 4_000, customers: 600, lines: 2_000, seed });
    expect(failures.filter(({ wrong }) => wrong)).toEqual([]);
    expect(total.lines).toBe(2_000);
    expect(total.matchable).toBeGreaterThan(1_700);
    expect(total.straight / total.matchable).toBeGreaterThan(0.95);
  });
});
