import fc from 'fast-check';
import type { TaxTreatment } from '#shared/tax/tax.ts';
import type { Draft, DraftAdjustment, DraftLine } from './draft.ts';
import { type BuyerName, buyer, type SellerName, sellers } from './parties.ts';

/** The same seed makes the same documents. */
export const SEED = 20_260_303;

type Sale = { seller: SellerName; buyer: BuyerName; treatments: readonly TaxTreatment[] };

const free = (category: TaxTreatment['category']): readonly TaxTreatment[] => [{ category, rate: '0' }];
const taxed = (...rates: readonly string[]): readonly TaxTreatment[] => [
  ...rates.map((rate): TaxTreatment => ({ category: 'S', rate })),
  { category: 'Z', rate: '0' },
  { category: 'E', rate: '0', exemption: { code: 'VATEX-EU-132', reason: 'Education' } },
];

/** Who sells to whom, and how that may be taxed. */
const sales: readonly Sale[] = [
  { seller: 'GB', buyer: 'GB', treatments: taxed('20', '5') },
  { seller: 'DE', buyer: 'DE', treatments: taxed('19', '7') },
  { seller: 'FR', buyer: 'private', treatments: taxed('20', '5.5', '2.1') },
  { seller: 'IE', buyer: 'IE', treatments: taxed('23', '13.5') },
  { seller: 'NL', buyer: 'NL', treatments: taxed('21', '9') },
  { seller: 'DE', buyer: 'FR', treatments: free('K') },
  { seller: 'FR', buyer: 'GR', treatments: free('K') },
  { seller: 'NL', buyer: 'DE', treatments: free('AE') },
  { seller: 'IE', buyer: 'US', treatments: free('G') },
  { seller: 'GB', buyer: 'JP', treatments: free('G') },
  { seller: 'DE', buyer: 'US', treatments: free('O') },
];

const discount = (quoted: number) =>
  fc.oneof(
    fc.constant({}),
    fc.integer({ min: 1, max: 99 }).map((percent) => ({
      discount: { percent: String(percent), amount: Math.floor((quoted * percent) / 100) },
    })),
    fc.integer({ min: 0, max: quoted }).map((amount) => ({ discount: { amount, reason: 'Agreed' } })),
  );

const line = (sale: Sale): fc.Arbitrary<DraftLine> =>
  fc
    .record({
      quantity: fc.integer({ min: 1, max: 1_000 }),
      unitPrice: fc.integer({ min: 0, max: 99_999 }),
      tax: fc.constantFrom(...sale.treatments),
      kind: fc.constantFrom('goods' as const, 'charge' as const),
      description: fc.constantFrom('Mug', 'Tea <green> & "loose"', '', 'Größe 42', '湯のみ', ' padded '),
    })
    .chain((plain) => discount(plain.quantity * plain.unitPrice).map((taken) => ({ ...plain, ...taken })));

/** Charges, and discounts that leave something of what they are taken off. */
const adjustments = (lines: readonly DraftLine[]): fc.Arbitrary<readonly DraftAdjustment[]> => {
  const treatments = [...new Map(lines.map(({ tax }) => [JSON.stringify(tax), tax])).values()];
  const quoted = (tax: TaxTreatment) =>
    lines
      .filter((candidate) => candidate.tax === tax)
      .reduce(
        (sum, { quantity, unitPrice, discount: off }) => sum + quantity * unitPrice - (off?.amount ?? 0),
        0,
      );
  const one = fc.constantFrom(...treatments).chain((tax) =>
    fc.record({
      kind: fc.constantFrom('discount' as const, 'charge' as const, 'freight' as const),
      reason: fc.constantFrom('Carriage', 'Loyalty & co.'),
      amount: fc.integer({ min: 0, max: Math.floor(quoted(tax) / 3) }),
      tax: fc.constant(tax),
    }),
  );
  return fc.array(one, { maxLength: 3 });
};

const invoiceHead = fc.record({
  type: fc.constantFrom('standard' as const, 'deposit' as const, 'final' as const, 'counter' as const),
  discount: fc.option(fc.constant({ percent: '2', until: '2026-03-13', amount: 10 }), { nil: undefined }),
});
const creditHead = fc.record({
  scope: fc.constantFrom('full' as const, 'lines' as const, 'amount' as const, 'return' as const),
  reasonCode: fc.constantFrom('price' as const, 'goods_returned' as const),
});

const draft: fc.Arbitrary<Draft> = fc.constantFrom(...sales).chain((sale) =>
  fc
    .record({
      lines: fc.array(line(sale), { minLength: 1, maxLength: 6 }),
      currency: fc.constantFrom('EUR', 'GBP', 'JPY', 'USD', 'HUF'),
      pricesIncludeTax: fc.boolean(),
    })
    .chain((common) =>
      fc.record({
        head: fc.oneof(
          { weight: 2, arbitrary: invoiceHead.map((head) => ({ kind: 'invoice' as const, head })) },
          { weight: 1, arbitrary: creditHead.map((head) => ({ kind: 'credit_note' as const, head })) },
        ),
        adjustments: adjustments(common.lines),
        common: fc.constant(common),
      }),
    )
    .map(({ head: { kind, head }, adjustments: added, common }): Draft => {
      const parties = { seller: sellers[sale.seller], adjustments: added, ...common };
      const to = buyer(sale.buyer);
      return kind === 'invoice'
        ? { kind, ...parties, head: { ...head, buyer: to } }
        : {
            kind,
            ...parties,
            head: {
              ...head,
              buyer: to,
              corrects: {
                invoiceId: 'inv_01k0000000000000000000000b',
                number: 'INV-2026-000001',
                issuedOn: '2026-03-03',
              },
            },
          };
    }),
);

/** `count` documents over kinds, tax categories, discounts, charges, currencies, countries and ways to quote prices. */
export function generatedDrafts(count: number): readonly Draft[] {
  return fc.sample(draft, { numRuns: count, seed: SEED });
}
