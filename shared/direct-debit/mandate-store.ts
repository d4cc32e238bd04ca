import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import { DomainError } from '../kernel/errors.ts';
import { CustomerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { compact } from '../matching/compact.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, prefixes, queuePartition, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Key, Table } from '../table/table.ts';
import { Mandate } from './mandate.ts';

export async function loadMandate(
  table: Table,
  customerId: CustomerId,
  mandateId: string,
): Promise<Mandate | undefined> {
  const item = await table.get(keys.mandate(customerId, mandateId), { consistent: true });
  return item && mandateOf(item);
}

/** All of a customer, revoked ones too, by id. */
export async function listMandates(table: Table, customerId: CustomerId): Promise<Mandate[]> {
  return (await queryAll(table, { partition: customerId, prefix: prefixes.mandate })).map(mandateOf);
}

const Listed = z.object({ customerId: CustomerId, format: z.enum(['sepa', 'nacha']) });

/** The active mandates of `format` in one shard of their list, by customer: where they lie. The index may lag. */
export async function listActiveMandates(
  table: Table,
  format: Mandate['format'],
  partition: string,
): Promise<Map<CustomerId, Key[]>> {
  const listed = new Map<CustomerId, Key[]>();
  for (const { PK, SK, due } of await queryAll(table, { index: 'byDue', partition })) {
    const { customerId, format: own } = Listed.parse(due);
    if (own === format) listed.set(customerId, [...(listed.get(customerId) ?? []), { PK, SK }]);
  }
  return listed;
}

/** The mandates at `at` as they stand now, without revoked ones. */
export async function loadActiveMandates(table: Table, at: readonly Key[]): Promise<Mandate[]> {
  const found = await table.getMany(at, { consistent: true });
  return found.map(mandateOf).filter(({ status }) => status === 'active');
}

/** As lines of a statement tell of it. */
function accountOf(mandate: Mandate): string {
  return compact(mandate.format === 'sepa' ? mandate.iban : mandate.account);
}

/** The writes that keep a new mandate. @throws (on commit) DomainError `mandate_reused`, `customer_not_found` */
export function signActions(mandate: Mandate, actor: string): Action[] {
  const { customerId, mandateId } = mandate;
  return [
    {
      do: 'put',
      item: itemOf(mandate),
      when: [{ attribute: 'PK', is: 'absent' }],
      refusal: () => new DomainError('mandate_reused', `${customerId} has a mandate ${mandateId} already.`),
    },
    {
      do: 'check',
      key: keys.customer(customerId),
      when: [{ attribute: 'PK', is: 'present' }],
      refusal: () => new DomainError('customer_not_found', 'There is no such customer.'),
    },
    factAction('mandate.signed', mandate, { at: mandate.createdAt, actor }),
  ];
}

/** The writes that revoke a mandate. @throws (on commit) DomainError `version_conflict` */
export function revokeActions(revoked: Mandate, doing: { at: Instant; actor: string }): Action[] {
  return [saveMandate(revoked), factAction('mandate.revoked', revoked, doing)];
}

/** @throws (on commit) DomainError `version_conflict` unless the stored one is the version before */
export function saveMandate(next: Mandate): Action {
  return {
    do: 'put',
    item: itemOf(next),
    when: [{ attribute: 'version', is: 'equal', value: next.version - 1 }],
    refusal: versionConflict('mandate'),
  };
}

function factAction(
  type: 'mandate.signed' | 'mandate.revoked',
  { customerId, mandateId, scheme, version }: Mandate,
  { at, actor }: { at: Instant; actor: string },
): Action {
  const slot = `mandate-${mandateId}-${versionSlot(version)}`;
  return recordFact(type, customerId, slot, { at, actor, customerId, data: { mandateId, scheme } });
}

/** Active ones lie in a list that a run reads. */
function itemOf(mandate: Mandate): Item {
  const { customerId, mandateId, format, status } = mandate;
  const listed = {
    DPK: queuePartition('mandate', customerId),
    DSK: `${customerId}#${mandateId}`,
    due: { customerId, mandateId, format, account: accountOf(mandate) },
  };
  return { ...keys.mandate(customerId, mandateId), ...mandate, ...(status === 'active' && listed) };
}

function mandateOf({ PK: _pk, SK: _sk, DPK: _dpk, DSK: _dsk, due: _due, ...mandate }: Item): Mandate {
  return Mandate.parse(mandate);
}
