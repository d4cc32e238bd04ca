import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Instant } from '../kernel/time.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, owners, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { BankAccount, BankAccountId } from './bank-line.ts';
import type { StatementHeader } from './bank-statement.ts';
import { accountNumbers } from './change-account.ts';

// Items bear their keys besides; these read the rest.
const AccountItem = z.object(BankAccount.shape);
const NumberItem = z.object({ PK: z.string(), bankAccountId: BankAccountId });

export async function loadBankAccount(
  table: Table,
  id: BankAccountId,
  options: { consistent?: boolean } = {},
): Promise<BankAccount | undefined> {
  const item = await table.get(keys.bankAccount(id), options);
  return item && AccountItem.parse(item);
}

/** A page of all bank accounts, by id. @throws DomainError `cursor_invalid` */
export async function listBankAccounts(table: Table, page: PageQuery) {
  const { items, nextCursor } = await queryPage(
    table,
    { index: 'byOwner', partition: owners.bankAccounts() },
    page,
  );
  const accounts = (await table.getMany(items)).map((item) => AccountItem.parse(item));
  accounts.sort((one, other) => (one.bankAccountId < other.bankAccountId ? -1 : 1));
  return { accounts, nextCursor };
}

/** Whose account each of `headers` is of, in their order; undefined for one that no bank account bears. One read. */
export async function findBankAccounts(
  table: Table,
  headers: readonly Pick<StatementHeader, 'account' | 'currency'>[],
): Promise<(BankAccountId | undefined)[]> {
  const wanted = headers.map(({ account, currency }) =>
    accountNumbers(account).map((number) => keys.bankAccountNumber(number, currency)),
  );
  const each = new Map(wanted.flat().map((key) => [key.PK, key]));
  const items = await table.getMany([...each.values()], { consistent: true });
  const found = new Map(
    items.map((item) => NumberItem.parse(item)).map((item) => [item.PK, item.bankAccountId]),
  );
  return wanted.map((own) => own.map(({ PK }) => found.get(PK)).find((id) => id !== undefined));
}

/**
 * The writes that make `before` (missing: nothing) into `next`: the account, what it is found by, and the fact.
 * @throws (on commit) DomainError `version_conflict`; `bank_account_number_taken` where another account bears a number
 */
export function saveBankAccountActions(
  before: BankAccount | undefined,
  next: BankAccount,
  { at, actor }: { at: Instant; actor: string },
): Action[] {
  const { bankAccountId, currency } = next;
  const numbersBefore = before ? accountNumbers(before.account) : [];
  const numbers = accountNumbers(next.account);
  return [
    {
      do: 'put',
      item: {
        ...keys.bankAccount(bankAccountId),
        OPK: owners.bankAccounts(),
        OSK: bankAccountId,
        ...next,
      },
      when: [
        before
          ? { attribute: 'version', is: 'equal', value: before.version }
          : { attribute: 'PK', is: 'absent' },
      ],
      refusal: versionConflict('bank account'),
    },
    ...numbers
      .filter((number) => !numbersBefore.includes(number))
      .map(
        (number): Action => ({
          do: 'put',
          item: { ...keys.bankAccountNumber(number, currency), bankAccountId },
          when: [{ attribute: 'PK', is: 'absent' }],
          refusal: () =>
            new DomainError(
              'bank_account_number_taken',
              `Another bank account in ${currency} bears ${number} already.`,
              { issues: [{ path: 'account', message: `${number} is taken` }] },
            ),
        }),
      ),
    ...numbersBefore
      .filter((number) => !numbers.includes(number))
      .map((number): Action => ({ do: 'delete', key: keys.bankAccountNumber(number, currency) })),
    recordFact('bank_account.saved', keys.bankAccount(bankAccountId).PK, versionSlot(next.version), {
      at,
      actor,
      data: { bankAccountId, currency },
    }),
  ];
}
