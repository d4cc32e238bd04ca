import * as z from 'zod';
import { recordFact } from '../fact/record-fact.ts';
import { type PageQuery, queryPage } from '../http/paging.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { loadOpenItems } from '../invoice/invoice-store.ts';
import { DomainError } from '../kernel/errors.ts';
import { type AdviceId, type CustomerId, InvoiceId, type PaymentId } from '../kernel/ids.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { Advice } from '../matching/candidate-source.ts';
import { versionConflict } from '../table/commit.ts';
import { keys, owners, queuePartition, queuePartitions, versionSlot } from '../table/keys.ts';
import { queryAll } from '../table/query-all.ts';
import type { Action, Item, Table } from '../table/table.ts';
import type { NamedInvoice } from './advise-remittance.ts';
import { type OpenAdvice, RemittanceAdvice } from './remittance-advice.ts';

/** What the queue of open advices says of each. */
const Due = z.object({ customerId: z.string(), advice: z.unknown() });

const OpenShape = RemittanceAdvice.options[0];

/** How many invoice numbers are looked up side by side. */
const AT_ONCE = 16;

export async function loadAdvice(
  table: Table,
  adviceId: AdviceId,
  options: { consistent?: boolean } = {},
): Promise<RemittanceAdvice | undefined> {
  const item = await table.get(keys.advice(adviceId), options);
  return item && adviceOf(item);
}

/** A page of a customer's advices, newest first. @throws DomainError `cursor_invalid` */
export async function listAdvices(table: Table, customerId: CustomerId, page: PageQuery) {
  const partition = owners.customer(customerId, 'advice');
  const { items, nextCursor } = await queryPage(
    table,
    { index: 'byOwner', partition, newestFirst: true },
    page,
  );
  const advices = (await table.getMany(items)).map(adviceOf);
  advices.sort((one, other) => positionOf(other).localeCompare(positionOf(one)));
  return { advices, nextCursor };
}

/**
 * What payers said they would pay and no payment followed yet, for the matching of a statement: of one customer, or of
 * all. Advices that expired before `on` are left out. One query of the work queue `advice`, four for all customers.
 */
export async function loadOpenAdvices(
  table: Table,
  { on, customerId }: { on: CalendarDate; customerId?: CustomerId | undefined },
): Promise<Advice[]> {
  const partitions =
    customerId === undefined ? queuePartitions('advice') : [queuePartition('advice', customerId)];
  const found = await Promise.all(
    partitions.map((partition) => queryAll(table, { index: 'byDue', partition, from: on })),
  );
  return found
    .flat()
    .map((item) => Due.parse(item['due']))
    .filter((due) => customerId === undefined || due.customerId === customerId)
    .map(({ advice }) => candidateOf(OpenShape.parse(advice)));
}

/**
 * The write that lets payment `paymentId` follow the advice, for the payment's own transaction: the advice is not looked
 * for any more. Refused with `version_conflict` unless it is open.
 */
export function useAdvice(adviceId: AdviceId, paymentId: PaymentId): Action {
  return {
    do: 'update',
    key: keys.advice(adviceId),
    set: { status: 'used', paymentId },
    add: { version: 1 },
    remove: ['DPK', 'DSK', 'due'],
    when: [{ attribute: 'status', is: 'equal', value: 'open' }],
    refusal: versionConflict('remittance advice'),
  };
}

/** The same where the advice is open still; nothing where it ended otherwise meanwhile. */
export async function followAdvice(
  table: Table,
  adviceId: AdviceId,
  paymentId: PaymentId,
): Promise<Action[]> {
  const advice = await loadAdvice(table, adviceId, { consistent: true });
  return advice?.status === 'open' ? [useAdvice(adviceId, paymentId)] : [];
}

/** The writes of a new advice: itself and its fact. */
export function adviceActions(advice: OpenAdvice): Action[] {
  const { adviceId, customerId, source, currency, total, invoices, paymentReference, paidOn } = advice;
  return [
    saveAdvice(advice, 'absent'),
    recordFact('remittance.advised', adviceId, versionSlot(advice.version), {
      at: advice.advisedAt,
      actor: advice.advisedBy,
      customerId,
      data: {
        adviceId,
        source,
        currency,
        total,
        invoices,
        ...(paymentReference !== undefined && { paymentReference }),
        ...(paidOn !== undefined && { paidOn }),
      },
    }),
  ];
}

/** The advice as it was when it was given, whatever became of it. */
export function asAdvised(advice: RemittanceAdvice): OpenAdvice {
  return OpenShape.strip().parse({ ...advice, status: 'open', version: 1 });
}

/** The writes that withdraw an advice of version `expecting`. */
export function withdrawalActions(
  advice: Extract<RemittanceAdvice, { status: 'withdrawn' }>,
  expecting: number,
): Action[] {
  const { adviceId, customerId, withdrawnAt, withdrawnBy, version } = advice;
  return [
    saveAdvice(advice, expecting),
    recordFact('remittance.withdrawn', adviceId, versionSlot(version), {
      at: withdrawnAt,
      actor: withdrawnBy,
      customerId,
      data: { adviceId },
    }),
  ];
}

/**
 * What is owed on the invoices that a payer names by number or id; those that are not known are left out. One query of
 * the index for each number, then one read.
 */
export async function loadNamedItems(table: Table, named: readonly NamedInvoice[]): Promise<OpenItem[]> {
  const numbers = [
    ...new Set(named.flatMap(({ invoiceId, number }) => (invoiceId === undefined && number ? [number] : []))),
  ];
  const ids = named.flatMap(({ invoiceId }) => (invoiceId === undefined ? [] : [invoiceId]));
  for (let start = 0; start < numbers.length; start += AT_ONCE) {
    const found = await Promise.all(
      numbers.slice(start, start + AT_ONCE).map((number) => invoiceNumbered(table, number)),
    );
    ids.push(...found.flat());
  }
  return loadOpenItems(table, ids);
}

/** Credit notes bear numbers as well, and are none to be paid. */
async function invoiceNumbered(table: Table, number: string): Promise<InvoiceId[]> {
  const { items } = await table.query({ index: 'byReference', partition: `number_${number}`, limit: 1 });
  return items.flatMap(({ PK }) => {
    const id = InvoiceId.safeParse(PK);
    return id.success ? [id.data] : [];
  });
}

function saveAdvice(advice: RemittanceAdvice, expecting: number | 'absent'): Action {
  const { adviceId, customerId, expiresOn, paymentReference, status } = advice;
  return {
    do: 'put',
    item: {
      ...keys.advice(adviceId),
      OPK: owners.customer(customerId, 'advice'),
      OSK: positionOf(advice),
      ...(paymentReference !== undefined && { RPK: `advice_${paymentReference}`, RSK: adviceId }),
      ...advice,
      ...(status === 'open' && {
        DPK: queuePartition('advice', customerId),
        DSK: `${expiresOn}#${adviceId}`,
        due: { customerId, advice },
      }),
    },
    when: [
      expecting === 'absent'
        ? { attribute: 'PK', is: 'absent' }
        : { attribute: 'version', is: 'equal', value: expecting },
    ],
    refusal: versionConflict('remittance advice'),
  };
}

/** As the matcher looks for it. */
function candidateOf(advice: OpenAdvice): Advice {
  const { adviceId, customerId, currency, total, paymentReference, invoices } = advice;
  return {
    adviceId,
    customerId,
    currency,
    total,
    ...(paymentReference !== undefined && { reference: paymentReference }),
    invoices: invoices.map(({ number: _number, ...invoice }) => invoice),
  };
}

/** @throws ZodError when the item is no advice */
function adviceOf(item: Item): RemittanceAdvice {
  const {
    PK: _pk,
    SK: _sk,
    OPK: _opk,
    OSK: _osk,
    RPK: _rpk,
    RSK: _rsk,
    DPK: _dpk,
    DSK: _dsk,
    due: _due,
    ...advice
  } = item;
  return RemittanceAdvice.parse(advice);
}

/** Where an advice stands among others, by time. */
const positionOf = ({ advisedAt, adviceId }: RemittanceAdvice) => `${advisedAt}#${adviceId}`;

/** The refusal where there is no such advice, or it is someone else's. */
export const adviceNotFound = () =>
  new DomainError('remittance_not_found', 'There is no such remittance advice.');
