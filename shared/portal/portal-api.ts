import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { CustomerId, InvoiceId } from '../kernel/ids.ts';
import { CalendarDate } from '../kernel/time.ts';

const token = z.string().min(1).max(200);

export const createPayerLink = contract({
  operationId: 'createPayerLink',
  description:
    'A link for whoever pays the invoices of one customer: it lists what is open and takes payment, without signing in. It works as many days as the policy `remittance` says. Nothing is stored: asked again on the same day it is the same link.',
  params: z.strictObject({ customerId: CustomerId }),
  status: 200,
  response: z.strictObject({ url: z.url(), expiresOn: CalendarDate }),
  problems: ['customer_not_found'],
});

export const openPortal = contract({
  operationId: 'openPortal',
  description:
    'What the customer of the link owes at this moment, to choose from. The address is in reminders and statements.',
  params: z.strictObject({ token }),
  status: 200,
  produces: 'html',
  problems: ['payment_link_invalid'],
});

/** The form: each invoice chosen is a field named by its id. */
export const PortalForm = z
  .object({ by: z.enum(['transfer', 'online']) })
  .catchall(z.literal('on'))
  .refine(
    (form) => Object.keys(form).every((name) => name === 'by' || InvoiceId.safeParse(name).success),
    'must name invoices by id',
  );

/** The invoices that a form chooses, in its order. */
export function chosenIn(form: z.infer<typeof PortalForm>): InvoiceId[] {
  return Object.keys(form).flatMap((name) => {
    const id = InvoiceId.safeParse(name);
    return id.success ? [id.data] : [];
  });
}

export const choosePortalPayment = contract({
  operationId: 'choosePortalPayment',
  description:
    "Pays the chosen invoices: online it leads to the payment provider's page for their sum; for a bank transfer it shows the account and a reference that stands for the choice, so that the transfer settles these invoices by itself.",
  params: z.strictObject({ token }),
  body: PortalForm,
  accepts: 'form',
  status: 303,
  alsoStatus: 200,
  produces: 'html',
  problems: ['payment_link_invalid', 'unsupported_media_type', 'version_conflict'],
});

export const getPortalInvoice = contract({
  operationId: 'getPortalInvoice',
  description: 'An invoice of the customer of the link as PDF.',
  params: z.strictObject({ token, invoiceId: InvoiceId }),
  status: 200,
  produces: ['pdf'],
  problems: ['payment_link_invalid', 'invoice_not_found'],
});
