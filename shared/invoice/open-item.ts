import { DomainError } from '../kernel/errors.ts';
import type { DirectDebitId } from '../kernel/ids.ts';
import { shareOf } from '../kernel/money.ts';
import { type CalendarDate, type Instant, instant } from '../kernel/time.ts';
import { openParts } from './instalments.ts';
import type { OpenItem } from './invoice.ts';

const HOUR_MS = 3_600_000;

type OpenInvoice = Extract<OpenItem, { status: 'open' }>;
type Owed = Exclude<OpenItem, { balance: 0 }>;

/**
 * The open item after `amount` of its balance was settled by a payment or a credit note. A disputed invoice may be
 * paid too, and stays disputed while something is left.
 * @param amount minor units, at least 1
 * @throws DomainError `invoice_not_open` when nothing is owed any more
 * @throws DomainError `allocation_exceeds_balance` when less is owed than `amount`
 */
export function reduceBalance(item: OpenItem, amount: number, at: Instant): OpenItem {
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw new RangeError(`can't settle ${amount} of an invoice`);
  const owed = stillOwed(item);
  const balance = owed.balance - amount;
  if (balance < 0) {
    throw new DomainError(
      'allocation_exceeds_balance',
      `Invoice ${item.number} is owed ${owed.balance} (minor units of ${item.currency}), less than ${amount}.`,
    );
  }
  const version = item.version + 1;
  if (balance > 0) return dueAnew({ ...owed, balance, version });
  return { ...commonOf(owed), status: 'paid', balance: 0, paidAt: at, version };
}

/**
 * The open item after a credit note of `amount`: what may be taken off for paying early shrinks with what it is taken
 * off from.
 * @throws DomainError as {@link reduceBalance} does
 */
export function creditBalance(item: OpenItem, amount: number, at: Instant): OpenItem {
  const shrunk = shareOf(item.discount?.amount ?? 0, amount, item.balance);
  return reduceBalance(lessDiscount(item, shrunk), amount, at);
}

/**
 * The open item after its customer paid `amount` and took `discount` off, and a `difference` was let go: the same discount
 * is not there a second time.
 * @throws DomainError as {@link reduceBalance} does
 */
export function payWithDiscount(
  item: OpenItem,
  { amount, discount, difference = 0 }: { amount: number; discount: number; difference?: number | undefined },
  at: Instant,
): OpenItem {
  const { amount: before, tax } = item.discountTaken ?? { amount: 0, tax: 0 };
  const discountTaken = { amount: before + discount, tax: tax + taxOfDiscount(item, discount) };
  return reduceBalance(
    { ...lessDiscount(item, discount), ...(discount > 0 && { discountTaken }) },
    amount + discount + difference,
    at,
  );
}

/** How much of a discount taken is tax: it was invoiced on what is now not paid. Minor units. */
export function taxOfDiscount({ discount }: OpenItem, taken: number): number {
  return discount ? shareOf(discount.tax, taken, discount.amount) : 0;
}

/**
 * The open item once `amount` of its balance is given up; all of it when left out. A disputed invoice may be written off
 * too, and stays disputed while something is left.
 * @param amount minor units, at least 1
 * @param most what may be lost at most, where that is less than what is owed: see `mostToLose`
 * @throws DomainError `invoice_not_open` when nothing is owed any more, `write_off_exceeds_balance`
 */
export function writeOff(
  item: OpenItem,
  amount: number | undefined,
  at: Instant,
  most = item.balance,
): { amount: number; next: OpenItem } {
  const owed = stillOwed(item);
  const lost = amount ?? owed.balance;
  const balance = owed.balance - lost;
  if (balance < 0) {
    throw new DomainError(
      'write_off_exceeds_balance',
      `Invoice ${item.number} is owed ${owed.balance} (minor units of ${item.currency}), less than ${lost}.`,
      { issues: [{ path: 'amount', message: `must be at most ${owed.balance}` }] },
    );
  }
  if (lost > most) {
    throw new DomainError(
      'write_off_exceeds_balance',
      `Some of invoice ${item.number} is credited, and its money is gone again. Set the credit note against it first.`,
      { issues: [{ path: 'amount', message: `must be at most ${most}` }] },
    );
  }
  const version = item.version + 1;
  const writtenOff = (item.writtenOff ?? 0) + lost;
  const shrunk = shareOf(owed.discount?.amount ?? 0, lost, owed.balance);
  const next: OpenItem =
    balance > 0
      ? dueAnew({ ...stillOwed(lessDiscount(owed, shrunk)), balance, writtenOff, version })
      : { ...commonOf(owed), status: 'written_off', balance: 0, writtenOff, writtenOffAt: at, version };
  return { amount: lost, next };
}

/**
 * The open item once its customer disputes it: it leaves the reminders until the dispute is settled.
 * @throws DomainError `invoice_not_open` when it is paid or disputed already
 */
export function dispute(item: OpenItem, objection: { reason: string; by: string; at: Instant }): OpenItem {
  if (item.status !== 'open') {
    throw new DomainError(
      'invoice_not_open',
      `Invoice ${item.number} is ${words(item)}; only an open one can be disputed.`,
    );
  }
  return {
    ...commonOf(item),
    status: 'disputed',
    balance: item.balance,
    dispute: objection,
    ...(item.paused && { paused: item.paused }),
    ...(item.debit && { debit: item.debit }),
    version: item.version + 1,
  };
}

/**
 * The open item once its dispute is settled: due again, next reminded at `nextActionAt`.
 * @throws DomainError `invoice_not_disputed`
 */
export function resolveDispute(item: OpenItem, nextActionAt: Instant): OpenItem {
  if (item.status !== 'disputed') {
    throw new DomainError(
      'invoice_not_disputed',
      `Invoice ${item.number} is ${words(item)}; there is no dispute to settle.`,
    );
  }
  return {
    ...commonOf(item),
    status: 'open',
    balance: item.balance,
    ...(item.paused && { paused: item.paused }),
    ...(item.debit && { debit: item.debit }),
    ...(!item.paused && !item.debit && { nextActionAt }),
    version: item.version + 1,
  };
}

/**
 * Where an instalment is covered, the next one counts from now on, and with it reminders begin anew. The first of them
 * moves as many days as the due date did, and an hour less: the clock may have changed between the two, and to look too
 * soon does nothing, while too late would cost a day. One that was reminded of the instalment before has no such plan,
 * so it is looked at from its due date on.
 */
function dueAnew(item: Owed): Owed {
  const dueOn = openParts(item)[0]?.dueOn ?? item.dueOn;
  if (dueOn === item.dueOn) return item;
  const next = { ...item, ...remindersFrom(item, dueOn) };
  if (next.status !== 'open' || next.paused !== undefined || next.debit) return next;
  const { nextActionAt } = next;
  if (nextActionAt === undefined || item.dunningStep > 0)
    return { ...next, nextActionAt: instant(`${dueOn}T00:00:00Z`) };
  // Dates read as midnights in UTC, so their difference is whole days without the weight of a calendar.
  const moved = Date.parse(dueOn) - Date.parse(item.dueOn);
  return { ...next, nextActionAt: instant(Date.parse(nextActionAt) + moved - HOUR_MS) };
}

/**
 * From when on an item counts, and the reminders of that instalment: those sent of another one are remembered, for when
 * it is owed again.
 */
export function remindersFrom(
  { dueOn: before, dunningStep: sent, reminded }: Pick<OpenItem, 'dueOn' | 'dunningStep' | 'reminded'>,
  dueOn: CalendarDate,
): Pick<OpenItem, 'dueOn' | 'dunningStep' | 'reminded'> {
  const all = { ...reminded, ...(sent > 0 && { [before]: sent }) };
  return {
    dueOn,
    dunningStep: all[dueOn] ?? 0,
    ...(Object.keys(all).length > 0 && { reminded: all }),
  };
}

function lessDiscount(item: OpenItem, taken: number): OpenItem {
  const { discount, ...rest } = item;
  if (!discount || taken === 0) return item;
  const amount = discount.amount - taken;
  const tax = discount.tax - taxOfDiscount(item, taken);
  return amount > 0 ? { ...rest, discount: { ...discount, amount, tax } } : rest;
}
const words = ({ status }: OpenItem) => status.replace('_', ' ');

/**
 * The open item once it turned out that the customer never got the invoice: nobody is reminded of it.
 * @returns undefined when nothing changes: it is paid, or paused already
 */
export function pauseReminders(item: OpenItem): OpenItem | undefined {
  if (!isOwed(item) || item.paused) return undefined;
  const paused = { ...item, paused: 'undelivered', version: item.version + 1 } as const;
  if (paused.status !== 'open') return paused;
  const { nextActionAt: _planned, ...waiting } = paused;
  return waiting;
}

/**
 * The open item once the customer has the invoice: due again, next reminded at `nextActionAt`.
 * @returns undefined when it was not paused
 */
export function resumeReminders(item: OpenItem, nextActionAt: Instant): OpenItem | undefined {
  if (!isOwed(item) || !item.paused) return undefined;
  const { paused: _paused, ...resumed } = { ...item, version: item.version + 1 };
  return resumed.status === 'open' && !resumed.debit ? { ...resumed, nextActionAt } : resumed;
}

/**
 * The open item once a direct debit run is to collect it: nobody is reminded of it.
 * @returns undefined where no run may take it: it is paid, disputed, never reached the customer, or is in a run
 */
export function startDebit(
  item: OpenItem,
  debit: NonNullable<OpenInvoice['debit']>,
): OpenInvoice | undefined {
  if (item.status !== 'open' || item.paused || item.debit) return undefined;
  const { nextActionAt: _planned, ...waiting } = item;
  return { ...waiting, debit, version: item.version + 1 };
}

/**
 * The open item once the run `directDebitId` will not collect it: due again, next reminded at `nextActionAt`.
 * @returns undefined when it is not in that run (any more)
 */
export function endDebit(
  item: OpenItem,
  directDebitId: DirectDebitId,
  nextActionAt: Instant,
): OpenItem | undefined {
  if (!isOwed(item) || item.debit?.directDebitId !== directDebitId) return undefined;
  const { debit: _debit, ...released } = { ...item, version: item.version + 1 };
  return released.status === 'open' && !released.paused ? { ...released, nextActionAt } : released;
}

function isOwed(item: OpenItem): item is Owed {
  return item.status === 'open' || item.status === 'disputed';
}

function stillOwed(item: OpenItem): Owed {
  if (item.status === 'paid' || item.status === 'written_off') {
    throw new DomainError(
      'invoice_not_open',
      `Invoice ${item.number} is ${words(item)}; nothing is owed on it.`,
    );
  }
  return item;
}

/** What an open item is in every state. */
export function commonOf({
  invoiceId,
  number,
  customerId,
  currency,
  issuedOn,
  dueOn,
  total,
  instalments,
  poNumbers,
  discount,
  discountTaken,
  writtenOff,
  dunningStep,
  reminded,
}: OpenItem) {
  return {
    invoiceId,
    number,
    customerId,
    currency,
    issuedOn,
    dueOn,
    total,
    ...(instalments && { instalments }),
    ...(poNumbers && { poNumbers }),
    ...(discount && { discount }),
    ...(discountTaken && { discountTaken }),
    ...(writtenOff !== undefined && { writtenOff }),
    dunningStep,
    ...(reminded && { reminded }),
  };
}
