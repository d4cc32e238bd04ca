import { createHash } from 'node:crypto';
import * as z from 'zod';
import { BankLineReference } from '../bank/bank-line.ts';
import { DomainError } from '../kernel/errors.ts';
import { CreditNoteId, CreditTransferId, CustomerId, PaymentId } from '../kernel/ids.ts';
import { Currency, Minor } from '../kernel/money.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { PaymentMethod } from '../payment/payment.ts';
import { EndToEndId, UndoneKind } from './end-to-end-id.ts';
import { Payee } from './payee.ts';

const inRun = z.strictObject({ creditTransferId: CreditTransferId, ordinal: z.int().min(1) });

const transfer = {
  paymentId: PaymentId,
  /** The slot of the fact of the payment that tells of the refund. */
  told: z.string(),
  /** Where a credit note is paid out. */
  creditNoteId: CreditNoteId.optional(),
  customerId: CustomerId,
  /** By which the money came, or as which the credit note is paid out. */
  method: PaymentMethod,
  currency: Currency,
  amount: Minor.min(1),
  payee: Payee,
  /** What the payee reads. */
  reference: z.string(),
  reason: z.string(),
  endToEndId: EndToEndId,
  /** How often it was put into a run: each time under another end-to-end id. */
  attempt: z.int().min(1),
  /** The day it counts on for the limit of the policy `refunds`. */
  countedOn: CalendarDate,
  requestedAt: Instant,
  requestedBy: z.string(),
  version: z.int().min(1),
};

/**
 * A refund that goes out by transfer: it waits for a run, lies in one, and was paid once a bank line told so. One that the
 * bank refused waits again or is undone; one that came back is undone.
 */
export const RefundTransfer = z.discriminatedUnion('status', [
  z.strictObject({ ...transfer, status: z.literal('waiting') }),
  z.strictObject({ ...transfer, status: z.literal('collected'), run: inRun }),
  z.strictObject({ ...transfer, status: z.literal('paid'), run: inRun.optional(), line: BankLineReference }),
  z.strictObject({
    ...transfer,
    status: z.literal('undone'),
    run: inRun.optional(),
    /** The line by which it went out: one that came back did. */
    line: BankLineReference.optional(),
    undone: z.strictObject({ kind: UndoneKind, reason: z.string(), at: Instant, by: z.string() }),
  }),
]);
export type RefundTransfer = z.infer<typeof RefundTransfer>;
export type WaitingTransfer = Extract<RefundTransfer, { status: 'waiting' }>;
export type CollectedTransfer = Extract<RefundTransfer, { status: 'collected' }>;
export type UndoneTransfer = Extract<RefundTransfer, { status: 'undone' }>;

type Told = Pick<
  RefundTransfer,
  | 'paymentId'
  | 'told'
  | 'customerId'
  | 'method'
  | 'currency'
  | 'amount'
  | 'reference'
  | 'reason'
  | 'countedOn'
> & { readonly creditNoteId?: RefundTransfer['creditNoteId'] };

/** The transfer of a refund just recorded. */
export function transferOf(
  payee: Payee,
  told: Told,
  { at, by }: { readonly at: Instant; readonly by: string },
): WaitingTransfer {
  const endToEndId = endToEndIdOf(told, 1);
  const asked = { requestedAt: at, requestedBy: by };
  return { ...told, payee, endToEndId, attempt: 1, ...asked, status: 'waiting', version: 1 };
}

/** It goes into a run. */
export function collect(found: WaitingTransfer, run: CollectedTransfer['run']): CollectedTransfer {
  return { ...found, status: 'collected', run, version: found.version + 1 };
}

/** The bank refused it: it waits for another run, under another end-to-end id. */
export function requeue(found: CollectedTransfer): WaitingTransfer {
  const { run: _run, ...rest } = found;
  const attempt = found.attempt + 1;
  return {
    ...rest,
    endToEndId: endToEndIdOf(found, attempt),
    attempt,
    status: 'waiting',
    version: found.version + 1,
  };
}

/**
 * A bank line says that it went out.
 * @throws DomainError `refund_transfer_undone` when it never did
 */
export function pay(found: RefundTransfer, line: BankLineReference): RefundTransfer {
  const version = found.version + 1;
  if (found.status !== 'undone') return { ...found, status: 'paid', line, version };
  if (found.undone.kind !== 'returned') {
    const detail = `This refund is undone: it did not go out. Look what else the line ${line.line} is.`;
    throw new DomainError('refund_transfer_undone', detail);
  }
  return { ...found, line, version };
}

/** The bank line is undone: it is as it was before. */
export function unpay(found: RefundTransfer): RefundTransfer {
  if (found.status !== 'paid' && found.status !== 'undone') return found;
  const { line: _line, ...rest } = found;
  const version = found.version + 1;
  if (rest.status === 'undone') return { ...rest, version };
  const { run, ...alone } = rest;
  return run ? { ...alone, status: 'collected', run, version } : { ...alone, status: 'waiting', version };
}

/**
 * It is undone.
 * @throws DomainError `refund_transfer_undone` when it is already; `refund_transfer_paid` when it is to be refused or
 * cancelled and went out
 */
export function undo(found: RefundTransfer, undone: UndoneTransfer['undone']): UndoneTransfer {
  if (found.status === 'undone')
    throw new DomainError('refund_transfer_undone', 'This refund is undone already.');
  if (found.status === 'paid' && undone.kind !== 'returned') {
    const detail = `Refund ${found.endToEndId} was paid by a bank line. Undo that line first, or let the money come back.`;
    throw new DomainError('refund_transfer_paid', detail);
  }
  return { ...found, status: 'undone', undone, version: found.version + 1 };
}

/** `R` and 14 digits to base 32 of a hash: no two transfers share one. */
function endToEndIdOf({ paymentId, told }: Pick<Told, 'paymentId' | 'told'>, attempt: number): string {
  const hash = createHash('sha256').update(`${paymentId}#${told}#${attempt}`).digest('hex');
  return `R${BigInt(`0x${hash}`).toString(32).toUpperCase().padStart(14, '0').slice(-14)}`;
}
