import type { Customer } from '../customer/customer.ts';
import { openParts } from '../invoice/instalments.ts';
import type { Instalment, OpenItem } from '../invoice/invoice.ts';
import { daysBetween } from '../kernel/calendar.ts';
import type { CustomerId, InvoiceId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { CalendarDate } from '../kernel/time.ts';
import type { AccountMovement } from '../ledger/account-movement.ts';
import { type AgeBucket, ageBucketOf } from '../report/morning-report.ts';

/** Whose account it is, as the statement shows it. */
export type AccountHolder = Pick<Customer, 'customerId' | 'name' | 'address' | 'language' | 'currency'>;

/** What is owed on an invoice. `overdueDays` counts from the earliest unpaid due date, 0 before it. Minor units. */
type OpenStatementItem = {
  invoiceId: InvoiceId;
  number: string;
  issuedOn: CalendarDate;
  dueOn: CalendarDate;
  total: number;
  balance: number;
  overdueDays: number;
  disputed: boolean;
  /** What of the balance is due when, where it comes in instalments. */
  instalments?: Instalment[] | undefined;
};

/** A payment or credit note that is not set against an invoice yet: `amount` of it, minor units, positive. */
export type UnappliedItem = {
  kind: 'payment' | 'credit_note';
  id: string;
  reference: string;
  date: CalendarDate;
  amount: number;
};

type Ageing = Record<AgeBucket, number>;

type Holder = { customerId: CustomerId; name: string; currency: Currency };

/** Everything that is open on a day. `total` = open invoices − unapplied credit: what the customer owes in all. */
export type OpenItemStatement = Holder & {
  kind: 'open_item';
  on: CalendarDate;
  items: OpenStatementItem[];
  unapplied: UnappliedItem[];
  /** The balances of `items`, by how long each part has been due. */
  ageing: Ageing;
  invoiced: number;
  credit: number;
  total: number;
};

export const movementKinds = [
  'invoice',
  'credit_note',
  'payment',
  'discount',
  'refund',
  'write_off',
  'reversal',
  'allocation',
  'unallocation',
] as const;
export type MovementKind = (typeof movementKinds)[number];

/** A line of a period's account. `amount` is positive where more is owed; `balance` is what is owed after it. */
type StatementMovement = {
  date: CalendarDate;
  kind: MovementKind;
  reference: string;
  /** The id of the document. */
  source: string;
  amount: number;
  balance: number;
};

/** All that changed the account from `from` to `to`, both days included: `opening` + movements = `closing`. */
export type PeriodStatement = Holder & {
  kind: 'period';
  from: CalendarDate;
  to: CalendarDate;
  opening: number;
  movements: StatementMovement[];
  closing: number;
};

export type Statement = OpenItemStatement | PeriodStatement;

export type StatementKind = Statement['kind'];

/** What a statement is made of. */
export type StatementSources =
  | { kind: 'open_item'; on: CalendarDate; items: readonly OpenItem[]; unapplied: readonly UnappliedItem[] }
  | {
      kind: 'period';
      from: CalendarDate;
      to: CalendarDate;
      /** Everything up to `to`, oldest first: what lies before `from` makes the opening balance. */
      movements: readonly AccountMovement[];
    };

/** The statement of `holder`'s account. The same sources give the same statement. */
export function composeStatement<K extends StatementKind>(
  holder: AccountHolder,
  sources: Extract<StatementSources, { kind: K }>,
): Extract<Statement, { kind: K }>;
export function composeStatement(holder: AccountHolder, sources: StatementSources): Statement {
  const { customerId, name, currency } = holder;
  switch (sources.kind) {
    case 'open_item':
      return { customerId, name, currency, ...openItems(sources) };
    case 'period':
      return { customerId, name, currency, ...period(sources) };
    default:
      return sources satisfies never;
  }
}

function openItems({ on, items, unapplied }: Extract<StatementSources, { kind: 'open_item' }>) {
  const owed = items
    .filter(({ balance }) => balance > 0)
    .map((item) => openItem(item, on))
    .sort((one, other) => compare(one.dueOn, other.dueOn) || compare(one.number, other.number));
  const ageing: Ageing = { not_due: 0, '1-30': 0, '31-60': 0, '61-90': 0, over_90: 0 };
  for (const item of owed) {
    for (const { dueOn, amount } of partsOf(item)) ageing[ageBucketOf(daysBetween(dueOn, on))] += amount;
  }
  const invoiced = sumOf(owed.map(({ balance }) => balance));
  const credit = sumOf(unapplied.map(({ amount }) => amount));
  return {
    kind: 'open_item' as const,
    on,
    items: owed,
    unapplied: unapplied.toSorted(
      (one, other) => compare(one.date, other.date) || compare(one.reference, other.reference),
    ),
    ageing,
    invoiced,
    credit,
    total: invoiced - credit,
  };
}

function openItem(item: OpenItem, on: CalendarDate): OpenStatementItem {
  const { invoiceId, number, issuedOn, total, balance, status } = item;
  const parts = openParts(item);
  const dueOn = parts[0]?.dueOn ?? item.dueOn;
  return {
    invoiceId,
    number,
    issuedOn,
    dueOn,
    total,
    balance,
    overdueDays: Math.max(0, daysBetween(dueOn, on)),
    disputed: status === 'disputed',
    ...(item.instalments && { instalments: parts }),
  };
}

function partsOf({ instalments, dueOn, balance }: OpenStatementItem): readonly Instalment[] {
  return instalments ?? [{ dueOn, amount: balance }];
}

function period({ from, to, movements }: Extract<StatementSources, { kind: 'period' }>) {
  const before = movements.filter(({ date }) => date < from);
  const opening = sumOf(before.map(({ amount }) => amount));
  let balance = opening;
  const lines = movements
    .filter(({ date }) => date >= from && date <= to)
    .flatMap(linesOf)
    .map((line): StatementMovement => {
      balance += line.amount;
      return { ...line, balance };
    });
  return { kind: 'period' as const, from, to, opening, movements: lines, closing: balance };
}

/**
 * A payment with a discount is two lines: what came in, and what was taken off. To allocate what came in before changes
 * nothing of what is owed in all, so of that there is only the discount.
 */
function linesOf(movement: AccountMovement): Omit<StatementMovement, 'balance'>[] {
  const { date, kind, reference, source, amount, discount = 0 } = movement;
  const line = { date, reference, source };
  return [
    ...(isMove(kind) && amount === discount ? [] : [{ ...line, kind, amount: amount - discount }]),
    ...(discount === 0 ? [] : [{ ...line, kind: 'discount' as const, amount: discount }]),
  ];
}

const isMove = (kind: MovementKind) => kind === 'allocation' || kind === 'unallocation';

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
