import { factsOf, type Picture, Sums } from './picture.ts';
import { unlessEqual, type Violation } from './violation.ts';

/**
 * F. A refund that goes out by transfer is that of one fact of its payment, and waits in its queue, lies in one run, was paid
 * by a bank line, or is undone, which one fact tells. A run holds what it says, each transfer under an id of its own; what
 * of it was not released, and that alone, is a refund that lies in it or went out.
 */
export function* refundsGoOutOnce(picture: Picture): Generator<Violation> {
  yield* runsHoldWhatTheySay(picture);
  const { refundTransfers, creditTransfers, creditItems, onStatement } = picture;
  const standing = [...creditItems.values()].flat().filter(({ released }) => released === undefined);
  const held = Map.groupBy(standing, ({ paymentId, told }) => `${paymentId} ${told}`);
  for (const { transfer, queued } of refundTransfers) {
    const { paymentId, told, status, amount, creditNoteId, endToEndId } = transfer;
    const name = `the transfer of ${paymentId} ${told}`;
    const facts = factsOf(picture, paymentId);
    const of = creditNoteId === undefined ? 'payment.refunded' : 'payment.paid_out';
    const given = facts.flatMap(({ slot, type, data }) =>
      slot === told && type === of ? [data.amount] : [],
    );
    yield* unlessEqual('F', `what fact ${of} of ${name} gave`, given[0], amount);
    yield* unlessEqual(
      'J',
      `whether ${name} waits in its queue`,
      String(queued),
      String(status === 'waiting'),
    );
    const undoings = facts.filter((each) => each.type === 'payment.refund_undone' && each.data.told === told);
    yield* unlessEqual('F', `facts that undo ${name}`, undoings.length, status === 'undone' ? 1 : 0);
    const line = 'line' in transfer ? transfer.line : undefined;
    const claim = onStatement.get(`${paymentId} ${told}`);
    yield* unlessEqual('F', `the line of ${name}`, line && `${line.bankStatementId}#${line.line}`, claim);
    const place = 'run' in transfer ? transfer.run : undefined;
    const holding = held.get(`${paymentId} ${told}`) ?? [];
    const isIn = place !== undefined && (status === 'collected' || status === 'paid');
    yield* unlessEqual('F', `runs that ${name} lies in`, holding.length, isIn ? 1 : 0);
    if (!isIn || !place) continue;
    yield* unlessEqual('F', `the end-to-end id of ${name} in its run`, holding[0]?.endToEndId, endToEndId);
    const item = creditItems.get(place.creditTransferId)?.find(({ ordinal }) => ordinal === place.ordinal);
    yield* unlessEqual('F', `the item that ${name} is`, item?.endToEndId, endToEndId);
    const run = creditTransfers.get(place.creditTransferId);
    if (status === 'collected' && run?.status === 'cancelled')
      yield { invariant: 'J', detail: `${name} lies in ${place.creditTransferId}, which is cancelled` };
  }
  yield* sumsAreOfRefunds(picture);
}

function* runsHoldWhatTheySay({
  creditTransfers,
  creditItems,
  collectingRuns,
}: Pick<Picture, 'creditTransfers' | 'creditItems' | 'collectingRuns'>): Generator<Violation> {
  const ids = new Set<string>();
  for (const [id, items] of creditItems) {
    if (!creditTransfers.has(id)) yield { invariant: 'F', detail: `${id} has transfers, but is not there` };
    for (const { endToEndId } of items) {
      if (ids.has(endToEndId)) yield { invariant: 'F', detail: `${endToEndId} names two transfers` };
      ids.add(endToEndId);
    }
  }
  for (const [id, { count, total, status, bankAccountId }] of creditTransfers) {
    const items = creditItems.get(id) ?? [];
    const sum = items.reduce((all, { amount }) => all + amount, 0);
    yield* unlessEqual('F', `transfers of ${id}`, items.length, count);
    yield* unlessEqual('F', `sum of the transfers of ${id}`, sum, total);
    const collecting = collectingRuns.get(bankAccountId) === id;
    yield* unlessEqual(
      'J',
      `whether ${id} is collected`,
      String(collecting),
      String(status === 'collecting'),
    );
  }
}

/**
 * What counts for the limit of the policy `refunds` is at least what a customer's refunds ask for that wait, and at most
 * what was ever given back or asked for.
 */
function* sumsAreOfRefunds({ refundsGiven, refunds, facts }: Picture): Generator<Violation> {
  const waiting = new Sums();
  for (const { status, customerId, currency, amount } of refunds.values())
    if (status === 'requested') waiting.add(`${customerId} in ${currency}`, amount);
  const most = new Sums();
  for (const { type, customerId, data } of [...facts.values()].flat()) {
    const asked = type === 'refund.requested';
    const atOnce = (type === 'payment.refunded' || type === 'credit_note.refunded') && !data.refundId;
    if (asked || atOnce) most.add(`${customerId ?? 'nobody'} in ${data.currency}`, data.amount);
  }
  for (const { customerId, currency, days } of refundsGiven) {
    const name = `${customerId} in ${currency}`;
    const counted = days.reduce((sum, { amount }) => sum + amount, 0);
    if (counted < waiting.of(name) || counted > most.of(name)) {
      const bounds = `${waiting.of(name)} and ${most.of(name)}`;
      yield { invariant: 'C', detail: `refunds counted of ${name} are ${counted}, not between ${bounds}` };
    }
  }
}
