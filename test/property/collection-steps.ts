import fc from 'fast-check';

/** What payers say they will pay, and what is drawn from their accounts. */
export type CollectionStep =
  | { do: 'advise'; invoice: number; part: number }
  | { do: 'withdraw advice'; advice: number }
  | { do: 'sign mandate' | 'revoke mandate'; mandate: number }
  | { do: 'debit'; days: number }
  | { do: 'release debit'; run: number; howMuch: 'all' | 'one' };

const pick = fc.nat({ max: 1000 });

export const collectionSteps: fc.Arbitrary<CollectionStep> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: only('advise'), invoice: pick, part: fc.constantFrom(1, 1, 3) }),
  },
  { weight: 2, arbitrary: fc.record({ do: only('withdraw advice'), advice: pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('sign mandate', 'sign mandate', 'revoke mandate'),
      mandate: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: only('debit'), days: fc.constantFrom(9, 35, 35) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: only('release debit'), run: pick, howMuch: fc.constantFrom('all', 'one') }),
  },
);

function only<const T extends string>(value: T): fc.Arbitrary<T> {
  return fc.constant(value);
}
