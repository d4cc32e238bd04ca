import * as z from 'zod';
import { CustomerId } from '../kernel/ids.ts';
import { compact } from '../matching/compact.ts';
import { nameTokens } from '../matching/name-tokens.ts';
import type { StatementEntry } from './bank-statement.ts';

/** What is kept of each; a customer that pays by more is known by its latest. */
const MAX_KEPT = 20;

/** The names and accounts a customer pays by, as people's decisions told. Accounts in capitals and digits only. */
export const LearnedPayer = z.strictObject({
  customerId: CustomerId,
  aliases: z.array(z.string()),
  accounts: z.array(z.string()),
  version: z.int().min(1),
});
export type LearnedPayer = z.infer<typeof LearnedPayer>;

/**
 * What a decision that `entry` is the money of `customerId` adds to what is known of it.
 * @returns undefined when it adds nothing
 */
export function learnPayer(
  known: LearnedPayer | undefined,
  customerId: CustomerId,
  { counterparty }: StatementEntry,
): LearnedPayer | undefined {
  const { aliases = [], accounts = [], version = 0 } = known ?? {};
  const account = compact(counterparty?.iban ?? counterparty?.account ?? '');
  const name = counterparty?.name?.trim() ?? '';
  const newAccount = account !== '' && !accounts.includes(account);
  const newName = nameTokens(name).length > 0 && !aliases.some((alias) => compact(alias) === compact(name));
  if (!newAccount && !newName) return undefined;
  return {
    customerId,
    aliases: newName ? [...aliases, name].slice(-MAX_KEPT) : aliases,
    accounts: newAccount ? [...accounts, account].slice(-MAX_KEPT) : accounts,
    version: version + 1,
  };
}

/**
 * What is known of a payer once it turned out that `entry` was not its money.
 * @returns undefined when that changes nothing
 */
export function forgetPayer(
  known: LearnedPayer | undefined,
  { counterparty }: StatementEntry,
): LearnedPayer | undefined {
  if (!known) return undefined;
  const { customerId, version } = known;
  const name = compact(counterparty?.name ?? '');
  const account = compact(counterparty?.iban ?? counterparty?.account ?? '');
  const aliases = known.aliases.filter((alias) => compact(alias) !== name);
  const accounts = known.accounts.filter((each) => each !== account);
  if (aliases.length === known.aliases.length && accounts.length === known.accounts.length) return undefined;
  return { customerId, aliases, accounts, version: version + 1 };
}
