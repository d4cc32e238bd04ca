import type { Customer } from '../customer/customer.ts';
import { formatMoney } from '../kernel/money.ts';
import type { Order, Verification } from './order.ts';
import type { VerificationPolicy } from './verification-policy.ts';

/** What is known of a customer besides the order: what it ordered of late, and who at its addresses is blocked. */
export type Background = {
  /** Orders of the customer in the 24 hours before, this one not counted. */
  readonly ordersToday: number;
  /** Whether it is the customer's first. */
  readonly isFirst: boolean;
  readonly blockedNeighbours: readonly string[];
};

type Signal = NonNullable<Verification['signals']>[number];

/** How suspicious an order looks, 0 to 100, and why: each signal counts so many points. */
export function scoreFraud(
  order: Pick<Order, 'totals' | 'currency' | 'shipTo'>,
  customer: Pick<Customer, 'address'>,
  { ordersToday, isFirst, blockedNeighbours }: Background,
  { velocity, firstOrder, countriesDiffer, blockedAddress }: VerificationPolicy['fraud'],
): { score: number; signals: Signal[] } {
  const { gross } = order.totals;
  const most = firstOrder.over[order.currency];
  const from = customer.address.country;
  const to = (order.shipTo ?? customer.address).country;
  const found: (Signal | false)[] = [
    ordersToday + 1 > velocity.orders && {
      code: 'velocity',
      points: velocity.points,
      detail: `more than ${velocity.orders} orders within a day`,
    },
    isFirst &&
      most !== undefined &&
      gross > most && {
        code: 'first_order',
        points: firstOrder.points,
        detail: `the first order is of ${formatMoney(gross, order.currency)}, more than ${formatMoney(most, order.currency)}`,
      },
    from !== to && {
      code: 'countries_differ',
      points: countriesDiffer,
      detail: `the customer sits in ${from}, the goods go to ${to}`,
    },
    blockedNeighbours.length > 0 && {
      code: 'blocked_address',
      points: blockedAddress,
      detail: `the same address as ${blockedNeighbours.join(', ')}, who is blocked`,
    },
  ];
  const signals = found.filter((signal) => signal !== false).filter(({ points }) => points > 0);
  return {
    score: Math.min(
      100,
      signals.reduce((sum, { points }) => sum + points, 0),
    ),
    signals,
  };
}
