import type { OpenCandidate } from './candidate-source.ts';
import { compact } from './compact.ts';
import { type Fit, fitAmount, fitsOne, tellFit } from './fit-amount.ts';
import type { Match, MatchAllocation } from './match.ts';
import { type Evidence, matchOf } from './match-evidence.ts';
import type { MatchingPolicy, MatchRule } from './matching-policy.ts';
import type { Reading } from './read-references.ts';

const rules = {
  structured: 'structured_reference',
  number: 'invoice_number',
  order: 'purchase_order',
  part: 'partial_number',
} as const satisfies Record<Reading['strength'], MatchRule>;
const scores = { structured: 1, number: 0.98, order: 0.92, part: 0.9 } as const;

/** Match of a line whose text names invoices; undefined where it names none. */
export function decideByText(evidence: Evidence): Match | undefined {
  const { line, found, inForce } = evidence;
  const read = meant(evidence);
  const [first] = read;
  if (!first) return undefined;
  const strength = weakest(read);
  const known = found.by === 'nobody' ? undefined : found.payer.customerId;
  const customers = new Set(read.map(({ item }) => item.customerId));
  const [customerId] = customers;
  const told = [...read.map(tellReading), ...(known === undefined ? [] : [found.reason])];
  const common = { rule: rules[strength], ...(customers.size === 1 && customerId && { customerId }) };

  const settled = read.find(({ item }) => item.balance < 1);
  if (settled) return paidAgain(evidence, read, settled, customers.size === 1 ? customerId : undefined);

  const items = read.map(({ item }) => item).sort(oldestFirst);
  const fit = fitAmount(line, items, inForce.policy);
  const agrees = known !== undefined && customers.size === 1 && known === customerId;
  const sure = found.by !== 'nobody' && found.score >= inForce.policy.postNameScore;
  const opposes = sure && !agrees;
  const doubts = doubtsAbout({ fit, strength, agrees, opposes, customers: customers.size }, evidence);
  const dispute = disputeOf(fit, items, evidence);
  return matchOf(evidence, {
    ...common,
    ...(doubts.length > 0 && { outcome: 'suggested' }),
    score: doubts.length > 0 ? 0.6 : scores[strength],
    reasons: [...told, tellFit(fit, line), ...dispute.reasons, ...doubts],
    allocations: allocationsOf(fit, items, line.amount),
    ...(dispute.opened && { dispute: dispute.opened }),
  });
}

/**
 * What names an invoice that is paid goes on the account of its customer, and never onto another invoice. By itself only
 * where the policy says so, and where neither the bank nor the statement may have told twice of the same money.
 */
function paidAgain(
  evidence: Evidence,
  read: readonly Reading[],
  { item, strength }: Reading,
  customerId: OpenCandidate['customerId'] | undefined,
): Match {
  const { found, settledBy, repeats } = evidence;
  const earlier = settledBy.get(item.invoiceId);
  const isSure =
    earlier === undefined &&
    found.by !== 'nobody' &&
    found.payer.customerId === customerId &&
    (strength === 'structured' || strength === 'number') &&
    read.length === 1;
  const duplicate =
    earlier !== undefined && repeats === undefined ? [`looks like a duplicate of line ${earlier}`] : [];
  return matchOf(evidence, {
    rule: 'paid_again',
    ...(customerId !== undefined && { customerId }),
    ...(!isSure && { outcome: 'suggested' }),
    score: 0.3,
    reasons: [
      ...read.map(tellReading),
      `invoice already paid: ${item.number}`,
      ...duplicate,
      'on account until someone decides',
    ],
    allocations: [],
    ...(earlier !== undefined && { duplicateOf: earlier }),
  });
}

/**
 * The readings to go by: the whole numbers where their sum is paid, else all where theirs is, else the one part of a number
 * whose amount is paid, else the whole numbers, and parts where there are none. Dates and telephone numbers hold parts too.
 */
function meant({ line, readings, settledBy, inForce }: Evidence): readonly Reading[] {
  const all = readings.found.filter(({ item }) => item.currency === line.currency);
  const whole = all.filter(({ strength }) => strength === 'structured' || strength === 'number');
  const fits = (read: readonly Reading[]) => {
    const items = read.map(({ item }) => item);
    if (items.length === 0 || items.some(({ balance }) => balance < 1)) return false;
    const { kind } = fitAmount(line, items, inForce.policy);
    return kind === 'exact' || kind === 'discount';
  };
  if (fits(whole)) return whole;
  // One that was paid before is told of beside those that are paid now.
  const unpaid = whole.filter(({ item }) => item.balance > 0 || settledBy.has(item.invoiceId));
  if (unpaid.length < whole.length && fits(unpaid)) return unpaid;
  if (fits(all)) return all;
  if (whole.length > 0) return whole;
  const alone = all.filter((reading) => fits([reading]));
  return alone.length === 1 ? alone : all;
}

const strengths = ['structured', 'number', 'order', 'part'] as const;
function weakest(read: readonly Reading[]): Reading['strength'] {
  return strengths.findLast((strength) => read.some((reading) => reading.strength === strength)) ?? 'part';
}

function tellReading({ strength, item, key }: Reading): string {
  switch (strength) {
    case 'structured':
      return key === compact(item.endToEndId ?? '')
        ? `end-to-end id ${key} is that of the direct debit of ${item.number}`
        : `creditor reference ${key} is that of ${item.number}`;
    case 'number':
      return `text names ${item.number}`;
    case 'order':
      return `text names purchase order ${key}, which ${item.number} bills`;
    case 'part':
      return `"${key}" in the text can only mean ${item.number}`;
    default:
      return strength satisfies never;
  }
}

type Judged = {
  readonly fit: Fit;
  readonly strength: Reading['strength'];
  readonly agrees: boolean;
  readonly opposes: boolean;
  readonly customers: number;
};

/** Why a person should look although the text names invoices. */
function doubtsAbout(judged: Judged, { line, own, readings, found, inForce }: Evidence): string[] {
  const { fit, strength, agrees, opposes, customers } = judged;
  const fits = fit.kind === 'exact' || fit.kind === 'discount';
  const doubts: string[] = [];
  if (customers > 1) doubts.push('the invoices are of several customers');
  if (opposes && !fits) doubts.push(`${found.reason}, who does not owe this invoice`);
  const isWeak = strength !== 'structured' && strength !== 'number';
  if (opposes && fits && (isWeak || (strength === 'number' && found.by === 'account')))
    doubts.push('the payer is another customer');
  if (strength === 'part' && !fits)
    doubts.push('only a part of a number was read, and the amount does not confirm it');
  if (strength === 'order' && !fits)
    doubts.push('only a purchase order was read, and the amount does not confirm it');
  if (strength === 'number' && !agrees && !fits) doubts.push('neither payer nor amount confirms the number');
  const { roundUnit } = inForce.policy;
  if (strength !== 'structured' && !agrees && roundUnit > 0 && line.amount % roundUnit === 0)
    doubts.push('the payer is not known to owe it, and so round an amount confirms little');
  if (!fits && readings.unresolved.length > 0)
    doubts.push(`"${readings.unresolved[0]}" is no number of an open invoice`);
  if (!fits && own.some((item) => fitsOne(line, item)))
    doubts.push('another open item of the payer is exactly this amount');
  if (fit.kind === 'short' && readings.found.length > 1)
    doubts.push('which of the invoices is short is not said');
  return doubts;
}

/** All that fits; of a short payment as much as there is, the oldest first; of more than is owed the whole balance. */
function allocationsOf(
  fit: Fit,
  items: readonly OpenCandidate[],
  amount: number,
): readonly MatchAllocation[] {
  if ('allocations' in fit) return fit.allocations;
  let left = amount;
  return items.flatMap(({ invoiceId, balance }) => {
    const part = Math.min(left, balance);
    left -= part;
    return part > 0 ? [{ invoiceId, amount: part }] : [];
  });
}

/** A short payment whose text says why disputes what is missing, where one invoice alone is short. */
function disputeOf(fit: Fit, items: readonly OpenCandidate[], { line, inForce }: Evidence) {
  const [item, ...others] = items;
  const code =
    fit.kind === 'short' && others.length === 0 ? reasonCodeIn(line.text, inForce.policy) : undefined;
  if (fit.kind !== 'short' || !item || code === undefined) return { reasons: [] };
  return {
    reasons: [`text gives a reason for what is missing: ${code.replaceAll('_', ' ')}`],
    opened: { invoiceId: item.invoiceId, amount: fit.missing, reasonCode: code },
  };
}

function reasonCodeIn(text: string, { reasonCodes }: MatchingPolicy): string | undefined {
  const words = ` ${text.toLowerCase().replaceAll(/[^\p{L}\d]+/gu, ' ')} `;
  const codes = reasonCodes.filter((reason) =>
    reason.words.some((word) => words.includes(` ${word.toLowerCase()} `)),
  );
  return codes.length === 1 ? codes[0]?.code : undefined;
}

/** The order in which money settles what is owed. */
export function oldestFirst(one: OpenCandidate, other: OpenCandidate): number {
  if (one.dueOn !== other.dueOn) return one.dueOn < other.dueOn ? -1 : 1;
  if (one.number !== other.number) return one.number < other.number ? -1 : 1;
  return one.invoiceId < other.invoiceId ? -1 : Number(one.invoiceId > other.invoiceId);
}
