import * as z from 'zod';
import { contract } from '../http/contract.ts';
import { PageQuery, pageOf } from '../http/paging.ts';
import { CustomerId } from '../kernel/ids.ts';
import { Minor } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { MailKind, MailLog } from '../mail/mail-log.ts';
import { type Account, Customer, CustomerInput } from './customer.ts';

const params = z.strictObject({ customerId: CustomerId });

/** A customer and where it stands: `available` = `creditLimit` − `exposure`, below zero when over it. Minor units. */
export const CustomerView = Customer.extend({
  account: z.strictObject({ exposure: Minor, receivable: Minor, available: Minor }),
});
export type CustomerView = z.infer<typeof CustomerView>;

/** A mail that was sent; `sending` that stays means that nobody knows whether it left. */
const Communication = z.strictObject({
  mailId: z.string(),
  kind: MailKind,
  to: z.array(z.string()),
  subject: z.string(),
  status: z.enum(['sending', 'sent']),
  at: Instant,
  sentAt: Instant.optional(),
  bounced: MailLog.options[0].shape.bounced,
});

const example = {
  name: 'Bluebell Home Limited',
  email: 'buying@bluebell.example',
  address: { lines: ['7 Harbour Street'], city: 'Whitby', postalCode: 'YO21 1DE', country: 'GB' },
  currency: 'GBP',
  paymentTermDays: 30,
  creditLimit: 500_000,
  language: 'en',
  status: 'active',
};

export const putCustomer = contract({
  operationId: 'putCustomer',
  description:
    'The whole customer, under an id of your choosing. Repeating it changes nothing. The currency of an account never changes. `terms` say when invoices are due where `paymentTermDays` is not enough: end of month, a fixed day, instalments, a discount for paying early. With `businessDays` a date on a weekend or national holiday of the customer’s country moves, by the policy `calendar`; in a country that has no calendar there, only Saturday and Sunday count. `invoicing` says what an invoice covers: each shipment, the whole order, or all of a week (ending on Sunday) or month; it holds for orders placed from then on. `applyCash` says what money settles that names no invoice: only what it fits exactly (`exact`, also when left out), or what is owed longest (`oldest_first`), where the customer agreed to that.',
  params,
  body: CustomerInput,
  status: 200,
  alsoStatus: 201,
  response: CustomerView,
  versioned: true,
  problems: ['precondition_failed', 'version_conflict'],
  example: {
    body: example,
    response: {
      ...example,
      customerId: 'cus_bluebell',
      version: 1,
      account: { exposure: 0, receivable: 0, available: 500_000 },
    },
  },
});

export const getCustomer = contract({
  operationId: 'getCustomer',
  description: 'With what it owes. Customers see themselves only.',
  params,
  status: 200,
  response: CustomerView,
  versioned: true,
  problems: ['customer_not_found'],
});

export const getCommunications = contract({
  operationId: 'getCommunications',
  description: 'Every mail sent to the customer, newest first.',
  params,
  query: PageQuery,
  status: 200,
  response: pageOf(Communication),
  problems: ['customer_not_found', 'cursor_invalid'],
});

/** A customer as the API shows it. */
export function customerView(
  customer: Customer,
  { exposure, receivable, creditLimit }: Account,
): CustomerView {
  return { ...customer, account: { exposure, receivable, available: creditLimit - exposure } };
}
