import type { Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * B. The numbers of each series run from 1 without gap or repeat up to where its counter stands, and no two documents
 * bear the same number.
 */
export function* numbersRunOn({ invoices, creditNotes, counters }: Picture): Generator<Violation> {
  const ordinals = new Map<string, number[]>([...counters.keys()].map((series) => [series, []]));
  const numbers = new Set<string>();
  for (const { number, series, ordinal } of [...invoices.values(), ...creditNotes.values()]) {
    ordinals.set(series, [...(ordinals.get(series) ?? []), ordinal]);
    if (numbers.has(number)) yield { invariant: 'B', detail: `${number} is borne by two documents` };
    numbers.add(number);
  }
  for (const [series, used] of ordinals) {
    const sorted = used.toSorted((one, other) => one - other);
    for (const [index, ordinal] of sorted.entries()) {
      const previous = sorted[index - 1] ?? 0;
      if (ordinal === previous)
        yield { invariant: 'B', detail: `number ${ordinal} of ${series} is used twice` };
      if (ordinal > previous + 1) {
        yield { invariant: 'B', detail: `${series} has no number between ${previous} and ${ordinal}` };
      }
    }
    yield* unlessEqual('B', `the counter of ${series}`, counters.get(series), (sorted.at(-1) ?? 0) + 1);
  }
}
