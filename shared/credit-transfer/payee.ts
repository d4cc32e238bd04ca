import * as z from 'zod';
import { masked } from '../bank-file/masked.ts';
import type { PaymentMethod } from '../payment/payment.ts';

/** Where an account is known from: the bank line that its money came by, the mandate it was drawn under, a request. */
const from = z.enum(['bank_line', 'mandate', 'request']);

/** The account that a refund goes to, checked when it was named: see `PayeeInput`. */
export const Payee = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('iban'),
    iban: z.string(),
    bic: z.string().optional(),
    name: z.string(),
    from,
  }),
  z.strictObject({
    kind: z.literal('ach'),
    routingNumber: z.string(),
    account: z.string(),
    accountKind: z.enum(['checking', 'savings']),
    scheme: z.enum(['CCD', 'PPD']),
    name: z.string(),
    from,
  }),
]);
export type Payee = z.infer<typeof Payee>;

/** Ways of paying of which the money goes back by a transfer of ours; of the others the cash desk or the provider knows. */
const byTransfer: readonly PaymentMethod[] = ['bank_transfer', 'cheque'];

export function goesByTransfer(method: PaymentMethod): boolean {
  return byTransfer.includes(method);
}

/** As someone who may not see it whole is shown it. */
export function maskedAccount(payee: Payee): string {
  return masked(payee.kind === 'iban' ? payee.iban : payee.account);
}
