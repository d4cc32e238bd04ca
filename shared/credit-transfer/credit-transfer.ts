import * as z from 'zod';
import { BankAccountId } from '../bank/bank-line.ts';
import { AchOriginator } from '../company/company.ts';
import { CreditTransferId, CustomerId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { EndToEndId } from './end-to-end-id.ts';
import { Payee } from './payee.ts';
import type { CollectedTransfer } from './refund-transfer.ts';

/** So many transfers make one file that an answer of the API can hold; the rest go into the next run. */
export const MAX_TRANSFERS = 5_000;

const TransferMessage = z.enum(['pain.001.001.03', 'pain.001.001.09']);
export const TransferFormat = z.enum(['iso20022', 'nacha']);
export type TransferFormat = z.infer<typeof TransferFormat>;

/** The kind of account that files of a format pay to. */
export const payeeKindOf = { iso20022: 'iban', nacha: 'ach' } as const satisfies Record<
  TransferFormat,
  string
>;

/** A transfer as it stands in a run's file, whatever becomes of it. `released` says that the bank did not make it. Minor units. */
export const CreditTransferItem = z.strictObject({
  endToEndId: EndToEndId,
  ordinal: z.int().min(1).max(MAX_TRANSFERS),
  paymentId: PaymentId,
  told: z.string(),
  customerId: CustomerId,
  amount: Minor.min(1),
  payee: Payee,
  remittance: z.string(),
  released: z
    .strictObject({ at: Instant, reason: z.string(), as: z.enum(['requeued', 'undone', 'returned']) })
    .optional(),
});
export type CreditTransferItem = z.infer<typeof CreditTransferItem>;

const run = {
  creditTransferId: CreditTransferId,
  bankAccountId: BankAccountId,
  /** `collecting` until it holds what waited; its file is there from `ready` on. */
  status: z.enum(['collecting', 'ready', 'cancelled']),
  /** The day the bank is to carry it out. */
  executeOn: CalendarDate,
  currency: Currency,
  count: z.int().min(0).max(MAX_TRANSFERS),
  total: Minor.min(0),
  createdAt: Instant,
  createdBy: z.string(),
  cancelledAt: Instant.optional(),
  version: z.int().min(1),
};

/** A credit transfer run: its file is written from this and its items alone, the same whenever it is asked for. */
export const CreditTransfer = z.discriminatedUnion('format', [
  z.strictObject({
    ...run,
    format: z.literal('iso20022'),
    message: TransferMessage,
    debtor: z.strictObject({ name: z.string(), iban: z.string(), bic: z.string().optional() }),
  }),
  z.strictObject({
    ...run,
    format: z.literal('nacha'),
    originator: AchOriginator.extend({ name: z.string() }),
  }),
]);
export type CreditTransfer = z.infer<typeof CreditTransfer>;
export type IsoTransfer = Extract<CreditTransfer, { format: 'iso20022' }>;
export type AchTransfer = Extract<CreditTransfer, { format: 'nacha' }>;

/** The item of a run that a transfer in it is. */
export function itemOfTransfer(transfer: CollectedTransfer): CreditTransferItem {
  const { endToEndId, run: place, paymentId, told, customerId, amount, payee, reference } = transfer;
  const { ordinal } = place;
  return { endToEndId, ordinal, paymentId, told, customerId, amount, payee, remittance: reference };
}

/** @throws RangeError when the items are not those the run was made of: the table is damaged */
export function assertWhole(
  { count, total, creditTransferId }: CreditTransfer,
  items: readonly { amount: number }[],
): void {
  const sum = items.reduce((all, { amount }) => all + amount, 0);
  if (items.length !== count || sum !== total)
    throw new RangeError(`${creditTransferId} has other items than ${count} over ${total}`);
}
