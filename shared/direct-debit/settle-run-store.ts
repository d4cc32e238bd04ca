import { type DunningPolicy, dunningPolicy } from '../collection/dunning-policy.ts';
import { nextActionAt } from '../collection/next-action.ts';
import type { Account } from '../customer/customer.ts';
import { changeAccount, loadAccount } from '../customer/customer-store.ts';
import type { OpenItem } from '../invoice/invoice.ts';
import { loadOpenItems, saveOpenItem } from '../invoice/invoice-store.ts';
import { endDebit } from '../invoice/open-item.ts';
import { DomainError } from '../kernel/errors.ts';
import { type CustomerId, derivedId, type PaymentId } from '../kernel/ids.ts';
import { dateIn, type Instant } from '../kernel/time.ts';
import { discountsOf, type Payment } from '../payment/payment.ts';
import { loadPaymentsOf, moneyInActions } from '../payment/payment-store.ts';
import { type RecordedPayment, recordPayment } from '../payment/record-payment.ts';
import { policyInForce } from '../policy/policy-store.ts';
import { commit } from '../table/commit.ts';
import { keys, versionSlot } from '../table/keys.ts';
import type { Action, Table } from '../table/table.ts';
import { type DebitBatch, type DebitItem, type DirectDebit, fileOf, isOfBatch } from './direct-debit.ts';
import { itemPages, loadRun, Overtaken, runFact, saveItem, saveRun } from './direct-debit-store.ts';
import { finishSettling } from './settle-direct-debit.ts';

/** A debit is six writes: itself, its invoice, the payment, the books, the fact and the customer's account. */
const SETTLED_AT_ONCE = 16;
/** Each try loses only to another change of one of the invoices. */
const TRIES = 5;

type Settlement = NonNullable<DebitBatch['settlement']>;
type Placed = { readonly ordinal: number; readonly item: DebitItem };
type Open = Placed & { readonly settlement: Settlement };

/**
 * Makes a payment of each debit whose batch's money came, in transit until the bank line's own entry, which brought the sum
 * to the bank, clears it; then the run is `settled`, or `ready` for the rest. A debit that was recorded as a payment before
 * keeps that. Called again, it goes on where it ended: a debit becomes one payment, under an id that follows from it.
 * @param isOver whether to stop after a chunk
 * @returns the run, `settling` where it was stopped
 * @throws DomainError `version_conflict` when invoices change all the time
 */
export async function settleItems(
  table: Table,
  found: DirectDebit,
  { at, timeZone }: { at: Instant; timeZone: string },
  isOver: () => boolean,
): Promise<DirectDebit> {
  const { policy } = await policyInForce(table, dunningPolicy, dateIn(timeZone, at));
  for await (const page of itemPages(table, found.directDebitId, SETTLED_AT_ONCE)) {
    const open = page.flatMap((placed) => {
      const settlement = settlementOf(found, placed);
      return settlement && isUnpaid(placed) ? [{ ...placed, settlement }] : [];
    });
    await settleChunk(table, found, open, { policy, timeZone, at });
    if (open.length > 0 && isOver()) return found;
  }
  // Another line may have brought a batch meanwhile, of which nothing is a payment yet.
  const run = await loadRun(table, found.directDebitId);
  if (run.status !== 'settling' || run.version !== found.version) return run;
  const { run: done, status } = finishSettling(run);
  const { directDebitId } = done;
  try {
    const told = { at, actor: lastSettlement(run).by, data: { directDebitId, status } };
    await commit(table, [saveRun(done), runFact('direct_debit.settled', done, told)]);
    return done;
  } catch (error) {
    if (error instanceof Overtaken) return loadRun(table, directDebitId);
    throw error;
  }
}

const isUnpaid = ({ item }: Placed) => item.paymentId === undefined && item.releasedAt === undefined;

function settlementOf({ batches }: DirectDebit, { item, ordinal }: Placed): Settlement | undefined {
  const batch = batches.find((each) => isOfBatch(each, item, fileOf(ordinal)));
  return batch?.settlement?.done === false ? batch.settlement : undefined;
}

function lastSettlement({ batches, directDebitId }: DirectDebit): Settlement {
  const [last] = batches.flatMap(({ settlement }) => (settlement?.done === false ? [settlement] : []));
  if (!last) throw new RangeError(`${directDebitId} is settled by no bank line`);
  return last;
}

type Context = { readonly policy: DunningPolicy; readonly timeZone: string; readonly at: Instant };

async function settleChunk(
  table: Table,
  run: DirectDebit,
  all: readonly Open[],
  context: Context,
): Promise<void> {
  let open = all;
  for (let tries = TRIES; open.length > 0; ) {
    try {
      await commit(table, await chunkActions(table, run, open, context));
      return;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'version_conflict') throw error;
      tries -= 1;
      if (tries === 0) throw error;
      // Another worker at the same run may have done some of them.
      open = await stillOpen(table, run, open);
    }
  }
}

async function stillOpen(table: Table, run: DirectDebit, open: readonly Open[]): Promise<Open[]> {
  const found = await table.getMany(
    open.map(({ ordinal }) => keys.directDebitItem(run.directDebitId, ordinal)),
    { consistent: true },
  );
  const paid = new Set(found.filter((item) => item['paymentId'] !== undefined).map(({ SK }) => SK));
  return open.filter(({ ordinal }) => !paid.has(keys.directDebitItem(run.directDebitId, ordinal).SK));
}

async function chunkActions(
  table: Table,
  run: DirectDebit,
  open: readonly Open[],
  context: Context,
): Promise<Action[]> {
  const customerIds = [...new Set(open.map(({ item }) => item.customerId))];
  const [accounts, found] = await Promise.all([
    Promise.all(customerIds.map((id) => loadAccount(table, id, { consistent: true }))),
    loadOpenItems(
      table,
      open.map(({ item }) => item.invoiceId),
    ),
  ]);
  const accountOf = new Map(customerIds.map((id, index) => [id, accounts[index]]));
  const openItems = new Map(found.map((item) => [item.invoiceId, item]));
  const owed = new Map<CustomerId, number>();
  const actions: Action[] = [];
  for (const debit of open) {
    const { item, ordinal, settlement } = debit;
    const account = accountOf.get(item.customerId);
    if (!account) throw new DomainError('customer_not_found', `There is no customer ${item.customerId}.`);
    const openItem = openItems.get(item.invoiceId);
    const before = await recordedBefore(table, run, item, openItem);
    if (before) {
      actions.push(saveItem(run.directDebitId, { ...item, paymentId: before }, ordinal));
      actions.push(onStatement(before, settlement));
      continue;
    }
    const recorded = paymentOf(run, debit, { account, openItem, ...context });
    const { payment, settled } = recorded;
    actions.push(
      saveItem(run.directDebitId, { ...item, paymentId: payment.paymentId }, ordinal),
      ...settled.map(({ before: was, after }) => saveOpenItem(leave(after, run, was, context), was.version)),
      ...moneyInActions(recorded),
    );
    const sum = payment.amount + discountsOf(payment);
    owed.set(item.customerId, (owed.get(item.customerId) ?? 0) - sum);
  }
  for (const [customerId, change] of owed)
    actions.push(changeAccount(customerId, { exposure: change, receivable: change }));
  return actions;
}

/** What the run collected counts from the day the account was debited: a discount that lasted then was taken in time. */
function paymentOf(
  run: DirectDebit,
  { item, settlement }: Open,
  {
    account,
    openItem,
    timeZone,
  }: { account: Pick<Account, 'currency'>; openItem: OpenItem | undefined; timeZone: string },
): RecordedPayment {
  const { customerId, invoiceId, endToEndId, amount } = item;
  const { bankStatementId, line, on, by, at } = settlement;
  const applied = Math.min(amount, openItem?.balance ?? 0);
  return recordPayment(
    {
      customerId,
      method: run.format === 'sepa' ? 'sepa_debit' : 'ach_debit',
      currency: run.currency,
      amount,
      receivedOn: run.collectOn < on ? run.collectOn : on,
      reference: endToEndId,
      bankLine: { bankStatementId, line },
      allocations: applied > 0 ? [{ invoiceId, amount: applied }] : [],
    },
    account,
    openItem ? [openItem] : [],
    {
      paymentId: derivedId('pay', run.collectOn, `${run.directDebitId} ${endToEndId}`),
      at,
      today: dateIn(timeZone, at),
      by,
    },
  );
}

/** What is still owed is not waited for by the run any more. */
function leave(
  after: OpenItem,
  { directDebitId }: DirectDebit,
  before: OpenItem,
  context: Context,
): OpenItem {
  const left = endDebit(after, directDebitId, nextActionAt(after, context.policy, context.timeZone));
  return left ? { ...left, version: before.version + 1 } : after;
}

/**
 * The payment that somebody recorded of a debit by hand, in transit: by its end-to-end id. Looked for only where the
 * invoice does not wait for the run any more.
 */
async function recordedBefore(
  table: Table,
  { directDebitId, format }: DirectDebit,
  { customerId, endToEndId, amount }: DebitItem,
  openItem: OpenItem | undefined,
): Promise<PaymentId | undefined> {
  const isWaiting =
    (openItem?.status === 'open' || openItem?.status === 'disputed') &&
    openItem.debit?.directDebitId === directDebitId;
  if (isWaiting) return undefined;
  const method: Payment['method'] = format === 'sepa' ? 'sepa_debit' : 'ach_debit';
  const found = await loadPaymentsOf(table, customerId);
  const own = found.find(
    (payment) =>
      payment.method === method &&
      payment.reference === endToEndId &&
      payment.amount === amount &&
      payment.bankLine === undefined &&
      payment.reversed === undefined,
  );
  if (!own) return undefined;
  const told = await table.get(keys.onStatement(own.paymentId, versionSlot(1)), { consistent: true });
  return told ? undefined : own.paymentId;
}

/** That the money of a payment recorded before is what the line brought. */
function onStatement(paymentId: PaymentId, { bankStatementId, line }: Settlement): Action {
  return {
    do: 'put',
    item: { ...keys.onStatement(paymentId, versionSlot(1)), bankStatementId, line },
    when: [{ attribute: 'PK', is: 'absent' }],
    refusal: () =>
      new DomainError('payment_on_statement', `Another bank line told of the payment ${paymentId} already.`),
  };
}
