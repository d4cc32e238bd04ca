import type { Company } from '../company/company.ts';
import type { FactData, FactType } from '../fact/fact.ts';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import type { CaseId, CustomerId } from '../kernel/ids.ts';
import { type CalendarDate, dateIn, type Instant } from '../kernel/time.ts';
import { orderDeskPolicy } from '../order/order-desk-policy.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, owners, prefixes, queuePartition, versionSlot } from '../table/keys.ts';
import { queryAll, queryQueue } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import { calendarOf } from '../terms/calendar-policy.ts';
import { calendarPolicy } from '../terms/shipped-calendar-policy.ts';
import type { CaseClock, CaseStep } from './advance-case.ts';
import { Case, CaseMessage, QueuedCase } from './case.ts';
import { casePolicy } from './case-policy.ts';

/** A case and what was said in it, oldest first. */
export type CaseFile = { readonly case: Case; readonly messages: readonly CaseMessage[] };

/** By which policy, opening hours and calendar cases are due: three queries side by side. */
export async function loadCaseClock(
  table: Table,
  { country, timeZone }: Pick<Company, 'country' | 'timeZone'>,
  at: Instant,
): Promise<CaseClock> {
  const today: CalendarDate = dateIn(timeZone, at);
  const [cases, desk, calendars] = await Promise.all([
    policyInForce(table, casePolicy, today),
    policyInForce(table, orderDeskPolicy, today),
    policyInForce(table, calendarPolicy, today),
  ]);
  const { opens, closes } = desk.policy;
  const calendar = calendarOf(calendars.policy, country);
  return { policy: cases.policy, when: { opens, closes, calendar, timeZone } };
}

/** A case with its messages: one query. */
export async function loadCase(table: Table, caseId: CaseId): Promise<CaseFile | undefined> {
  const bounds = { from: keys.case(caseId).SK, to: `${prefixes.caseMessage}~` };
  const items = await queryAll(table, { partition: caseId, ...bounds, consistent: true });
  const head = items.find(({ SK }) => SK === keys.case(caseId).SK);
  const messages = items.filter(({ SK }) => SK.startsWith(prefixes.caseMessage));
  return head && { case: caseOf(head), messages: messages.map(messageOf) };
}

/** A page of a customer's cases, newest first. @throws DomainError `cursor_invalid` */
export async function listCases(table: Table, customerId: CustomerId, page: PageQuery) {
  const partition = owners.customer(customerId, 'case');
  const { items, nextCursor } = await queryPage(
    table,
    { index: 'byOwner', partition, newestFirst: true },
    page,
  );
  const cases = (await table.getMany(items)).map(caseOf);
  return { cases: cases.sort((one, other) => other.caseId.localeCompare(one.caseId)), nextCursor };
}

/** All cases that are not resolved, those due first in front; those that wait for the customer come last. */
export async function listOpenCases(table: Table): Promise<QueuedCase[]> {
  const items = await queryQueue(table, 'case');
  const last = '9999';
  return items
    .map((item) => QueuedCase.parse(item['due']))
    .sort((one, other) => (one.dueAt ?? last).localeCompare(other.dueAt ?? last));
}

type CaseFactType = FactType & `case.${string}`;
/** The fact that a step made. */
type Told = { [T in CaseFactType]: { type: T; data: FactData<T> } }[CaseFactType];

/** The writes of a step: the case after it, what was said, the fact. @throws (on commit) DomainError `version_conflict` */
export function caseActions(
  before: Case | undefined,
  { next, message }: CaseStep,
  told: Told,
  { at, actor }: { at: Instant; actor: string },
): Action[] {
  const { caseId, customerId, version } = next;
  return [
    {
      do: 'put',
      item: itemOf(next),
      when: [
        before
          ? { attribute: 'version', is: 'equal', value: before.version }
          : { attribute: 'PK', is: 'absent' },
      ],
      refusal: versionConflict('case'),
    },
    ...(message
      ? [{ do: 'put' as const, item: { ...keys.caseMessage(caseId, message.message), ...message } }]
      : []),
    recordFact(told.type, caseId, versionSlot(version), { at, actor, customerId, data: told.data }),
  ];
}

/** Cases that are not resolved lie in the queue; every case is found by its customer. */
function itemOf(next: Case): Item {
  const { caseId, customerId, openedAt } = next;
  const item = {
    ...keys.case(caseId),
    OPK: owners.customer(customerId, 'case'),
    OSK: `${openedAt}#${caseId}`,
    ...next,
  };
  if (next.status === 'resolved') return item;
  const { kind, priority, subject, status, owner, escalations } = next;
  const dueAt = next.status === 'open' ? next.dueAt : undefined;
  return {
    ...item,
    DPK: queuePartition('case', caseId),
    DSK: `${dueAt ?? 'waits'}#${caseId}`,
    due: {
      caseId,
      customerId,
      kind,
      priority,
      subject,
      status,
      openedAt,
      escalations,
      ...(owner && { owner }),
      ...(dueAt !== undefined && { dueAt }),
    },
  };
}

/** @throws ZodError when the item is no case */
function caseOf(item: Item): Case {
  const { PK: _pk, SK: _sk, OPK: _opk, OSK: _osk, DPK: _dpk, DSK: _dsk, due: _due, ...rest } = item;
  return Case.parse(rest);
}

function messageOf(item: Item): CaseMessage {
  const { PK: _pk, SK: _sk, ...message } = item;
  return CaseMessage.parse(message);
}
