import { achFile } from '../bank-file/ach-file.ts';
import { type AchDebit, type AchItem, assertWhole } from './direct-debit.ts';

/**
 * The file of an ACH run, by {@link achFile}.
 * @throws RangeError when `items` are not those of `run`, or more than the columns hold
 */
export function nacha(run: AchDebit, items: readonly AchItem[]): string {
  assertWhole(run, items);
  const { originator: sender, collectOn: effectiveOn, createdAt } = run;
  return achFile({ sender, direction: 'debit', purpose: 'INVOICES', effectiveOn, createdAt, entries: items });
}
