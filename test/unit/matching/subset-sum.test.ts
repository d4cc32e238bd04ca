import { describe, expect, it } from 'vitest';
import { exactSums, groupCount } from '#shared/matching/subset-sum.ts';

const bounds = { maxItems: 10, maxSize: 4, maxSteps: 10_000 };
const summands = (...values: number[]) => values.map((value, index) => ({ value, item: index }));
const found = (values: number[], amount: number, over = {}) => {
  const { groups, complete } = exactSums(summands(...values), amount, { ...bounds, ...over });
  return { groups: groups.map((group) => group.map(({ value }) => value)), complete };
};

describe('groups that sum to an amount', () => {
  it('come smallest first, and the oldest first of one size', () => {
    expect(found([1, 2, 3, 4, 5], 6)).toEqual({
      groups: [
        [1, 5],
        [2, 4],
      ],
      complete: true,
    });
  });

  it('have at least two items', () => {
    expect(found([6, 5], 6)).toEqual({ groups: [], complete: true });
  });

  it('hold an item once, with its discount or without', () => {
    const twice = [
      { value: 3, item: 'a' },
      { value: 4, item: 'a' },
    ];
    expect(exactSums(twice, 7, bounds).groups).toEqual([]);
  });

  it('are not all looked at beyond the bound', () => {
    expect(found([1, 2, 3, 4, 5, 6, 7], 100, { maxSteps: 10 })).toEqual({ groups: [], complete: false });
    expect(found([1, 2, 3], 5, { maxItems: 2 })).toEqual({ groups: [], complete: false });
  });

  it('can be made in so many ways', () => {
    expect([groupCount(1, 4), groupCount(4, 2), groupCount(20, 4)]).toEqual([1, 10, 6195]);
  });
});
