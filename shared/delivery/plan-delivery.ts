import type { Customer } from '../customer/customer.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Channel } from './delivery.ts';
import type { InvoiceDelivery } from './preference.ts';

/** What of a customer decides how documents reach it. */
type Recipient = Pick<Customer, 'email' | 'invoiceDelivery' | 'peppolId'>;

const byMail: InvoiceDelivery = { by: 'mail' };

/**
 * The way a document takes upon issue: what the customer wants, by mail unless it said otherwise.
 * @param email the address on the document
 */
export function firstChannel(customer: Recipient, email: string): Channel {
  const preference = customer.invoiceDelivery ?? byMail;
  // Checked when the customer was saved; a Peppol id that is gone since leaves mail.
  return channelOf(preference, { ...customer, email }) ?? { by: 'mail', to: email };
}

/** What somebody asks for when a document is to be sent again; nothing said means as the customer wants it. */
export type Ask = { by?: Channel['by'] | undefined; email?: string | undefined };

/**
 * The way a document takes when it is sent again, to the address the customer has now.
 * @throws DomainError `validation_failed` when the customer has no such way
 */
export function nextChannel(customer: Recipient, ask: Ask): Channel {
  const preference = customer.invoiceDelivery ?? byMail;
  const by = ask.by ?? (ask.email === undefined ? preference.by : 'mail');
  if (ask.email !== undefined && by !== 'mail') {
    throw refused('email', `an address goes with mail, not with ${by}`);
  }
  const recipient = { ...customer, email: ask.email ?? customer.email };
  const channel =
    by === preference.by
      ? channelOf(preference, recipient)
      : by !== 'webhook' && channelOf({ by }, recipient);
  if (channel) return channel;
  throw refused('by', by === 'peppol' ? 'the customer has no Peppol id' : 'the customer has no webhook');
}

function channelOf(preference: InvoiceDelivery, recipient: Recipient): Channel | undefined {
  switch (preference.by) {
    case 'mail':
      return { ...preference, to: recipient.email };
    case 'webhook':
      return preference;
    case 'peppol':
      return recipient.peppolId && { by: 'peppol', to: recipient.peppolId };
    default:
      return preference satisfies never;
  }
}

function refused(path: string, message: string): DomainError {
  return new DomainError('validation_failed', 'The document can not be sent that way.', {
    issues: [{ path, message }],
  });
}
