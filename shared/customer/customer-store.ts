import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import { decodeCursor, encodeCursor, type PageQuery } from '../http/paging.ts';
import { DomainError } from '../kernel/errors.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { MailLog } from '../mail/mail-log.ts';
import { nameTokens } from '../matching/name-tokens.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, prefixes, references, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import { markBlockedAddress } from './blocked-address-store.ts';
import { Account, Customer } from './customer.ts';
import { markParticipant } from './participant-store.ts';

// Items bear their keys besides; these read the rest.
const CustomerItem = z.object(Customer.shape);
const AccountItem = z.object(Account.shape);

type ReadOptions = { readonly consistent?: boolean };

export async function loadCustomer(
  table: Table,
  id: CustomerId,
  options: ReadOptions = {},
): Promise<Customer | undefined> {
  const item = await table.get(keys.customer(id), options);
  return item && CustomerItem.parse(item);
}

/** What the customer owes and may owe. */
export async function loadAccount(
  table: Table,
  id: CustomerId,
  options: ReadOptions = {},
): Promise<Account | undefined> {
  const item = await table.get(keys.account(id), options);
  return item && AccountItem.parse(item);
}

/** A customer with its account, in one round trip. */
export async function loadCustomerAndAccount(
  table: Table,
  id: CustomerId,
  options: ReadOptions = {},
): Promise<{ customer: Customer; account: Account } | undefined> {
  const items = await table.getMany([keys.customer(id), keys.account(id)], options);
  const profile = items.find((item) => item.SK === keys.customer(id).SK);
  const account = items.find((item) => item.SK === keys.account(id).SK);
  return profile && { customer: CustomerItem.parse(profile), account: AccountItem.parse(account) };
}

/**
 * Adds to what an account owes, minor units of its currency; negative takes away.
 * @throws (on commit) DomainError `customer_not_found`
 */
export function changeAccount(
  customerId: CustomerId,
  by: { exposure?: number; receivable?: number },
): Action {
  const { exposure = 0, receivable = 0 } = by;
  return {
    do: 'update',
    key: keys.account(customerId),
    add: { ...(exposure !== 0 && { exposure }), ...(receivable !== 0 && { receivable }) },
    when: [{ attribute: 'PK', is: 'present' }],
    refusal: () => new DomainError('customer_not_found', `${customerId} has no account.`),
  };
}

/**
 * The writes that make `before` (missing: nothing) into `next`: profile, account and fact. The credit limit stands on
 * the account as well, where orders claim it.
 * @throws (on commit) DomainError `version_conflict`
 */
export function saveCustomerActions(
  before: Customer | undefined,
  next: Customer,
  { at, actor }: { at: Instant; actor: string },
): Action[] {
  const { customerId, creditLimit, currency, status, receipts } = next;
  return [
    {
      do: 'put',
      item: {
        ...keys.customer(customerId),
        ...next,
        RPK: references.payerName(nameTokens(next.name).join(' ')),
        RSK: customerId,
      },
      when: [
        before
          ? { attribute: 'version', is: 'equal', value: before.version }
          : { attribute: 'PK', is: 'absent' },
      ],
      refusal: versionConflict('customer'),
    },
    ...markBlockedAddress(before, next),
    ...markParticipant(before, next),
    ...accountActions(before, { customerId, currency, creditLimit, exposure: 0, receivable: 0 }),
    recordFact('customer.saved', customerId, versionSlot(next.version), {
      at,
      actor,
      customerId,
      data: { creditLimit, status, ...(receipts === false && { receipts }) },
    }),
  ];
}

function accountActions(before: Customer | undefined, opened: Account): Action[] {
  const key = keys.account(opened.customerId);
  if (!before) return [{ do: 'put', item: { ...key, ...opened }, when: [{ attribute: 'PK', is: 'absent' }] }];
  if (before.creditLimit === opened.creditLimit) return [];
  const when = [{ attribute: 'PK', is: 'present' } as const];
  return [{ do: 'update', key, set: { creditLimit: opened.creditLimit }, when }];
}

/**
 * A page of the mails to a customer, newest first. They lie by the id of what they tell of, so that each is sent
 * once; a customer has few enough of them to be put in order here.
 * @throws DomainError `cursor_invalid`
 */
export async function listMails(
  table: Table,
  customerId: CustomerId,
  { limit, cursor }: PageQuery,
): Promise<{ items: MailLog[]; nextCursor?: string }> {
  const after = decodeCursor(cursor, customerId);
  const partition = customerId;
  const found = (await queryAll(table, { partition, prefix: prefixes.mail })).map(
    ({ PK: _pk, SK: _sk, ...mail }) => MailLog.parse(mail),
  );
  const newestFirst = found.toSorted((one, other) => (placeOf(one) < placeOf(other) ? 1 : -1));
  const start = after ? newestFirst.findIndex((mail) => placeOf(mail) < String(after['at'])) : 0;
  const items = start < 0 ? [] : newestFirst.slice(start, start + limit);
  const last = items.at(-1);
  const more = last && newestFirst.at(-1) !== last;
  return more ? { items, nextCursor: encodeCursor({ PK: customerId, at: placeOf(last) }) } : { items };
}

/** Where a mail stands in the list. */
const placeOf = (mail: MailLog) => `${mail.at}#${mail.mailId}`;
