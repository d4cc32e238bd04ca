import type { PeppolId } from '../delivery/preference.ts';
import { CustomerId } from '../kernel/ids.ts';
import { keys } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import type { Customer } from './customer.ts';

type Known = Pick<Customer, 'customerId' | 'peppolId'>;

/** The writes that keep customers findable by their id in the Peppol network: none where it did not change. */
export function markParticipant(before: Known | undefined, next: Known): Action[] {
  const { customerId } = next;
  const [was, is] = [before?.peppolId, next.peppolId];
  if (was?.scheme === is?.scheme && was?.id === is?.id) return [];
  return [
    ...(was ? [{ do: 'delete' as const, key: keys.participant(was.scheme, was.id, customerId) }] : []),
    ...(is
      ? [{ do: 'put' as const, item: { ...keys.participant(is.scheme, is.id, customerId), customerId } }]
      : []),
  ];
}

/** The customers that bear an id in the Peppol network; two at most are looked for. */
export async function participants(table: Table, { scheme, id }: PeppolId): Promise<CustomerId[]> {
  const { items } = await table.query({ partition: keys.participant(scheme, id, '').PK, limit: 2 });
  return items.map(({ SK }) => CustomerId.parse(SK));
}
