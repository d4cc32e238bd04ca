import type { Invoice } from '../invoice/invoice.ts';
import { issueActions } from '../invoice/issue-invoice-store.ts';
import { type NextNumber, withNumber } from '../invoice/series-store.ts';
import { commit, versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { DepositDraft } from './draft-deposit.ts';

/**
 * Issues the invoice of a deposit under the next number of its series, in one transaction with the order's deposits.
 * @throws DomainError `version_conflict` when the order or its deposits changed meanwhile, `table_busy`
 */
export function issueDeposit(
  table: Table,
  draft: DepositDraft,
  next: NextNumber,
  { actor, remember }: { actor: string; remember: (invoiceId: string) => Action },
): Promise<Invoice> {
  return withNumber(table, next, async (numbered) => {
    const invoice = { ...draft.invoice, ...numbered.identity };
    const { number } = invoice;
    const deposits = draft.deposits.map(({ before, after }) => ({
      before,
      after: {
        ...after,
        deposits: after.deposits.map((each) =>
          each.invoiceId === invoice.invoiceId ? { ...each, number } : each,
        ),
      },
    }));
    await commit(table, [
      remember(invoice.invoiceId),
      ...issueActions(invoice, { ...draft, deposits }, numbered, actor),
      {
        do: 'check',
        key: keys.order(draft.order.orderId),
        when: [{ attribute: 'version', is: 'equal', value: draft.order.version }],
        refusal: versionConflict('order'),
      },
    ]);
    return invoice;
  });
}
