import fc from 'fast-check';

/** A line as the bank might write it: the payer, and which invoices it names and pays. */
export type Line = {
  payer: 'cus_harbour' | 'cus_okafor' | 'nobody';
  invoices: number[];
  named: boolean;
  amount: 'exactly' | 'a little short' | 'short' | 'over' | 'odd' | 'out';
  damaged: boolean;
  /** Whether the payer said before what it would pay, so that the payment that follows is known by that. */
  advised: boolean;
};
export type Act = { line: number; invoice: number; key: string } & {
  do:
    | 'accept'
    | 'pay'
    | 'pay with fee'
    | 'let go'
    | 'split'
    | 'confirm'
    | 'reverse'
    | 'clear'
    | 'book'
    | 'ignore'
    | 'undo';
};
export type History = {
  lines: Line[];
  /** What is recorded by hand before the lines are matched, and after that before they are worked. */
  byHand: { before: number[]; between: number[] };
  /** Of which lines the advice is withdrawn once they are matched. */
  withdrawn: number[];
  /** At which await the import dies, if at all, and after which it goes on. */
  crash: { nth: number; when: 'before' | 'after' } | undefined;
  acts: Act[];
};

const pick = fc.nat({ max: 20 });
/** Few, so that lines tell of some. */
const handPick = fc.constantFrom(2, 4, 5, 10);
export const history: fc.Arbitrary<History> = fc.record({
  lines: fc.array(
    fc.record({
      payer: fc.constantFrom('cus_harbour', 'cus_harbour', 'cus_okafor', 'nobody'),
      invoices: fc.array(fc.oneof(pick, handPick), { minLength: 1, maxLength: 3 }),
      named: fc.boolean(),
      amount: fc.constantFrom('exactly', 'exactly', 'a little short', 'short', 'over', 'odd', 'out'),
      damaged: fc.boolean(),
      advised: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  byHand: fc.record({
    before: fc.array(handPick, { maxLength: 3 }),
    between: fc.array(handPick, { maxLength: 3 }),
  }),
  withdrawn: fc.array(pick, { maxLength: 1 }),
  crash: fc.option(
    fc.record({ nth: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom('before', 'after') }),
    { nil: undefined, freq: 8 },
  ),
  acts: fc.array(
    fc.record({
      line: pick,
      invoice: pick,
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      do: fc.constantFrom(
        'accept',
        'pay',
        'pay with fee',
        'let go',
        'split',
        'confirm',
        'reverse',
        'clear',
        'book',
        'ignore',
        'undo',
        'undo',
      ),
    }),
    { maxLength: 10 },
  ),
});
