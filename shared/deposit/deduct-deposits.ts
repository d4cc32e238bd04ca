import type { Deduction, Invoice } from '../invoice/invoice.ts';
import { sameTreatment, type TaxGroup, type Totals, totalsOfGroups } from '../tax/tax.ts';
import { type DepositChange, leftOf, type OrderDeposits } from './deposit.ts';

/** Totals after the deposits, what was taken off, and what is left of the deposits. */
export type Deducted = {
  readonly totals: Totals;
  readonly deductions: readonly Deduction[];
  readonly changes: readonly DepositChange[];
  /** By how much less of the deposits is left. Minor units, tax included. */
  readonly used: number;
};

/**
 * Takes deposits off an invoice, oldest first, each off what is taxed alike and up to that: of a deposit with more net
 * than the group has, the rest waits for the order's next invoice.
 *
 * A deposit's tax and an invoice's are each rounded by themselves and may differ by a minor unit. Where a deposit covers
 * all that is left of a group, it covers its tax, too; where all of a deposit's net is taken off, nothing is left of its
 * tax. The unit between them stays as the deposit's invoice charged it.
 * @param orders the deposits of each order that is billed
 */
export function deductDeposits(totals: Totals, orders: readonly OrderDeposits[]): Deducted {
  const groups = totals.groups.map((group) => ({ ...group }));
  const deductions: Deduction[] = [];
  const changes: DepositChange[] = [];
  let used = 0;
  for (const order of orders) {
    const before = deductions.length;
    const deposits = order.deposits.map((deposit) => {
      const { invoiceId, number, issuedOn } = deposit;
      const left = deposit.left.flatMap((part) => {
        const group = groups.find((each) => sameTreatment(each, part));
        const { taken, rest } = takeOff(part, group);
        if (taken.net + taken.tax === 0) return [part];
        const { net: _net, tax: _tax, ...treatment } = part;
        deductions.push({ invoiceId, number, issuedOn, ...taken, treatment });
        return rest ? [rest] : [];
      });
      return { ...deposit, left };
    });
    if (deductions.length === before) continue;
    used += leftOf(order.deposits) - leftOf(deposits);
    changes.push({ before: order.version, after: { ...order, deposits, version: order.version + 1 } });
  }
  return { totals: totalsOfGroups(groups), deductions, changes, used };
}

/** Lowers `group` by what it can bear of a deposit's part. */
function takeOff(part: TaxGroup, group: TaxGroup | undefined) {
  if (!group || group.net === 0) return { taken: { net: 0, tax: 0 }, rest: part };
  const all = part.net >= group.net;
  const net = all ? group.net : part.net;
  const tax = all ? group.tax : Math.min(part.tax, group.tax);
  group.net -= net;
  group.tax -= tax;
  const rest = { ...part, net: part.net - net, tax: Math.max(0, part.tax - tax) };
  return { taken: { net, tax }, rest: rest.net > 0 ? rest : undefined };
}

/** What an invoice came to before deposits were taken off it: what was supplied. */
export function suppliedTotals({ totals, deductions = [] }: Pick<Invoice, 'totals' | 'deductions'>): Totals {
  if (deductions.length === 0) return totals;
  const groups = totals.groups.map((group) => {
    const taken = deductions.filter(({ treatment }) => sameTreatment(treatment, group));
    const sum = (part: 'net' | 'tax') =>
      taken.reduce((total, deduction) => total + deduction[part], group[part]);
    return { ...group, net: sum('net'), tax: sum('tax') };
  });
  return totalsOfGroups(groups);
}
