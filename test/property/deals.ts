import type { Step } from './step.ts';

/** The lines of an order with what was agreed of them. */
export function agreed({ lines, deal }: Extract<Step, { do: 'place' }>) {
  switch (deal) {
    case 'none':
      return { lines };
    case 'discount':
      return {
        lines: lines.map((line, index) => (index === 0 ? { ...line, discount: { percent: '12.5' } } : line)),
        adjustments: [{ kind: 'discount', reason: 'Season', percent: '3' }],
      };
    case 'freight':
      return {
        lines,
        adjustments: [
          { kind: 'freight', reason: 'Parcel', amount: 395 },
          { kind: 'discount', reason: 'Welcome', amount: 101 },
        ],
      };
    default:
      return deal satisfies never;
  }
}

export const creditOf = {
  full: { scope: 'full' },
  units: { scope: 'lines', lines: [{ line: 1, quantity: 1 }] },
  'off a line': { scope: 'lines', lines: [{ line: 1, net: 77 }] },
  amount: { scope: 'amount', net: 333 },
  goodwill: { scope: 'goodwill', gross: 555 },
} as const;

/** The first customer pays in 14 days, the second in instalments, the third early if it likes. */
export const termsOf = [
  undefined,
  {
    kind: 'instalments',
    parts: [
      { percent: '40', days: 7 },
      { percent: '30', days: 15 },
      { percent: '30', days: 30 },
    ],
    businessDays: 'following',
  },
  { kind: 'net', days: 14, discount: { percent: '2', days: 10 } },
];

/** The first customer pays in euros, the others in pounds. */
export const currencyOf = (customerId: string) => (customerId === 'cus_harbour' ? 'EUR' : 'GBP');

/** The first customer is billed shipment by shipment, the second by the week, the third by the order. */
export const invoicingOf = ['shipment', 'weekly', 'order'];
