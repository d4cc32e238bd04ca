import type { OpenItem } from '../invoice/invoice.ts';
import { compact } from '../matching/compact.ts';
import { exactSums } from '../matching/subset-sum.ts';
import { MAX_ALLOCATIONS, type Payment, unreserved } from './payment.ts';

/** Why money is proposed for invoices: its reference names them, the amount says it, or they are owed longest. */
type ProposalBasis = 'named' | 'exact' | 'exact_sum' | 'oldest_first';

/** What a payment's unused money could settle, as a later allocation takes it. Minor units. */
export type Proposal = {
  readonly basis: ProposalBasis;
  readonly allocations: readonly { readonly invoiceId: OpenItem['invoiceId']; readonly amount: number }[];
};

type Bounds = Parameters<typeof exactSums>[2];

/**
 * For each payment what its unused money could settle of what its customer owes, the money that waits longest first: what
 * is proposed for one is not for the next. Nothing where nothing is owed in its currency. Invoices in dispute are proposed
 * only where the reference names them. Nothing is decided with it: a person allocates.
 * @param items what the customer owes, in any order
 */
export function proposeAllocations(
  payments: readonly Payment[],
  items: readonly OpenItem[],
  bounds: Bounds,
): Map<Payment['paymentId'], Proposal> {
  const left = new Map(items.map((item) => [item.invoiceId, item.balance]));
  const ordered = items.toSorted((one, other) => orderOf(one).localeCompare(orderOf(other)));
  const proposals = new Map<Payment['paymentId'], Proposal>();
  for (const payment of payments.toSorted((one, other) => (ageOf(one) < ageOf(other) ? -1 : 1))) {
    const available = unreserved(payment);
    const owed = ordered
      .filter(({ currency }) => currency === payment.currency)
      .map((item) => ({ item, value: left.get(item.invoiceId) ?? 0 }))
      .filter(({ value }) => value > 0);
    const proposal = available > 0 ? propose(payment, available, owed, bounds) : undefined;
    if (!proposal) continue;
    proposals.set(payment.paymentId, proposal);
    for (const { invoiceId, amount } of proposal.allocations)
      left.set(invoiceId, (left.get(invoiceId) ?? 0) - amount);
  }
  return proposals;
}

type Owed = { readonly item: OpenItem; readonly value: number };

function propose(
  { reference }: Payment,
  available: number,
  owed: readonly Owed[],
  bounds: Bounds,
): Proposal | undefined {
  const told = compact(reference);
  const named = owed.filter(({ item }) => told.includes(compact(item.number)));
  if (named.length > 0) return { basis: 'named', allocations: inTurn(named, available) };
  const open = owed.filter(({ item }) => item.status === 'open');
  if (open.length === 0) return undefined;
  const singles = open.filter(({ value }) => value === available);
  const [single] = singles;
  if (single && singles.length === 1) return { basis: 'exact', allocations: inTurn([single], available) };
  const { groups, complete } = exactSums(open, available, bounds);
  const [group] = groups;
  if (group && singles.length === 0 && groups.length === 1 && complete)
    return { basis: 'exact_sum', allocations: inTurn(group, available) };
  return { basis: 'oldest_first', allocations: inTurn(open, available) };
}

function inTurn(owed: readonly Owed[], available: number) {
  let rest = available;
  return owed
    .map(({ item: { invoiceId }, value }) => {
      const amount = Math.min(rest, value);
      rest -= amount;
      return { invoiceId, amount };
    })
    .filter(({ amount }) => amount > 0)
    .slice(0, MAX_ALLOCATIONS);
}

const orderOf = ({ dueOn, number, invoiceId }: OpenItem) => `${dueOn}#${number}#${invoiceId}`;
const ageOf = ({ recordedAt, paymentId }: Payment) => `${recordedAt}#${paymentId}`;
