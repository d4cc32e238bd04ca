import { isDeepStrictEqual } from 'node:util';
import { isValidIBAN } from 'ibantools';
import type * as z from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { BankAccount, type BankAccountId } from './bank-line.ts';
import type { StatementAccount } from './bank-statement.ts';

/** What a caller says of a bank account. */
export const BankAccountInput = BankAccount.omit({ bankAccountId: true, version: true })
  .refine(({ account }) => account.iban === undefined || isValidIBAN(compactNumber(account.iban)), {
    path: ['account', 'iban'],
    message: 'must be an IBAN with right check digits',
  })
  .refine(({ account }) => accountNumbers(account).length > 0, {
    path: ['account'],
    message: 'needs an iban or a number',
  })
  .refine(({ csv, currency }) => csv === undefined || csv.currency === currency, {
    path: ['csv', 'currency'],
    message: 'must be the currency of the account',
  })
  .refine(
    ({ csv, account }) =>
      csv === undefined ||
      accountNumbers(csv.account).some((number) => accountNumbers(account).includes(number)),
    { path: ['csv', 'account'], message: 'must be the same account' },
  );
export type BankAccountInput = z.infer<typeof BankAccountInput>;

/** Capitals and digits only: banks write the same number with blanks, slashes and hyphens. */
function compactNumber(number: string): string {
  return number.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/** All that an account is known by, each compact and once. */
export function accountNumbers({ iban, number }: StatementAccount): string[] {
  const all = [iban, number].map((text) => compactNumber(text ?? '')).filter((text) => text !== '');
  return [...new Set(all)];
}

/**
 * The bank account that `input` makes of `before`, which is missing for a new one.
 * @returns undefined when it says what is known already
 * @throws DomainError `currency_mismatch`: statements already taken are in the currency it began with
 */
export function changeBankAccount(
  before: BankAccount | undefined,
  bankAccountId: BankAccountId,
  input: BankAccountInput,
): BankAccount | undefined {
  if (!before) return { ...input, bankAccountId, version: 1 };
  if (before.currency !== input.currency) {
    throw new DomainError(
      'currency_mismatch',
      `The account is kept in ${before.currency}. Use another bank account id for ${input.currency}.`,
      { issues: [{ path: 'currency', message: `must stay ${before.currency}` }] },
    );
  }
  const next = { ...input, bankAccountId, version: before.version };
  return isDeepStrictEqual(next, before) ? undefined : { ...next, version: before.version + 1 };
}
