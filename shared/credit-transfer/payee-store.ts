import { BankLineReference } from '../bank/bank-line.ts';
import { loadLine } from '../bank/line-store.ts';
import { loadCustomer } from '../customer/customer-store.ts';
import { DEBIT_ID } from '../direct-debit/debit-id.ts';
import { findDebitItem } from '../direct-debit/direct-debit-store.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Payment, PaymentMethod } from '../payment/payment.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { goesByTransfer, type Payee } from './payee.ts';
import { isSameAccount, type PayeeInput, payeeOfDebit, payeeOfLine, whyNotPayable } from './payee-input.ts';

/** What a request says of the way a refund goes. */
export type WantedWay = {
  readonly payee?: PayeeInput | undefined;
  /** Somebody transferred it at the bank already. */
  readonly alreadySent?: boolean | undefined;
};

/** The account a refund goes to, none where it goes by no transfer of ours; `foreign` is not the one its money came from. */
export type Way = { readonly payee?: Payee; readonly foreign: boolean };

/**
 * Where a refund of `payment`'s money by `method` goes: the account the money came from, else the one the request names.
 * @throws DomainError `payee_account_unknown`; `validation_failed` where the named one can't get that currency, or none is
 * wanted
 */
export async function wayOut(
  table: Table,
  payment: Payment,
  method: PaymentMethod,
  { payee: named, alreadySent = false }: WantedWay,
): Promise<Way> {
  const refuse = (detail: string, message: string) =>
    new DomainError('validation_failed', detail, { issues: [{ path: 'payee', message }] });
  if (alreadySent || !goesByTransfer(method)) {
    if (named) throw refuse('No transfer is made of this refund.', 'is not wanted here');
    return { foreign: false };
  }
  const known = await knownPayee(table, payment);
  const usable = known && whyNotPayable(known, payment.currency) === undefined ? known : undefined;
  if (usable && (!named || isSameAccount(named, usable))) return { payee: usable, foreign: false };
  if (!named) {
    throw new DomainError(
      'payee_account_unknown',
      'The bank did not say from which account this money came. Give the account to pay to as payee; someone else approves it then.',
      { issues: [{ path: 'payee', message: 'is required here' }] },
    );
  }
  const why = whyNotPayable(named, payment.currency);
  if (why !== undefined)
    throw refuse(`${payment.currency} can not be transferred to this account: it ${why}.`, why);
  return { payee: { ...named, from: 'request' }, foreign: true };
}

/** The account that a payment came from, as the bank or the mandate tells. A cheque or a part of a batch tells of none. */
async function knownPayee(table: Table, payment: Payment): Promise<Payee | undefined> {
  const { paymentId, customerId, method } = payment;
  if (method !== 'bank_transfer') return undefined;
  const reference = payment.bankLine ?? (await confirmedBy(table, paymentId));
  if (!reference) return undefined;
  const { entry, ...line } = await loadLine(table, reference);
  if (line.status !== 'matched' || line.outcome.kind === 'batch') return undefined;
  const { endToEndId = '', counterparty } = entry;
  const debit = DEBIT_ID.test(endToEndId) ? await findDebitItem(table, endToEndId) : undefined;
  if (debit?.customerId === customerId) return payeeOfDebit(debit);
  if (!counterparty) return undefined;
  const customer = await loadCustomer(table, customerId);
  return payeeOfLine(counterparty, customer?.name ?? customerId);
}

async function confirmedBy(
  table: Table,
  paymentId: Payment['paymentId'],
): Promise<BankLineReference | undefined> {
  const claim = await table.get(keys.onStatement(paymentId, versionSlot(1)), { consistent: true });
  if (!claim) return undefined;
  const { PK: _pk, SK: _sk, ...reference } = claim;
  return BankLineReference.parse(reference);
}
