import type { OpenCandidate } from './candidate-source.ts';
import { discountFor, fitAmount, paidOn, tellFit } from './fit-amount.ts';
import type { Match, MatchAllocation } from './match.ts';
import { type Evidence, matchOf } from './match-evidence.ts';
import { exactSums, groupCount } from './subset-sum.ts';

type Choice = { readonly item: OpenCandidate; readonly value: number; readonly discount: number };

/**
 * Match of a line whose text names nothing, of a payer who is known: the one open item of this amount, the one group that
 * sums to it, the one that it falls short of within tolerance, or the oldest where the customer agreed to that. Whatever
 * could be meant in two ways is suggested. Undefined where the payer is unknown.
 */
export function decideByAmount(evidence: Evidence): Match | undefined {
  const { found } = evidence;
  if (found.by === 'nobody') return undefined;
  return exactly(evidence) ?? oldest(evidence) ?? nearly(evidence) ?? onAccount(evidence);
}

/** Money of a payer that nothing it owes explains. By itself only where the policy says so and the payer is certain. */
function onAccount(evidence: Evidence): Match | undefined {
  const { found } = evidence;
  if (found.by === 'nobody') return undefined;
  const isSure = found.by !== 'name' && doubtsAbout(evidence).length === 0;
  return matchOf(evidence, {
    ...(!isSure && { outcome: 'suggested' }),
    rule: 'payer',
    score: 0.3,
    reasons: [
      found.reason,
      evidence.own.length === 0
        ? 'the payer owes nothing'
        : 'no open item or group of open items has this amount',
      'on account until someone decides',
    ],
    customerId: found.payer.customerId,
    allocations: [],
  });
}

/** Why a person should look although payer and amount agree. */
function doubtsAbout({ found, readings, paidBefore, inForce }: Evidence): string[] {
  const doubts: string[] = [];
  if (paidBefore !== undefined) doubts.push(`line ${paidBefore} is of the same payer and amount`);
  if (found.by === 'name' && found.score < inForce.policy.postNameScore)
    doubts.push('the payer is known by name alone, and not for sure');
  if (readings.unresolved.length > 0)
    doubts.push(`"${readings.unresolved[0]}" is no number of an open invoice`);
  if (readings.ambiguous.length > 0)
    doubts.push(`the amount does not say which invoices of order ${readings.ambiguous[0]} are paid`);
  return doubts;
}

/** One item or one group that is exactly what is paid, with or without discounts. */
function exactly(evidence: Evidence): Match | undefined {
  const { line, own, found, inForce } = evidence;
  if (found.by === 'nobody') return undefined;
  const { subset } = inForce.policy;
  const choices = own.flatMap((item): Choice[] => {
    const discount = discountFor(item, paidOn(line));
    const full = { item, value: item.balance, discount: 0 };
    return discount > 0 && discount < item.balance
      ? [full, { item, value: item.balance - discount, discount }]
      : [full];
  });
  const singles = choices.filter(({ value }) => value === line.amount);
  const { groups, complete } = exactSums(choices, line.amount, subset);
  const [best, ...others] = [...singles.map((single) => [single]), ...groups];
  if (!best) return undefined;
  const doubts = doubtsAbout(evidence);
  if (others.length > 0) doubts.push('other open items sum to the same amount');
  if (best.length > 1 && !complete) doubts.push('too many open items to look at every group');
  if (best.length > 1 && groupCount(choices.length, best.length) > subset.postWithin)
    doubts.push('so many groups can be made that one may sum to it by chance');
  const { roundUnit } = inForce.policy;
  if (roundUnit > 0 && line.amount % roundUnit === 0) doubts.push('so round an amount may be on account');
  const discounted = best.some(({ discount }) => discount > 0);
  const one = discounted ? 'early_discount' : 'exact_amount';
  return matchOf(evidence, {
    ...(doubts.length > 0 && { outcome: 'suggested' }),
    rule: best.length > 1 ? 'exact_sum' : one,
    score: (doubts.length > 0 ? 0.5 : 0.9) * (found.score / 100),
    reasons: [found.reason, tellChoice(best, discounted), ...doubts],
    customerId: found.payer.customerId,
    allocations: best.map(({ item, value, discount }) => ({
      invoiceId: item.invoiceId,
      amount: value,
      ...(discount > 0 && { discount }),
    })),
  });
}

function tellChoice(best: readonly Choice[], discounted: boolean): string {
  const numbers = best.map(({ item }) => item.number).join(', ');
  const less = discounted ? ' less the discount for paying early' : '';
  return best.length > 1
    ? `amount is the sum of ${numbers}${less}`
    : `amount is what ${numbers} is owed${less}`;
}

/** One item that the amount falls short of within tolerance. */
function nearly(evidence: Evidence): Match | undefined {
  const { line, own, found, inForce } = evidence;
  if (found.by === 'nobody') return undefined;
  const fits = own.flatMap((item) => {
    const fit = fitAmount(line, [item], inForce.policy);
    return fit.kind === 'tolerance' ? [fit] : [];
  });
  const [only, ...others] = fits;
  if (!only || others.length > 0) return undefined;
  return matchOf(evidence, {
    ...(doubtsAbout(evidence).length > 0 && { outcome: 'suggested' }),
    rule: 'tolerance',
    score: 0.6 * (found.score / 100),
    reasons: [found.reason, tellFit(only, line), ...doubtsAbout(evidence)],
    customerId: found.payer.customerId,
    allocations: only.allocations,
  });
}

/** What names no invoice settles the oldest, where the customer agreed to that. */
function oldest(evidence: Evidence): Match | undefined {
  const { line, own, found } = evidence;
  if (found.by === 'nobody' || found.payer.oldestFirst !== true || own.length === 0) return undefined;
  let left = line.amount;
  const allocations: MatchAllocation[] = [];
  for (const { invoiceId, balance } of own) {
    if (left === 0) break;
    const amount = Math.min(left, balance);
    allocations.push({ invoiceId, amount });
    left -= amount;
  }
  const doubts = doubtsAbout(evidence);
  return matchOf(evidence, {
    ...(doubts.length > 0 && { outcome: 'suggested' }),
    rule: 'oldest_first',
    score: 0.7 * (found.score / 100),
    reasons: [found.reason, 'the customer agreed that the oldest is settled first', ...doubts],
    customerId: found.payer.customerId,
    allocations,
  });
}
