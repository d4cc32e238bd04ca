import type { Picture } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/** B. The numbers of each series run from 1 without gap or repeat up to where its counter stands. */
export function* numbersRunOn({ invoices, creditNotes, counters }: Picture): Generator<Violation> {
  const ordinals = new Map<string, number[]>([...counters.keys()].map((series) => [series, []]));
  for (const { number } of [...invoices.values(), ...creditNotes.values()]) {
    const match = /^(\w+)-(\d{4})-(\d{6,})$/.exec(number);
    if (!match) {
      yield { invariant: 'B', detail: `${number} is no number of any series` };
      continue;
    }
    const series = `${match[1]}_${match[2]}`;
    ordinals.set(series, [...(ordinals.get(series) ?? []), Number(match[3])]);
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
