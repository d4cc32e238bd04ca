import * as z from 'zod';
import { BankAccountId } from '../bank/bank-line.ts';
import { contract } from '../http/contract.ts';
import { CreditNoteId, CreditTransferId, CustomerId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { MAX_TRANSFERS, TransferFormat } from './credit-transfer.ts';
import { EndToEndId } from './end-to-end-id.ts';
import { maskedAccount } from './payee.ts';
import type { RefundTransfer } from './refund-transfer.ts';
import type { TransferFile } from './transfer-file.ts';

/** A refund that waits for a run. `account` is masked; `foreign` where it is not the one that the money came from. */
export const WaitingTransferView = z.strictObject({
  endToEndId: EndToEndId,
  paymentId: PaymentId,
  creditNoteId: CreditNoteId.optional(),
  customerId: CustomerId,
  currency: Currency,
  amount: Minor,
  name: z.string(),
  account: z.string(),
  foreign: z.boolean(),
  /** By a file of this kind. */
  format: TransferFormat,
  reference: z.string(),
  reason: z.string(),
  /** More than 1 where the bank refused it before. */
  attempt: z.int(),
  requestedAt: Instant,
  requestedBy: z.string(),
  links: z.strictObject({ payment: z.string() }),
});

/** A run and what it transfers. Minor units. */
export const CreditTransferView = z.strictObject({
  creditTransferId: CreditTransferId,
  bankAccountId: BankAccountId,
  format: TransferFormat,
  status: z.enum(['collecting', 'ready', 'cancelled']),
  executeOn: CalendarDate,
  currency: Currency,
  count: z.int(),
  total: Minor,
  createdAt: Instant,
  createdBy: z.string(),
  cancelledAt: Instant.optional(),
  items: z.array(
    z.strictObject({
      endToEndId: EndToEndId,
      paymentId: PaymentId,
      customerId: CustomerId,
      amount: Minor,
      name: z.string(),
      account: z.string(),
      /** That the bank did not make it, or sent it back, and what became of the refund. */
      released: z
        .strictObject({ at: Instant, reason: z.string(), as: z.enum(['requeued', 'undone', 'returned']) })
        .optional(),
    }),
  ),
  links: z.strictObject({ self: z.string() }),
});
export type CreditTransferView = z.infer<typeof CreditTransferView>;

const params = z.strictObject({ creditTransferId: CreditTransferId });
const reason = z.string().trim().min(3).max(500);

export const listRefundTransfers = contract({
  operationId: 'listRefundTransfers',
  description: 'Refunds that wait for a credit transfer run, longest waiting first.',
  status: 200,
  response: z.strictObject({ items: z.array(WaitingTransferView) }),
});

export const cancelRefundTransfer = contract({
  operationId: 'cancelRefundTransfer',
  description:
    'Undoes a refund that waits for a run: nothing goes out, and its money is unused again. Refund anew where it is to go to another account.',
  params: z.strictObject({ endToEndId: EndToEndId }),
  body: z.strictObject({ reason }),
  status: 200,
  response: z.strictObject({ endToEndId: EndToEndId, status: z.literal('undone') }),
  idempotent: true,
  problems: ['refund_transfer_not_found', 'refund_transfer_undone', 'version_conflict'],
  example: { body: { reason: 'The customer keeps the credit' } },
});

export const createCreditTransfer = contract({
  operationId: 'createCreditTransfer',
  description: `Collects the refunds that wait in the currency of one of the company's bank accounts into a file for the bank, ${MAX_TRANSFERS} at most: call it again until it answers \`nothing_to_transfer\`. \`iso20022\` pays to IBANs (in euros by SEPA credit transfer), \`nacha\` to accounts in the United States. A run that broke off is finished by the same request or the next of this bank account. A refund is paid once a bank line says so.`,
  body: z.strictObject({
    bankAccountId: BankAccountId,
    format: TransferFormat,
    /** Today when left out. */
    executeOn: CalendarDate.optional(),
  }),
  status: 201,
  response: CreditTransferView,
  idempotent: true,
  problems: [
    'bank_account_not_found',
    'nothing_to_transfer',
    'credit_transfer_not_configured',
    'version_conflict',
  ],
  example: { body: { bankAccountId: 'main', format: 'iso20022', executeOn: '2026-04-15' } },
});

export const getCreditTransfer = contract({
  operationId: 'getCreditTransfer',
  description:
    "With `Accept: application/xml` the pain.001 file of an ISO 20022 run, with `text/plain` the NACHA file of an ACH run, always the same bytes. The statement brings `endToEndId` back, in ACH as the entry's individual identification number.",
  params,
  status: 200,
  response: CreditTransferView,
  texts: ['application/xml', 'text/plain'],
  problems: ['credit_transfer_not_found', 'credit_transfer_not_ready'],
});

export const releaseCreditTransfer = contract({
  operationId: 'releaseCreditTransfer',
  description:
    'Cancels a run that the bank did not get or refused, or gives back the transfers of `endToEndIds`, which it refused. With `requeue` they wait for another run, under other end-to-end ids; with `undo` the refunds are undone and their money is unused again. What a bank line says went out stays.',
  params,
  body: z.strictObject({
    reason,
    outcome: z.enum(['requeue', 'undo']),
    endToEndIds: z.array(EndToEndId).min(1).max(MAX_TRANSFERS).optional(),
  }),
  status: 200,
  response: CreditTransferView,
  idempotent: true,
  problems: [
    'credit_transfer_not_found',
    'credit_transfer_not_open',
    'refund_transfer_not_found',
    'version_conflict',
  ],
  example: { body: { reason: 'AC04 closed account', outcome: 'undo', endToEndIds: ['R0123456789ABCD'] } },
});

/** A run as the API shows it: accounts masked. */
export function creditTransferView({ run, items }: TransferFile): CreditTransferView {
  const { creditTransferId, bankAccountId, format, status, executeOn, currency, count, total } = run;
  return {
    creditTransferId,
    bankAccountId,
    format,
    status,
    executeOn,
    currency,
    count,
    total,
    createdAt: run.createdAt,
    createdBy: run.createdBy,
    ...(run.cancelledAt !== undefined && { cancelledAt: run.cancelledAt }),
    items: items.map(({ endToEndId, paymentId, customerId, amount, payee, released }) => ({
      endToEndId,
      paymentId,
      customerId,
      amount,
      name: payee.name,
      account: maskedAccount(payee),
      ...(released && { released }),
    })),
    links: { self: `/v1/credit-transfers/${creditTransferId}` },
  };
}

/** A run as it was once it was made, whatever became of it. */
export function asReady({ run, items }: TransferFile): TransferFile {
  const { cancelledAt: _cancelled, ...rest } = run;
  return {
    run: run.count === 0 ? run : { ...rest, status: 'ready' },
    items: items.map(({ released: _released, ...item }) => item),
  };
}

export function waitingTransferView(transfer: RefundTransfer): z.infer<typeof WaitingTransferView> {
  const { endToEndId, paymentId, creditNoteId, customerId, currency, amount, payee } = transfer;
  const { reference, reason: why, attempt, requestedAt, requestedBy } = transfer;
  return {
    endToEndId,
    paymentId,
    ...(creditNoteId && { creditNoteId }),
    customerId,
    currency,
    amount,
    name: payee.name,
    account: maskedAccount(payee),
    foreign: payee.from === 'request',
    format: payee.kind === 'iban' ? 'iso20022' : 'nacha',
    reference,
    reason: why,
    attempt,
    requestedAt,
    requestedBy,
    links: { payment: `/v1/payments/${paymentId}` },
  };
}
