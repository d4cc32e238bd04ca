import * as z from 'zod';
import type { Customer } from '../customer/customer.ts';
import type { Order, OrderLine } from '../order/order.ts';
import type { Product } from '../product/product.ts';

/** What a rule is asked about: an order with its lines, its customer, and the products it orders. */
export type Subject = {
  readonly order: Order;
  readonly lines: readonly OrderLine[];
  readonly customer: Customer;
  readonly products: ReadonlyMap<string, Pick<Product, 'group'>>;
};

type Field =
  | { readonly type: 'text'; readonly of: (subject: Subject) => string }
  | { readonly type: 'number'; readonly of: (subject: Subject) => number }
  | { readonly type: 'list'; readonly of: (subject: Subject) => readonly string[] };

const names = [
  'channel',
  'customerId',
  'currency',
  'country',
  'billingCountry',
  'priority',
  'net',
  'gross',
  'lineCount',
  'units',
  'skus',
  'skuGroups',
  'tags',
] as const;
export const RuleField = z.enum(names);
export type RuleField = z.infer<typeof RuleField>;

/** All that a rule can ask about, and of what type it is: the one table by which rules are checked and evaluated. */
export const ruleFields = {
  channel: { type: 'text', of: ({ order }) => order.channel },
  customerId: { type: 'text', of: ({ customer }) => customer.customerId },
  currency: { type: 'text', of: ({ order }) => order.currency },
  /** Where the goods go. */
  country: { type: 'text', of: ({ order, customer }) => (order.shipTo ?? customer.address).country },
  billingCountry: { type: 'text', of: ({ customer }) => customer.address.country },
  priority: { type: 'text', of: ({ order }) => order.priority ?? 'normal' },
  /** Minor units, before and with tax. */
  net: { type: 'number', of: ({ order }) => order.totals.net },
  gross: { type: 'number', of: ({ order }) => order.totals.gross },
  lineCount: { type: 'number', of: ({ order }) => order.lineCount },
  units: { type: 'number', of: ({ lines }) => lines.reduce((sum, { quantity }) => sum + quantity, 0) },
  skus: { type: 'list', of: ({ lines }) => [...new Set(lines.map(({ sku }) => sku))] },
  skuGroups: { type: 'list', of: groupsOf },
  tags: { type: 'list', of: ({ order }) => order.tags ?? [] },
} as const satisfies Record<RuleField, Field>;

/** What can be asked of a field of each type, and of what type the value is that it is compared with. */
export const operators = {
  text: { is: 'text', is_not: 'text', is_one_of: 'texts' },
  number: { is: 'number', above: 'number', below: 'number' },
  list: { has: 'text', has_any_of: 'texts' },
} as const;

function groupsOf({ lines, products }: Subject): string[] {
  return [
    ...new Set(
      lines.flatMap(({ sku }): string[] => {
        const group = products.get(sku)?.group;
        return group === undefined ? [] : [group];
      }),
    ),
  ];
}
