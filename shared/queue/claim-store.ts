import { versionConflict } from '../table/commit.ts';
import { keys } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Table } from '../table/table.ts';
import { Claim } from './claim.ts';

/** The queues whose entries can be claimed. */
export type ClaimableQueue = 'held-order';

export async function loadClaim(
  table: Table,
  queue: ClaimableQueue,
  itemId: string,
): Promise<Claim | undefined> {
  const item = await table.get(keys.claim(queue, itemId), { consistent: true });
  return item && Claim.parse(item);
}

/** All claims on entries of a queue, by entry: one query. */
export async function loadClaims(table: Table, queue: ClaimableQueue): Promise<Map<string, Claim>> {
  const items = await queryAll(table, { partition: keys.claim(queue, '').PK });
  return new Map(items.map((item) => [item.SK, Claim.parse(item)]));
}

/** The write that lays a claim. @throws (on commit) DomainError `version_conflict` where another came between */
export function saveClaim(
  queue: ClaimableQueue,
  itemId: string,
  before: Claim | undefined,
  claim: Claim,
): Action {
  return {
    do: 'put',
    item: { ...keys.claim(queue, itemId), ...claim, ttl: Math.ceil(Date.parse(claim.until) / 1000) },
    when: [unchanged(before)],
    refusal: versionConflict('claim'),
  };
}

/** The writes that give an entry back, where anybody has it. */
export function dropClaim(queue: ClaimableQueue, itemId: string, before: Claim | undefined): Action[] {
  return before ? [{ do: 'delete', key: keys.claim(queue, itemId) }] : [];
}

const unchanged = (before: Claim | undefined) =>
  before
    ? ({ attribute: 'at', is: 'equal', value: before.at } as const)
    : ({ attribute: 'PK', is: 'absent' } as const);
