/** What may be summed: `value` in minor units, at least 1. A group holds each `item` once, whichever its value. */
type Summand = { readonly value: number; readonly item: unknown };

export type SubsetSearch<T> = {
  /** Groups that sum to the amount, the smallest first, and of one size those that come first in `items`. At most two. */
  readonly groups: readonly (readonly T[])[];
  /** False where the search ended at its bound: there may be more groups. */
  readonly complete: boolean;
};

/**
 * Groups of 2 to `maxSize` of `items` that sum to `amount`, in whole minor units.
 * @param items in the order in which they are preferred, the oldest first
 */
export function exactSums<T extends Summand>(
  items: readonly T[],
  amount: number,
  bounds: { readonly maxItems: number; readonly maxSize: number; readonly maxSteps: number },
): SubsetSearch<T> {
  const usable = items.filter(({ value }) => value < amount);
  const searched = usable.slice(0, bounds.maxItems);
  const groups: T[][] = [];
  let steps = 0;
  const chosen: T[] = [];
  const extend = (start: number, left: number, size: number): void => {
    for (let index = start; index <= searched.length - size; index++) {
      if (groups.length > 1 || steps >= bounds.maxSteps) return;
      steps++;
      const item = searched[index];
      if (!item || item.value > left || chosen.some((other) => other.item === item.item)) continue;
      chosen.push(item);
      if (size === 1) {
        if (item.value === left) groups.push([...chosen]);
      } else {
        extend(index + 1, left - item.value, size - 1);
      }
      chosen.pop();
    }
  };
  for (let size = 2; size <= Math.min(bounds.maxSize, searched.length); size++) extend(0, amount, size);
  return { groups, complete: steps < bounds.maxSteps && searched.length === usable.length };
}

/** How many groups of 1 to `maxSize` can be made of `count` items. */
export function groupCount(count: number, maxSize: number): number {
  let total = 0;
  let choices = 1;
  for (let size = 1; size <= Math.min(maxSize, count); size++) {
    choices = (choices * (count - size + 1)) / size;
    total += choices;
  }
  return total;
}
