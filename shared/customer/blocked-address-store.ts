import { keys } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { hashOfAddress } from './blocked-address.ts';
import type { Address, Customer } from './customer.ts';

type Known = Pick<Customer, 'customerId' | 'status' | 'address'>;

/** The writes that keep the addresses of blocked customers findable: none where neither status nor address changed. */
export function markBlockedAddress(before: Known | undefined, next: Known): Action[] {
  const { customerId } = next;
  const hashOf = (known: Known | undefined) =>
    known?.status === 'blocked' ? hashOfAddress(known.address) : undefined;
  const [was, is] = [hashOf(before), hashOf(next)];
  if (was === is) return [];
  return [
    ...(was === undefined ? [] : [{ do: 'delete' as const, key: keys.blockedAddress(was, customerId) }]),
    ...(is === undefined
      ? []
      : [{ do: 'put' as const, item: { ...keys.blockedAddress(is, customerId), customerId } }]),
  ];
}

/** Blocked customers at any of `addresses`; half a read unit each. At most five are named. */
export async function blockedAt(table: Table, addresses: readonly Address[]): Promise<string[]> {
  const hashes = [...new Set(addresses.map(hashOfAddress))];
  const pages = await Promise.all(
    hashes.map((hash) => table.query({ partition: keys.blockedAddress(hash, '').PK, limit: 5 })),
  );
  return [...new Set(pages.flatMap(({ items }) => items.map(({ SK }) => SK)))];
}
