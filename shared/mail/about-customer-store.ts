import type { Customer } from '../customer/customer.ts';
import { loadCustomer } from '../customer/customer-store.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Table } from '../table/table.ts';
import type { MailedFact } from './mailed-facts.ts';
import type { WrittenMail } from './post-office.ts';
import type { MailContent } from './templates/layout/compose.ts';

/** The mail to a customer that tells of `fact`, under its id. */
export function mailTo(customer: Customer, fact: MailedFact, content: MailContent): WrittenMail {
  return {
    mailId: fact.id,
    customerId: customer.customerId,
    kind: fact.type,
    to: [customer.email],
    content,
  };
}

/** @throws Error where it can't be found: reads may lag behind the stream, so try again */
export async function loadKnownCustomer(table: Table, customerId: CustomerId | undefined): Promise<Customer> {
  return required(customerId && (await loadCustomer(table, customerId)), customerId ?? 'the customer');
}

/** Likewise of anything a fact is about. */
export function required<T>(found: T | undefined | '', what: string): T {
  if (found === undefined || found === '') throw new Error(`${what} is not to be found`);
  return found;
}
