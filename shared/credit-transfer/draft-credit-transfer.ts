import type { BankAccount } from '../bank/bank-line.ts';
import type { Company } from '../company/company.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CreditTransferId } from '../kernel/ids.ts';
import type { CalendarDate, Instant } from '../kernel/time.ts';
import type { RefundPolicy } from '../refund/refund-policy.ts';
import { CreditTransfer, MAX_TRANSFERS, payeeKindOf, type TransferFormat } from './credit-transfer.ts';
import type { RefundTransfer, WaitingTransfer } from './refund-transfer.ts';

export type TransferRequest = {
  readonly bankAccountId: BankAccount['bankAccountId'];
  readonly format: TransferFormat;
  /** Today when left out. */
  readonly executeOn?: CalendarDate | undefined;
};

type Context = {
  readonly creditTransferId: CreditTransferId;
  readonly company: Company;
  readonly account: BankAccount;
  readonly policy: Pick<RefundPolicy, 'message'>;
  readonly today: CalendarDate;
  readonly at: Instant;
  readonly by: string;
};

/**
 * A run that holds nothing yet.
 * @throws DomainError `credit_transfer_not_configured`; `validation_failed` for a day that is past
 */
export function startCreditTransfer(
  { bankAccountId, format, executeOn }: TransferRequest,
  { creditTransferId, company, account, policy, today, at, by }: Context,
): CreditTransfer {
  if (executeOn !== undefined && executeOn < today) {
    throw new DomainError('validation_failed', 'The bank can not carry it out on a day that is past.', {
      issues: [{ path: 'executeOn', message: `must be ${today} or later` }],
    });
  }
  const common = {
    creditTransferId,
    bankAccountId,
    status: 'collecting',
    executeOn: executeOn ?? today,
    currency: account.currency,
    count: 0,
    total: 0,
    createdAt: at,
    createdBy: by,
    version: 1,
  };
  const name = company.legalName;
  if (format === 'iso20022') {
    const { iban, bic } = account.account;
    if (iban === undefined) throw notConfigured(`The bank account ${bankAccountId} has no IBAN.`);
    const debtor = { name, iban: iban.replace(/\s/g, ''), ...(bic !== undefined && { bic }) };
    return CreditTransfer.parse({ ...common, format, message: policy.message, debtor });
  }
  const originator = company.directDebit?.ach;
  if (!originator) throw notConfigured('The company has no directDebit.ach to send a NACHA file by.');
  if (account.currency !== 'USD') throw notConfigured('A NACHA file moves US dollars only.');
  return CreditTransfer.parse({ ...common, format, originator: { ...originator, name } });
}

/** Those of `found` that still wait, for accounts that the run's format pays to, as many as the run has room for. */
export function collectable(run: CreditTransfer, found: readonly RefundTransfer[]): WaitingTransfer[] {
  return found
    .filter((transfer) => transfer.status === 'waiting')
    .filter(({ payee, currency }) => payee.kind === payeeKindOf[run.format] && currency === run.currency)
    .slice(0, MAX_TRANSFERS - run.count);
}

/** The run with `taken` in it besides. */
export function withTransfers(run: CreditTransfer, taken: readonly WaitingTransfer[]): CreditTransfer {
  const sum = taken.reduce((all, { amount }) => all + amount, 0);
  return { ...run, count: run.count + taken.length, total: run.total + sum, version: run.version + 1 };
}

/** The run once all that waited is in it; one that got nothing is cancelled. */
export function finished(run: CreditTransfer, at: Instant): CreditTransfer {
  const version = run.version + 1;
  return run.count === 0
    ? { ...run, status: 'cancelled', cancelledAt: at, version }
    : { ...run, status: 'ready', version };
}

const notConfigured = (detail: string) => new DomainError('credit_transfer_not_configured', detail);
