import * as z from 'zod';
import type { Counterparty } from '../bank/bank-statement.ts';
import {
  AchAccountKind,
  AchAccountNumber,
  Bic,
  Iban,
  isInSepa,
  needsBic,
  RoutingNumber,
} from '../bank-file/account-number.ts';
import type { DebitItem } from '../direct-debit/direct-debit.ts';
import type { Currency } from '../kernel/money.ts';
import { Payee } from './payee.ts';

/** Whose account it is, as banks write it. */
const name = z.string().trim().min(1).max(70);

const iban = z.strictObject({ kind: z.literal('iban'), iban: Iban, bic: Bic.optional(), name });
const ach = z.strictObject({
  kind: z.literal('ach'),
  routingNumber: RoutingNumber,
  account: AchAccountNumber,
  accountKind: AchAccountKind.default('checking'),
  /** CCD credits a company's account, PPD a person's. */
  scheme: z.enum(['CCD', 'PPD']),
  name,
});

/** An account that money is to be transferred to, as a request names it. */
export const PayeeInput = z.discriminatedUnion('kind', [iban, ach]);
export type PayeeInput = z.infer<typeof PayeeInput>;

/** The account of who is named on a bank line; undefined where the bank wrote none that can be paid to. */
export function payeeOfLine(
  { iban: written, account, bic, name: holder }: Counterparty,
  customerName: string,
): Payee | undefined {
  const found = Iban.safeParse(written ?? account ?? '');
  if (!found.success) return undefined;
  const bank = Bic.safeParse(bic);
  return Payee.parse({
    kind: 'iban',
    iban: found.data,
    ...(bank.success && { bic: bank.data }),
    name: nameOf(holder ?? customerName),
    from: 'bank_line',
  });
}

/** The account that was debited under a mandate. */
export function payeeOfDebit(item: DebitItem): Payee {
  const common = { name: nameOf(item.name), from: 'mandate' };
  if ('iban' in item) {
    return Payee.parse({
      kind: 'iban',
      iban: item.iban,
      ...(item.bic !== undefined && { bic: item.bic }),
      ...common,
    });
  }
  const { routingNumber, account, accountKind, scheme } = item;
  return Payee.parse({ kind: 'ach', routingNumber, account, accountKind, scheme, ...common });
}

/** Why money in `currency` can't be transferred there; undefined where it can. */
export function whyNotPayable(payee: PayeeInput, currency: Currency): string | undefined {
  if (payee.kind === 'ach') return currency === 'USD' ? undefined : 'an ACH account takes US dollars only';
  if (currency !== 'EUR') return undefined;
  if (!isInSepa(payee.iban)) return 'must be of a country in SEPA';
  return payee.bic === undefined && needsBic(payee.iban)
    ? 'needs its BIC, as it is outside the European Economic Area'
    : undefined;
}

/** Whether two name one account, whoever is said to hold it. */
export function isSameAccount(one: PayeeInput, other: PayeeInput): boolean {
  return accountOf(one) === accountOf(other);
}

function accountOf(payee: PayeeInput): string {
  return payee.kind === 'iban' ? payee.iban : `${payee.routingNumber} ${payee.account}`;
}

function nameOf(holder: string): string {
  return holder.trim().slice(0, 70);
}
