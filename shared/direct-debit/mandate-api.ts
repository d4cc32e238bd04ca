import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CustomerId } from '../kernel/ids.ts';
import { CalendarDate, Instant } from '../kernel/time.ts';
import { type Mandate, MandateInput, masked, Sequence } from './mandate.ts';

/** A mandate as it is shown: `account` (IBAN or account number) whole to finance, and masked to everyone else. */
export const MandateView = z.strictObject({
  mandateId: z.string(),
  customerId: CustomerId,
  format: z.enum(['sepa', 'nacha']),
  scheme: z.enum(['CORE', 'B2B', 'CCD', 'PPD']),
  account: z.string(),
  bic: z.string().optional(),
  routingNumber: z.string().optional(),
  holder: z.string().optional(),
  signedOn: CalendarDate,
  status: z.enum(['active', 'revoked', 'used']),
  sequence: Sequence,
  lastUsedOn: CalendarDate.optional(),
  revokedAt: Instant.optional(),
});
export type MandateView = z.infer<typeof MandateView>;

const params = z.strictObject({ customerId: CustomerId });

const example = {
  format: 'sepa',
  mandateId: 'M-1042',
  signedOn: '2026-01-15',
  scheme: 'CORE',
  iban: 'DE89 3704 0044 0532 0130 00',
};

export const createMandate = contract({
  operationId: 'createMandate',
  description:
    'A signed SEPA mandate (`sepa`: CORE or B2B) or ACH authorization (`nacha`: CCD for companies, PPD for people). From then on a direct debit run collects what the customer owes when it is due; `oneOff` is for one debit only.',
  params,
  body: MandateInput,
  status: 201,
  response: MandateView,
  idempotent: true,
  problems: ['customer_not_found', 'mandate_reused'],
  example: { body: example },
});

export const listMandates = contract({
  operationId: 'listMandates',
  description: 'Active, revoked and used ones. Only finance sees accounts whole.',
  params,
  status: 200,
  response: z.strictObject({ items: z.array(MandateView) }),
  problems: ['customer_not_found'],
});

export const revokeMandate = contract({
  operationId: 'revokeMandate',
  description:
    'No later run uses it. What is in a run already stays there: release it where that is not wanted.',
  params: params.extend({ mandateId: z.string().min(1).max(35) }),
  status: 200,
  response: MandateView,
  idempotent: true,
  problems: ['mandate_not_found', 'mandate_not_active', 'version_conflict'],
});

/** @param whole whether the reader may see the account */
export function mandateView(mandate: Mandate, whole: boolean): MandateView {
  const { mandateId, customerId, scheme, holder, signedOn, status, sequence, lastUsedOn, revokedAt } =
    mandate;
  const account = mandate.format === 'sepa' ? mandate.iban : mandate.account;
  return {
    mandateId,
    customerId,
    format: mandate.format,
    scheme,
    account: whole ? account : masked(account),
    ...(mandate.format === 'sepa' && mandate.bic !== undefined && { bic: mandate.bic }),
    ...(mandate.format === 'nacha' && whole && { routingNumber: mandate.routingNumber }),
    ...(holder !== undefined && { holder }),
    signedOn,
    status,
    sequence,
    ...(lastUsedOn !== undefined && { lastUsedOn }),
    ...(revokedAt !== undefined && { revokedAt }),
  };
}
