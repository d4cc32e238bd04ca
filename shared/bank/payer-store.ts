import * as z from 'zod';
import type { CustomerId } from '../kernel/ids.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, references } from '../table/keys.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { StatementEntry } from './bank-statement.ts';
import { forgetPayer, LearnedPayer, learnPayer } from './learned-payer.ts';

// Items bear their keys besides; this reads the rest.
const PayerItem = z.object(LearnedPayer.shape);

/** What decisions have taught of how a customer pays; undefined where there were none. */
export async function loadLearnedPayer(
  table: Table,
  customerId: CustomerId,
): Promise<LearnedPayer | undefined> {
  const item = await table.get(keys.payer(customerId), { consistent: true });
  return item && learnedPayerOf(item);
}

/** @throws ZodError when the item is none */
export function learnedPayerOf(item: Item): LearnedPayer {
  return PayerItem.parse(item);
}

/** The write that learns from the decision that `entry` is the money of `customerId`; none where nothing is new. */
export async function learningActions(
  table: Table,
  customerId: CustomerId,
  entry: StatementEntry,
): Promise<Action[]> {
  const known = await loadLearnedPayer(table, customerId);
  return savePayer(known, learnPayer(known, customerId, entry));
}

/** The write that forgets what such a decision taught; none where it taught nothing. */
export async function forgettingActions(
  table: Table,
  customerId: CustomerId,
  entry: StatementEntry,
): Promise<Action[]> {
  const known = await loadLearnedPayer(table, customerId);
  return savePayer(known, forgetPayer(known, entry));
}

function savePayer(known: LearnedPayer | undefined, next: LearnedPayer | undefined): Action[] {
  if (!next) return [];
  return [
    {
      do: 'put',
      item: { ...keys.payer(next.customerId), ...next },
      when: [
        known
          ? { attribute: 'version', is: 'equal', value: known.version }
          : { attribute: 'PK', is: 'absent' },
      ],
      refusal: versionConflict('payer'),
    },
    ...accountMarks(known, next),
  ];
}

/** Each account is found by itself, so that a payer is known that owes nothing when its money comes. */
function accountMarks(known: LearnedPayer | undefined, { customerId, accounts }: LearnedPayer): Action[] {
  const before = known?.accounts ?? [];
  const added = accounts.filter((account) => !before.includes(account));
  const gone = before.filter((account) => !accounts.includes(account));
  return [
    ...added.map((account): Action => {
      const key = keys.payerAccount(customerId, account);
      return { do: 'put', item: { ...key, RPK: references.payerAccount(account), RSK: customerId } };
    }),
    ...gone.map((account): Action => ({ do: 'delete', key: keys.payerAccount(customerId, account) })),
  ];
}
