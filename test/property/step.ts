import fc from 'fast-check';
import { type CollectionStep, collectionSteps } from './collection-steps.ts';

export const customerIds = ['cus_harbour', 'cus_lindqvist', 'cus_okafor'] as const;

/** What people do. `order` and `invoice` pick among those there are at that moment. */
export type Step =
  | {
      do: 'place';
      customerId: string;
      lines: { sku: string; quantity: number }[];
      poNumber?: string | undefined;
      /** What sales agree: something off the first line and off all of it, or freight on top of it. */
      deal: 'none' | 'discount' | 'freight';
      /** Whether what is out of stock may wait. */
      backorder?: boolean | undefined;
    }
  | {
      do: 'sell';
      customerId: string;
      lines: { sku: string; quantity: number }[];
      poNumber?: string | undefined;
      method: string;
    }
  | { do: 'release' | 'cancel' | 'invoice'; order: number }
  | { do: 'cancel part'; order: number; line: number; quantity: number }
  | { do: 'cancel rest'; order: number }
  | {
      do: 'amend';
      order: number;
      quantities: number[];
      requestedOn?: string | undefined;
      moves: boolean;
      hold: boolean;
    }
  | { do: 'ship'; order: number; howMuch: 'all' | 'part' | 'packed' }
  | {
      do: 'deliver';
      order: number;
      outcome: 'delivered' | 'failed' | 'in_transit';
      units?: number | undefined;
    }
  | { do: 'pay'; invoice: number; howMuch: 'exactly' | 'short' | 'over' | 'discounted' | 'unallocated' }
  | { do: 'return'; invoice: number; quantity: number; condition: string; reference?: string | undefined }
  | { do: 'credit'; invoice: number; scope: 'full' | 'units' | 'off a line' | 'amount' | 'goodwill' }
  | { do: 'reissue'; invoice: number; cheaper: boolean }
  | { do: 'dispute' | 'resolve'; invoice: number }
  | { do: 'write off'; invoice: number; amount?: number | undefined }
  | { do: 'refund'; payment: number; amount: number }
  | { do: 'pay out'; credit: number; amount?: number | undefined; payment?: number | undefined }
  | { do: 'decide about refund'; refund: number; approve: boolean; by: 'requester' | 'colleague' }
  | { do: 'ask for deposit'; order: number; percent: string }
  | { do: 'allocate'; payment: number; invoice: number; howMuch: 'all' | 'some' }
  | { do: 'unallocate'; payment: number; amount?: number | undefined }
  | { do: 'net' | 'take back netted'; credit: number; invoice: number }
  | { do: 'reverse'; payment: number; kind: 'returned' | 'chargeback' | 'error'; amount?: number | undefined }
  | CollectionStep
  | { do: 'close month' | 'take journal' }
  | { do: 'change limit'; customerId: string; creditLimit: number }
  | { do: 'move stock'; sku: string; quantity: number; warehouse?: string | undefined }
  | { do: 'transfer'; sku: string; quantity: number; from: string; to: string }
  | { do: 'collect'; customerId: string };

/** What befalls a process at its first try. It is tried again without. */
export type Mishap =
  | { kind: 'none' }
  | { kind: 'crash before' | 'crash after'; write: number }
  /** At a write or a read, whichever is the `await`-th of them. */
  | { kind: 'crash at'; await: number; when: 'before' | 'after' }
  | { kind: 'throttled' | 'conflicted' };

/** Steps that people take at the same time, and the days that pass before. */
export type Round = {
  days: number;
  steps: { step: Step; mishap: Mishap }[];
  /** What befalls each reaction to what was recorded before. */
  reaction: Mishap;
  /** Whether the bus delivers those facts twice, at the same time. */
  twice: boolean;
  /** Decides whose turn it is. */
  seed: number;
};

const pick = fc.nat({ max: 1000 });
const customerId = fc.constantFrom(...customerIds);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const ship: fc.Arbitrary<Step> = fc.record({
  do: only('ship'),
  order: pick,
  howMuch: fc.constantFrom('all', 'part', 'packed'),
});

const deliver: fc.Arbitrary<Step> = fc.record({
  do: only('deliver'),
  order: pick,
  outcome: fc.constantFrom('delivered', 'delivered', 'delivered', 'in_transit', 'failed'),
  units: optional(fc.integer({ min: 1, max: 4 })),
});

/** Of a business that ships at once and debits what it is owed. */
export const debiting: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 24, arbitrary: ship },
  { weight: 24, arbitrary: collectionSteps },
];

const laterSteps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: ship },
  { weight: 4, arbitrary: deliver },
  {
    weight: 12,
    arbitrary: fc.record({
      do: only('pay'),
      invoice: pick,
      howMuch: fc.constantFrom('exactly', 'short', 'over', 'discounted', 'unallocated'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: only('return'),
      invoice: pick,
      quantity: fc.integer({ min: 1, max: 4 }),
      condition: fc.constantFrom('restock', 'scrap'),
      reference: optional(fc.constantFrom('RMA-1', 'RMA-2')),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: only('credit'),
      invoice: pick,
      scope: fc.constantFrom('full', 'units', 'off a line', 'amount', 'goodwill'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: only('reverse'),
      payment: pick,
      kind: fc.constantFrom('returned', 'chargeback', 'error'),
      amount: optional(fc.constantFrom(1, 300, 5_000)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: only('allocate'),
      payment: pick,
      invoice: pick,
      howMuch: fc.constantFrom('all', 'some'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: only('unallocate'),
      payment: pick,
      amount: optional(fc.constantFrom(1, 200, 2_000)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('net', 'net', 'take back netted'),
      credit: pick,
      invoice: pick,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: only('reissue'), invoice: pick, cheaper: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('release', 'cancel'), order: pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: only('amend'),
      order: pick,
      quantities: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 2 }),
      requestedOn: optional(fc.constantFrom('2026-03-20', '2026-04-02')),
      moves: fc.boolean(),
      hold: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: only('cancel part'),
      order: pick,
      line: fc.integer({ min: 1, max: 2 }),
      quantity: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: only('cancel rest'), order: pick }) },
  { weight: 1, arbitrary: fc.record({ do: only('invoice'), order: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('dispute', 'resolve'), invoice: pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: only('write off'),
      invoice: pick,
      amount: optional(fc.constantFrom(1, 500, 100_000)),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: only('refund'), payment: pick, amount: fc.constantFrom(40, 100, 500) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: only('pay out'),
      credit: pick,
      amount: optional(fc.constantFrom(60, 200)),
      payment: optional(pick),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: only('decide about refund'),
      refund: pick,
      approve: fc.constantFrom(true, true, false),
      by: fc.constantFrom('colleague', 'colleague', 'colleague', 'requester'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: only('ask for deposit'),
      order: pick,
      percent: fc.constantFrom('10', '33.3333', '100'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('close month', 'take journal') }) },
  { weight: 2, arbitrary: fc.record({ do: only('collect'), customerId }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: only('change limit'),
      customerId,
      creditLimit: fc.constantFrom(0, 20_000, 60_000),
    }),
  },
);

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Mishap>({ kind: 'none' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('crash before', 'crash after'),
      write: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: only('crash at'),
      await: fc.integer({ min: 1, max: 12 }),
      when: fc.constantFrom('before', 'after'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('throttled', 'conflicted') }) },
);

type Lines = { sku: string; quantity: number }[];

/** Orders of one to three lines, often of the same things. */
export function shortOrders(skus: readonly string[]): fc.Arbitrary<Lines> {
  const line = fc.record({ sku: fc.constantFrom('POST', ...skus), quantity: fc.integer({ min: 1, max: 7 }) });
  return fc.array(line, { minLength: 1, maxLength: 3 });
}

/** Orders of nearly all of `skus`: with more than 90 they don't fit one transaction. */
export function longOrders(skus: readonly string[]): fc.Arbitrary<Lines> {
  return fc
    .tuple(fc.subarray([...skus], { minLength: skus.length - 8 }), fc.integer({ min: 1, max: 9 }))
    .map(([some, quantity]) => some.map((sku) => ({ sku, quantity })));
}

/**
 * Some weeks of a business that sells `skus` in orders of such `lines`.
 * @param options.customers who order
 * @param options.more what happens beside all that may happen anywhere
 */
export function histories(
  skus: readonly string[],
  lines: fc.Arbitrary<Lines>,
  {
    customers = customerIds,
    more = [],
  }: { customers?: readonly string[]; more?: readonly fc.WeightedArbitrary<Step>[] } = {},
): fc.Arbitrary<Round[]> {
  const customerId = fc.constantFrom(...customers);
  const place: fc.Arbitrary<Step> = fc.record({
    do: only('place'),
    customerId,
    lines,
    poNumber: optional(fc.constantFrom('PO-1', 'PO-2', 'PO-3')),
    deal: fc.constantFrom('none', 'discount', 'freight'),
    backorder: fc.constantFrom(true, false),
  });
  const sell: fc.Arbitrary<Step> = fc.record({
    do: only('sell'),
    customerId,
    lines,
    poNumber: optional(fc.constantFrom('PO-3', 'PO-4')),
    method: fc.constantFrom('cash', 'card'),
  });
  const moveStock: fc.Arbitrary<Step> = fc.record({
    do: only('move stock'),
    sku: fc.constantFrom(...skus),
    quantity: fc.constantFrom(-20, -3, 5, 40),
    warehouse: fc.constantFrom(undefined, 'north'),
  });
  const transfer: fc.Arbitrary<Step> = fc.record({
    do: only('transfer'),
    sku: fc.constantFrom(...skus),
    quantity: fc.constantFrom(2, 9),
    from: fc.constantFrom('main', 'north'),
    to: fc.constantFrom('north', 'main'),
  });
  const step = fc.oneof(
    { weight: 6, arbitrary: place },
    { weight: 2, arbitrary: sell },
    { weight: 2, arbitrary: moveStock },
    { weight: 1, arbitrary: transfer },
    { weight: 24, arbitrary: laterSteps },
    { weight: 7, arbitrary: collectionSteps },
    ...more,
  );
  const round: fc.Arbitrary<Round> = fc.record({
    days: fc.constantFrom(0, 0, 0, 1, 8, 15),
    steps: fc.array(fc.record({ step, mishap }), { minLength: 1, maxLength: 4 }),
    reaction: mishap,
    twice: fc.boolean(),
    seed: fc.nat(),
  });
  const opening = fc.record({
    days: fc.constant(0),
    steps: fc.array(fc.record({ step: place, mishap }), { minLength: 1, maxLength: 4 }),
    reaction: mishap,
    twice: fc.boolean(),
    seed: fc.nat(),
  });
  return fc
    .tuple(opening, fc.array(round, { minLength: 2, maxLength: 14, size: 'max' }))
    .map(([first, rest]) => [first, ...rest]);
}

function only<const T extends string>(value: T): fc.Arbitrary<T> {
  return fc.constant(value);
}
